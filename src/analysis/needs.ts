import type { InstanceIndex } from "../core/expressions.ts";
import type { AgentIndex } from "../reference/machine.ts";
import { topOf } from "../reference/run.ts";
import type { State } from "../reference/state.ts";
import { guidedTries, waysOf } from "../reference/steps.ts";
import { afterStep, changesState, type Way } from "../reference/ways.ts";
import { type Aim, aimElsewhere, aimOf } from "./goals.ts";
import { type Asking, type Guard, gapOfQuestion, guardOf, type Question } from "./guards.ts";
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
  /** The run for which it was met, where that needs more than this; else null. */
  readonly within: HelpingRun | null;
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

/** A need is looked at in so many states at most. */
export const CONTEXTS_MAX = 6;

/** So many needs are followed. */
const NEEDS_MAX = 60;

/** The need that the first guard of a run is; it is noted if it was not met before. */
function meet(needs: Needs, guard: Guard, run: HelpingRun): Need {
  let need = needs.byKey.get(guard.key);
  if (need === undefined) {
    const within = run.cost > guard.distance ? run : null;
    need = { guard, contexts: [], within, help: null };
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
  const runs = cheapest(runsTo(needs, aims), ({ cost }) => cost);
  const { within } = need;
  return within === null || runs.length < 2
    ? helpOf(needs, runs, false)
    : helpOf(
        needs,
        cheapest(runs, (run) => leftAfter(needs, within, run)),
        false,
      );
}

/** So far a helper is followed after it has helped. */
const AFTER_MAX = 8;

/**
 * What a run that needs several things would still cost after one of them is seen to. The helper goes
 * on as far as it can by itself: it may see to more of them.
 */
function leftAfter(
  { asking, budget }: Needs,
  within: HelpingRun,
  { agent, end }: HelpingRun,
): number {
  const states = [end];
  let least = Number.POSITIVE_INFINITY;
  // The list grows while it is walked.
  for (const from of states) {
    const search = { ...within.search, from, freely: true };
    const isThere = search.goal(from) !== null;
    const costs = isThere ? [0] : findRuns(asking, search, budget).map(({ cost }) => cost);
    least = Math.min(least, ...costs);
    for (const way of waysOf(asking.machine, from, agent)) {
      const to = way.kind === "step" ? afterStep(from, way) : from;
      if (states.length < AFTER_MAX && states.every(({ key }) => key !== to.key)) {
        states.push(to);
      }
    }
  }
  return least;
}

/** Those who would see to it for another element of a map. */
export function helpElsewhere(needs: Needs, { guard }: Need): readonly Help[] {
  return helpOf(
    needs,
    cheapest(runsTo(needs, [aimElsewhere(needs.asking, guard)]), ({ cost }) => cost),
    true,
  );
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
    run.first === null ? [] : [{ run, needs: meet(needs, run.first, run), elsewhere: isElsewhere }],
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

/** The runs than which none costs less that sees to the same. */
function cheapest(
  runs: readonly HelpingRun[],
  costOf: (run: HelpingRun) => number,
): readonly HelpingRun[] {
  const costs = new Map<string, number>();
  const priced = runs.map((run) => ({ run, cost: costOf(run) }));
  for (const { run, cost } of priced) {
    for (const piece of run.pieces) {
      costs.set(piece, Math.min(cost, costs.get(piece) ?? Number.POSITIVE_INFINITY));
    }
  }
  return priced
    .filter(({ run, cost }) => run.pieces.some((piece) => costs.get(piece) === cost))
    .map(({ run }) => run);
}

/** The needs at which a thread that is stuck stands, in the order of its tries; it stands so in `contexts` too. */
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
  const lasting = contexts.flatMap((context) => guardsAt(asking, context, agent));
  return guardsAt(asking, state, agent).map((guard) => {
    const known = needs.byKey.get(guard.key);
    // Who is stuck does not move, so it stands there in every state to come.
    const again = lasting.filter(({ spot }) => spot === guard.spot);
    const need = known ?? {
      guard,
      contexts: again.length > 0 ? again : [guard],
      within: null,
      help: null,
    };
    needs.byKey.set(guard.key, need);
    return need;
  });
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
