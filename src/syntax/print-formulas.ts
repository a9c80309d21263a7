import { unreachable } from "../support/internal-error.ts";
import type { Expression, Formula } from "./ast.ts";
import type { Emitter } from "./emitter.ts";
import { group, indent, type Layout, LINE, row } from "./layout.ts";
import { levelOf, PREFIX_RANK } from "./operators.ts";
import { ANYWHERE, binding, expression, firstName, operandRank } from "./print-expressions.ts";

type Connective = Extract<Formula, { readonly kind: "connective" }>;

/** A temporal formula, with parentheses only where the tree or the reader needs them. */
export function formula(node: Formula, rank: number, emit: Emitter): Layout {
  if (node.kind === "predicate") {
    return expression(node.expression, rank, emit);
  }
  if (rankOf(node) >= rank) {
    return bare(node, emit);
  }
  const open = emit.token("(");
  const inner = bare(node, emit);
  return row(open, inner, emit.token(")"));
}

type Temporal = Exclude<Formula, { readonly kind: "predicate" }>;

function rankOf(node: Temporal): number {
  switch (node.kind) {
    case "connective":
      return levelOf(node.operator).rank;
    case "quantified":
      return ANYWHERE;
    default:
      return PREFIX_RANK;
  }
}

function bare(node: Temporal, emit: Emitter): Layout {
  switch (node.kind) {
    case "always":
    case "eventually": {
      const word = emit.token(node.kind);
      return row(word, " ", prefixed(node.of, emit));
    }
    case "not": {
      const sign = emit.token("!");
      return row(sign, formula(node.of, PREFIX_RANK, emit));
    }
    case "connective":
      return connective(node, emit);
    case "quantified": {
      const word = emit.token(node.quantifier);
      const head = row(word, " ", binding(node.binding, emit), emit.token(":"));
      return group(head, indent(LINE, formula(node.body, ANYWHERE, emit)));
    }
    default:
      return unreachable(node);
  }
}

/** What `always` and `eventually` apply to: parentheses round all but the simplest. */
function prefixed(of: Formula, emit: Emitter): Layout {
  const isUnclear = of.kind === "predicate" && !isOperandStart(of.expression);
  return formula(of, isUnclear ? PREFIX_RANK + 2 : PREFIX_RANK, emit);
}

/** Whether the grammar takes `always` before this expression for the operator, not for a name. */
function isOperandStart(of: Expression): boolean {
  return of.kind === "unary" ? of.operator === "!" : firstName(of) !== "subset";
}

/** `f op g op h` of one operator, flat. */
function connective(node: Connective, emit: Emitter): Layout {
  const { associativity } = levelOf(node.operator);
  const operands = operandsOf(node, associativity);
  const parts: Layout[] = [];
  for (const [index, operand] of operands.entries()) {
    const isEnd = index === operands.length - 1;
    // The operand at which the row is grouped may be a row of the same operator, if it is a leaf.
    const mayBeSame =
      (associativity === "left" && index === 0) || (associativity === "right" && isEnd);
    parts.push(indent(formula(operand, operandRankOf(operand, node, mayBeSame), emit)));
    if (!isEnd) {
      parts.push(" ", emit.token(node.operator), LINE);
    }
  }
  return group(...parts);
}

function operandRankOf(operand: Formula, node: Connective, mayBeSame: boolean): number {
  const { rank } = levelOf(node.operator);
  if (operand.kind === "predicate") {
    const { expression: leaf } = operand;
    const isSame = leaf.kind === "binary" && levelOf(leaf.operator).rank === rank;
    return mayBeSame && isSame ? rank : operandRank(leaf, node.operator);
  }
  // `&&` in `||` and `=>` in `<=>` get parentheses in formulas as in expressions.
  const isConfused =
    operand.kind === "connective" &&
    ((node.operator === "||" && operand.operator === "&&") ||
      (node.operator === "<=>" && operand.operator === "=>"));
  return isConfused ? PREFIX_RANK : rank + 1;
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
