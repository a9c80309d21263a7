import type { Predicate, Property } from "../core/program.ts";
import { pointOfNoReturn } from "../liveness/point-of-no-return.ts";
import type { Sight, Sightings } from "../outcome/sighting.ts";
import { InternalError, present } from "../support/internal-error.ts";
import { choiceOf } from "./actions.ts";
import type { Candidate, LastStep } from "./candidates.ts";
import type { Told } from "./findings.ts";
import type { Machine } from "./machine.ts";
import { pathTo } from "./path.ts";
import { plainOf } from "./plain.ts";
import type { Search } from "./search.ts";
import type { State } from "./state.ts";
import { orderStep, unstableStep } from "./suspicions.ts";

/** What a search that has ended saw, in plain values: what `retell` makes the same result of. */
export function sightingsOf(search: Search): Sightings {
  const { machine, counting, incomplete, vacuous } = search;
  return {
    seen: toldBy(search).map((told) => ({
      what: sightOf(machine, told),
      length: told.length,
      path: told.path.map((state) => plainOf(machine, state)),
      doomedAt: told.doomedAt,
    })),
    statistics: statisticsOf(search),
    coverage: counting,
    incomplete,
    vacuous,
  };
}

/** What a search that has ended has to tell, in any order. */
export function toldBy(search: Search): readonly Told[] {
  const { machine, candidates, lassos } = search;
  const seen = [...candidates.values()].map((candidate): Told => {
    const { what, length } = candidate;
    const path = pathOf(search, candidate);
    const step = lastStepOf(search, candidate);
    return { what, length, path, step, lasso: null, doomedAt: doomedAt(search, candidate, path) };
  });
  const violated = lassos.map(({ property, path, loop, steps }): Told => {
    const predicate = present(machine.program.properties[property], "a property");
    const what = { kind: "violation", property: "property", predicate } as const;
    return { what, length: steps.length, path, step: null, lasso: { loop, steps }, doomedAt: null };
  });
  return [...seen, ...violated];
}

/** The states that lead to a candidate; none where starting fails. */
function pathOf({ machine, store }: Search, { state }: Candidate): readonly State[] {
  return state === null ? [] : pathTo(machine, store, state.index);
}

/** Of many sights of a kind only the least is told: what its step is, is asked only then. */
function lastStepOf({ machine, here }: Search, { what, state, step }: Candidate): LastStep | null {
  if (state === null) {
    return step;
  }
  switch (what.kind) {
    case "unstable":
      return present(unstableStep(here, state.state, what.thread), "a step");
    case "order":
      return present(orderStep(machine, state.state, what), "a step");
    default:
      return step;
  }
}

/** From which state of the path on nothing can save the threads of a deadlock or hang. */
function doomedAt(
  { hangs, store }: Search,
  { what }: Candidate,
  path: readonly State[],
): number | null {
  const isHang = what.kind === "deadlock" || what.kind === "hung";
  if (hangs === null || !isHang) {
    return null;
  }
  const { hung, space } = hangs;
  return pointOfNoReturn({
    path: path.map(({ key }) => present(store.byKey.get(key), "a state")),
    isHung: (index) => what.threads.every((thread) => hung[index]?.includes(thread)),
    successors: (index) => {
      const look = space.looks[index] ?? null;
      return look === null || look.fails
        ? null
        : look.edges.filter(({ isEscape }) => !isEscape).map(({ target }) => target);
    },
  });
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

function sightOf(machine: Machine, { what, lasso }: Told): Sight {
  switch (what.kind) {
    case "error":
      return { kind: "error", rank: what.rank };
    case "assertion":
      return { kind: "assertion" };
    case "deadlock":
    case "hung":
      return { kind: what.kind, threads: what.threads };
    case "unstable":
    case "order":
      return what;
    default:
      break;
  }
  const { program } = machine;
  const indexIn = (list: readonly (Predicate | Property)[]): number => {
    const index = list.indexOf(what.predicate);
    if (index < 0) {
      throw new InternalError(`there is no ${what.property} ${what.predicate.name}`);
    }
    return index;
  };
  if (what.property !== "property") {
    return { kind: what.property, index: indexIn(program[`${what.property}s`]) };
  }
  const { loop, steps } = present(lasso, "the lasso of a property");
  return {
    kind: "property",
    index: indexIn(program.properties),
    loop,
    steps: steps.map(({ agent, picks }) => {
      const who = present(agent, "an agent");
      return { agent: who, choice: choiceOf(machine, who, picks) };
    }),
  };
}
