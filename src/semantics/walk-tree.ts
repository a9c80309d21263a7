import type {
  Block,
  Declaration,
  Expression,
  Name,
  Statement,
  TypeExpression,
} from "../syntax/ast.ts";

const TYPE_KINDS: ReadonlySet<string> = new Set<TypeExpression["kind"]>([
  "boolType",
  "threadType",
  "rangeType",
  "enumType",
  "symmetricType",
  "optionType",
  "setType",
  "mapType",
  "seqType",
  "structType",
  "namedType",
]);

/** Every type expression inside a declaration, outer ones before inner ones, in order of the text. */
export function typeExpressionsIn(declaration: Declaration): readonly TypeExpression[] {
  const found: TypeExpression[] = [];
  const waiting: object[] = [declaration];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if ("kind" in next && typeof next.kind === "string" && TYPE_KINDS.has(next.kind)) {
      found.push(next as TypeExpression);
    }
    // A list is walked like a node: it has its elements in order.
    const parts: unknown[] = Object.values(next);
    for (let index = parts.length - 1; index >= 0; index -= 1) {
      const part = parts[index];
      if (typeof part === "object" && part !== null) {
        waiting.push(part);
      }
    }
  }
  return found;
}

/** The blocks directly inside a statement, in order of the text. */
export function blocksOf(statement: Statement): readonly Block[] {
  switch (statement.kind) {
    case "block":
      return [statement];
    case "if": {
      const last = statement.else;
      if (last === null) {
        return [statement.then];
      }
      return [statement.then, last.kind === "block" ? last : blockAround(last)];
    }
    case "while":
    case "loop":
    case "choose":
    case "atomic":
      return [statement.body];
    case "either":
      return statement.branches;
    default:
      return [];
  }
}

/** The `if` of an `else if` as the only statement of a block. */
export function blockAround(statement: Statement): Block {
  return {
    kind: "block",
    span: statement.span,
    doc: null,
    shell: null,
    label: null,
    body: [statement],
  };
}

/** All statements inside a block, in order of the text (pre-order). */
export function* statementsIn(block: Block): Generator<Statement> {
  for (const statement of block.body) {
    yield statement;
    for (const inner of blocksOf(statement)) {
      yield* statementsIn(inner);
    }
  }
}

/** The labels in a body, in order of the text; `Map` keeps the first of two alike. */
export function labelsIn(body: Block): ReadonlyMap<string, Name> {
  const labels = new Map<string, Name>();
  for (const { label } of statementsIn(body)) {
    if (label !== null && !labels.has(label.text)) {
      labels.set(label.text, label);
    }
  }
  return labels;
}

/** Whether an expression has no type of its own, so that the context must give it one. */
export function needsContext(expression: Expression): boolean {
  switch (expression.kind) {
    case "none":
      return true;
    case "set":
    case "sequence":
      return expression.elements.every(needsContext);
    case "struct":
      return expression.name === null;
    case "conditional":
      return needsContext(expression.then) && needsContext(expression.else);
    case "let":
      return needsContext(expression.body);
    default:
      return false;
  }
}
