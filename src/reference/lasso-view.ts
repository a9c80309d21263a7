import type { LassoParty, LassoView } from "../outcome/outcome.ts";
import { present } from "../support/internal-error.ts";
import { isAmong, isFairThread, isStrongPlace, transitionFairness } from "./actions.ts";
import type { LastStep } from "./candidates.ts";
import type { Told } from "./findings.ts";
import type { AgentIndex, Machine } from "./machine.ts";
import { framesAt, type State } from "./state.ts";
import { waysOf } from "./steps.ts";
import type { Telling } from "./trace.ts";
import { agentName } from "./views.ts";
import { waitingThread } from "./waiting.ts";
import { changesState } from "./ways.ts";

/** What happens again and again, or nothing any more: the states and steps of it. */
interface Cycle {
  readonly states: readonly State[];
  readonly steps: readonly LastStep[];
}

/** A thread, or a transition with one choice of its parameters. */
interface Party {
  readonly agent: AgentIndex;
  /** What the ways of its steps begin with. */
  readonly picks: readonly number[];
}

/** How a trace goes on for ever; null for one that just ends. */
export function lassoView(telling: Telling, { path, lasso }: Told): LassoView | null {
  if (lasso === null) {
    return null;
  }
  const { loop, steps } = lasso;
  const from = loop ?? path.length - 1;
  const cycle: Cycle = { states: path.slice(from), steps: steps.slice(from) };
  return {
    start: loop,
    parties: partiesOf(telling.machine).map((party) => partyView(telling, cycle, party)),
  };
}

/** Every thread, and every choice of the transitions that something is promised of. */
function partiesOf(machine: Machine): readonly Party[] {
  const { program, parameters } = machine;
  return program.agents.flatMap((who, agent): readonly Party[] => {
    if (who.kind === "thread") {
      return [{ agent, picks: [] }];
    }
    const sets = present(parameters[who.transition], "parameters");
    const choices = sets.reduce<readonly (readonly number[])[]>(
      (picked, values) =>
        picked.flatMap((picks) => [...values.keys()].map((one) => [...picks, one])),
      [[]],
    );
    return promiseOf(machine, agent, []) === "none"
      ? []
      : choices.map((picks) => ({ agent, picks }));
  });
}

/** The strongest promise that is made of an agent; `states` are those where it may stand. */
function promiseOf(
  machine: Machine,
  agent: AgentIndex,
  states: readonly State[],
): LassoParty["fairness"] {
  const { program, table } = machine;
  const who = present(program.agents[agent], "an agent");
  const promises: LassoParty["fairness"][] = program.fairness
    .filter(({ agents }) => isAmong(program, agent, agents))
    .map(({ strength }) => strength);
  promises.push(transitionFairness(program, agent));
  if (who.kind === "thread" && isFairThread(program, agent)) {
    const isStrong = states.some((state) =>
      isStrongPlace(machine, framesAt(table, state, who.instance)),
    );
    promises.push(isStrong ? "strong" : "weak");
  }
  return promises.includes("strong") ? "strong" : promises.includes("weak") ? "weak" : "none";
}

function partyView(telling: Telling, { states, steps }: Cycle, party: Party): LassoParty {
  const { machine } = telling;
  const { program } = machine;
  const { agent, picks } = party;
  const who = present(program.agents[agent], "an agent");
  const first = present(states[0], "a state of a cycle");
  const isThread = who.kind === "thread";
  const waits = isThread ? waitingThread(telling, first, who.instance) : null;
  const isOfParty = (way: { readonly picks: readonly number[] }): boolean =>
    picks.every((pick, index) => way.picks[index] === pick);
  const canMove = (state: State): boolean =>
    waysOf(machine, state, agent).some(
      (way) =>
        way.kind !== "wait" &&
        isOfParty(way) &&
        (way.kind === "failure" || changesState(state, way)),
    );
  const role = ((): LassoParty["role"] => {
    if (steps.some((step) => step.agent === agent && isOfParty(step))) {
      return "moves";
    }
    if (isThread && waits === null) {
      return "done";
    }
    return states.some(canMove) ? "starved" : "waits";
  })();
  return {
    agent: agentName(program, machine, who, picks),
    isTransition: !isThread,
    fairness: promiseOf(machine, agent, states),
    role,
    waiting: role === "moves" ? null : waits,
  };
}
