import type { Lasso } from "./graph.ts";

/** Longer ones are left as they are: each attempt takes time in proportion to the length. */
const LENGTH_MAX = 400;
const ATTEMPTS_MAX = 4_000;

/**
 * Leaves out what a lasso does not need. `isGood` tells whether what remains is still a counterexample;
 * of several ways the first is taken, in an order that depends on the lasso alone.
 */
export function shorten(lasso: Lasso, isGood: (lasso: Lasso) => boolean): Lasso {
  let best = rollUp(lasso);
  let attempts = 0;
  while (best.path.length <= LENGTH_MAX) {
    let better: Lasso | null = null;
    for (const candidate of shorterThan(best)) {
      attempts += 1;
      if (attempts > ATTEMPTS_MAX) {
        return best;
      }
      if (isGood(candidate)) {
        better = rollUp(candidate);
        break;
      }
    }
    if (better === null) {
      return best;
    }
    best = better;
  }
  return best;
}

/** The same behaviour with as little in front of the loop as can be. */
function rollUp({ path, actions, loop }: Lasso): Lasso {
  let start = loop ?? 0;
  let end = path.length;
  if (loop === null) {
    return { path, actions, loop };
  }
  // The path into the loop ends as the loop does: begin the round earlier.
  while (
    start > 0 &&
    path[start - 1] === path[end - 1] &&
    actions[start - 1] === actions[end - 1]
  ) {
    start -= 1;
    end -= 1;
  }
  // The round is another, shorter one several times over.
  const whole = end - start;
  let size = 1;
  while (whole % size !== 0 || !repeats({ path, actions }, start, end, size)) {
    size += 1;
  }
  return {
    path: path.slice(0, start + size),
    actions: actions.slice(0, start + size),
    loop: start,
  };
}

function repeats(
  { path, actions }: Pick<Lasso, "path" | "actions">,
  start: number,
  end: number,
  size: number,
): boolean {
  for (let at = start + size; at < end; at++) {
    if (path[at] !== path[at - size] || actions[at] !== actions[at - size]) {
      return false;
    }
  }
  return true;
}

/** Lassos with fewer states, the shortest ones of each kind first. */
function* shorterThan(lasso: Lasso): Generator<Lasso, void, undefined> {
  const { path, actions, loop } = lasso;
  const { length } = path;
  for (let end = 1; end < length + (loop === null ? 0 : 1); end++) {
    yield { path: path.slice(0, end), actions: actions.slice(0, end - 1), loop: null };
  }
  for (let size = length - 1; size > 0; size--) {
    for (let from = 0; from + size < length; from++) {
      if (path[from] === path[from + size]) {
        yield* without(lasso, from, from + size);
      }
    }
  }
  if (loop !== null) {
    yield* turned(lasso, loop);
  }
}

/** The lasso without the way from one position to another, where the same state is. */
function* without(lasso: Lasso, from: number, to: number): Generator<Lasso, void, undefined> {
  const { path, actions, loop } = lasso;
  const cut = <T>(list: readonly T[]): T[] => [...list.slice(0, from), ...list.slice(to)];
  if (loop === null || to <= loop) {
    const shift = loop === null ? null : loop - (to - from);
    yield { path: cut(path), actions: cut(actions), loop: shift };
    return;
  }
  if (from >= loop) {
    yield { path: cut(path), actions: cut(actions), loop };
    // Or only this way, round and round.
    yield { path: path.slice(0, to), actions: actions.slice(0, to), loop: from };
    return;
  }
  // From before the loop right into it: the round begins there.
  const round = <T>(list: readonly T[]): T[] => [...list.slice(to), ...list.slice(loop, to)];
  yield {
    path: [...path.slice(0, from), ...round(path)],
    actions: [...actions.slice(0, from), ...round(actions)],
    loop: from,
  };
}

/** The lasso whose round begins at the place to which it comes back last: the rest is left out once. */
function* turned(lasso: Lasso, loop: number): Generator<Lasso, void, undefined> {
  const { path, actions } = lasso;
  const first = path[loop];
  for (let at = path.length - 1; at > loop; at--) {
    if (path[at] === first) {
      yield {
        path: [...path.slice(0, loop), ...path.slice(at)],
        actions: [...actions.slice(0, loop), ...actions.slice(at)],
        loop,
      };
    }
  }
}
