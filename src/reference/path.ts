import { present } from "../support/internal-error.ts";
import { compareStates, decodeState, type State, type StateOrder } from "./state.ts";
import { keyOf, type StateIndex, type Store } from "./store.ts";

/** The states from an initial one to `last`; each is the least predecessor of the one after it. */
export function pathTo(order: StateOrder, store: Store, last: StateIndex): readonly State[] {
  const path: State[] = [];
  let choices: readonly StateIndex[] = [last];
  while (choices.length > 0) {
    let least: Reached | null = null;
    for (const index of choices) {
      const state = decodeState(keyOf(store, index));
      if (least === null || compareStates(state, least.state, order) < 0) {
        least = { index, state };
      }
    }
    const { index, state } = present(least, "the least predecessor");
    path.unshift(state);
    choices = present(store.predecessors[index], "predecessors");
  }
  return path;
}

interface Reached {
  readonly index: StateIndex;
  readonly state: State;
}
