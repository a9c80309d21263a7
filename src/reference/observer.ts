import type { Expression, InstanceIndex } from "../core/expressions.ts";
import type { Agent } from "../core/program.ts";
import { present } from "../support/internal-error.ts";
import { type EvaluationContext, truth } from "../values/evaluate.ts";
import { ValueError } from "../values/value-error.ts";
import type { Frame } from "./frames.ts";
import { standsAt } from "./labels.ts";
import { type AgentIndex, localOf, type Machine } from "./machine.ts";
import { createMemory, type Memory, type PartIndex, recall, remember } from "./recall.ts";
import { framesAt, type State, threadPart, valueAt, variablePart } from "./state.ts";
import { waysOf } from "./steps.ts";
import { changesState, type Way } from "./ways.ts";

/** Looks at states from outside: evaluates properties, and says what threads do. */
export interface Observer {
  readonly machine: Machine;
  /** Evaluates at the state that is observed. */
  readonly context: EvaluationContext;
  /** Null before the first `observe`. */
  state: State | null;
  /** The state after the step, for `step` properties. */
  next: State | null;
  /** Parts that were looked at since `asking` began, those of `next` behind those of `state`. */
  readonly parts: Set<PartIndex>;
  /** What was found out before, by expression. */
  readonly memories: Map<Expression, Memory<Answer>>;
}

/** What a predicate has for a value. */
export type Answer = boolean | ValueError;

/** How a thread is at a state (docs/language.md section 7). */
export type Status = "done" | "ready" | "idle" | "blocked";

/** An observer for the states of a machine. */
export function createObserver(machine: Machine): Observer {
  const { program, table } = machine;
  const instanceOf = (name: string): InstanceIndex =>
    program.instances.findIndex((one) => one.name === name);
  const framesOf = (name: string): readonly Frame[] => framesOfThread(observer, instanceOf(name));
  const context: EvaluationContext = {
    ...machine.constant,
    binders: new Map(),
    variable: (index) => {
      observer.parts.add(variablePart(index));
      return valueAt(table, observed(observer), index);
    },
    prime: (index) => {
      observer.parts.add(partCount(machine) + variablePart(index));
      return valueAt(table, present(observer.next, "a step"), index);
    },
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
  const observer: Observer = {
    machine,
    context,
    state: null,
    next: null,
    parts: new Set(),
    memories: new Map(),
  };
  return observer;
}

function framesOfThread(observer: Observer, instance: InstanceIndex): readonly Frame[] {
  const { machine, parts } = observer;
  parts.add(threadPart(machine.table, instance));
  return framesAt(machine.table, observed(observer), instance);
}

function partCount({ program }: Machine): number {
  return program.variables.length + program.instances.length;
}

function observed(observer: Observer): State {
  return present(observer.state, "a state to observe");
}

function threadAgent(agents: readonly Agent[], instance: InstanceIndex): AgentIndex {
  return agents.findIndex((agent) => agent.kind === "thread" && agent.instance === instance);
}

/** Turns the observer to a state, and for `step` properties to the one after it. */
export function observe(observer: Observer, state: State, next: State | null = null): void {
  observer.state = state;
  observer.next = next;
}

/** The value of a predicate at the observed state or step. */
export function answer(observer: Observer, predicate: Expression): Answer {
  const { machine, next, parts, memories } = observer;
  let memory = memories.get(predicate);
  if (memory === undefined) {
    memory = createMemory();
    memories.set(predicate, memory);
  }
  const count = partCount(machine);
  const { numbers } = observed(observer);
  const numberOf = (part: PartIndex): number =>
    (part < count ? numbers[part] : next?.numbers[part - count]) as number;
  const known = recall(memory, numberOf, () => {});
  if (known !== undefined) {
    return known;
  }
  parts.clear();
  const found = judge(observer, predicate);
  remember(memory, parts, numberOf, found);
  return found;
}

function judge(observer: Observer, predicate: Expression): Answer {
  try {
    return truth(predicate, observer.context);
  } catch (thrown) {
    if (thrown instanceof ValueError) {
      return thrown;
    }
    throw thrown;
  }
}

/** All ways of an agent at the observed state. */
export function observedWays(observer: Observer, agent: AgentIndex): readonly Way[] {
  const { machine, parts } = observer;
  return waysOf(machine, observed(observer), agent, (part) => parts.add(part));
}

/** Whether a step of the agent is possible, whether or not it changes the state. */
function isEnabled(observer: Observer, agent: AgentIndex): boolean {
  return observedWays(observer, agent).some((way) => way.kind !== "wait");
}

/** Whether some step of the agent changes the state; one that fails does. */
function isReady(observer: Observer, agent: AgentIndex): boolean {
  const state = observed(observer);
  return observedWays(observer, agent).some((way) => {
    if (way.kind !== "step") {
      return way.kind === "failure";
    }
    // Whether the state changes depends on the parts that are written too.
    for (const { part } of way.effects) {
      observer.parts.add(part);
    }
    return changesState(state, way);
  });
}

/** How a thread is at the observed state. */
export function statusOf(observer: Observer, instance: InstanceIndex): Status {
  const { program } = observer.machine;
  if (framesOfThread(observer, instance).length === 0) {
    return "done";
  }
  const agent = threadAgent(program.agents, instance);
  if (isReady(observer, agent)) {
    return "ready";
  }
  const isIdle = observedWays(observer, agent).some(
    (way) => way.kind === "wait" && way.wait === "idle",
  );
  return isIdle || isEscape(observer.machine, agent) ? "idle" : "blocked";
}

/** Whether an agent is an `escape` thread or transition. */
export function isEscape({ program }: Machine, agent: AgentIndex): boolean {
  const { agents, instances, threads, transitions } = program;
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
    (_, agent) => isEscape(observer.machine, agent) || !isReady(observer, agent),
  );
}

/** The threads that are blocked at the observed state. */
export function blockedThreads(observer: Observer): readonly InstanceIndex[] {
  return [...observer.machine.program.instances.keys()].filter(
    (instance) => statusOf(observer, instance) === "blocked",
  );
}
