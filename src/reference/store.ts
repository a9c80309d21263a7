import { present } from "../support/internal-error.ts";
import type { StateKey } from "./state.ts";

/** Position of a state in a `Store`. */
export type StateIndex = number;

/** All states that a search has found, those outside of the constraint among them. */
export interface Store {
  readonly byKey: Map<StateKey, StateIndex>;
  readonly keys: StateKey[];
  /** Steps from an initial state. */
  readonly depths: number[];
  /** The states one level above that have a step to this one; none twice. */
  readonly predecessors: StateIndex[][];
  /** States that break the constraint: judged, but neither counted nor expanded. */
  readonly outside: Set<StateIndex>;
}

/** A store without states. */
export function createStore(): Store {
  return { byKey: new Map(), keys: [], depths: [], predecessors: [], outside: new Set() };
}

/** Adds a state that is not in the store. */
export function addState(store: Store, key: StateKey, depth: number): StateIndex {
  const index = store.keys.length;
  store.byKey.set(key, index);
  store.keys.push(key);
  store.depths.push(depth);
  store.predecessors.push([]);
  return index;
}

/** Notes a step to `index` if it comes from the level above, on a shortest way. */
export function addPredecessor(store: Store, index: StateIndex, from: StateIndex): void {
  if (store.depths[index] === depthOf(store, from) + 1) {
    const known = present(store.predecessors[index], "a list of predecessors");
    // Levels are expanded state by state: if the step was seen before, then as the last one.
    if (known.at(-1) !== from) {
      known.push(from);
    }
  }
}

/** Steps from an initial state to the state. */
export function depthOf(store: Store, index: StateIndex): number {
  return present(store.depths[index], "a depth");
}

/** The key of a state in the store. */
export function keyOf(store: Store, index: StateIndex): StateKey {
  return present(store.keys[index], "a key");
}
