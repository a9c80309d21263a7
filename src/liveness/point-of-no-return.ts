/** What is asked of the states round a path that ends in a hang; states are known by a key. */
export interface Doom<Key> {
  /** The states of the path. */
  readonly path: readonly Key[];
  /** Whether the threads are hung there. */
  isHung(state: Key): boolean;
  /**
   * Where steps that change the state lead, those of `escape` left out; null where not all of them are
   * known, or one fails.
   */
  successors(state: Key): readonly Key[] | null;
}

/** So many states that are not hung yet are looked at; where there are more, there may be a way out. */
export const DOOM_STATES_MAX = 2_000;

/**
 * The first state of the path from which every way ends in the hang, whatever is done, as its index;
 * null where not even the last state is hung. That is where nothing can save the threads any more:
 * before they are blocked, they may be bound to be. A way that can go round, stop or leave what was
 * searched, or that takes too long to follow, counts as one that may end well.
 */
export function pointOfNoReturn<Key>(doom: Doom<Key>): number | null {
  const { path } = doom;
  let found = path.findIndex((state) => doom.isHung(state));
  if (found < 0) {
    return null;
  }
  const known = new Map<Key, "open" | "doomed">();
  while (found > 0 && isDoomed(doom, known, path[found - 1] as Key)) {
    found -= 1;
  }
  return found;
}

/** Whether all ways from a state lead to hung states, in finitely many steps. */
function isDoomed<Key>(doom: Doom<Key>, known: Map<Key, "open" | "doomed">, from: Key): boolean {
  const way: { readonly state: Key; readonly next: readonly Key[]; at: number }[] = [];
  const enter = (state: Key): boolean => {
    const next = known.size < DOOM_STATES_MAX ? doom.successors(state) : null;
    if (next === null || next.length === 0) {
      return false;
    }
    known.set(state, "open");
    way.push({ state, next, at: 0 });
    return true;
  };
  if (!enter(from)) {
    return false;
  }
  for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
    const { state, next, at } = top;
    if (at === next.length) {
      known.set(state, "doomed");
      way.pop();
      continue;
    }
    top.at += 1;
    const to = next[at] as Key;
    const seen = known.get(to);
    // A state that is still open is on the way: that is a circle.
    if (seen === "open" || (seen === undefined && !doom.isHung(to) && !enter(to))) {
      return false;
    }
  }
  return true;
}
