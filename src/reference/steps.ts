import type { Expression, InstanceIndex, TransitionIndex } from "../core/expressions.ts";
import type { Transition } from "../core/program.ts";
import type { Statement } from "../core/statements.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { present } from "../support/internal-error.ts";
import { truth } from "../values/evaluate.ts";
import type { Value } from "../values/value.ts";
import { ValueError } from "../values/value-error.ts";
import type { Code } from "./code.ts";
import { go, tellShell, type Wait } from "./execute.ts";
import type { AgentIndex, Machine } from "./machine.ts";
import { type PartIndex, recall, remember } from "./recall.ts";
import { Failure, type Guide, nextPlan, pick, ROUNDS_MAX, type Run, WAYS_MAX } from "./run.ts";
import { numberOfFrames, numberOfValue, type State, threadPart, variablePart } from "./state.ts";
import type { Effect, FailedStep, Way } from "./ways.ts";

/**
 * All ways that a step of an agent can go at `state`, in canonical order, among them failed tries.
 * Tells `onAsked` which parts of the state they depend on.
 */
export function waysOf(
  machine: Machine,
  state: State,
  agent: AgentIndex,
  onAsked: (part: PartIndex) => void = () => {},
): readonly Way[] {
  const memory = present(machine.memories[agent], "the memory of an agent");
  const numberOf = (part: PartIndex): number => state.numbers[part] as number;
  const known = recall(memory, numberOf, onAsked);
  if (known !== undefined) {
    return known;
  }
  const { parts } = machine.looking;
  parts.clear();
  const span = spanOf(machine, agent);
  const ways = tryWays(machine.run, span, () => tryAgent(machine, state, agent));
  remember(memory, parts, numberOf, ways);
  for (const part of parts) {
    onAsked(part);
  }
  return ways;
}

/** Where an agent is declared. */
function spanOf({ program }: Machine, index: AgentIndex): Span {
  const agent = present(program.agents[index], "an agent");
  if (agent.kind === "transition") {
    return present(program.transitions[agent.transition], "a transition").span;
  }
  const { thread } = present(program.instances[agent.instance], "an instance");
  return present(program.threads[thread], "a thread").span;
}

/**
 * Tries one plan after the other. A way without end, or ways without number, are an error of the
 * whole step, for to go on could take for ever; `span` is where the latter is told,
 * null where the front end has counted them.
 */
export function tryWays(run: Run, span: Span | null, take: () => Way | null): readonly Way[] {
  const { plan } = run;
  plan.picks.length = 0;
  plan.counts.length = 0;
  plan.made = 0;
  const ways: Way[] = [];
  let tries = 0;
  do {
    const way = take();
    if (way !== null) {
      if (run.rounds > ROUNDS_MAX) {
        return [way];
      }
      ways.push(way);
    }
    tries += 1;
    if (span !== null && tries > WAYS_MAX) {
      const message = `more than ${WAYS_MAX} ways of one step`;
      const picks = plan.picks.slice();
      return [{ kind: "failure", failure: "error", span, message, picks, executed: [] }];
    }
  } while (nextPlan(plan));
  return ways;
}

/** What is told of one try under a guide. */
export interface GuidedTry {
  /** Hears that a try begins. */
  readonly onBegin: () => void;
  /** Null where there is nothing to try; `run` is as the try left it. */
  readonly onEnd: (way: Way | null) => void;
}

/**
 * Tries the step of an agent under a guide, `triesMax` ways at most; nothing is remembered. The
 * number of tries.
 */
export function guidedTries(
  machine: Machine,
  state: State,
  agent: AgentIndex,
  { guide, triesMax, onBegin, onEnd }: GuidedTry & { guide: Guide; triesMax: number },
): number {
  const { run } = machine;
  const { plan } = run;
  plan.picks.length = 0;
  plan.counts.length = 0;
  plan.made = 0;
  let tries = 0;
  run.guide = guide;
  try {
    do {
      onBegin();
      onEnd(tryAgent(machine, state, agent));
      tries += 1;
    } while (tries < triesMax && run.rounds <= ROUNDS_MAX && nextPlan(plan));
  } finally {
    run.guide = null;
  }
  return tries;
}

/** Takes the one way that `picks` lead to, telling `run.log` about it. */
export function retakeWay(
  machine: Machine,
  state: State,
  agent: AgentIndex,
  picks: readonly number[],
): Way | null {
  return retake(machine.run, picks, () => tryAgent(machine, state, agent));
}

/** Goes the one way that `picks` lead to, noting in `run.log` what it meets. */
export function retake(run: Run, picks: readonly number[], take: () => Way | null): Way | null {
  const { plan, log } = run;
  plan.picks.splice(0, plan.picks.length, ...picks);
  plan.counts.splice(0, plan.counts.length, ...picks.map(() => 0));
  plan.made = 0;
  log.isOn = true;
  log.choices = [];
  log.taken = null;
  const way = take();
  log.isOn = false;
  return way;
}

