import { waitsFrom } from "../model/actions.ts";
import { restAt } from "../model/decode.ts";
import { present } from "../support/internal-error.ts";
import { storedState } from "./instance.ts";
import type { Search } from "./search.ts";
import { keepLeast } from "./sights.ts";
import type { Surveyor } from "./surveys.ts";
import type { Looked } from "./suspicions.ts";

/**
 * Looks for steps that take from another thread the step that it could have taken: it is ready, and
 * blocked afterwards, at the same place, since only its own steps lead elsewhere. States have to come
 * in the order of their depths. `blocked`: by state, who is.
 */
export function watchWaits(
  search: Search,
  { layout, words }: Surveyor,
  blocked: Uint32Array,
): (looked: Looked) => void {
  const { model, sights, arena, kernel } = search;
  const { threadWords } = layout;
  const others = othersOf(search, threadWords);
  const lost = new Uint32Array(threadWords);
  const see = ({ state, depth }: Looked, thread: number): void => {
    const at = storedState(arena, kernel.words, state);
    const rest = restAt(model, at, thread);
    if (rest !== null && !waitsFrom(rest).strong) {
      const what = { kind: "unstable", thread, statement: rest.statement.id } as const;
      keepLeast(model, sights, { what, length: depth + 1, state: at, isStep: true });
    }
  };
  return (looked) => {
    const { at, edgesFrom, edgesTo } = looked;
    let some = 0;
    lost.fill(0);
    for (let edge = edgesFrom; edge < edgesTo; edge += 2) {
      const target = (words[edge] as number) * threadWords;
      const action = (words[edge + 1] as number) * threadWords;
      for (let word = 0; word < threadWords; word++) {
        const ready = words[at + 1 + threadWords + word] as number;
        const taken =
          ready & (blocked[target + word] as number) & (others[action + word] as number);
        some |= taken;
        lost[word] = (lost[word] as number) | taken;
      }
    }
    // Of several threads that lose a step here the least is told, where they stand at one statement.
    for (let thread = 0; some !== 0 && thread < model.threads.length; thread++) {
      if ((((lost[thread >>> 5] as number) >>> (thread & 31)) & 1) === 1) {
        see(looked, thread);
      }
    }
  };
}

/** By action, the bits of all threads but the one whose steps it is about. */
function othersOf({ model }: Search, threadWords: number): Uint32Array {
  const { agents } = model.program;
  const bits = new Uint32Array(model.actions.length * threadWords).fill(0xffff_ffff);
  for (const [action, { agent }] of model.actions.entries()) {
    const who = present(agents[agent], "an agent");
    if (who.kind === "thread") {
      const word = action * threadWords + (who.instance >>> 5);
      bits[word] = ((bits[word] as number) & ~(1 << (who.instance & 31))) >>> 0;
    }
  }
  return bits;
}
