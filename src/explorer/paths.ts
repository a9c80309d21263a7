import { SOUGHT_MAX } from "../codegen/kernel.ts";
import { compareStates, decode } from "../model/decode.ts";
import type { PlainState, Sighting } from "../outcome/sighting.ts";
import { present } from "../support/internal-error.ts";
import type { Judged } from "./afterwards.ts";
import { stateAt } from "./instance.ts";
import { pieces } from "./ranges.ts";
import type { Search } from "./search.ts";
import type { Seen } from "./sights.ts";

/** What was seen, each with the states that lead there. */
export function sightingsOf(search: Search, { doom, lassos }: Judged): readonly Sighting[] {
  const { model, sights, decoded } = search;
  const seen = [...sights.values()];
  const paths = pathsTo(search, seen);
  const sightings = seen.map(({ what, length }, index): Sighting => {
    const path = present(paths[index], "a path");
    const isStuck = what.kind === "deadlock" || what.kind === "hung";
    return {
      what,
      length,
      path: path.map((words): PlainState => decode(model, words, decoded)),
      doomedAt: isStuck ? (doom?.(what.threads, path) ?? null) : null,
    };
  });
  return [...sightings, ...lassos];
}

/** The states from an initial one to that of each sight; each is the least predecessor of the next. */
function pathsTo(search: Search, seen: readonly Seen[]): readonly (readonly Uint32Array[])[] {
  const paths = seen.map(({ state }): Uint32Array[] => (state === null ? [] : [state]));
  const depths = seen.map(({ length, isStep }) => (isStep ? length - 1 : length));
  for (let depth = Math.max(0, ...depths); depth > 0; depth--) {
    const open = paths.filter(
      (path, index) => path.length > 0 && (depths[index] as number) >= depth,
    );
    const sought = new Map<string, Uint32Array>();
    for (const [state] of open) {
      const words = present(state, "a state");
      sought.set(words.join(), words);
    }
    const before = predecessors(search, depth - 1, [...sought.values()]);
    for (const path of open) {
      path.unshift(present(before.get(present(path[0], "a state").join()), "a predecessor"));
    }
  }
  return paths;
}

/** The least predecessor, at a depth, of each of some states. */
function predecessors(
  search: Search,
  depth: number,
  states: readonly Uint32Array[],
): ReadonlyMap<string, Uint32Array> {
  const { model, arena, kernel, main, levels } = search;
  const { ranges } = present(levels[depth], "a level");
  const least = new Map<string, Uint32Array>();
  const area = present(arena.areas[0], "an area");
  for (let first = 0; first < states.length; first += SOUGHT_MAX) {
    const some = states.slice(first, first + SOUGHT_MAX);
    // The states that are sought are put where successors would be, which are not needed now.
    const addresses = new Uint32Array(arena.memory.buffer, area + kernel.soughtOffset, SOUGHT_MAX);
    for (const [index, state] of some.entries()) {
      const address = area + kernel.soughtStatesOffset + index * kernel.recordBytes;
      stateAt(arena, kernel.words, address).set(state);
      addresses[index] = address;
    }
    search.onPredecessor = (mask, address) => {
      const found = stateAt(arena, kernel.words, address);
      for (const [index, state] of some.entries()) {
        if (((mask >>> index) & 1) === 1) {
          const key = state.join();
          const kept = least.get(key);
          if (kept === undefined || compareStates(model, found, kept) < 0) {
            least.set(key, found.slice());
          }
        }
      }
    };
    pieces(ranges, 0, Number.POSITIVE_INFINITY, (from, to) => main.match(from, to, some.length));
  }
  return least;
}