function tryAgent(machine: Machine, state: State, index: AgentIndex): Way | null {
  const { run, looking, program } = machine;
  const agent = present(program.agents[index], "an agent");
  looking.state = state;
  begin(run);
  try {
    return agent.kind === "thread"
      ? tryThread(machine, agent.instance)
      : tryTransition(machine, agent.transition);
  } catch (thrown) {
    return failureOf(run, thrown);
  }
}

/** Nothing has been written or started yet. */
export function begin(run: Run): void {
  run.variables.clear();
  run.threads.clear();
  run.executed?.clear();
  run.rounds = 0;
}

/** What a step failed of; anything else is thrown on. */
export function failureOf(run: Run, thrown: unknown): FailedStep {
  const picks = run.plan.picks.slice(0, run.plan.made);
  const executed = executedOn(run);
  if (thrown instanceof Failure) {
    const { failure, span, message } = thrown;
    return { kind: "failure", failure, span, message, picks, executed };
  }
  if (thrown instanceof ValueError) {
    // The statement that failed is the finding's place, the expression is in its message.
    const span = run.frames.at(-1)?.at.span ?? thrown.span;
    return { kind: "failure", failure: "error", span, message: thrown.message, picks, executed };
  }
  throw thrown;
}

function executedOn({ executed }: Run): readonly number[] {
  return executed === null ? NOTHING_EXECUTED : [...executed];
}

/** One for all ways: they are kept in great numbers. */
const NOTHING_EXECUTED: readonly number[] = [];

/** Null when the thread is done. */
function tryThread(machine: Machine, instance: InstanceIndex): Way | null {
  const { run } = machine;
  const frames = run.before.framesOf(instance);
  if (frames.length === 0) {
    return null;
  }
  run.self = instance;
  run.frames = frames.map(({ code, at, locals, references }) => ({
    code,
    at,
    locals: locals.slice(),
    references,
  }));
  run.phase = "taking";
  run.seeking = null;
  run.atomic = null;
  return endOf(machine, go(run), instance);
}

function tryTransition(machine: Machine, index: TransitionIndex): Way | null {
  const { run } = machine;
  const transition = present(machine.program.transitions[index], "a transition");
  const code = present(machine.code.transitions[index], "the code of a transition");
  const locals = code.firstValues.slice();
  for (const [slot, values] of present(machine.parameters[index], "parameters").entries()) {
    if (values.length === 0) {
      return null;
    }
    locals[slot] = values[pick(run.plan, values.length)] as Value;
  }
  return runTransition(machine, transition, code, locals);
}

function runTransition(
  machine: Machine,
  transition: Transition,
  code: Code,
  locals: Value[],
): Way | null {
  const { run } = machine;
  const [first] = code.body.block.statements;
  run.self = null;
  run.phase = "settling";
  run.seeking = null;
  run.atomic = { depth: 0, statement: null };
  const at = first ?? nothing(transition.span);
  run.frames = [{ code, at, locals, references: locals.map(() => null) }];
  if (transition.when !== null && !isOpen(run, transition.when)) {
    return null;
  }
  tellShell(run, transition.shell, null);
  if (first === undefined) {
    run.frames = [];
  }
  return endOf(machine, go(run), null);
}

/** Whether the guard of a transition holds; an error in it is one of the guard, not of a statement. */
function isOpen(run: Run, when: Expression): boolean {
  try {
    const found = truth(when, run.context);
    return run.guide?.decide({ kind: "when", condition: when, statement: null }, found) ?? found;
  } catch (thrown) {
    if (thrown instanceof ValueError) {
      throw new Failure("error", when.span, thrown.message);
    }
    throw thrown;
  }
}

/** What a transition without statements does. */
function nothing(span: Span): Statement {
  return { kind: "skip", id: NOTHING_ID, span, doc: null, shell: null, label: null };
}

/** No statement of a program has it. */
const NOTHING_ID = -1;

/** What a run came to; `instance` is the thread that took the step. */
export function endOf(machine: Machine, wait: Wait | null, instance: InstanceIndex | null): Way {
  const { run, table } = machine;
  if (wait !== null) {
    return { kind: "wait", ...wait };
  }
  const effects: Effect[] = [];
  for (const [variable, value] of run.variables) {
    const number = numberOfValue(table, variable, value);
    effects.push({ part: variablePart(variable), number });
  }
  const threads =
    instance === null ? run.threads : [...run.threads, [instance, run.frames] as const];
  for (const [thread, frames] of threads) {
    const number = numberOfFrames(table, thread, frames);
    effects.push({ part: threadPart(table, thread), number });
  }
  const picks = run.plan.picks.slice(0, run.plan.made);
  return { kind: "step", effects, picks, executed: executedOn(run) };
}
