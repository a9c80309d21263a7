import type { Expression, InstanceIndex, TransitionIndex } from "../core/expressions.ts";
import type { Agent, Program, Transition } from "../core/program.ts";
import type { Statement, WaitKind } from "../core/statements.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { present } from "../support/internal-error.ts";
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
import { Failure, nextPlan, pick, type Run, topOf } from "./run.ts";
import { createStateTable, internState, type State, type StateTable } from "./state.ts";

/** A program made ready to be interpreted; holds nothing that depends on a state. */
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
}

/** One way that a step of an agent can go, or a try that found none. */
export type Way = Successor | FailedStep | FailedTry;

export interface Successor {
  readonly kind: "successor";
  readonly state: State;
  readonly picks: readonly number[];
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
  return {
    program,
    types,
    code,
    table: createStateTable(program, types),
    constants,
    constant,
    parameters: program.transitions.map(({ parameterSets }) =>
      parameterSets.map((set) => elementsOf(set, constant)),
    ),
    run: createRun(program, code, { ...constant, binders: new Map() }),
  };
}

/** How an instance of an indexed thread is found. */
function indexInstances(program: Program): EvaluationContext["threadElement"] {
  return (thread, index) => {
    const name = `${program.threads[thread]?.name}[${String(index)}]`;
    return program.instances.some((one) => one.name === name) ? name : null;
  };
}

function createRun(program: Program, code: CodeIndex, constant: EvaluationContext): Run {
  const framesOf = (name: string): readonly Frame[] => {
    const instance = program.instances.findIndex((one) => one.name === name);
    return instance === run.self ? run.frames : present(run.threads[instance], "a thread");
  };
  const context: EvaluationContext = {
    ...constant,
    variable: (index) => run.variables[index] as Value,
    local: (slot) => {
      const frame = topOf(run);
      const reference = frame.references[slot];
      return reference === null || reference === undefined
        ? (frame.locals[slot] as Value)
        : readReference(run, reference);
    },
    self: () => present(program.instances[run.self ?? -1], "a thread that runs").name,
    threadLocal: (thread, of, slot) => localOf(code, framesOf(of), thread, slot),
    done: (of) => framesOf(of).length === 0,
  };
  const run: Run = {
    program,
    code,
    context,
    variables: [],
    ownsVariables: false,
    threads: [],
    ownsThreads: false,
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

/** All ways that a step of an agent can go at `state`, in canonical order, among them failed tries. */
export function waysOf(machine: Machine, state: State, agent: Agent): readonly Way[] {
  if (agent.kind === "thread" && present(state.threads[agent.instance], "a thread").length === 0) {
    return [];
  }
  const { plan } = machine.run;
  plan.picks.length = 0;
  plan.counts.length = 0;
  plan.made = 0;
  const ways: Way[] = [];
  do {
    const way = tryWay(machine, state, agent);
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
  agent: Agent,
  picks: readonly number[],
): Way | null {
  return retake(machine.run, picks, () => tryWay(machine, state, agent));
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

function tryWay(machine: Machine, state: State, agent: Agent): Way | null {
  const { run } = machine;
  // The arrays of a state are readonly; the run copies them before it writes.
  run.variables = state.variables as Value[];
  run.ownsVariables = false;
  run.threads = state.threads as (readonly Frame[])[];
  run.ownsThreads = false;
  run.rounds = 0;
  try {
    return agent.kind === "thread"
      ? tryThread(machine, state, agent.instance)
      : tryTransition(machine, agent.transition);
  } catch (thrown) {
    return failureOf(run, thrown);
  }
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

function tryThread(machine: Machine, state: State, instance: InstanceIndex): Way {
  const { run } = machine;
  run.self = instance;
  run.frames = present(state.threads[instance], "a thread").map(
    ({ code, at, locals, references }) => ({ code, at, locals: locals.slice(), references }),
  );
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
  let { threads } = run;
  if (instance !== null) {
    threads = threads.slice();
    threads[instance] = run.frames;
  }
  const state = internState(table, run.variables, threads);
  return { kind: "successor", state, picks: run.plan.picks.slice(0, run.plan.made) };
}

/** The initial states in canonical order, and the starts of threads that failed. */
export function initialWays(machine: Machine): readonly Way[] {
  const { plan } = machine.run;
  plan.picks.length = 0;
  plan.counts.length = 0;
  plan.made = 0;
  const values = initialValues(machine);
  const ways: Way[] = [];
  do {
    const way = tryInitial(machine, values);
    if (way !== null) {
      ways.push(way);
    }
  } while (nextPlan(plan));
  return ways;
}

/** Starts the threads again from the values that `picks` lead to, telling `run.log` about it. */
export function retakeInitial(machine: Machine, picks: readonly number[]): Way | null {
  return retake(machine.run, picks, () => tryInitial(machine, initialValues(machine)));
}

function initialValues(machine: Machine): readonly (readonly Value[])[] {
  return machine.program.variables.map(({ initial }) =>
    initial.kind === "one"
      ? [evaluate(initial.value, machine.constant)]
      : elementsOf(initial.set, machine.constant),
  );
}

/** Null when some variable has no value that it could begin with. */
function tryInitial(machine: Machine, values: readonly (readonly Value[])[]): Way | null {
  const { run, program } = machine;
  run.variables = [];
  run.ownsVariables = true;
  run.threads = program.instances.map(() => []);
  run.ownsThreads = true;
  run.rounds = 0;
  for (const choices of values) {
    if (choices.length === 0) {
      return null;
    }
    run.variables.push(choices[pick(run.plan, choices.length)] as Value);
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
