import { unreachable } from "../support/internal-error.ts";
import type { Binding, Expression, Name } from "./ast.ts";
import type { Emitter } from "./emitter.ts";
import { group, indent, joined, type Layout, LINE, row, SOFT } from "./layout.ts";
import { isComparison, levelOf, PREFIX_RANK } from "./operators.ts";

/** Where an expression stands: what decides whether it needs parentheses. */
export interface Position {
  /** Operators looser than this one need parentheses. */
  readonly rank: number;
  /** Nothing follows in the same row, so a quantifier or `let` may reach to its end. */
  readonly isLast: boolean;
}

/** Between brackets, commas and semicolons anything may stand. */
export const ANYWHERE: Position = { rank: 0, isLast: true };
/** The set of a quantifier or comprehension. */
export const AS_SET: Position = { rank: levelOf("..").rank, isLast: false };
/** A bound of a range. */
export const AS_BOUND: Position = { rank: levelOf("+").rank, isLast: false };
/** What a postfix operator follows. */
const AS_PRIMARY: Position = { rank: PREFIX_RANK + 1, isLast: false };

/** An expression, with parentheses only where the tree or the reader needs them. */
export function expression(node: Expression, position: Position, emit: Emitter): Layout {
  if (!needsParentheses(node, position)) {
    return bare(node, position.isLast, emit);
  }
  const open = emit.token("(");
  const inner = bare(node, true, emit);
  return row(open, indent(inner), emit.token(")"));
}

/** Whether `node` must be put in parentheses at `position`. */
function needsParentheses(node: Expression, { rank, isLast }: Position): boolean {
  switch (node.kind) {
    case "quantifier":
    case "let":
      return !isLast || rank > PREFIX_RANK;
    case "conditional":
      return rank > 0;
    case "binary":
      return levelOf(node.operator).rank < rank;
    case "unary":
      return rank > PREFIX_RANK;
    default:
      return false;
  }
}

function bare(node: Expression, isLast: boolean, emit: Emitter): Layout {
  switch (node.kind) {
    case "integer":
      return emit.token(node.raw);
    case "boolean":
      return emit.token(node.value ? "true" : "false");
    case "none":
    case "self":
      return emit.token(node.kind);
    case "boolSet":
      return emit.token("bool");
    case "name":
      return emit.token(node.name.text);
    case "unary":
      return unary(node, isLast, emit);
    case "binary":
      return binary(node, isLast, emit);
    case "conditional":
      return conditional(node, isLast, emit);
    case "field":
    case "index":
    case "at":
    case "prime":
      return postfix(node, emit);
    case "call":
      return row(emit.token(node.name.text), list("(", node.arguments, ")", ANYWHERE, emit));
    case "set":
      return list("{", node.elements, "}", ANYWHERE, emit);
    case "sequence":
      return list("[", node.elements, "]", ANYWHERE, emit);
    case "struct":
      return struct(node, emit);
    default:
      return binder(node, isLast, emit);
  }
}

type Kind<K extends Expression["kind"]> = Extract<Expression, { readonly kind: K }>;

function unary(node: Kind<"unary">, isLast: boolean, emit: Emitter): Layout {
  const sign = emit.token(node.operator);
  // `--x` is legal, but looks like what it is in C.
  const isDoubleMinus =
    node.operator === "-" && node.operand.kind === "unary" && node.operand.operator === "-";
  const rank = isDoubleMinus ? PREFIX_RANK + 1 : PREFIX_RANK;
  return row(sign, expression(node.operand, { rank, isLast }, emit));
}

/** An operand of a flat row, and the operator after it. */
interface Operand {
  readonly node: Expression;
  readonly operator: string | null;
}

/** `a op b op c` of one level, flat: so a long row is no deep recursion. */
function binary(node: Kind<"binary">, isLast: boolean, emit: Emitter): Layout {
  const parts: Layout[] = [];
  for (const operand of operandsOf(node)) {
    const rank = operandRank(operand.node, node.operator);
    const isEnd = operand.operator === null;
    const laid = expression(operand.node, { rank, isLast: isLast && isEnd }, emit);
    parts.push(parts.length === 0 ? laid : indent(laid), ...infix(operand.operator, emit));
  }
  return group(...parts);
}

