import type { Sighting } from "../outcome/sighting.ts";
import { present } from "../support/internal-error.ts";
import { bytesInUse } from "./arena.ts";
import type { Budget } from "./budget.ts";
import type { Doom } from "./doom.ts";
import { judgeMasks } from "./hangs.ts";
import { needsOf } from "./needs.ts";
import { isToldToEnd } from "./pace.ts";
import { judgeProperties } from "./properties.ts";
import type { Ranges } from "./ranges.ts";
import type { Search } from "./search.ts";
import type { Surveyor } from "./surveys.ts";
import { judgeSuspicions } from "./suspicions.ts";

/** What was judged when the states had been found, besides what was added to the sights. */
export interface Judged {
  /** From where on nothing saves threads; null where that was not worked out. */
  readonly doom: Doom | null;
  /** Violated temporal properties, with their own ways to them. */
  readonly lassos: readonly Sighting[];
  /** See `Sightings`. */
  readonly vacuous: readonly (readonly number[])[];
}

/** The states on which something is judged. */
export interface Expanded {
  readonly surveyor: Surveyor;
  /** Those of the levels that were expanded to their end. */
  readonly levels: readonly Ranges[];
  /** One more than the greatest index of any state. */
  readonly count: number;
  readonly budget: Budget;
}

/**
 * Judges what shows only in what can still happen: hangs, `recoverable`, temporal properties. States
 * that were not expanded may go on well; nobody waits for an answer where the search was told to end.
 */
export async function judgeAfterwards(search: Search): Promise<Judged> {
  const nothing: Judged = { doom: null, lassos: [], vacuous: [] };
  if (search.kernel.survey === null || isToldToEnd(search)) {
    return nothing;
  }
  const needs = needsOf(search.model.program, search.options);
  const expanded: Expanded = {
    surveyor: surveyorOf(search),
    levels: search.levels.slice(0, search.expanded).map(({ ranges }) => ranges),
    count: search.main.next.value,
    budget: budgetOf(search),
  };
  const doom = await judgeMasks(search, expanded, needs);
  if (needs.suspicions && !isToldToEnd(search)) {
    await judgeSuspicions(search, expanded);
  }
  if (needs.properties.length === 0 || isToldToEnd(search)) {
    return { ...nothing, doom };
  }
  return { doom, ...(await judgeProperties(search, expanded, needs.properties)) };
}

function surveyorOf({ main, kernel, arena }: Search): Surveyor {
  const layout = present(kernel.survey ?? undefined, "surveys");
  const area = present(arena.areas[0], "an area");
  return {
    layout,
    words: new Uint32Array(arena.memory.buffer, area + layout.offset, layout.words),
    survey: (from, to) => main.survey(from, to),
    sketch: (from, to) => main.sketch(from, to),
  };
}

/** What the limit leaves beside the states and their table. */
function budgetOf({ arena, main, options }: Search): Budget {
  const limit = options.limits.memoryBytes ?? Number.POSITIVE_INFINITY;
  let used = bytesInUse(arena, main.next.value);
  return {
    take: (bytes) => {
      if (used + bytes > limit) {
        return false;
      }
      used += bytes;
      arena.peakBytes = Math.max(arena.peakBytes, used);
      return true;
    },
    release: (bytes) => {
      used -= bytes;
    },
    left: () => (options.limits.memoryBytes === null ? null : limit - used),
  };
}
