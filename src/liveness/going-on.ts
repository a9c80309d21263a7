import { isEnabled, maskOf } from "./enabled.ts";
import { type FairnessConstraint, type StateGraph, wordsFor } from "./graph.ts";
import { SLICE_STEPS, type Slices } from "./slices.ts";

/**
 * Whether every path of a graph can go on as a fair behaviour (the constraints are machine-closed). That
 * is so where all states are expanded and each action of a constraint that is enabled somewhere has an
 * edge there: then who always takes a step for the constraint that has waited longest, of those that
 * have one, keeps them all, and may stop where none has.
 */
export function* canAlwaysGoOn(
  graph: StateGraph,
  constraints: readonly FairnessConstraint[],
): Slices<boolean> {
  for (let from = 0; from < graph.stateCount; from += SLICE_STEPS) {
    const to = Math.min(from + SLICE_STEPS, graph.stateCount);
    if (!canGoOnFrom(graph, constraints, from, to)) {
      return false;
    }
    yield;
  }
  return true;
}

function canGoOnFrom(
  { edgeStart, edgeAction, expanded, actionCount, enabled }: StateGraph,
  constraints: readonly FairnessConstraint[],
  from: number,
  to: number,
): boolean {
  const words = wordsFor(actionCount);
  const owed = maskOf(
    constraints.flatMap(({ actions }) => actions),
    words,
  );
  const missing = new Uint32Array(words);
  for (let state = from; state < to; state++) {
    if (expanded[state] === 0) {
      return false;
    }
    missing.set(owed);
    const end = edgeStart[state + 1] as number;
    for (let edge = edgeStart[state] as number; edge < end; edge++) {
      const action = edgeAction[edge] as number;
      const word = action >>> 5;
      missing[word] = (missing[word] as number) & ~(1 << (action & 31));
    }
    if (isEnabled(enabled, state, missing)) {
      return false;
    }
  }
  return true;
}
