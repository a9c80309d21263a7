import type {
  Block,
  Declaration,
  Expression,
  Name,
  Node,
  Statement,
  TypeExpression,
} from "../syntax/ast.ts";

/**
 * The parts of the trees of one file, found without recursion: a hostile file may hold a chain of a
 * hundred thousand operators, and this is what finds that out.
 */
function* partsOf(node: object): Generator<object> {
  for (const part of Object.values(node)) {
    if (Array.isArray(part)) {
      yield* part.filter((one) => typeof one === "object" && one !== null);
    } else if (typeof part === "object" && part !== null) {
      yield part;
    }
  }
}

/** The first node, in order of the text, that lies deeper than `depthMax` inside `root`, or null. */
export function nodeDeeperThan(root: Node, depthMax: number): Node | null {
  const waiting: { readonly node: object; readonly depth: number }[] = [{ node: root, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const isNode = "kind" in next.node && "span" in next.node;
    if (isNode && next.depth > depthMax) {
      return next.node as Node;
    }
    const depth = next.depth + (isNode ? 1 : 0);
    for (const node of [...partsOf(next.node)].reverse()) {
      waiting.push({ node, depth });
    }
  }
  return null;
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
