import type { AgentIndex } from "../reference/machine.ts";
import type { State } from "../reference/state.ts";
import { guidedTries } from "../reference/steps.ts";
import { afterStep } from "../reference/ways.ts";
import { present } from "../support/internal-error.ts";
import { type Asking, createForcing, type Forcing, type Guard, restart } from "./guards.ts";

/** A run of one agent alone that brings a need nearer, if it could go on where it cannot. */
export interface HelpingRun {
  readonly agent: AgentIndex;
  /** The first guard that it needs the other way; null where it needs none. */
  readonly first: Guard | null;
  readonly cost: number;
  /** Steps. */
  readonly length: number;
  /** What it sees to, of what is missing. */
  readonly pieces: readonly string[];
  /** The step that does it. */
  readonly last: LastStep;
}

/** How to take the last step of a run once more. */
export interface LastStep {
  readonly state: State;
  readonly picks: readonly number[];
  /** What could still be spent before it. */
  readonly budget: number;
}

/** What a run is to come to: what it sees to in a state, or null where it brings nothing nearer. */
export type Goal = (state: State) => readonly string[] | null;

/** What runs are looked for. */
export interface RunSearch {
  readonly agent: AgentIndex;
  readonly from: State;
  /** Never forced; null: nothing is needed. */
  readonly need: Guard | null;
  readonly goal: Goal;
  /** Whether a run for which nothing is forced counts. */
  readonly freely: boolean;
}

/** How much more may be tried, counted in tries of steps. */
export interface Budget {
  left: number;
}

/** The most that all guards which are forced in one run may cost together. */
const COST_MAX = 4;

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

interface Searching {
  readonly search: RunSearch;
  readonly asking: Asking;
  /** By cost. */
  readonly queues: readonly Node[][];
  readonly seen: Set<string>;
  /** By key of the first guard, the best. */
  readonly found: Map<string, HelpingRun>;
  /** Whether an idle wait alone stands between the agent and the goal. */
  onlyWoken: boolean;
}

/**
 * The cheapest runs of one agent alone to the goal, one for each guard that can be the first it needs.
 * Others stand still. True guards are free. An idle wait is passed for nothing if something else has to
 * be forced behind it: then waking the agent would not do. A guard that is forced costs its distance.
 */
export function findRuns(asking: Asking, search: RunSearch, budget: Budget): readonly HelpingRun[] {
  const start: Node = {
    state: search.from,
    cost: 0,
    passed: 0,
    length: 0,
    forced: null,
    woken: null,
  };
  const searching: Searching = {
    search,
    asking,
    queues: Array.from({ length: COST_MAX + 1 }, () => []),
    seen: new Set(),
    found: new Map(),
    onlyWoken: false,
  };
  add(searching, start);
  let nodes = 0;
  for (const [cost, queue] of searching.queues.entries()) {
    const cheapest = Math.min(...[...searching.found.values()].map((run) => run.cost));
    if (searching.onlyWoken || cheapest < cost) {
      break;
    }
    // The queue grows while it is walked.
    for (const node of queue) {
      if (nodes >= NODES_MAX || budget.left <= 0) {
        break;
      }
      nodes += 1;
      budget.left -= expand(searching, node);
    }
  }
  const runs = [...searching.found.values()];
  const cheapest = Math.min(...runs.map((run) => run.cost));
  return runs.filter((run) => run.cost === cheapest);
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
  const budget = COST_MAX - node.cost;
  const guide = createForcing(asking, { agent, state, budget, need });
  return guidedTries(machine, state, agent, {
    guide,
    triesMax: WAYS_TRIED_MAX,
    onBegin: () => restart(guide),
    onEnd: (way) => {
      if (way?.kind === "step") {
        const { picks } = way;
        arrive(searching, afterTry(node, guide, afterStep(state, way)), { state, picks, budget });
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
  if (node.forced === null && node.woken !== null && !searching.onlyWoken) {
    // Nothing but being woken is missing: that is what it needs, whatever else would do too.
    searching.onlyWoken = true;
    found.clear();
  }
  if (searching.onlyWoken && node.forced !== null) {
    return;
  }
  const cost = node.forced === null ? node.passed : node.cost;
  const run: HelpingRun = {
    agent: search.agent,
    first,
    cost,
    length: node.length,
    pieces,
    last,
  };
  const key = first?.key ?? "";
  const known = found.get(key);
  if (
    known === undefined ||
    cost < known.cost ||
    (cost === known.cost && run.length < known.length)
  ) {
    found.set(key, run);
  }
}
