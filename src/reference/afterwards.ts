import type { InstanceIndex } from "../core/expressions.ts";
import { judgeProperty } from "../liveness/judge.ts";
import type { Progress } from "../outcome/outcome.ts";
import { present } from "../support/internal-error.ts";
import { type LastStep, matterKey, propose } from "./candidates.ts";
import { hungThreads, neverAgain, stableStates } from "./hangs.ts";
import { answer, observe } from "./observer.ts";
import { groundOf } from "./predicates.ts";
import type { Search } from "./search.ts";
import { type Look, lookAt, type Space, stateAt } from "./space.ts";
import { decodeState, type State } from "./state.ts";
import { graphOf } from "./state-graph.ts";
import { depthOf, keyOf, type StateIndex } from "./store.ts";
import { judgeSuspicions } from "./suspicions.ts";
import { wayTo } from "./way-to.ts";

/** Which threads are hung where. */
export interface FoundHangs {
  /** The states that were found. */
  readonly space: Space;
  /** By state. */
  readonly hung: readonly (readonly InstanceIndex[])[];
}

/** A fair behaviour that violates a temporal property. */
export interface FoundLasso {
  /** Index into `Program.properties`. */
  readonly property: number;
  readonly path: readonly State[];
  /** Where the cycle begins in `path`; null where the behaviour stops at its end. */
  readonly loop: number | null;
  /** Its steps, the one that closes the cycle included. */
  readonly steps: readonly LastStep[];
}

/**
 * Judges what shows only in what can still happen: hangs, `recoverable`, temporal properties. It is
 * judged on the states of the levels that were expanded; others may go on well. Nobody waits for it
 * where the search was told to end.
 */
export async function judgeAfterwards(
  search: Search,
  tell: (phase: Progress["phase"]) => void,
): Promise<void> {
  const { options, predicates, incomplete, machine } = search;
  const hung = options.hung && machine.program.instances.length > 0;
  const isAsked =
    hung ||
    options.suspicions ||
    predicates.recoverables.length > 0 ||
    predicates.formulas.length > 0;
  if (!isAsked || incomplete === "time" || incomplete === "interrupted") {
    return;
  }
  tell("hangs");
  const space = expandedSpace(search);
  if (hung) {
    judgeHangs(search, space);
  }
  judgeRecoverables(search, space);
  if (options.suspicions) {
    judgeSuspicions(search, space);
  }
  if (predicates.formulas.length > 0) {
    tell("properties");
    await judgeProperties(search, space);
  }
}

/** The states that were found; all steps are known of those that satisfy the constraint and were expanded. */
function expandedSpace({ machine, store, levelsExpanded, here }: Search): Space {
  const numberOf = ({ key }: State): StateIndex =>
    present(store.byKey.get(key), "a state behind one that was expanded");
  const looks = store.keys.map((key, index): Look | null =>
    depthOf(store, index) < levelsExpanded && !store.outside.has(index)
      ? lookAt(here, decodeState(key), numberOf)
      : null,
  );
  return { machine, keys: store.keys, looks };
}

/** Proposes a state as the one at which something shows that holds from there on. */
function proposeAt(
  { store, candidates, machine }: Search,
  what: Parameters<typeof matterKey>[0],
  index: StateIndex,
): void {
  const state = { index, state: decodeState(keyOf(store, index)) };
  propose(candidates, { what, length: depthOf(store, index), state, step: null }, machine);
}

/**
 * Each set of threads that is hung for good, without further threads to come, is told unless it is
 * that of a deadlock, and so is one that the check expects.
 */
function judgeHangs(search: Search, space: Space): void {
  const { candidates, machine } = search;
  const hung = hungThreads(space);
  search.hangs = { space, hung };
  const stable = stableStates(space, hung);
  const proposeWhere = (isShown: (index: StateIndex) => boolean): void => {
    for (const [index, threads] of hung.entries()) {
      const isDeadlock = candidates.has(matterKey({ kind: "deadlock", threads }));
      if (threads.length > 0 && !isDeadlock && isShown(index)) {
        proposeAt(search, { kind: "hung", threads }, index);
      }
    }
  };
  proposeWhere((index) => stable[index] === true);
  for (const expected of machine.program.check.expectations) {
    const threads = expected.kind === "hung" ? expected.threads : null;
    if (threads !== null && !candidates.has(matterKey({ kind: "hung", threads }))) {
      proposeWhere((index) => hung[index]?.join() === threads.join());
    }
  }
}

function judgeRecoverables(search: Search, space: Space): void {
  const { predicates, here } = search;
  for (const predicate of predicates.recoverables) {
    const never = neverAgain(space, (index) => {
      observe(here, stateAt(space, index));
      return answer(here, predicate.condition) === true;
    });
    for (const [index, isLost] of never.entries()) {
      if (isLost) {
        proposeAt(search, { kind: "violation", property: "recoverable", predicate }, index);
      }
    }
  }
}

async function judgeProperties(search: Search, space: Space): Promise<void> {
  const { machine, predicates, options, store } = search;
  const { formulas, predicates: grounded } = groundOf(machine);
  const { graph, constraints, members, actions } = graphOf(space, {
    initial: [...store.keys.keys()].filter((index) => depthOf(store, index) === 0),
    predicates: grounded.map((one) => (predicates.formulas.includes(one) ? one : null)),
  });
  const stateOf = (number: number): State => stateAt(space, present(members[number], "a state"));
  const vacuous: (readonly number[])[] = [];
  for (const [property, { name }] of machine.program.properties.entries()) {
    vacuous[property] = [];
    if (options.properties !== null && !options.properties.has(name)) {
      continue;
    }
    const formula = present(formulas[property], "a formula");
    const judged = await judgeProperty(graph, formula, constraints, {
      memoryBytes: null,
      clock: () => options.clock(),
      pause: () => options.pause(),
      shouldStop: () => isStopped(search),
    });
    if (judged.kind === "unknown") {
      const ended = options.signal.aborted ? "interrupted" : "time";
      search.incomplete ??= judged.why === "memory" ? "memory" : ended;
      return;
    }
    if (judged.kind === "holds") {
      vacuous[property] = judged.vacuous;
      continue;
    }
    const { lasso } = judged;
    const path = lasso.path.map(stateOf);
    const targets = lasso.loop === null ? path.slice(1) : [...path.slice(1), path[lasso.loop]];
    const steps = targets.map((to, at) => {
      const { agent, choice } = present(actions[lasso.actions[at] ?? -1], "an action");
      const from = present(path[at], "a state");
      const step = wayTo(machine, from, present(to, "a state").key, { agent, choice });
      return present(step, "a step of a lasso");
    });
    search.lassos.push({ property, path, loop: lasso.loop, steps });
  }
  search.vacuous = vacuous;
}

function isStopped({ options, startedMs }: Search): boolean {
  const { timeMs } = options.limits;
  return options.signal.aborted || (timeMs !== null && options.clock() - startedMs > timeMs);
}
