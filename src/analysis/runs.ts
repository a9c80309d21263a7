import type { AgentIndex } from "../reference/machine.ts";
import type { State } from "../reference/state.ts";
import { guidedTries } from "../reference/steps.ts";
import { afterStep } from "../reference/ways.ts";
import { present } from "../support/internal-error.ts";
import { createForcing, type Forcing, type ForcingOptions, restart } from "./forcing.ts";
import type { Asking, Guard, Wait } from "./guards.ts";

/** A run of one agent alone that brings a need nearer, if it could go on where it cannot. */
export interface HelpingRun {
  readonly search: RunSearch;
  readonly agent: AgentIndex;
  /** Where it leads. */
  readonly end: State;
  /** The first guard that it needs the other way; null where it needs none. */
  readonly first: Guard | null;
  readonly cost: number;
  /** Steps. */
  readonly length: number;
  /** What it sees to, of what is missing. */
  readonly pieces: readonly string[];
  /** Whether it passes an idle wait and then forces something else. */
  readonly isBehindWait: boolean;
  /** The step that does it. */
  readonly last: LastStep;
}

/** How to take the last step of a run once more. */
export interface LastStep {
  readonly options: ForcingOptions;
  readonly picks: readonly number[];
}

/** What a run is to come to: what it sees to in a state, or null where it brings nothing nearer. */
export type Goal = (state: State) => readonly string[] | null;

/** What runs are looked for. */
export interface RunSearch {
  readonly agent: AgentIndex;
  readonly from: State;
  /** Never forced; null: nothing is needed. */
  readonly need: Wait | null;
  readonly goal: Goal;
  /** Whether a run for which nothing is forced counts. */
  readonly freely: boolean;
}

/** How much more may be tried, counted in tries of steps. */
export interface Budget {
  left: number;
}

/** The most that all guards which are forced in one run may cost together. */
export const COST_MAX = 4;

/** More states than these are not looked at in one search. */
const NODES_MAX = 400;

/** Of one step, so many ways are tried. */
const WAYS_TRIED_MAX = 200;

interface Node {
  readonly state: State;
  readonly cost: number;
  readonly passed: number;
  readonly length: number;
  readonly forced: Guard | null;
  readonly woken: Guard | null;
}

/** A search for runs under way. */
export interface Searching {
  readonly search: RunSearch;
  readonly asking: Asking;
  /** By key of the first guard, the best. */
  readonly found: Map<string, HelpingRun>;
  /** By cost, what is to be gone on from. */
  readonly queues: readonly Node[][];
  readonly seen: Set<string>;
  /** States looked at so far. */
  nodes: number;
  /** Whether there is a run for which nothing is missing but that the agent is woken. */
  onlyWoken: boolean;
}

/**
 * Begins to look for the cheapest runs of one agent alone to the goal, one for each guard that can be
 * the first it needs. Others stand still. True guards are free. An idle wait is passed for nothing if
 * something else has to be forced behind it: then waking the agent would not do. A guard that is forced
 * costs its distance.
 */
export function beginSearch(asking: Asking, search: RunSearch): Searching {
  const searching: Searching = {
    search,
    asking,
    found: new Map(),
    queues: Array.from({ length: COST_MAX + 1 }, () => []),
    seen: new Set(),
    nodes: 0,
    onlyWoken: false,
  };
  const start = { cost: 0, passed: 0, length: 0, forced: null, woken: null };
  add(searching, { ...start, state: search.from });
  return searching;
}

/** Goes on from all that was reached for `cost`; to be called for each cost in turn. */
export function advance(searching: Searching, cost: number, budget: Budget): void {
  // The queue grows while it is walked.
  for (const node of present(searching.queues[cost], "a queue")) {
    if (searching.nodes >= NODES_MAX || budget.left <= 0) {
      return;
    }
    if (searching.onlyWoken && node.woken !== null && node.forced !== null) {
      continue;
    }
    searching.nodes += 1;
    budget.left -= expand(searching, node);
  }
}

/** The cheapest runs of one search. */
export function findRuns(asking: Asking, search: RunSearch, budget: Budget): readonly HelpingRun[] {
  const searching = beginSearch(asking, search);
  for (let cost = 0; cost <= COST_MAX; cost++) {
    advance(searching, cost, budget);
    const runs = [...searching.found.values()].filter((run) => run.cost <= cost);
    if (runs.length > 0) {
      return runs;
    }
  }
  return [];
}

function add({ queues, seen }: Searching, node: Node): void {
  const key = `${node.state.key}\n${node.forced?.key ?? `~${node.woken?.key}`}`;
  if (!seen.has(key)) {
    seen.add(key);
    present(queues[node.cost], "a queue").push(node);
  }
}

function expand(searching: Searching, node: Node): number {
  const { search, asking } = searching;
  const { machine } = asking;
  const { agent, need } = search;
  const { state } = node;
  const options: ForcingOptions = {
    agent,
    state,
    budget: COST_MAX - node.cost,
    need,
    asksFirst: node.forced === null,
  };
  const guide = createForcing(asking, options);
  return guidedTries(machine, state, agent, {
    guide,
    triesMax: WAYS_TRIED_MAX,
    onBegin: () => restart(guide),
    onEnd: (way) => {
      if (way?.kind === "step") {
        arrive(searching, afterTry(node, guide, afterStep(state, way)), {
          options,
          picks: way.picks,
        });
      }
    },
  });
}

function afterTry(node: Node, guide: Forcing, state: State): Node {
  return {
    state,
    cost: node.cost + guide.spent,
    passed: node.passed + guide.passed,
    length: node.length + 1,
    forced: node.forced ?? guide.forced,
    woken: node.woken ?? guide.woken,
  };
}

function arrive(searching: Searching, node: Node, last: LastStep): void {
  const { search, found } = searching;
  const first = node.forced ?? node.woken;
  const pieces = first !== null || search.freely ? search.goal(node.state) : null;
  if (pieces === null) {
    add(searching, node);
    return;
  }
  const isBehindWait = node.woken !== null && node.forced !== null;
  if (isBehindWait && searching.onlyWoken) {
    return;
  }
  if (node.woken !== null && node.forced === null && !searching.onlyWoken) {
    // Nothing but being woken is missing, so what lies behind that is not what it needs.
    searching.onlyWoken = true;
    for (const [key, run] of found) {
      if (run.isBehindWait) {
        found.delete(key);
      }
    }
  }
  const cost = node.forced === null ? Math.min(node.passed, COST_MAX) : node.cost;
  const run: HelpingRun = {
    search,
    end: node.state,
    isBehindWait,
    agent: search.agent,
    first,
    cost,
    length: node.length,
    pieces,
    last,
  };
  const key = first?.key ?? "";
  const known = found.get(key);
  if (known === undefined || isBetter(run, known)) {
    found.set(key, run);
  }
}

/** Whether a run costs less, or as much and is shorter. */
export function isBetter(a: HelpingRun, b: HelpingRun): boolean {
  return a.cost < b.cost || (a.cost === b.cost && a.length < b.length);
}
