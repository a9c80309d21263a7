import type { Expression } from "../core/expressions.ts";
import type { Predicate, Program } from "../core/program.ts";
import type { Sources } from "../diagnostics/diagnostic.ts";
import type { SearchResult } from "../outcome/outcome.ts";
import type { PlainState, Sight, Sighting, Sightings } from "../outcome/sighting.ts";
import { present, unreachable } from "../support/internal-error.ts";
import { ValueError } from "../values/value-error.ts";
import type { LastStep } from "./candidates.ts";
import { resultOf, type Told } from "./findings.ts";
import { createMachine } from "./machine.ts";
import {
  type Answer,
  answer,
  blockedThreads,
  createObserver,
  isStuck,
  observe,
} from "./observer.ts";
import { stateFrom } from "./plain.ts";
import { rankedConditions, searchedPredicates } from "./predicates.ts";
import {
  checkDoomed,
  retellHung,
  retellOrder,
  retellProperty,
  retellRecoverable,
  retellUnstable,
  STATES_MAX,
} from "./retell-future.ts";
import { disagreement, type Retelling, type Retold } from "./retelling.ts";
import type { State, StateKey } from "./state.ts";
import { waysOf } from "./steps.ts";
import { createTelling, type Telling } from "./trace.ts";
import { afterStep } from "./ways.ts";

/** What is needed to tell, besides what was seen. */
export interface RetellOptions {
  /** For the text of the steps. */
  readonly sources: Sources;
  /** Names of the properties that were searched for; null for all. */
  readonly properties: ReadonlySet<string> | null;
}

/**
 * The result that `explore` would give, of what another engine saw. Every path is replayed, and what
 * is seen at its end judged again: `InternalError` where that comes out differently. That a path is
 * the shortest, that nothing was missed, and the statistics are taken on trust; and of what is said
 * about all that can still happen, what lies farther off (see `STATES_MAX`).
 */
export function retell(
  program: Program,
  { seen, statistics, coverage, incomplete, vacuous }: Sightings,
  { sources, properties }: RetellOptions,
): SearchResult {
  const machine = createMachine(program);
  const telling = createTelling(machine, sources);
  const retelling: Retelling = {
    telling,
    machine,
    observer: createObserver(machine),
    predicates: searchedPredicates(machine, properties),
    conditions: rankedConditions(machine),
    properties,
    isComplete: statistics.complete,
    budget: { states: STATES_MAX },
    states: new Map(),
    followers: new Map(),
  };
  const told = seen.map((sighting) => toldOf(retelling, sighting));
  return resultOf(telling, {
    told,
    properties,
    statistics,
    coverage,
    incomplete,
    vacuous,
  });
}

function toldOf(
  retelling: Retelling,
  { what: sight, length, path: plain, doomedAt }: Sighting,
): Told {
  const states = isOfStep(retelling, sight) ? length : length + 1;
  if (plain.length !== states) {
    throw disagreement(`${plain.length} states on the way to ${sight.kind}, not ${states}`);
  }
  const path = replay(retelling, plain);
  checkInside(retelling, path, sight);
  const told = retold(retelling, sight, path);
  if (doomedAt !== null) {
    if (told.what.kind !== "deadlock" && told.what.kind !== "hung") {
      throw disagreement(`nobody is doomed in a sight of ${sight.kind}`);
    }
    checkDoomed(retelling, told.what.threads, path, doomedAt);
  }
  return { lasso: null, ...told, length, path, doomedAt };
}

/** Whether the last step of the trace is what is seen; else it is the state that it leads to. */
function isOfStep({ conditions, machine }: Retelling, sight: Sight): boolean {
  switch (sight.kind) {
    case "error":
      return sight.rank === 0 || isAmong(machine.program.steps, conditions[sight.rank - 1]);
    case "assertion":
    case "step":
    case "unstable":
    case "order":
      return true;
    case "property":
      return sight.loop !== null;
    default:
      return false;
  }
}

function isAmong(predicates: readonly Predicate[], condition: Expression | undefined): boolean {
  return predicates.some((one) => one.condition === condition);
}

/** The states of a path, each reached from the one before it. */
function replay(retelling: Retelling, path: readonly PlainState[]): readonly State[] {
  const states: State[] = [];
  for (const [index, plain] of path.entries()) {
    const before = states.at(-1);
    // Worked out first: so the values that are shown are the reference's own, not those handed over.
    const keys = before === undefined ? startKeys(retelling.telling) : keysAfter(retelling, before);
    const state = stateOf(retelling, plain);
    if (!keys.has(state.key)) {
      throw disagreement(
        index === 0 ? "a path begins nowhere" : `no step leads from state ${index - 1} to ${index}`,
      );
    }
    states.push(state);
  }
  return states;
}

function startKeys({ starts }: Telling): ReadonlySet<StateKey> {
  return new Set(starts().flatMap((one) => (one.kind === "start" ? [one.state.key] : [])));
}

function stateOf({ machine, states }: Retelling, plain: PlainState): State {
  let state = states.get(plain);
  if (state === undefined) {
    state = stateFrom(machine, plain);
    states.set(plain, state);
  }
  return state;
}

function keysAfter({ machine, followers }: Retelling, state: State): ReadonlySet<StateKey> {
  const known = followers.get(state.key);
  if (known !== undefined) {
    return known;
  }
  const keys = new Set<StateKey>();
  followers.set(state.key, keys);
  for (const agent of machine.program.agents.keys()) {
    for (const way of waysOf(machine, state, agent)) {
      if (way.kind === "step") {
        keys.add(afterStep(state, way).key);
      }
    }
  }
  return keys;
}

