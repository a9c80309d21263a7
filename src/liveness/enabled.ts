import { type FairnessConstraint, type StateGraph, wordsFor } from "./graph.ts";

/** A set of actions as words of `StateGraph.enabled`. */
export function maskOf(actions: readonly number[], words: number): Uint32Array {
  const mask = new Uint32Array(words);
  for (const action of actions) {
    mask[action >>> 5] = (mask[action >>> 5] as number) | (1 << (action & 31));
  }
  return mask;
}

/** Whether one of some actions is possible at a state. */
export function isEnabled(enabled: Uint32Array, state: number, mask: Uint32Array): boolean {
  for (let word = 0; word < mask.length; word++) {
    if (((enabled[state * mask.length + word] as number) & (mask[word] as number)) !== 0) {
      return true;
    }
  }
  return false;
}

/** Tells of a state whether a fair behaviour may stop there. */
export function stopsOf(
  graph: StateGraph,
  constraints: readonly FairnessConstraint[],
): (state: number) => boolean {
  const owed = maskOf(
    constraints.flatMap(({ actions }) => actions),
    wordsFor(graph.actionCount),
  );
  return (state) => graph.expanded[state] !== 0 && !isEnabled(graph.enabled, state, owed);
}
