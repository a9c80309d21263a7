import type { InstanceIndex } from "../core/expressions.ts";
import type { AgentIndex } from "../reference/machine.ts";
import { topOf } from "../reference/run.ts";
import type { State } from "../reference/state.ts";
import { guidedTries, waysOf } from "../reference/steps.ts";
import { afterStep, changesState, type Way } from "../reference/ways.ts";
import { present } from "../support/internal-error.ts";
import { type Aim, aimElsewhere, aimOf } from "./goals.ts";
import { type Asking, type Guard, gapAt, gapOfQuestion, guardOf, type Question } from "./guards.ts";
import {
  advance,
  type Budget,
  beginSearch,
  COST_MAX,
  findRuns,
  type HelpingRun,
  isBetter,
} from "./runs.ts";

import type { Reach } from "./writers.ts";

/** A condition that somebody needs, and who could see to it. */
export interface Need {
  readonly guard: Guard;
  /** The same guard as it was met in different states. */
  readonly contexts: Guard[];
  /** Null until it is asked who could help. */
  help: readonly Help[] | null;
}

/** A run that would help, and what it needs first. */
export interface Help {
  readonly run: HelpingRun;
  readonly needs: Need;
  readonly elsewhere: boolean;
}

/** The needs met so far, in this order. */
export interface Needs {
  readonly asking: Asking;
  readonly budget: Budget;
  /** By `Guard.key`. */
  readonly byKey: Map<string, Need>;
  /** By `AgentIndex`, what its code may change. */
  readonly reaches: readonly Reach[];
  /** Those who may help, in canonical order. */
  readonly agents: readonly AgentIndex[];
}

/** A need is looked at in so many states. */
const CONTEXTS_MAX = 6;

/** So many needs are followed. */
const NEEDS_MAX = 60;

/** The need that a guard is; it is noted if it was not met before. */
export function meet(needs: Needs, guard: Guard): Need {
  let need = needs.byKey.get(guard.key);
  if (need === undefined) {
    need = { guard, contexts: [], help: null };
    needs.byKey.set(guard.key, need);
  }
  const isNew = need.contexts.every(({ moment }) => moment.state.key !== guard.moment.state.key);
  if (isNew && need.contexts.length < CONTEXTS_MAX) {
    need.contexts.push(guard);
  }
  return need;
}

/** Asks for every need who could help, and for what they need in turn, until nothing is new. */
export function followNeeds(needs: Needs): void {
  // The map grows while it is walked.
  for (const need of needs.byKey.values()) {
    if (need.help === null) {
      need.help = needs.byKey.size > NEEDS_MAX ? [] : helpFor(needs, need);
    }
  }
}

function helpFor(needs: Needs, need: Need): readonly Help[] {
  const aims = need.contexts.map((guard) => aimOf(needs.asking, guard));
  return helpOf(needs, cheapest(runsTo(needs, aims)), false);
}

/** Those who would see to it for another element of a map. */
export function helpElsewhere(needs: Needs, { guard }: Need): readonly Help[] {
  return helpOf(needs, cheapest(runsTo(needs, [aimElsewhere(needs.asking, guard)])), true);
}

/** Whether the waiter itself would see to it, later, if it could go on: then it waits for itself. */
export function helpItself(needs: Needs, need: Need): readonly Help[] {
  const { asking, budget } = needs;
  const { guard } = need;
  const { agent, state } = guard.moment;
  const { goal } = aimOf(asking, guard);
  const runs = findRuns(asking, { agent, from: state, need: null, goal, freely: false }, budget);
  return helpOf(
    needs,
    runs.filter(({ first }) => first?.key === guard.key),
    false,
  );
}

function helpOf(needs: Needs, runs: readonly HelpingRun[], isElsewhere: boolean): readonly Help[] {
  return runs.flatMap((run) =>
    run.first === null ? [] : [{ run, needs: meet(needs, run.first), elsewhere: isElsewhere }],
  );
}

/**
 * The best runs of each agent from each context, by the first guard that they need. Dearer ones are
 * not looked for once all that is missing is seen to.
 */
function runsTo(
  { asking, budget, agents, reaches }: Needs,
  aims: readonly Aim[],
): readonly HelpingRun[] {
  const searches = aims.flatMap(({ guard, need, goal, parts }) =>
    agents
      .filter((agent) => agent !== guard.moment.agent || mayHelpItself(guard))
      .filter((agent) => parts.some((part) => reaches[agent]?.parts.has(part)))
      .map((agent) =>
        beginSearch(asking, { agent, from: guard.moment.state, need, goal, freely: false }),
      ),
  );
  const missing = new Set(aims.flatMap((aim) => aim.missing));
  const isOneEnough = aims.every(({ guard }) => guard.distance === 1);
  const found = new Map<string, HelpingRun>();
  for (let cost = 0; cost <= COST_MAX; cost++) {
    for (const search of searches) {
      advance(search, cost, budget);
    }
    for (const run of searches.flatMap((search) => [...search.found.values()])) {
      const key = `${run.agent} ${run.first?.key}`;
      const known = found.get(key);
      if (run.cost <= cost && (known === undefined || isBetter(run, known))) {
        found.set(key, run);
        for (const piece of run.pieces) {
          missing.delete(piece);
        }
      }
    }
    if (missing.size === 0 || (isOneEnough && found.size > 0)) {
      break;
    }
  }
  return [...found.values()];
}

