import type * as core from "../core/expressions.ts";
import type { Block, Call, Condition, Place, Source, Statement } from "../core/statements.ts";
import { blocksIn, callIn, childrenOf } from "../core/walk.ts";

/**
 * How many levels the defs and procs known so far come to when they are written out, by index.
 * Whoever walks or evaluates a program goes that deep, so that it has to be bounded.
 */
export interface Heights {
  readonly defs: Map<core.DefIndex, number>;
  readonly procs: Map<core.ProcIndex, number>;
}

/** Levels of an expression with its defs written out. */
export function heightOf(expression: core.Expression, heights: Heights): number {
  const inside = expression.kind === "apply" ? (heights.defs.get(expression.def) ?? 0) : 0;
  return 1 + Math.max(inside, highest(childrenOf(expression), heights));
}

/** Levels of a block with its procs and defs written out. */
export function heightOfBlock(block: Block, heights: Heights): number {
  return 1 + Math.max(0, ...block.statements.map((one) => heightOfStatement(one, heights)));
}

function highest(expressions: readonly core.Expression[], heights: Heights): number {
  return expressions.reduce((most, one) => Math.max(most, heightOf(one, heights)), 0);
}

function heightOfStatement(statement: Statement, heights: Heights): number {
  const call = callIn(statement);
  const callee = call === null ? 0 : (heights.procs.get(call.proc) ?? 0);
  const blocks = blocksIn(statement).map((block) => heightOfBlock(block, heights));
  return 1 + Math.max(callee, highest(expressionsOf(statement), heights), ...blocks);
}

/** The expressions that stand in a statement itself. */
export function expressionsOf(statement: Statement): readonly core.Expression[] {
  const call = callIn(statement);
  const passed = call === null ? [] : expressionsOfCall(call);
  switch (statement.kind) {
    case "assign":
      return [...passed, ...expressionsOfPlace(statement.target), ...plain(statement.value)];
    case "declare":
    case "return":
      return [...passed, ...plain(statement.value)];
    case "if":
    case "while":
      return [...passed, ...plain(statement.condition)];
    case "await":
    case "assert":
      return [statement.condition];
    case "choose":
      return [statement.set, ...(statement.where === null ? [] : [statement.where])];
    case "start":
      return statement.index === null ? [] : [statement.index];
    default:
      return passed;
  }
}

function plain(from: Source | Condition | null): readonly core.Expression[] {
  return from?.kind === "expression" ? [from.expression] : [];
}

function expressionsOfCall(call: Call): readonly core.Expression[] {
  return call.arguments.flatMap((one) =>
    one.kind === "value" ? [one.value] : expressionsOfPlace(one.place),
  );
}

function expressionsOfPlace(place: Place): readonly core.Expression[] {
  return place.path.flatMap((step) => (step.kind === "element" ? [step.index] : []));
}