function operandsOf(node: Kind<"binary">): readonly Operand[] {
  const { rank, associativity } = levelOf(node.operator);
  const isSame = (one: Expression): one is Kind<"binary"> =>
    one.kind === "binary" && levelOf(one.operator).rank === rank;
  const operands: Operand[] = [];
  if (associativity === "right") {
    let rest: Expression = node;
    while (isSame(rest)) {
      operands.push({ node: rest.left, operator: rest.operator });
      rest = rest.right;
    }
    return [...operands, { node: rest, operator: null }];
  }
  let top: Kind<"binary"> = node;
  operands.push({ node: top.right, operator: null });
  while (associativity === "left" && isSame(top.left)) {
    operands.push({ node: top.left.right, operator: top.operator });
    top = top.left;
  }
  operands.push({ node: top.left, operator: top.operator });
  return operands.reverse();
}

function infix(operator: string | null, emit: Emitter): readonly Layout[] {
  if (operator === null) {
    return [];
  }
  return operator === ".." ? [emit.token("..")] : [" ", emit.token(operator), LINE];
}

/** Operators that are easily taken for each other's level, or that C orders otherwise. */
const CONFUSED: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["||", new Set(["&&"])],
  ["<=>", new Set(["=>"])],
  ["|", new Set(["&", "+", "-"])],
  ["+", new Set(["&"])],
  ["-", new Set(["&"])],
]);

/** How tight an operand of `operator` must be to stand without parentheses. */
export function operandRank(operand: Expression, operator: string): number {
  if (operator === "..") {
    return AS_BOUND.rank;
  }
  const isConfused =
    operand.kind === "binary" && CONFUSED.get(operator)?.has(operand.operator) === true;
  return isConfused ? PREFIX_RANK : levelOf(operator).rank + 1;
}

/** `c ? t : d ? u : e`: the last part may be a conditional again. */
function conditional(node: Kind<"conditional">, isLast: boolean, emit: Emitter): Layout {
  const parts: Layout[] = [];
  let rest: Expression = node;
  while (rest.kind === "conditional") {
    parts.push(expression(rest.condition, { rank: 1, isLast: false }, emit));
    parts.push(" ", emit.token("?"));
    parts.push(indent(LINE, expression(rest.then, { rank: 1, isLast: false }, emit)));
    parts.push(" ", emit.token(":"), LINE);
    rest = rest.else;
  }
  parts.push(expression(rest, { rank: 1, isLast }, emit));
  return group(indent(...parts));
}

function postfix(node: Kind<"field" | "index" | "at" | "prime">, emit: Emitter): Layout {
  const links: (typeof node)[] = [];
  let base: Expression = node;
  while (base.kind === "field" || base.kind === "index" || base.kind === "at") {
    links.push(base);
    // `(t@p).f`: without parentheses `f` would be a label of `p`.
    const isBarePlace = base.kind === "field" && base.of.kind === "at" && base.of.label === null;
    if (isBarePlace) {
      const open = emit.token("(");
      const inner = postfix(base.of as Kind<"at">, emit);
      return row(open, inner, emit.token(")"), ...links.reverse().map((one) => link(one, emit)));
    }
    base = base.of;
  }
  const first =
    base.kind === "prime"
      ? row(emit.token(base.name.text), emit.token("'"))
      : expression(base, AS_PRIMARY, emit);
  return row(first, ...links.reverse().map((one) => link(one, emit)));
}

function link(node: Kind<"field" | "index" | "at" | "prime">, emit: Emitter): Layout {
  switch (node.kind) {
    case "field":
      return row(emit.token("."), emit.token(node.name.text));
    case "index":
      return list("[", [node.index], "]", ANYWHERE, emit);
    case "at": {
      const place = row(emit.token("@"), emit.token(node.place.text));
      return node.label === null ? place : row(place, emit.token("."), emit.token(node.label.text));
    }
    case "prime":
      return emit.token("'");
    default:
      return unreachable(node);
  }
}

