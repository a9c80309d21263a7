import { unreachable } from "../support/internal-error.ts";
import type { Expression, Formula } from "./ast.ts";
import type { Emitter } from "./emitter.ts";
import { group, indent, type Layout, LINE, row } from "./layout.ts";
import { levelOf, PREFIX_RANK } from "./operators.ts";
import { binding, expression, operandRank, type Position } from "./print-expressions.ts";

type Connective = Extract<Formula, { readonly kind: "connective" }>;

/** A temporal formula, with parentheses only where the tree or the reader needs them. */
export function formula(node: Formula, position: Position, emit: Emitter): Layout {
  if (node.kind === "predicate") {
    return expression(node.expression, position, emit);
  }
  if (!needsParentheses(node, position)) {
    return bare(node, position.isLast, emit);
  }
  const open = emit.token("(");
  const inner = bare(node, true, emit);
  return row(open, indent(inner), emit.token(")"));
}

function needsParentheses(node: Formula, { rank, isLast }: Position): boolean {
  switch (node.kind) {
    case "connective":
      return levelOf(node.operator).rank < rank;
    case "quantified":
      return !isLast;
    default:
      return false;
  }
}

function bare(
  node: Exclude<Formula, { readonly kind: "predicate" }>,
  isLast: boolean,
  emit: Emitter,
): Layout {
  switch (node.kind) {
    case "always":
    case "eventually": {
      const word = emit.token(node.kind);
      return row(word, " ", prefixed(node.of, isLast, emit));
    }
    case "not": {
      const sign = emit.token("!");
      return row(sign, formula(node.of, { rank: PREFIX_RANK, isLast }, emit));
    }
    case "connective":
      return connective(node, isLast, emit);
    case "quantified": {
      const word = emit.token(node.quantifier);
      const head = row(word, " ", binding(node.binding, emit), emit.token(":"));
      return group(head, indent(LINE, formula(node.body, { rank: 0, isLast }, emit)));
    }
    default:
      return unreachable(node);
  }
}

/** What `always` and `eventually` apply to: parentheses round all but the simplest. */
function prefixed(of: Formula, isLast: boolean, emit: Emitter): Layout {
  const isUnclear = of.kind === "predicate" && !isOperandStart(of.expression);
  return formula(of, { rank: isUnclear ? PREFIX_RANK + 1 : PREFIX_RANK, isLast }, emit);
}

/** Whether the grammar takes `always` before this expression for the operator, not for a name. */
function isOperandStart(of: Expression): boolean {
  switch (of.kind) {
    case "unary":
      return of.operator === "!";
    case "name":
    case "prime":
      return of.name.text !== "subset";
    case "call":
      return of.name.text !== "subset";
    case "struct":
      return of.name?.text !== "subset";
    case "field":
    case "index":
    case "at":
      return isOperandStart(of.of);
    default:
      return true;
  }
}

/** `f op g op h` of one operator, flat. */
function connective(node: Connective, isLast: boolean, emit: Emitter): Layout {
  const { rank, associativity } = levelOf(node.operator);
  const operands = operandsOf(node, associativity);
  const parts: Layout[] = [];
  for (const [index, operand] of operands.entries()) {
    const isEnd = index === operands.length - 1;
    // The operand at which the row is grouped may be a row of the same operator, if it is a leaf.
    const mayBeSame =
      (associativity === "left" && index === 0) || (associativity === "right" && isEnd);
    const tighter =
      operand.kind === "predicate" ? operandRank(operand.expression, node.operator) : rank + 1;
    const isSame =
      operand.kind === "predicate" &&
      operand.expression.kind === "binary" &&
      levelOf(operand.expression.operator).rank === rank;
    const position = { rank: mayBeSame && isSame ? rank : tighter, isLast: isLast && isEnd };
    const laid = formula(operand, confused(operand, node, position), emit);
    parts.push(index === 0 ? laid : indent(laid));
    if (!isEnd) {
      parts.push(" ", emit.token(node.operator), LINE);
    }
  }
  return group(...parts);
}

/** `&&` in `||` and `=>` in `<=>` get parentheses in formulas as in expressions. */
function confused(operand: Formula, node: Connective, position: Position): Position {
  const isConfused =
    operand.kind === "connective" &&
    ((node.operator === "||" && operand.operator === "&&") ||
      (node.operator === "<=>" && operand.operator === "=>"));
  return isConfused ? { ...position, rank: PREFIX_RANK } : position;
}

function operandsOf(
  node: Connective,
  associativity: "left" | "right" | "none",
): readonly Formula[] {
  const isSame = (one: Formula): one is Connective =>
    one.kind === "connective" && one.operator === node.operator;
  const operands: Formula[] = [];
  let rest: Formula = node;
  if (associativity === "right") {
    while (isSame(rest)) {
      operands.push(rest.left);
      rest = rest.right;
    }
    return [...operands, rest];
  }
  let top: Connective = node;
  operands.push(top.right);
  while (associativity === "left" && isSame(top.left)) {
    top = top.left;
    operands.push(top.right);
  }
  return [...operands, top.left].reverse();
}
