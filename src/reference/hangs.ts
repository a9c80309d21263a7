import type { InstanceIndex } from "../core/expressions.ts";
import type { Space, SpaceIndex } from "./space.ts";

/**
 * By state, the threads that are hung (docs/language.md section 7): blocked there, and in every state
 * that others than `escape` lead to from there. In canonical order. None where not all steps are known.
 */
export function hungThreads({ looks }: Space): readonly (readonly InstanceIndex[])[] {
  const hung = looks.map((look): readonly InstanceIndex[] =>
    look === null
      ? []
      : [...look.statuses.keys()].filter((instance) => look.statuses[instance] === "blocked"),
  );
  sweep(looks.length, (index) => {
    const before = hung[index] ?? [];
    let left = before;
    for (const { isEscape, target } of looks[index]?.edges ?? []) {
      if (!isEscape) {
        left = left.filter((instance) => hung[target]?.includes(instance));
      }
    }
    hung[index] = left;
    return left.length < before.length;
  });
  return hung;
}

/**
 * By state, whether the same threads are hung in every state that others than `escape` lead to from
 * there. (All that are hung in one are hung in the others.)
 */
export function stableStates(
  { looks }: Space,
  hung: readonly (readonly InstanceIndex[])[],
): readonly boolean[] {
  const stable = looks.map(() => true);
  sweep(looks.length, (index) => {
    const grows = looks[index]?.edges.some(
      ({ isEscape, target }) =>
        !isEscape && (!stable[target] || hung[target]?.length !== hung[index]?.length),
    );
    if (!stable[index] || grows !== true) {
      return false;
    }
    stable[index] = false;
    return true;
  });
  return stable;
}

/**
 * By state, whether every way from there ends where all of `threads` are hung, in finitely many steps
 * of others than `escape`. A way that goes round, stops, fails or leaves what is known does not.
 */
export function boundToHang(
  { looks }: Space,
  hung: readonly (readonly InstanceIndex[])[],
  threads: readonly InstanceIndex[],
): readonly boolean[] {
  const bound = hung.map((there) => threads.every((thread) => there.includes(thread)));
  sweep(looks.length, (index) => {
    const look = looks[index];
    const ways = look?.edges.filter(({ isEscape }) => !isEscape) ?? [];
    const isBound =
      look?.fails === false && ways.length > 0 && ways.every(({ target }) => bound[target]);
    if (bound[index] || !isBound) {
      return false;
    }
    bound[index] = true;
    return true;
  });
  return bound;
}

/** By state, whether neither it nor any that steps lead to from there satisfies a condition. */
export function neverAgain(
  { looks }: Space,
  satisfies: (index: SpaceIndex) => boolean,
): readonly boolean[] {
  const never = looks.map((look, index) => look !== null && !satisfies(index));
  sweep(looks.length, (index) => {
    if (!never[index] || looks[index]?.edges.every(({ target }) => never[target])) {
      return false;
    }
    never[index] = false;
    return true;
  });
  return never;
}

/** Goes through the states, the last ones first, again and again until nothing changes. */
function sweep(count: number, change: (index: SpaceIndex) => boolean): void {
  for (let goesOn = true; goesOn; ) {
    goesOn = false;
    for (let index = count - 1; index >= 0; index--) {
      goesOn = change(index) || goesOn;
    }
  }
}