/** Who waits can do nothing; who goes another way may come to do it there, as may a transition. */
function mayHelpItself({ question, moment }: Guard): boolean {
  return question.kind === "branch" || question.kind === "value" || moment.self === null;
}

/** The runs of which none that costs less sees to the same. */
function cheapest(runs: readonly HelpingRun[]): readonly HelpingRun[] {
  const costs = new Map<string, number>();
  for (const { pieces, cost } of runs) {
    for (const piece of pieces) {
      costs.set(piece, Math.min(cost, costs.get(piece) ?? Number.POSITIVE_INFINITY));
    }
  }
  return runs.filter(({ pieces, cost }) => pieces.some((piece) => costs.get(piece) === cost));
}

/** The needs at which a thread that is stuck stands, in the order of its tries. */
export function rootsOf(
  needs: Needs,
  state: State,
  instance: InstanceIndex,
  contexts: readonly State[],
): readonly Need[] {
  const { asking } = needs;
  const agent = asking.machine.program.agents.findIndex(
    (one) => one.kind === "thread" && one.instance === instance,
  );
  const roots = new Map<string, Need>();
  for (const guard of guardsAt(asking, state, agent)) {
    const need = meet(needs, guard);
    roots.set(guard.key, need);
    for (const context of contexts) {
      // Who is stuck does not move, so it stands there in every state to come.
      const moment = { ...guard.moment, state: context };
      if (gapAt(asking, { ...guard, moment }, context).distance > 0) {
        meet(needs, { ...guard, moment });
      }
    }
  }
  return [...roots.values()];
}

/** The guards that keep the tries of an agent from changing the state. */
function guardsAt(asking: Asking, state: State, agent: AgentIndex): readonly Guard[] {
  const { machine } = asking;
  const { run } = machine;
  const guards: Guard[] = [];
  let asked: Guard[] = [];
  const note = (question: Question, wanted: boolean): void => {
    const gap = gapOfQuestion(run, question, wanted);
    asked.push(guardOf(asking, { question, wanted, gap, agent, state }));
  };
  const end = (way: Way | null): void => {
    if (way?.kind === "wait") {
      guards.push(...asked.slice(-1));
    } else if (way?.kind === "step" && !changesState(state, way)) {
      // It comes back to where it was: any answer on the way could have led it elsewhere.
      const able = asked.filter(({ distance }) => Number.isFinite(distance));
      const question: Question = { kind: "spin", statement: topOf(run).at };
      const gap = gapOfQuestion(run, question, true);
      const spinning = able.length > 0 ? null : { question, wanted: true, gap, agent, state };
      guards.push(...able, ...(spinning === null ? [] : [guardOf(asking, spinning)]));
    }
  };
  guidedTries(machine, state, agent, {
    triesMax: TRIES_MAX,
    guide: {
      decide: (question, holds) => {
        const isPassed = holds && (question.kind === "wait" || question.kind === "when");
        if (!isPassed) {
          note(question, !holds);
        }
        return holds;
      },
      choose: (statement, found) => {
        if (found.length === 0 && statement.kind === "choose") {
          note({ kind: "choice", statement }, true);
        }
        return found;
      },
    },
    onBegin: () => {
      asked = [];
    },
    onEnd: end,
  });
  return guards;
}

const TRIES_MAX = 200;

/** More states than these are not looked at around the one that is explained. */
const REGION_MAX = 2_000;

/** States that can come after `state` while the stuck threads stand still: some, spread over all. */
export function statesAfter(
  { machine }: Asking,
  agents: readonly AgentIndex[],
  state: State,
): readonly State[] {
  const states = [state];
  const seen = new Set([state.key]);
  for (const from of states) {
    for (const agent of agents) {
      for (const way of waysOf(machine, from, agent)) {
        const to = way.kind === "step" ? afterStep(from, way) : from;
        if (!seen.has(to.key) && states.length < REGION_MAX) {
          seen.add(to.key);
          states.push(to);
        }
      }
    }
  }
  const count = Math.min(CONTEXTS_MAX, states.length) - 1;
  return Array.from({ length: count }, (_, index) =>
    present(states[Math.floor(((index + 1) * (states.length - 1)) / count)], "a state"),
  );
}
