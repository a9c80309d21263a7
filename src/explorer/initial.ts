import { packVariables } from "../model/decode.ts";
import type { Sight } from "../outcome/sighting.ts";
import { present } from "../support/internal-error.ts";
import type { Value } from "../values/value.ts";
import { stateAt } from "./instance.ts";
import type { Search } from "./search.ts";
import { keepLeast } from "./sights.ts";

/** Takes in a state for every choice of initial values, its threads started. */
export function findInitial(search: Search): void {
  const { model, main, arena, kernel } = search;
  const address = present(arena.areas[0], "an area") + kernel.initialOffset;
  const { initial } = model;
  if (initial.some((values) => values.length === 0)) {
    return;
  }
  const choice = initial.map(() => 0);
  for (;;) {
    const words = stateAt(arena, kernel.words, address);
    words.fill(0);
    const values = initial.map((list, index) => list[choice[index] as number] as Value);
    packVariables(model, values, words);
    const failed = main.admit(address);
    if (failed !== 0) {
      const what: Sight = failed === 1 ? { kind: "error", rank: 0 } : { kind: "assertion" };
      keepLeast(model, search.sights, { what, length: 0, state: null, isStep: true });
      search.found = true;
    }
    let last = choice.length - 1;
    for (; last >= 0; last--) {
      choice[last] = (choice[last] as number) + 1;
      if ((choice[last] as number) < (initial[last] as readonly Value[]).length) {
        break;
      }
      choice[last] = 0;
    }
    if (last < 0) {
      return;
    }
  }
}
