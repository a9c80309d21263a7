import type { Program } from "../core/program.ts";
import type { Sight, Sightings } from "../outcome/sighting.ts";
import { InternalError } from "../support/internal-error.ts";
import type { Candidate, Matter } from "./candidates.ts";
import { pathTo } from "./path.ts";
import { plainOf } from "./plain.ts";
import type { Search } from "./search.ts";
import type { State } from "./state.ts";

/** What a search that has ended saw, in plain values: what `retell` makes the same result of. */
export function sightingsOf(search: Search): Sightings {
  const { machine, candidates, counting, incomplete } = search;
  return {
    seen: [...candidates.values()].map((candidate) => ({
      what: sightOf(machine.program, candidate.what),
      length: candidate.length,
      path: pathOf(search, candidate).map((state) => plainOf(machine, state)),
      doomedAt: null,
    })),
    statistics: statisticsOf(search),
    coverage: counting,
    incomplete,
    vacuous: [],
  };
}

/** The states that lead to a candidate; none where starting fails. */
export function pathOf({ machine, store }: Search, { state }: Candidate): readonly State[] {
  return state === null ? [] : pathTo(machine, store, state.index);
}

/** The size of a search that has ended. */
export function statisticsOf(search: Search): Sightings["statistics"] {
  const { states, transitions, depth, levels, initialStates, queue, incomplete } = search;
  return {
    engine: "reference",
    workers: 1,
    states,
    transitions,
    depth,
    levels,
    initialStates,
    elapsedMs: search.options.clock() - search.startedMs,
    complete: incomplete === null && queue === 0,
    storage: null,
    timing: null,
  };
}

function sightOf(program: Program, what: Matter): Sight {
  switch (what.kind) {
    case "error":
      return { kind: "error", rank: what.rank };
    case "assertion":
      return { kind: "assertion" };
    case "deadlock":
      return { kind: "deadlock", threads: what.threads };
    default:
      switch (what.property) {
        case "invariant":
          return { kind: "invariant", index: program.invariants.indexOf(what.predicate) };
        case "step":
          return { kind: "step", index: program.steps.indexOf(what.predicate) };
        case "reachable":
          return { kind: "reachable", index: program.reachables.indexOf(what.predicate) };
        default:
          throw new InternalError(`the search judges no ${what.property}`);
      }
  }
}
