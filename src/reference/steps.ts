import type { Expression, InstanceIndex, TransitionIndex } from "../core/expressions.ts";
import type { Program, Transition } from "../core/program.ts";
import type { Statement, WaitKind } from "../core/statements.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { InternalError, present } from "../support/internal-error.ts";
import {
  constantContext,
  type EvaluationContext,
  elementsOf,
  evaluate,
  truth,
} from "../values/evaluate.ts";
import type { TypeContext } from "../values/types.ts";
import type { Value } from "../values/value.ts";
import { ValueError } from "../values/value-error.ts";
import { type Code, type CodeIndex, indexCode } from "./code.ts";
import { go, isResultShared, isShared, startThread, tellShell, type Wait } from "./execute.ts";
import type { Frame } from "./frames.ts";
import { readReference } from "./places.ts";
import { createMemory, type Memory, type PartIndex, recall, remember } from "./recall.ts";
import {
  type Before,
  Failure,
  framesOf,
  nextPlan,
  pick,
  type Run,
  topOf,
  variableOf,
} from "./run.ts";
import {
  createStateTable,
  framesAt,
  numberOfFrames,
  numberOfValue,
  type State,
  type StateTable,
  stateOf,
  threadPart,
  valueAt,
  variablePart,
} from "./state.ts";

/** A program made ready to be interpreted. What it holds of states only makes it faster. */
export interface Machine {
  readonly program: Program;
  readonly types: TypeContext;
  readonly code: CodeIndex;
  readonly table: StateTable;
  /** By `ConstantIndex`. */
  readonly constants: readonly Value[];
  /** Evaluates what reads constants only. */
  readonly constant: EvaluationContext;
  /** The values of the parameters of each transition. */
  readonly parameters: readonly (readonly (readonly Value[])[])[];
  /** Used for one way after the other. */
  readonly run: Run;
  /** What the run reads from. */
  readonly looking: Looking;
  /** The ways of each agent. */
  readonly memories: readonly Memory<readonly Way[]>[];
}

/** The state that a run starts from, and the parts of it that were looked at, in this order. */
interface Looking {
  state: State | null;
  readonly parts: Set<PartIndex>;
}

/** Index into `Program.agents`. */
export type AgentIndex = number;

/** One way that a step of an agent can go, or a try that found none. */
export type Way = Step | FailedStep | FailedTry;

/** A step, as what it makes of a state. */
export interface Step {
  readonly kind: "step";
  readonly effects: readonly Effect[];
  readonly picks: readonly number[];
}

/** A part of the state has this number afterwards; it may have had it before. */
export interface Effect {
  readonly part: PartIndex;
  readonly number: number;
}

/** A step that ends in an error or a failed assertion; it is the last of its trace. */
export interface FailedStep {
  readonly kind: "failure";
  readonly failure: "error" | "assertion";
  readonly span: Span;
  readonly message: string;
  readonly picks: readonly number[];
}

/** A try that came to a wait and could not go on: no step. */
export interface FailedTry {
  readonly kind: "wait";
  readonly wait: WaitKind;
  readonly statement: Statement;
}

/** Makes `program` ready to be interpreted. */
export function createMachine(program: Program): Machine {
  const types: TypeContext = { threads: program.instances.map((instance) => instance.name) };
  const elements = indexInstances(program);
  const constants: Value[] = [];
  const constant = constantContext({
    threads: types.threads,
    constant: (index) => constants[index] as Value,
    def: (index) => present(program.defs[index], "a def"),
    threadElement: elements,
  });
  for (const { value } of program.constants) {
    constants.push(evaluate(value, constant));
  }
  const code = indexCode(program, types);
  const table = createStateTable(program, types);
  const looking: Looking = { state: null, parts: new Set() };
  return {
    program,
    types,
    code,
    table,
    constants,
    constant,
    parameters: program.transitions.map(({ parameterSets }) =>
      parameterSets.map((set) => elementsOf(set, constant)),
    ),
    run: createRun(program, code, before(table, looking), { ...constant, binders: new Map() }),
    looking,
    memories: program.agents.map(() => createMemory()),
  };
}

function before(table: StateTable, looking: Looking): Before {
  return {
    valueOf: (variable) => {
      looking.parts.add(variablePart(variable));
      return valueAt(table, present(looking.state, "a state"), variable);
    },
    framesOf: (instance) => {
      looking.parts.add(threadPart(table, instance));
      return framesAt(table, present(looking.state, "a state"), instance);
    },
  };
}

/** How an instance of an indexed thread is found. */
function indexInstances(program: Program): EvaluationContext["threadElement"] {
  return (thread, index) => {
    const name = `${program.threads[thread]?.name}[${String(index)}]`;
    return program.instances.some((one) => one.name === name) ? name : null;
  };
}

