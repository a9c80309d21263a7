import type { Program } from "../core/program.ts";
import { present } from "../support/internal-error.ts";
import type { Frame } from "./frames.ts";
import type { AgentIndex, Machine } from "./machine.ts";
import { framesAt, type State } from "./state.ts";
import { waitsInStep } from "./waits-of-step.ts";

/** Steps of one agent that a promise of fairness treats alike (docs/language.md section 8). */
export interface Action {
  readonly agent: AgentIndex;
  /** The statements of a place with a strong wait in its step, outermost first; null: of all others. */
  readonly place: readonly number[] | null;
  /** Of a transition that is fair for each choice of its parameters: which, see `PlainStep`; else null. */
  readonly choice: number | null;
  /** Equal exactly for equal actions. */
  readonly key: string;
}

/** The scheduler takes a step of some of these actions, where one is possible often enough. */
export interface Promised {
  readonly strength: "weak" | "strong";
  readonly actions: readonly Action[];
}

/** The action that a way of an agent's step belongs to; `picks` are those of the way. */
export function actionOf(
  machine: Machine,
  state: State,
  agent: AgentIndex,
  picks: readonly number[],
): Action {
  const choice = choiceOf(machine, agent, picks);
  const who = present(machine.program.agents[agent], "an agent");
  const frames = who.kind === "thread" ? framesAt(machine.table, state, who.instance) : [];
  const place = isStrongPlace(machine, frames) ? frames.map(({ at }) => at.id) : null;
  const key = `${agent}/${place?.join(" ") ?? "-"}/${choice ?? "-"}`;
  return { agent, place, choice, key };
}

/** Whether a place has a strong wait anywhere in its step. */
export function isStrongPlace(machine: Machine, frames: readonly Frame[]): boolean {
  return frames.length > 0 && waitsInStep(machine, frames).has("strong");
}

/** Which choice of its parameters a way of a fair or strong transition makes; null for other agents. */
export function choiceOf(
  { program, parameters }: Machine,
  agent: AgentIndex,
  picks: readonly number[],
): number | null {
  const who = present(program.agents[agent], "an agent");
  if (
    who.kind === "thread" ||
    present(program.transitions[who.transition], "a transition").fairness === "none"
  ) {
    return null;
  }
  const sets = present(parameters[who.transition], "parameters");
  return sets.reduce((sum, values, index) => sum * values.length + (picks[index] ?? 0), 0);
}

/** Agents as declared; of a thread the places without strong wait first, then those with, in canonical order. */
export function compareActions(a: Action, b: Action): number {
  if (a.agent !== b.agent) {
    return a.agent - b.agent;
  }
  if (a.place === null || b.place === null) {
    return (a.choice ?? 0) - (b.choice ?? 0) || Number(a.place !== null) - Number(b.place !== null);
  }
  const { place } = b;
  const at = a.place.findIndex((id, depth) => id !== place[depth]);
  return at < 0 ? a.place.length - place.length : (a.place[at] ?? 0) - (place[at] ?? -1);
}

/**
 * What the scheduler promises about `actions`, which stand in canonical order: threads first, each
 * as a whole; then their strong places; then transitions by choice of parameters; then what
 * `fairness` says.
 */
export function promisesOf(program: Program, actions: readonly Action[]): readonly Promised[] {
  const ofAgents = (wanted: (agent: AgentIndex) => boolean): readonly Action[] =>
    actions.filter(({ agent }) => wanted(agent));
  const fair = ofAgents((agent) => isFairThread(program, agent));
  const whole = [...new Set(fair.map(({ agent }) => agent))].map(
    (agent): Promised => ({ strength: "weak", actions: ofAgents((one) => one === agent) }),
  );
  const places = fair
    .filter(({ place }) => place !== null)
    .map((action): Promised => ({ strength: "strong", actions: [action] }));
  const transitions = actions.flatMap((action): Promised[] => {
    const strength = transitionFairness(program, action.agent);
    return strength === "none" ? [] : [{ strength, actions: [action] }];
  });
  const declared = program.fairness.map(({ strength, agents }): Promised => {
    const named = (agent: AgentIndex): boolean => isAmong(program, agent, agents);
    return { strength, actions: ofAgents(named) };
  });
  return [...whole, ...places, ...transitions, ...declared];
}

/** Whether an agent is a thread that is scheduled fairly. */
export function isFairThread(program: Program, agent: AgentIndex): boolean {
  const who = present(program.agents[agent], "an agent");
  if (who.kind === "transition") {
    return false;
  }
  const { thread } = present(program.instances[who.instance], "an instance");
  const declared = present(program.threads[thread], "a thread");
  return !declared.unfair && !declared.escape;
}

/** What is promised of a transition for each choice of its parameters; nothing of a thread. */
export function transitionFairness(
  program: Program,
  agent: AgentIndex,
): "none" | "weak" | "strong" {
  const who = present(program.agents[agent], "an agent");
  if (who.kind === "thread") {
    return "none";
  }
  return present(program.transitions[who.transition], "a transition").fairness;
}

/** Whether an agent is one of those that a `fairness` declaration names. */
export function isAmong(
  program: Program,
  agent: AgentIndex,
  agents: Program["fairness"][number]["agents"],
): boolean {
  const who = present(program.agents[agent], "an agent");
  return agents.some((one) =>
    one.kind === "thread"
      ? who.kind === "thread" && one.instance === who.instance
      : who.kind === "transition" && one.transition === who.transition,
  );
}