/** `open a, b, c close`. */
function list(
  open: string,
  elements: readonly Expression[],
  close: string,
  position: Position,
  emit: Emitter,
): Layout {
  const opening = emit.token(open);
  const inner = elements.map((element, index) => {
    // `{a == b}` reads like the beginning of `{x in S where …}`.
    const isConfusing = open === "{" && element.kind === "binary" && isComparison(element.operator);
    const laid = expression(element, isConfusing ? AS_SET : position, emit);
    return index === elements.length - 1 ? laid : row(laid, emit.token(","));
  });
  return inner.length === 0
    ? row(opening, emit.token(close))
    : group(opening, indent(SOFT, joined(inner, LINE)), SOFT, emit.token(close));
}

function struct(node: Kind<"struct">, emit: Emitter): Layout {
  const name = node.name === null ? "" : row(emit.token(node.name.text), " ");
  const open = emit.token("{");
  const fields = node.fields.map((field, index) => {
    const head = row(emit.token(field.name.text), emit.token(":"), " ");
    const value = expression(field.value, ANYWHERE, emit);
    return row(head, value, index === node.fields.length - 1 ? "" : emit.token(","));
  });
  return group(name, open, indent(LINE, joined(fields, LINE)), LINE, emit.token("}"));
}

/** The forms that bind a name. */
function binder(
  node: Kind<"filter" | "image" | "map" | "quantifier" | "let">,
  isLast: boolean,
  emit: Emitter,
): Layout {
  switch (node.kind) {
    case "quantifier": {
      const head = row(emit.token(node.quantifier), " ", binding(node.binding, emit));
      return body(row(head, emit.token(":")), node.body, isLast, emit);
    }
    case "let": {
      const name = row(
        emit.token("let"),
        " ",
        declared(node.name, emit),
        " ",
        emit.token("="),
        " ",
      );
      const value = expression(node.value, { rank: 1, isLast: false }, emit);
      return body(row(name, value, emit.token(":")), node.body, isLast, emit);
    }
    case "map": {
      const head = row(emit.token("["), binding(node.binding, emit), " ", emit.token("->"));
      const value = expression(node.value, ANYWHERE, emit);
      return group(head, indent(LINE, value), emit.token("]"));
    }
    case "filter": {
      const head = row(emit.token("{"), binding(node.binding, emit));
      return group(head, where(node.where, emit), emit.token("}"));
    }
    case "image": {
      const open = emit.token("{");
      const isConfusing = node.element.kind === "binary" && isComparison(node.element.operator);
      const rank = isConfusing ? AS_SET.rank : 0;
      const element = expression(node.element, { rank, isLast: false }, emit);
      const over = row(emit.token("for"), " ", binding(node.binding, emit));
      const filter = node.where === null ? "" : where(node.where, emit);
      return group(open, indent(element, LINE, over), filter, emit.token("}"));
    }
    default:
      return unreachable(node);
  }
}

function body(head: Layout, of: Expression, isLast: boolean, emit: Emitter): Layout {
  // What follows may only be missing: the body reaches as far right as it can.
  return group(head, indent(LINE, expression(of, { rank: 0, isLast }, emit)));
}

function where(condition: Expression, emit: Emitter): Layout {
  const word = emit.token("where");
  return indent(LINE, word, " ", expression(condition, ANYWHERE, emit));
}

/** `x in S`. */
export function binding(node: Binding, emit: Emitter): Layout {
  const name = declared(node.name, emit);
  const word = emit.token("in");
  return row(name, " ", word, " ", expression(node.set, AS_SET, emit));
}

/** A name. */
export function declared(name: Name, emit: Emitter): Layout {
  return emit.token(name.text);
}

/** The name with which an expression begins, or null. */
export function firstName(node: Expression): string | null {
  let rest = node;
  for (;;) {
    switch (rest.kind) {
      case "name":
      case "prime":
      case "call":
        return rest.name.text;
      case "struct":
        return rest.name?.text ?? null;
      case "binary":
        rest = rest.left;
        break;
      case "conditional":
        rest = rest.condition;
        break;
      case "field":
      case "index":
      case "at":
        rest = rest.of;
        break;
      case "boolSet":
        return "bool";
      default:
        return null;
    }
  }
}

/** `(e)`. */
export function parenthesized(node: Expression, emit: Emitter): Layout {
  const open = emit.token("(");
  const inner = expression(node, ANYWHERE, emit);
  return row(open, indent(inner), emit.token(")"));
}
