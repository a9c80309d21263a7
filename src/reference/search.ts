import type { Expression } from "../core/expressions.ts";
import type { IncompleteReason, Progress } from "../outcome/outcome.ts";
import { type FoundHangs, type FoundLasso, judgeAfterwards } from "./afterwards.ts";
import { type Candidates, type Matter, propose } from "./candidates.ts";
import { type Counting, countWay, createCounting } from "./coverage.ts";
import { judgeDeadlock, judgeState, judgeStep } from "./judge.ts";
import type { Machine } from "./machine.ts";
import { createObserver, type Observer, observe, observedWays } from "./observer.ts";
import { rankedConditions, type SearchedPredicates, searchedPredicates } from "./predicates.ts";
import { startsOf } from "./starts.ts";
import { decodeState, type State } from "./state.ts";
import {
  addPredecessor,
  addState,
  createStore,
  depthOf,
  keyOf,
  type StateIndex,
  type Store,
} from "./store.ts";
import { afterStep } from "./ways.ts";

/** Bounds of a search; null where there is none. */
export interface Limits {
  readonly states: number | null;
  readonly depth: number | null;
  readonly timeMs: number | null;
  readonly memoryBytes: number | null;
}

/** What a search is told from outside: the core itself reads no clock and no memory gauge. */
export interface SearchOptions {
  readonly limits: Limits;
  /** Whether deadlocks are findings. */
  readonly deadlock: boolean;
  /** Whether threads that can never go on are findings, though others go on. */
  readonly hung: boolean;
  /** Whether to look for unstable waits and for locks that are taken in both orders. */
  readonly suspicions: boolean;
  /** Names of the properties to check; null for all. */
  readonly properties: ReadonlySet<string> | null;
  /** Whether to count how often transitions are taken and statements executed. */
  readonly coverage: boolean;
  /** Milliseconds since any fixed moment. */
  clock(): number;
  /** Gives the event loop a turn; called about every 100 ms. */
  pause(): Promise<void>;
  /** Bytes in use. */
  memoryUsed(): number;
  onProgress(progress: Progress): void;
  readonly signal: { readonly aborted: boolean };
}

/** A search under way, and what it leaves behind. */
export interface Search {
  readonly machine: Machine;
  readonly options: SearchOptions;
  readonly predicates: SearchedPredicates;
  /** By rank, from 1. */
  readonly conditions: readonly Expression[];
  readonly store: Store;
  readonly candidates: Candidates;
  /** Looks at the state that is expanded. */
  readonly here: Observer;
  /** Looks at the states that are found. */
  readonly there: Observer;
  /** Null unless asked for. */
  readonly counting: Counting | null;
  /** Null where hangs are not looked for. */
  hangs: FoundHangs | null;
  /** How temporal properties are violated. */
  readonly lassos: FoundLasso[];
  /** As `Sightings` says. */
  vacuous: readonly (readonly number[])[];
  readonly startedMs: number;
  pausedMs: number;
  states: number;
  transitions: number;
  depth: number;
  /** States first found at each depth. */
  readonly levels: number[];
  /** So many levels have been expanded to their end. */
  levelsExpanded: number;
  initialStates: number;
  /** States found and not yet expanded. */
  queue: number;
  /** Whether something was found that may end the search. */
  found: boolean;
  incomplete: IncompleteReason | null;
}

/** More states than this are not expanded without a look at the clock. */
const STATES_PER_LOOK = 16;
const PAUSE_MS = 100;

/**
 * Breadth first, level by level (docs/language.md section 9, decision 0001 rule 11). A check that
 * expects only `ok` and pins no number of states ends after the level in which something was found.
 * Then what shows in behaviours only is judged on the levels that were expanded.
 */
export async function search(machine: Machine, options: SearchOptions): Promise<Search> {
  const { check } = machine.program;
  const stopsEarly =
    check.states === null && check.expectations.every((expected) => expected.kind === "ok");
  const running = createSearch(machine, options);
  let level = findInitial(running);
  let depth = 0;
  while (level.length > 0 && !(stopsEarly && running.found) && running.incomplete === null) {
    if (options.limits.depth !== null && depth >= options.limits.depth) {
      running.incomplete = "depth";
      break;
    }
    level = await expandLevel(running, level);
    depth += 1;
    // Of a level that a limit ended before its end, nobody says what would have been next.
    running.levelsExpanded = running.incomplete === null ? depth : depth - 1;
  }
  tell(running, "search");
  await judgeAfterwards(running, (phase) => tell(running, phase));
  return running;
}

