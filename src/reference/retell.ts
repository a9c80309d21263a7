import type { Expression } from "../core/expressions.ts";
import type { Predicate, Program } from "../core/program.ts";
import type { Sources } from "../diagnostics/diagnostic.ts";
import type { SearchResult } from "../outcome/outcome.ts";
import type { PlainState, Sight, Sighting, Sightings } from "../outcome/sighting.ts";
import { InternalError, present, unreachable } from "../support/internal-error.ts";
import { ValueError } from "../values/value-error.ts";
import type { LastStep } from "./candidates.ts";
import { resultOf, type Told } from "./findings.ts";
import { createMachine, type Machine } from "./machine.ts";
import {
  type Answer,
  answer,
  blockedThreads,
  createObserver,
  isStuck,
  type Observer,
  observe,
} from "./observer.ts";
import { stateFrom } from "./plain.ts";
import { rankedConditions, type SearchedPredicates, searchedPredicates } from "./predicates.ts";
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

/** What a sighting is judged with. */
interface Retelling {
  readonly telling: Telling;
  readonly machine: Machine;
  readonly observer: Observer;
  readonly predicates: SearchedPredicates;
  /** By rank, from 1. */
  readonly conditions: readonly Expression[];
}

/**
 * The result that `explore` would give, of what another engine saw. Every path is replayed, and what
 * is seen at its end judged again: `InternalError` where that comes out differently. That a path is
 * the shortest, that nothing was missed, and the statistics are taken on trust.
 */
export function retell(
  program: Program,
  { seen, statistics, coverage, incomplete }: Sightings,
  { sources, properties }: RetellOptions,
): SearchResult {
  const machine = createMachine(program);
  const telling = createTelling(machine, sources);
  const retelling: Retelling = {
    telling,
    machine,
    observer: createObserver(machine),
    predicates: searchedPredicates(program, properties),
    conditions: rankedConditions(program),
  };
  const told = seen.map((sighting) => toldOf(retelling, sighting));
  return resultOf(telling, { told, properties, statistics, coverage, incomplete });
}

function toldOf(retelling: Retelling, { what: sight, length, path: plain }: Sighting): Told {
  const states = isOfStep(retelling, sight) ? length : length + 1;
  if (plain.length !== states) {
    throw disagreement(`${plain.length} states on the way to ${sight.kind}, not ${states}`);
  }
  const path = replay(retelling, plain);
  checkInside(retelling, path, sight);
  return { ...retold(retelling, sight, path.at(-1) ?? null), length, path };
}

/** Whether the last step of the trace is what is seen; else it is the state that it leads to. */
function isOfStep({ conditions, machine }: Retelling, sight: Sight): boolean {
  return sight.kind === "error"
    ? sight.rank === 0 || isAmong(machine.program.steps, conditions[sight.rank - 1])
    : sight.kind === "assertion" || sight.kind === "step";
}

function isAmong(predicates: readonly Predicate[], condition: Expression | undefined): boolean {
  return predicates.some((one) => one.condition === condition);
}

/** The states of a path, each reached from the one before it. */
function replay({ machine, telling }: Retelling, path: readonly PlainState[]): readonly State[] {
  const states: State[] = [];
  for (const [index, plain] of path.entries()) {
    const before = states.at(-1);
    // Worked out first: so the values that are shown are the reference's own, not those handed over.
    const keys = before === undefined ? startKeys(telling) : keysAfter(machine, before);
    const state = stateFrom(machine, plain);
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

function keysAfter(machine: Machine, state: State): ReadonlySet<StateKey> {
  const keys = new Set<StateKey>();
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

/** `state` is the last of the path; null where it has none. */
function retold(
  retelling: Retelling,
  sight: Sight,
  state: State | null,
): Pick<Told, "what" | "step"> {
  switch (sight.kind) {
    case "error":
      return sight.rank === 0
        ? failure(retelling, "error", state)
        : withoutValue(retelling, sight.rank, present(state, "a state"));
    case "assertion":
      return failure(retelling, "assertion", state);
    case "deadlock":
      return deadlock(retelling, sight.threads, present(state, "a state"));
    case "invariant":
    case "step":
    case "reachable":
      return judged(retelling, sight, present(state, "a state"));
    case "hung":
    case "recoverable":
    case "property":
    case "unstable":
    case "order":
      throw disagreement(`nothing tells a ${sight.kind}`);
    default:
      return unreachable(sight);
  }
}

/** The first step from `state` that fails in this way; the first start where there is no state. */
function failure(
  { machine, telling }: Retelling,
  kind: "error" | "assertion",
  state: State | null,
): Pick<Told, "what" | "step"> {
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
function withoutValue(
  retelling: Retelling,
  rank: number,
  state: State,
): Pick<Told, "what" | "step"> {
  const condition = present(retelling.conditions[rank - 1], "a condition of this rank");
  const { constraints, finals } = retelling.machine.program;
  const { invariants, steps, reachables } = retelling.predicates;
  observe(retelling.observer, state);
  const isAsked =
    constraints.includes(condition) ||
    (finals.includes(condition) && isStuck(retelling.observer)) ||
    isAmong([...invariants, ...steps, ...reachables], condition);
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
): Pick<Told, "what" | "step"> {
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
): Pick<Told, "what" | "step"> {
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

function disagreement(what: string): InternalError {
  return new InternalError(`the engines disagree: ${what}`);
}
