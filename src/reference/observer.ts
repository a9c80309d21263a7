import type { Agent } from "../core/program.ts";
import { InternalError, present } from "../support/internal-error.ts";
import type { EvaluationContext } from "../values/evaluate.ts";
import type { Value } from "../values/value.ts";
import { standsAt } from "./labels.ts";
import type { State } from "./state.ts";
import { localOf, type Machine, type Way, waysOf } from "./steps.ts";

/** Looks at states from outside: evaluates properties, and says what threads do. */
export interface Observer {
  readonly machine: Machine;
  /** Evaluates at the state that is observed. */
  readonly context: EvaluationContext;
  /** Null before the first `observe`. */
  state: State | null;
  /** The state after the step, for `step` properties. */
  next: State | null;
  /** By agent of the program; null where nobody has asked yet. */
  ways: (readonly Way[] | null)[];
}

/** How a thread is at a state (LANGUAGE section 7). */
export type Status = "done" | "ready" | "idle" | "blocked";

/** An observer for the states of a machine. */
export function createObserver(machine: Machine): Observer {
  const { program } = machine;
  const instanceOf = (name: string): number =>
    program.instances.findIndex((one) => one.name === name);
  const framesOf = (name: string) =>
    present(observed(observer).threads[instanceOf(name)], "a thread");
  const context: EvaluationContext = {
    ...machine.constant,
    binders: new Map(),
    constant: (index) => machine.constants[index] as Value,
    variable: (index) => observed(observer).variables[index] as Value,
    prime: (index) => present(observer.next, "a step").variables[index] as Value,
    threadLocal: (thread, of, slot) => localOf(machine.code, framesOf(of), thread, slot),
    at: (of, proc, label) => standsAt(machine, framesOf(of), proc, label),
    done: (of) => framesOf(of).length === 0,
    blocked: (of) => statusOf(observer, instanceOf(of)) === "blocked",
    enabledThread: (of) => isEnabled(observer, threadAgent(program.agents, instanceOf(of))),
    enabledTransition: (transition) =>
      isEnabled(
        observer,
        program.agents.findIndex(
          (agent) => agent.kind === "transition" && agent.transition === transition,
        ),
      ),
  };
  const observer: Observer = { machine, context, state: null, next: null, ways: [] };
  return observer;
}

function observed(observer: Observer): State {
  return present(observer.state, "a state to observe");
}

function threadAgent(agents: readonly Agent[], instance: number): number {
  return agents.findIndex((agent) => agent.kind === "thread" && agent.instance === instance);
}

/** Turns the observer to another state. */
export function observe(observer: Observer, state: State, next: State | null = null): void {
  if (observer.state !== state) {
    observer.state = state;
    observer.ways = observer.machine.program.agents.map(() => null);
  }
  observer.next = next;
}

/** All ways of an agent at the observed state. */
export function observedWays(observer: Observer, agent: number): readonly Way[] {
  const known = observer.ways[agent];
  if (known !== undefined && known !== null) {
    return known;
  }
  const { machine } = observer;
  const which = machine.program.agents[agent];
  if (which === undefined) {
    throw new InternalError(`no agent ${agent}`);
  }
  const ways = waysOf(machine, observed(observer), which);
  observer.ways[agent] = ways;
  return ways;
}

/** Whether a step of the agent is possible, whether or not it changes the state. */
function isEnabled(observer: Observer, agent: number): boolean {
  return observedWays(observer, agent).some((way) => way.kind !== "wait");
}

/** Whether some step of the agent changes the state; one that fails does. */
function isReady(observer: Observer, agent: number): boolean {
  const { key } = observed(observer);
  return observedWays(observer, agent).some(
    (way) => way.kind === "failure" || (way.kind === "successor" && way.state.key !== key),
  );
}

/** How a thread is at the observed state. */
export function statusOf(observer: Observer, instance: number): Status {
  const { program } = observer.machine;
  if (present(observed(observer).threads[instance], "a thread").length === 0) {
    return "done";
  }
  const agent = threadAgent(program.agents, instance);
  if (isReady(observer, agent)) {
    return "ready";
  }
  const isIdle = observedWays(observer, agent).some(
    (way) => way.kind === "wait" && way.wait === "idle",
  );
  return isIdle || isEscape(observer, agent) ? "idle" : "blocked";
}

function isEscape(observer: Observer, agent: number): boolean {
  const { agents, instances, threads, transitions } = observer.machine.program;
  const which = present(agents[agent], "an agent");
  if (which.kind === "transition") {
    return present(transitions[which.transition], "a transition").escape;
  }
  const { thread } = present(instances[which.instance], "an instance");
  return present(threads[thread], "a thread").escape;
}

/** Whether no step of an agent that is not `escape` changes the observed state. */
export function isStuck(observer: Observer): boolean {
  return observer.machine.program.agents.every(
    (_, agent) => isEscape(observer, agent) || !isReady(observer, agent),
  );
}

/** The threads that are blocked at the observed state. */
export function blockedThreads(observer: Observer): readonly number[] {
  return [...observer.machine.program.instances.keys()].filter(
    (instance) => statusOf(observer, instance) === "blocked",
  );
}