function createSearch(machine: Machine, options: SearchOptions): Search {
  const { program } = machine;
  const startedMs = options.clock();
  machine.run.executed = options.coverage ? new Set() : null;
  return {
    machine,
    options,
    predicates: searchedPredicates(machine, options.properties),
    conditions: rankedConditions(machine),
    store: createStore(),
    candidates: new Map(),
    here: createObserver(machine),
    there: createObserver(machine),
    counting: options.coverage ? createCounting(program) : null,
    hangs: null,
    lassos: [],
    vacuous: program.properties.map(() => []),
    startedMs,
    pausedMs: startedMs,
    states: 0,
    transitions: 0,
    depth: 0,
    levels: [],
    levelsExpanded: 0,
    initialStates: 0,
    queue: 0,
    found: false,
    incomplete: null,
  };
}

function findInitial(search: Search): readonly StateIndex[] {
  const level: StateIndex[] = [];
  for (const start of startsOf(search.machine)) {
    if (start.kind === "failure") {
      const { failure, span, message } = start;
      const what: Matter = { kind: failure, span, message, rank: 0 };
      const step = { agent: null, picks: start.picks };
      search.found = true;
      propose(search.candidates, { what, length: 0, state: null, step }, search.machine);
    } else {
      find(search, start.state, 0, level);
    }
  }
  search.initialStates = level.length;
  search.queue = level.length;
  return level;
}

/** Expands the states of one level; those that are new are the next one. */
async function expandLevel(
  search: Search,
  level: readonly StateIndex[],
): Promise<readonly StateIndex[]> {
  const next: StateIndex[] = [];
  for (const [position, index] of level.entries()) {
    if (position % STATES_PER_LOOK === 0) {
      await lookAround(search);
    }
    if (search.incomplete !== null) {
      break;
    }
    search.queue = level.length - position - 1 + next.length;
    expand(search, index, next);
  }
  search.queue = next.length;
  return next;
}

async function lookAround(search: Search): Promise<void> {
  const { options } = search;
  const nowMs = options.clock();
  if (nowMs - search.pausedMs >= PAUSE_MS) {
    tell(search, "search");
    await options.pause();
    search.pausedMs = options.clock();
  }
  const { timeMs, memoryBytes } = options.limits;
  if (options.signal.aborted) {
    search.incomplete = "interrupted";
  } else if (timeMs !== null && nowMs - search.startedMs > timeMs) {
    search.incomplete = "time";
  } else if (memoryBytes !== null && options.memoryUsed() > memoryBytes) {
    search.incomplete = "memory";
  }
}

function tell(search: Search, phase: Progress["phase"]): void {
  const { depth, states, transitions, queue, options, startedMs, machine } = search;
  const elapsedMs = options.clock() - startedMs;
  const check = machine.program.check.name;
  options.onProgress({
    check,
    depth,
    states,
    transitions,
    queue,
    elapsedMs,
    phase,
    part: null,
  });
}

/** Takes every way of every agent at one state. */
function expand(search: Search, index: StateIndex, next: StateIndex[]): void {
  const { machine, store, here } = search;
  const state = decodeState(keyOf(store, index));
  const depth = depthOf(store, index) + 1;
  observe(here, state);
  for (const agent of machine.program.agents.keys()) {
    for (const way of observedWays(here, agent)) {
      if (way.kind === "wait") {
        continue;
      }
      search.transitions += 1;
      if (search.counting !== null) {
        countWay(search.counting, machine.program, agent, way);
      }
      const step = { agent, picks: way.picks };
      if (way.kind === "failure") {
        const what: Matter = { kind: way.failure, span: way.span, message: way.message, rank: 0 };
        search.found = true;
        propose(search.candidates, { what, length: depth, state: { index, state }, step }, machine);
        continue;
      }
      const after = afterStep(state, way);
      const target = store.byKey.get(after.key) ?? find(search, after, depth, next);
      if (target === null) {
        return;
      }
      addPredecessor(store, target, index);
      judgeStep(search, { index, state, depth }, after, step);
    }
  }
  judgeDeadlock(search, index, state);
}

/** Takes in a new state and judges it; null when it was one too many. */
function find(search: Search, state: State, depth: number, level: StateIndex[]): StateIndex | null {
  const { store, options } = search;
  if (options.limits.states !== null && search.states >= options.limits.states) {
    search.incomplete = "states";
    return null;
  }
  const index = addState(store, state.key, depth);
  if (judgeState(search, index, state)) {
    level.push(index);
    search.states += 1;
    search.depth = depth;
    search.levels[depth] = (search.levels[depth] ?? 0) + 1;
  } else {
    store.outside.add(index);
  }
  return index;
}
