import { SURVEY_FAILS, SURVEY_OUTSIDE } from "../codegen/kernel.ts";
import { pointOfNoReturn } from "../liveness/point-of-no-return.ts";
import { present } from "../support/internal-error.ts";
import type { Expanded } from "./afterwards.ts";
import { stateAt } from "./instance.ts";
import { type Masks, runsOf } from "./masks.ts";
import type { Search } from "./search.ts";
import { edgeCount, headWords } from "./surveys.ts";

/**
 * By the states of a path that ends where some threads are hung, the first one from which nothing
 * saves them any more, as its index; null where they are not known to be hung at its end.
 */
export type Doom = (threads: readonly number[], path: readonly Uint32Array[]) => number | null;

/** What is known of all states. */
interface Hung {
  readonly masks: Masks;
  readonly perState: number;
  /** By action. */
  readonly isEscape: Uint8Array;
}

/** Looks for points of no return in the states that were expanded. */
export function doomIn(search: Search, expanded: Expanded, hung: Hung): Doom {
  const { words } = hung.masks;
  const runs = [...runsOf(expanded.levels, false)];
  return (threads, path) =>
    threads.length === 0
      ? null
      : pointOfNoReturn({
          path: path.map((state) => indexOf(search, state)),
          isHung: (state) =>
            threads.every((thread) => {
              const word = words[state * hung.perState + (thread >>> 5)] ?? 0;
              return ((word >>> (thread & 31)) & 1) === 1;
            }),
          successors: (state) =>
            runs.some(({ from, to }) => from <= state && state < to)
              ? successors(expanded, hung, state)
              : null,
        });
}

/** The index of a state. */
function indexOf({ arena, kernel, main }: Search, state: Uint32Array): number {
  // It is put where the states are that paths are looked for to, which is not the case now.
  const address = present(arena.areas[0], "an area") + kernel.soughtStatesOffset;
  stateAt(arena, kernel.words, address).set(state);
  return main.find(address) >>> 0;
}

/** Of a state that was expanded. */
function successors(
  { surveyor }: Expanded,
  { isEscape }: Hung,
  state: number,
): readonly number[] | null {
  const { words, layout } = surveyor;
  const isKnown = surveyor.survey(state, state + 1) >>> 0 === state + 1;
  const first = words[0] as number;
  if (!isKnown || first === SURVEY_OUTSIDE || first >= SURVEY_FAILS) {
    return null;
  }
  const begin = headWords(layout);
  return Array.from({ length: edgeCount(first) }, (_, edge) => begin + 2 * edge)
    .filter((at) => isEscape[words[at + 1] as number] !== 1)
    .map((at) => words[at] as number);
}
