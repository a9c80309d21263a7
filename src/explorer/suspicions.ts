import { SURVEY_OUTSIDE } from "../codegen/kernel.ts";
import type { Expanded } from "./afterwards.ts";
import { giveBack, wordsWithin } from "./budget.ts";
import { giveUp } from "./hangs.ts";
import { watchOrders } from "./lock-order.ts";
import { runsOf } from "./masks.ts";
import { paceOf } from "./pace.ts";
import type { Search } from "./search.ts";
import { keepLeast } from "./sights.ts";
import { edgeCount, headWords, type WalkEnd, walk } from "./surveys.ts";
import { watchWaits } from "./unstable-waits.ts";

/** A state, and where in a survey its edges stand. */
export interface Looked {
  readonly state: number;
  readonly depth: number;
  /** Of what is known of it. */
  readonly at: number;
  readonly edgesFrom: number;
  readonly edgesTo: number;
}

/**
 * Looks for what is not wrong in itself: waits that can be missed, and locks that are taken in both
 * orders. One walk notes who is blocked where, another looks at the edges.
 */
export async function judgeSuspicions(search: Search, expanded: Expanded): Promise<void> {
  const { surveyor, count, budget } = expanded;
  const { threadWords } = surveyor.layout;
  const blocked = wordsWithin(budget, count * threadWords);
  if (blocked === null) {
    giveUp(search, "memory");
    return;
  }
  const { words } = surveyor;
  let ended = await walkAll(search, expanded, ({ state, at }) => {
    for (let word = 0; word < threadWords; word++) {
      blocked[state * threadWords + word] = words[at + 1 + word] as number;
    }
  });
  if (ended === "done") {
    const waits = watchWaits(search, surveyor, blocked);
    const orders = watchOrders(search, surveyor);
    ended = await walkAll(search, expanded, (looked) => {
      waits(looked);
      orders?.look(looked);
    });
    for (const seen of ended === "done" ? (orders?.pairs() ?? []) : []) {
      keepLeast(search.model, search.sights, seen);
    }
  }
  if (ended !== "done") {
    giveUp(search, ended === "full" ? "memory" : "stopped");
  }
  giveBack(budget, blocked);
}

/** Visits the states inside the constraints, level by level from the first. */
async function walkAll(
  search: Search,
  { surveyor, levels }: Expanded,
  visit: (looked: Looked) => void,
): Promise<WalkEnd> {
  const pace = paceOf(search, "hangs");
  const head = headWords(surveyor.layout);
  const { words } = surveyor;
  let ended: WalkEnd = "done";
  for (const [depth, ranges] of levels.entries()) {
    if (ended !== "done") {
      break;
    }
    ended = await walk(surveyor, {
      runs: runsOf([ranges], false),
      isBackwards: false,
      total: null,
      pace,
      visit: (state, at) => {
        if (words[at] !== SURVEY_OUTSIDE) {
          const edgesFrom = at + head;
          const edgesTo = edgesFrom + 2 * edgeCount(words[at] as number);
          visit({ state, depth, at, edgesFrom, edgesTo });
        }
      },
    });
  }
  return ended;
}