/** States outside of the constraint are not gone on from, and only invariants are judged there. */
function checkInside(retelling: Retelling, path: readonly State[], sight: Sight): void {
  const { observer, machine, conditions } = retelling;
  const { constraints, invariants } = machine.program;
  const mayBeOutside =
    sight.kind === "invariant" ||
    (sight.kind === "error" &&
      sight.rank > 0 &&
      (constraints.includes(present(conditions[sight.rank - 1], "a condition")) ||
        isAmong(invariants, conditions[sight.rank - 1])));
  for (const state of mayBeOutside ? path.slice(0, -1) : path) {
    observe(observer, state);
    if (constraints.some((condition) => answer(observer, condition) === false)) {
      throw disagreement("a path leads through a state outside of the constraint");
    }
  }
}

function retold(retelling: Retelling, sight: Sight, path: readonly State[]): Retold {
  const last = path.at(-1) ?? null;
  if (sight.kind === "assertion" || (sight.kind === "error" && sight.rank === 0)) {
    return failure(retelling, sight.kind, last);
  }
  const state = present(last, "a state");
  switch (sight.kind) {
    case "error":
      return withoutValue(retelling, sight.rank, state);
    case "deadlock":
      return deadlock(retelling, sight.threads, state);
    case "invariant":
    case "step":
    case "reachable":
      return judged(retelling, sight, state);
    case "hung":
      return retellHung(retelling, sight, state);
    case "recoverable":
      return retellRecoverable(retelling, sight, state);
    case "property":
      return retellProperty(retelling, sight, path);
    case "unstable":
      return retellUnstable(retelling, sight, state);
    case "order":
      return retellOrder(retelling, sight, state);
    default:
      return unreachable(sight);
  }
}

/** The first step from `state` that fails in this way; the first start where there is no state. */
function failure(
  { machine, telling }: Retelling,
  kind: "error" | "assertion",
  state: State | null,
): Retold {
  const agents = state === null ? [null] : [...machine.program.agents.keys()];
  for (const agent of agents) {
    const ways =
      state === null || agent === null ? telling.starts() : waysOf(machine, state, agent);
    for (const way of ways) {
      if (way.kind === "failure" && way.failure === kind) {
        const { span, message, picks } = way;
        return { what: { kind, span, message, rank: 0 }, step: { agent, picks } };
      }
    }
  }
  throw disagreement(`no ${state === null ? "start" : "step"} fails with ${kind}`);
}

/** The error of a condition that has no value. */
function withoutValue(retelling: Retelling, rank: number, state: State): Retold {
  const condition = present(retelling.conditions[rank - 1], "a condition of this rank");
  const { constraints, finals } = retelling.machine.program;
  const { invariants, steps, reachables, recoverables, formulas } = retelling.predicates;
  observe(retelling.observer, state);
  const isAsked =
    constraints.includes(condition) ||
    (finals.includes(condition) && isStuck(retelling.observer)) ||
    formulas.includes(condition) ||
    isAmong([...invariants, ...steps, ...reachables, ...recoverables], condition);
  for (const { found, step } of isAsked ? answers(retelling, condition, state) : []) {
    if (found instanceof ValueError) {
      const { span, message } = found;
      return { what: { kind: "error", span, message, rank }, step };
    }
  }
  throw disagreement(`condition ${rank} has a value, or is not asked for there`);
}

/** A deadlock, if it is one of exactly these threads. */
function deadlock(
  { machine, observer }: Retelling,
  threads: readonly number[],
  state: State,
): Retold {
  observe(observer, state);
  const { instances, finals } = machine.program;
  const blocked = blockedThreads(observer);
  const isDeadlock =
    isStuck(observer) &&
    (instances.length > 0
      ? blocked.length > 0
      : finals.every((final) => answer(observer, final) === false));
  if (!isDeadlock || blocked.join() !== threads.join()) {
    const names = (list: readonly number[]): string =>
      list.map((instance) => instances[instance]?.name).join(", ");
    const here = isDeadlock ? `a deadlock of (${names(blocked)})` : "no deadlock";
    throw disagreement(`${here} where one of (${names(threads)}) was seen`);
  }
  return { what: { kind: "deadlock", threads }, step: null };
}

/** A property that is violated, or reached. */
function judged(
  retelling: Retelling,
  sight: Extract<Sight, { readonly kind: "invariant" | "step" | "reachable" }>,
  state: State,
): Retold {
  const { program } = retelling.machine;
  const property = sight.kind;
  const list = `${property}s` as const;
  const predicate = present(program[list][sight.index], `${property} ${sight.index}`);
  if (!retelling.predicates[list].includes(predicate)) {
    throw disagreement(`${property} ${predicate.name} was not asked for`);
  }
  const wanted = property === "reachable";
  for (const { found, step } of answers(retelling, predicate.condition, state)) {
    if (found === wanted) {
      const kind = wanted ? "witness" : "violation";
      return { what: { kind, property, predicate }, step };
    }
  }
  throw disagreement(`${property} ${predicate.name} is not ${wanted ? "reached" : "violated"}`);
}

/** What a condition has for a value at a state; of a step property, at each step from there in turn. */
function* answers(
  { machine, observer }: Retelling,
  condition: Expression,
  state: State,
): Iterable<{ readonly found: Answer; readonly step: LastStep | null }> {
  if (!isAmong(machine.program.steps, condition)) {
    observe(observer, state);
    yield { found: answer(observer, condition), step: null };
    return;
  }
  for (const agent of machine.program.agents.keys()) {
    for (const way of waysOf(machine, state, agent)) {
      if (way.kind === "step") {
        observe(observer, state, afterStep(state, way));
        yield { found: answer(observer, condition), step: { agent, picks: way.picks } };
      }
    }
  }
}
