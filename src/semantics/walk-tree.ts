import type {
  Block,
  Declaration,
  Expression,
  Name,
  Statement,
  TypeExpression,
} from "../syntax/ast.ts";

/** The nodes and other objects directly inside one. */
function* partsOf(node: object): Generator<object> {
  for (const part of Object.values(node)) {
    if (Array.isArray(part)) {
      yield* part.filter((one) => typeof one === "object" && one !== null);
    } else if (typeof part === "object" && part !== null) {
      yield part;
    }
  }
}

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
export function* typeExpressionsIn(declaration: Declaration): Generator<TypeExpression> {
  const waiting: object[] = [declaration];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if ("kind" in next && typeof next.kind === "string" && TYPE_KINDS.has(next.kind)) {
      yield next as TypeExpression;
    }
    waiting.push(...[...partsOf(next)].reverse());
  }
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
