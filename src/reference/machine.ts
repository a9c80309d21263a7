import { Map as MapOf } from "immutable";
import type { Program } from "../core/program.ts";
import { present } from "../support/internal-error.ts";
import {
  constantContext,
  type EvaluationContext,
  elementsOf,
  evaluate,
} from "../values/evaluate.ts";
import type { TypeContext } from "../values/types.ts";
import type { Value } from "../values/value.ts";
import { type CodeIndex, indexCode } from "./code.ts";
import { isResultShared, isShared } from "./execute.ts";
import type { Frame } from "./frames.ts";
import { readReference } from "./places.ts";
import { createMemory, type Memory, type PartIndex } from "./recall.ts";
import { type Before, framesOf, type Run, topOf, variableOf } from "./run.ts";
import {
  createStateTable,
  framesAt,
  type State,
  type StateTable,
  threadPart,
  valueAt,
  variablePart,
} from "./state.ts";
import type { Way } from "./ways.ts";

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

/** Makes `program` ready to be interpreted. */
export function createMachine(program: Program): Machine {
  const types: TypeContext = { threads: program.instances.map((instance) => instance.name) };
  const constants: Value[] = [];
  const literal = constantContext({
    threads: types.threads,
    constant: (index) => constants[index] as Value,
    def: (index) => present(program.defs[index], "a def"),
    threadElement: () => null,
  });
  const constant = { ...literal, threadElement: findInstances(program, literal) };
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
function findInstances(
  program: Program,
  constant: EvaluationContext,
): (typeof constant)["threadElement"] {
  const names = program.threads.map((_, thread) =>
    MapOf<Value, string>(
      program.instances.flatMap((one): [Value, string][] =>
        one.thread === thread && one.index !== null
          ? [[evaluate(one.index, constant), one.name]]
          : [],
      ),
    ),
  );
  return (thread, index) => names[thread]?.get(index) ?? null;
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
    executed: null,
    log: { isOn: false, choices: [], taken: null, onShell: () => {} },
    guide: null,
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
