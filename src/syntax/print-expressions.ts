import { unreachable } from "../support/internal-error.ts";
import type { Binding, Expression, Name } from "./ast.ts";
import type { Emitter } from "./emitter.ts";
import { BREAK, group, indent, joined, type Layout, LINE, row, SOFT } from "./layout.ts";
import { isComparison, levelOf, PREFIX_RANK } from "./operators.ts";

/**
 * Where an expression stands, as the rank that it must have to need no parentheses. Between
 * brackets, commas and semicolons anything may stand.
 */
export const ANYWHERE = 0;
/** Looser than every operator but `? :`. */
const IN_CONDITIONAL = 1;
/** The set of a quantifier or comprehension. */
export const AS_SET: number = levelOf("..").rank;
/** A bound of a range. */
export const AS_BOUND: number = levelOf("+").rank;
/** What a postfix operator follows. */
const AS_PRIMARY: number = PREFIX_RANK + 1;

/** An expression, with parentheses only where the tree or the reader needs them. */
export function expression(node: Expression, rank: number, emit: Emitter): Layout {
  return rankOf(node) < rank ? parenthesized(node, emit) : bare(node, emit);
}

/** `(e)`. */
export function parenthesized(node: Expression, emit: Emitter): Layout {
  const open = emit.token("(");
  const inner = bare(node, emit);
  return row(open, inner, emit.token(")"));
}

/**
 * A quantifier could do without parentheses at the end of a row; readers are better off with them.
 */
function rankOf(node: Expression): number {
  switch (node.kind) {
    case "quantifier":
    case "let":
    case "conditional":
      return ANYWHERE;
    case "binary":
      return levelOf(node.operator).rank;
    case "unary":
      return PREFIX_RANK;
    default:
      return AS_PRIMARY;
  }
}

function bare(node: Expression, emit: Emitter): Layout {
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
      return unary(node, emit);
    case "binary":
      return binary(node, emit);
    case "conditional":
      return conditional(node, emit);
    case "field":
    case "index":
    case "at":
    case "prime":
      return postfix(node, emit);
    case "call": {
      const name = emit.token(node.name.text);
      return row(name, list("(", node.arguments, ")", emit));
    }
    case "set":
      return list("{", node.elements, "}", emit);
    case "sequence":
      return list("[", node.elements, "]", emit);
    case "struct":
      return struct(node, emit);
    default:
      return binder(node, emit);
  }
}

type Kind<K extends Expression["kind"]> = Extract<Expression, { readonly kind: K }>;

function unary(node: Kind<"unary">, emit: Emitter): Layout {
  const sign = emit.token(node.operator);
  // `--x` is legal, but looks like what it is in C.
  const isDoubleMinus =
    node.operator === "-" && node.operand.kind === "unary" && node.operand.operator === "-";
  return row(sign, expression(node.operand, isDoubleMinus ? AS_PRIMARY : PREFIX_RANK, emit));
}

/** An operand of a flat row, and the operator after it. */
interface Operand {
  readonly node: Expression;
  readonly operator: string | null;
}

/** `a op b op c` of one level, flat: so a long row is no deep recursion. */
function binary(node: Kind<"binary">, emit: Emitter): Layout {
  const parts: Layout[] = [];
  for (const operand of operandsOf(node)) {
    const laid = expression(operand.node, operandRank(operand.node, node.operator), emit);
    parts.push(indent(laid), ...infix(operand.operator, emit));
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
    return AS_BOUND;
  }
  const isConfused =
    operand.kind === "binary" && CONFUSED.get(operator)?.has(operand.operator) === true;
  return isConfused ? PREFIX_RANK : levelOf(operator).rank + 1;
}

/** `c ? t : d ? u : e`: the last part may be a conditional again. */
function conditional(node: Kind<"conditional">, emit: Emitter): Layout {
  const parts: Layout[] = [];
  let rest: Expression = node;
  while (rest.kind === "conditional") {
    parts.push(expression(rest.condition, IN_CONDITIONAL, emit), " ", emit.token("?"));
    parts.push(indent(LINE, expression(rest.then, IN_CONDITIONAL, emit)), " ", emit.token(":"));
    parts.push(LINE);
    rest = rest.else;
  }
  parts.push(expression(rest, IN_CONDITIONAL, emit));
  return group(...parts);
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
      return list("[", [node.index], "]", emit);
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
function list(open: string, elements: readonly Expression[], close: string, emit: Emitter): Layout {
  const opening = emit.token(open);
  const inner = elements.map((element, index) => {
    // `{a == b}` reads like the beginning of `{x in S where …}`.
    const isConfusing = open === "{" && element.kind === "binary" && isComparison(element.operator);
    const laid = expression(element, isConfusing ? AS_SET : ANYWHERE, emit);
    return index === elements.length - 1 ? laid : row(laid, emit.token(","));
  });
  return inner.length === 0
    ? row(opening, emit.token(close))
    : group(opening, indent(SOFT, joined(inner, LINE)), SOFT, emit.token(close));
}

function struct(node: Kind<"struct">, emit: Emitter): Layout {
  const name = node.name === null ? "" : row(emit.token(node.name.text), " ");
  const open = emit.token("{");
  const start = emit.isFlat(true) ? LINE : BREAK;
  const fields = node.fields.map((field, index) => {
    const head = row(emit.token(field.name.text), emit.token(":"));
    const value = after(field.value, expression(field.value, ANYWHERE, emit));
    return row(head, value, index === node.fields.length - 1 ? "" : emit.token(","));
  });
  return group(name, open, indent(start, joined(fields, LINE)), LINE, emit.token("}"));
}

/** What follows `=`, `:=` or `:`: on the next line if it is too long, unless it opens a bracket. */
export function after(node: Expression, laid: Layout): Layout {
  switch (node.kind) {
    case "struct":
    case "set":
    case "sequence":
    case "filter":
    case "image":
    case "map":
    case "call":
      return row(" ", laid);
    default:
      return group(indent(LINE, laid));
  }
}

/** The forms that bind a name. */
function binder(
  node: Kind<"filter" | "image" | "map" | "quantifier" | "let">,
  emit: Emitter,
): Layout {
  switch (node.kind) {
    case "quantifier": {
      const head = row(emit.token(node.quantifier), " ", binding(node.binding, emit));
      const colon = emit.token(":");
      return group(head, colon, indent(LINE, expression(node.body, ANYWHERE, emit)));
    }
    case "let": {
      const name = row(emit.token("let"), " ", declared(node.name, emit), " ", emit.token("="));
      const value = row(" ", expression(node.value, IN_CONDITIONAL, emit), emit.token(":"));
      return group(name, value, indent(LINE, expression(node.body, ANYWHERE, emit)));
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
      // A comparison before `for` would look like a filter; a quantifier would take the `for`.
      const element = expression(node.element, AS_SET, emit);
      const over = row(emit.token("for"), " ", binding(node.binding, emit));
      const filter = node.where === null ? "" : where(node.where, emit);
      return group(open, indent(element, LINE, over), filter, emit.token("}"));
    }
    default:
      return unreachable(node);
  }
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