function createRun(
  program: Program,
  code: CodeIndex,
  state: Before,
  constant: EvaluationContext,
): Run {
  const framesOfName = (name: string): readonly Frame[] =>
    framesOf(
      run,
      program.instances.findIndex((one) => one.name === name),
    );
  const context: EvaluationContext = {
    ...constant,
    variable: (index) => variableOf(run, index),
    local: (slot) => {
      const frame = topOf(run);
      const reference = frame.references[slot];
      return reference === null || reference === undefined
        ? (frame.locals[slot] as Value)
        : readReference(run, reference);
    },
    self: () => present(program.instances[run.self ?? -1], "a thread that runs").name,
    threadLocal: (thread, of, slot) => localOf(code, framesOfName(of), thread, slot),
    done: (of) => framesOfName(of).length === 0,
  };
  const run: Run = {
    program,
    code,
    context,
    variables: new Map(),
    threads: new Map(),
    before: state,
    self: null,
    frames: [],
    phase: "taking",
    seeking: null,
    atomic: null,
    rounds: 0,
    plan: { picks: [], counts: [], made: 0 },
    log: { isOn: false, choices: [], taken: null, onShell: () => {} },
    sharing: {
      isReferenceShared: (slot) => isShared(topOf(run).references[slot]),
      isResultShared: () => isResultShared(run, run.frames.length - 1),
    },
  };
  return run;
}

/** `t.x`: a local of the thread's own body, with its first value where the thread is done. */
export function localOf(
  code: CodeIndex,
  frames: readonly Frame[],
  thread: number,
  slot: number,
): Value {
  const [outermost] = frames;
  if (outermost === undefined) {
    return present(code.threads[thread], "a thread").firstValues[slot] as Value;
  }
  return outermost.locals[slot] as Value;
}

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
  const ways = tryWays(machine.run, () => tryAgent(machine, state, agent));
  remember(memory, parts, numberOf, ways);
  for (const part of parts) {
    onAsked(part);
  }
  return ways;
}

/** Tries one plan after the other. */
function tryWays(run: Run, take: () => Way | null): readonly Way[] {
  const { plan } = run;
  plan.picks.length = 0;
  plan.counts.length = 0;
  plan.made = 0;
  const ways: Way[] = [];
  do {
    const way = take();
    if (way !== null) {
      ways.push(way);
    }
  } while (nextPlan(plan));
  return ways;
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

function retake(run: Run, picks: readonly number[], take: () => Way | null): Way | null {
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

function begin(run: Run): void {
  run.variables.clear();
  run.threads.clear();
  run.rounds = 0;
}

/** The state that a step leads to. */
export function afterStep(state: State, { effects }: Step): State {
  const numbers = state.numbers.slice();
  for (const { part, number } of effects) {
    numbers[part] = number;
  }
  return stateOf(numbers);
}

/** Whether a step leads to another state. */
export function changesState(state: State, { effects }: Step): boolean {
  return effects.some(({ part, number }) => state.numbers[part] !== number);
}

/** What a step failed of; anything else is thrown on. */
function failureOf(run: Run, thrown: unknown): FailedStep {
  const picks = run.plan.picks.slice(0, run.plan.made);
  if (thrown instanceof Failure) {
    const { failure, span, message } = thrown;
    return { kind: "failure", failure, span, message, picks };
  }
  if (thrown instanceof ValueError) {
    // The statement that failed is the finding's place, the expression is in its message.
    const span = run.frames.at(-1)?.at.span ?? thrown.span;
    return { kind: "failure", failure: "error", span, message: thrown.message, picks };
  }
  throw thrown;
}

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
    return truth(when, run.context);
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

function endOf(machine: Machine, wait: Wait | null, instance: InstanceIndex | null): Way {
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
  return { kind: "step", effects, picks: run.plan.picks.slice(0, run.plan.made) };
}

/** A start: the values of all variables and the frames of all threads, or what it failed of. */
export type Start =
  | { readonly kind: "start"; readonly state: State; readonly picks: readonly number[] }
  | FailedStep;

/** The initial states in canonical order, and the starts of threads that failed. */
export function startsOf(machine: Machine): readonly Start[] {
  const values = initialValues(machine);
  return tryWays(machine.run, () => tryStart(machine, values)).map((way) => startOf(machine, way));
}

function startOf({ program, table }: Machine, way: Way): Start {
  switch (way.kind) {
    case "failure":
      return way;
    case "step": {
      const done = program.instances.map((_, instance) => numberOfFrames(table, instance, []));
      const nowhere = stateOf([...program.variables.map(() => 0), ...done]);
      return { kind: "start", state: afterStep(nowhere, way), picks: way.picks };
    }
    default:
      throw new InternalError("a start that waits");
  }
}

/** Starts the threads again from the values that `picks` lead to, telling `run.log` about it. */
export function retakeStart(machine: Machine, picks: readonly number[]): void {
  retake(machine.run, picks, () => tryStart(machine, initialValues(machine)));
}

function initialValues(machine: Machine): readonly (readonly Value[])[] {
  return machine.program.variables.map(({ initial }) =>
    initial.kind === "one"
      ? [evaluate(initial.value, machine.constant)]
      : elementsOf(initial.set, machine.constant),
  );
}

/** Null when some variable has no value that it could begin with. */
function tryStart(machine: Machine, values: readonly (readonly Value[])[]): Way | null {
  const { run, program } = machine;
  begin(run);
  for (const [variable, choices] of values.entries()) {
    if (choices.length === 0) {
      return null;
    }
    run.variables.set(variable, choices[pick(run.plan, choices.length)] as Value);
  }
  run.self = null;
  run.frames = [];
  try {
    for (const [instance, { thread }] of program.instances.entries()) {
      if (!present(program.threads[thread], "a thread").dormant) {
        startThread(run, instance);
      }
    }
  } catch (thrown) {
    return failureOf(run, thrown);
  }
  return endOf(machine, null, null);
}
