import { InternalError } from "../support/internal-error.ts";
import { defineEmit, defineFailed, defineTake } from "./emit.ts";
import { type KernelOptions, type Sharing, SOUGHT_MAX } from "./kernel.ts";
import { defineFlush, defineRehash, REHASH_BYTES } from "./look-up.ts";
import { equalFunction } from "./ranks.ts";
import { createSurvey, type SurveyParts } from "./survey.ts";
import { reserve, type Unit, WORD_BYTES } from "./unit.ts";
import type { Func, FunctionWriter, Global, Local } from "./wasm.ts";

/** More rounds of loops than this in one way of a step are an error (decision 0001, rule 18). */
export const ROUNDS_MAX = 100_000;
/** More ways of one step than this are an error (decision 0001, rule 18). */
export const WAYS_MAX = 100_000;
/** Where several ways branch off; more picks in one way would be more ways than are allowed. */
const PICKS_MAX = 2 * WAYS_MAX;
/** Successors that are looked up together: their states and hashes stay in the first-level cache. */
const BATCH_BYTES_MAX = 12_288;
const BATCH_RECORDS_MAX = 1024;
/** States that are remembered as taken not long ago; a power of two. */
export const RECENT_STATES = 16_384;

/** The parts that the functions of a kernel share. */
export interface Engine {
  readonly unit: Unit;
  readonly sharing: Sharing;
  /** Words of a state. */
  readonly words: number;
  readonly recordBytes: number;
  readonly batchRecords: number;
  /** Offsets from the worker's area. */
  readonly areas: Areas;
  readonly globals: Globals;
  readonly imports: Imports;
  readonly functions: {
    /** `(source) → status`: takes in the successor in the current record. */
    readonly emit: Func;
    /** `()`: the current record is a successor to be looked up. */
    readonly take: Func;
    /** `(source, kind) → status`: the step fails. */
    readonly failed: Func;
    /** `(source)`: makes the current record the source again. */
    readonly restore: Func;
    /** `(count) → which`. */
    readonly pick: Func;
    /** `() → 0 or 1`: turns to the next way of the step. */
    readonly nextPlan: Func;
    /** `(statement)`: it is executed on this way. */
    readonly mark: Func;
    /** `()`: looks up all records. */
    readonly flush: Func;
  };
  /** Judges a step from one address to the other; null without `step` properties. */
  judgeStep: Func | null;
  /** Ids of the statements that are counted, by the order of their counters; null if not counted. */
  readonly counted: CountedAreas | null;
  /** Null where states are not surveyed. */
  readonly survey: SurveyParts | null;
}

/** What successors are made for; the value of a global. */
export const PROBING = {
  /** They are looked up, and taken in where they are new. */
  search: 0,
  /** Only the status of an agent is wanted, or who leads to the states that are sought. */
  status: 1,
  /** They are edges of a survey, or some of them. */
  survey: 2,
  sketch: 3,
} as const;

/** Offsets of what each worker has of its own. */
interface Areas {
  readonly batch: number;
  readonly statuses: number;
  readonly picks: number;
  readonly probePicks: number;
  readonly probeRecord: number;
  /** Where initial states are put by whoever runs the kernel. */
  readonly initial: number;
  /** Addresses of the states whose predecessors are sought, and room for them. */
  readonly sought: number;
  readonly soughtStates: number;
  /** By rank of a predicate: not 0 where no more reports are wanted. */
  readonly settled: number;
  /** States that were taken not long ago. */
  readonly recent: number;
  /** Hashes while the table is made anew. */
  readonly rehash: number;
}

/** Offsets of the counters of statements. */
export interface CountedAreas {
  /** Number of statements. */
  readonly count: number;
  /** One i64 each, how often it was taken. */
  readonly counters: number;
  /** One byte each: executed on this way. */
  readonly flags: number;
  /** The statements executed on this way. */
  readonly list: number;
}

interface Globals {
  /** The record that is written. */
  readonly record: Global;
  /** Records that are filled. */
  readonly count: Global;
  readonly transitions: Global;
  /** See `PROBING`. */
  readonly probing: Global;
  readonly made: Global;
  readonly given: Global;
  readonly tries: Global;
  readonly picks: Global;
  /** How many states are sought. */
  readonly sought: Global;
  /** One bit for each of them: a step leads to it. */
  readonly matched: Global;
  readonly outside: Global;
  readonly marks: Global;
  /** Address of the first slot. */
  readonly table: Global;
  /** Number of slots minus 1. */
  readonly mask: Global;
  /** Address of the first state. */
  readonly store: Global;
  /** Index of the next state of this worker, and where its room ends. */
  readonly next: Global;
  readonly end: Global;
  /** Where the room goes on; equal when it does not. */
  readonly spare: Global;
  readonly spareEnd: Global;
  readonly stopped: Global;
  readonly sink: Global;
}

interface Imports {
  readonly found: Func;
  /** `(count) → 0 or 1`: makes room for that many states more, if it can; 0 to stop. */
  readonly makeRoom: Func;
  /** `(phase)`: 0 when looking up begins, 1 when it ends. */
  readonly lap: Func;
}

/** Makes what the kernel of a unit's model shares. */
export function createEngine(
  unit: Unit,
  { sharing, statements, survey }: Pick<KernelOptions, "sharing" | "statements" | "survey">,
): Engine {
  const { module, model } = unit;
  const { words } = model.layout;
  const imports: Imports = {
    found: module.importFunction("found", { parameters: ["i32", "i32", "i32"], results: [] }),
    makeRoom: module.importFunction("makeRoom", { parameters: ["i32"], results: ["i32"] }),
    lap: module.importFunction("lap", { parameters: ["i32"], results: [] }),
  };
  const recordBytes = Math.ceil((words * WORD_BYTES) / 8) * 8 + 8;
  const batchRecords = Math.max(
    16,
    Math.min(BATCH_RECORDS_MAX, Math.floor(BATCH_BYTES_MAX / recordBytes)),
  );
  const global = (initial = 0): Global => module.global("i32", initial);
  const areas: Areas = {
    batch: reserve(unit, (batchRecords + 1) * recordBytes),
    statuses: reserve(unit, model.program.agents.length * 4),
    picks: reserve(unit, PICKS_MAX * 8),
    probePicks: reserve(unit, PICKS_MAX * 8),
    probeRecord: reserve(unit, recordBytes),
    initial: reserve(unit, recordBytes),
    sought: reserve(unit, SOUGHT_MAX * 4),
    soughtStates: reserve(unit, SOUGHT_MAX * recordBytes),
    settled: reserve(unit, 1 + model.conditions.length),
    recent: reserve(unit, RECENT_STATES * recordBytes),
    rehash: reserve(unit, REHASH_BYTES),
  };
  const counted =
    statements === 0
      ? null
      : {
          count: statements,
          counters: reserve(unit, statements * 8),
          flags: reserve(unit, statements),
          list: reserve(unit, statements * 4),
        };
  const globals: Globals = {
    record: module.global("i32", 0, "record"),
    count: module.global("i32", 0, "count"),
    transitions: module.global("i32", 0, "transitions"),
    outside: module.global("i32", 0, "outside"),
    table: module.global("i32", 0, "table"),
    mask: module.global("i32", 0, "mask"),
    store: module.global("i32", 0, "store"),
    next: module.global("i32", 0, "next"),
    end: module.global("i32", 0, "end"),
    spare: module.global("i32", 0, "spare"),
    spareEnd: module.global("i32", 0, "spareEnd"),
    stopped: module.global("i32", 0, "stopped"),
    picks: module.global("i32", 0, "picks"),
    probing: global(),
    made: global(),
    given: global(),
    tries: global(),
    sought: global(),
    matched: global(),
    marks: global(),
    sink: module.global("i32", 0, "sink"),
  };
  const engine: Engine = {
    unit,
    sharing,
    words,
    recordBytes,
    batchRecords,
    areas,
    globals,
    imports,
    functions: {
      emit: module.declare({ parameters: ["i32"], results: ["i32"] }),
      take: module.declare({ parameters: [], results: [] }),
      failed: module.declare({ parameters: ["i32", "i32"], results: ["i32"] }),
      restore: module.declare({ parameters: ["i32"], results: [] }),
      pick: module.declare({ parameters: ["i32"], results: ["i32"] }),
      nextPlan: module.declare({ parameters: [], results: ["i32"] }),
      mark: module.declare({ parameters: ["i32"], results: [] }),
      flush: module.declare({ parameters: [], results: [] }, "flush"),
    },
    judgeStep: null,
    counted,
    survey: survey ? createSurvey(unit) : null,
  };
  return engine;
}

/** Writes the functions that `createEngine` declared. */
export function defineEngine(engine: Engine): void {
  const { unit, functions } = engine;
  const { module } = unit;
  module.define(functions.restore, (code) => {
    const from = parameter(code, 0);
    const to = code.local();
    code.getGlobal(engine.globals.record);
    code.set(to);
    copyState(engine, code, from, to);
  });
  module.define(functions.pick, (code) => definePick(engine, code));
  module.define(functions.nextPlan, (code) => defineNextPlan(engine, code));
  module.define(functions.mark, (code) => defineMark(engine, code));
  module.define(functions.failed, (code) => defineFailed(engine, code));
  module.define(functions.take, (code) => defineTake(engine, code));
  module.define(functions.emit, (code) => defineEmit(engine, code));
  module.define(functions.flush, (code) => defineFlush(engine, code));
  const rehash = module.declare({ parameters: ["i32", "i32"], results: [] }, "rehash");
  module.define(rehash, (code) => defineRehash(engine, code));
}

/** A parameter of the function that is written. */
export function parameter(code: FunctionWriter, index: number): Local {
  const local = code.parameters[index];
  if (local === undefined) {
    throw new InternalError("a function without that parameter");
  }
  return local;
}

/** Adds a number to a global. */
export function addTo(code: FunctionWriter, global: Global, amount: number): void {
  code.getGlobal(global);
  code.i32(amount);
  code.op("i32.add");
  code.setGlobal(global);
}

/** Copies a state. */
export function copyState({ words }: Engine, code: FunctionWriter, from: Local, to: Local): void {
  if (words > 32) {
    code.get(to);
    code.get(from);
    code.i32(words * WORD_BYTES);
    code.op("memory.copy");
    return;
  }
  for (let word = 0; word < words; word += 2) {
    const access = word + 1 < words ? "i64" : "i32";
    code.get(to);
    code.get(from);
    code.access(`${access}.load`, word * WORD_BYTES);
    code.access(`${access}.store`, word * WORD_BYTES);
  }
}

/** Pushes whether two states differ. */
export function pushDiffer(
  { words, unit }: Engine,
  code: FunctionWriter,
  a: Local,
  b: Local,
): void {
  if (words > 16) {
    code.get(a);
    code.get(b);
    code.call(equalFunction(unit, words));
    code.op("i32.eqz");
    return;
  }
  const pairs = Math.ceil(words / 2);
  for (let pair = 0; pair < pairs; pair++) {
    for (const address of [a, b]) {
      pushPair(code, address, pair, words);
    }
    code.op("i64.xor");
    if (pair > 0) {
      code.op("i64.or");
    }
  }
  code.op("i64.eqz");
  code.op("i32.eqz");
}

/** Pushes two words of a state, the last one alone where their number is odd. */
function pushPair(code: FunctionWriter, address: Local, pair: number, words: number): void {
  code.get(address);
  if (pair * 2 + 1 < words) {
    code.access("i64.load", pair * 8);
  } else {
    code.access("i32.load", pair * 8);
    code.op("i64.extend_i32_u");
  }
}

/** Odd numbers whose bits look random: the golden ratio's, and one of the splitmix64 generator. */
const MULTIPLIERS = [0x9e3779b97f4a7c15n, 0xbf58476d1ce4e5b9n] as const;

/**
 * Pushes the hash of a state, 32 bits all of which are used: the low ones for the slot, the others
 * to tell states apart that fell on the same slots.
 */
export function pushHash({ words }: Engine, code: FunctionWriter, address: Local): void {
  const hash = code.local("i64");
  for (let pair = 0; pair < Math.ceil(words / 2); pair++) {
    pushPair(code, address, pair, words);
    if (pair > 0) {
      code.get(hash);
      code.op("i64.xor");
    }
    code.i64(MULTIPLIERS[0]);
    code.op("i64.mul");
    code.set(hash);
    mix(code, hash, 32n);
  }
  code.get(hash);
  code.i64(MULTIPLIERS[1]);
  code.op("i64.mul");
  code.set(hash);
  code.get(hash);
  code.i64(32n);
  code.op("i64.shr_u");
  code.op("i32.wrap_i64");
}

function mix(code: FunctionWriter, hash: Local, shift: bigint): void {
  code.get(hash);
  code.get(hash);
  code.i64(shift);
  code.op("i64.shr_u");
  code.op("i64.xor");
  code.set(hash);
}

function definePick({ globals }: Engine, code: FunctionWriter): void {
  const count = parameter(code, 0);
  const entry = code.local();
  code.getGlobal(globals.picks);
  code.getGlobal(globals.made);
  code.i32(3);
  code.op("i32.shl");
  code.op("i32.add");
  code.set(entry);
  code.getGlobal(globals.made);
  code.getGlobal(globals.given);
  code.op("i32.eq");
  code.beginIf();
  code.get(entry);
  code.i32(0);
  code.access("i32.store", 0);
  code.get(entry);
  code.get(count);
  code.access("i32.store", 4);
  addTo(code, globals.given, 1);
  code.end();
  addTo(code, globals.made, 1);
  code.get(entry);
  code.access("i32.load", 0);
}

/** Whether so many picks were made that the ways are without number. */
export function pushTooManyPicks({ globals }: Engine, code: FunctionWriter): void {
  code.getGlobal(globals.made);
  code.i32(PICKS_MAX - 1);
  code.op("i32.ge_u");
}

function defineNextPlan({ globals }: Engine, code: FunctionWriter): void {
  const entry = code.local();
  code.getGlobal(globals.made);
  code.setGlobal(globals.given);
  code.i32(0);
  code.setGlobal(globals.made);
  const loop = code.begin("loop");
  code.getGlobal(globals.given);
  code.beginIf();
  addTo(code, globals.given, -1);
  code.getGlobal(globals.picks);
  code.getGlobal(globals.given);
  code.i32(3);
  code.op("i32.shl");
  code.op("i32.add");
  code.tee(entry);
  code.access("i32.load", 0);
  code.i32(1);
  code.op("i32.add");
  code.get(entry);
  code.access("i32.load", 4);
  code.op("i32.ge_u");
  code.brIf(loop);
  code.get(entry);
  code.get(entry);
  code.access("i32.load", 0);
  code.i32(1);
  code.op("i32.add");
  code.access("i32.store", 0);
  addTo(code, globals.given, 1);
  code.i32(1);
  code.op("return");
  code.end();
  code.end();
  code.i32(0);
}

/** Notes down a statement once for the way that is being tried. */
function defineMark({ counted, globals, unit }: Engine, code: FunctionWriter): void {
  const statement = parameter(code, 0);
  if (counted === null) {
    return;
  }
  code.getGlobal(unit.base);
  code.get(statement);
  code.op("i32.add");
  code.access("i32.load8_u", counted.flags);
  code.beginIf();
  code.op("return");
  code.end();
  code.getGlobal(unit.base);
  code.get(statement);
  code.op("i32.add");
  code.i32(1);
  code.access("i32.store8", counted.flags);
  code.getGlobal(unit.base);
  code.getGlobal(globals.marks);
  code.i32(2);
  code.op("i32.shl");
  code.op("i32.add");
  code.get(statement);
  code.access("i32.store", counted.list);
  addTo(code, globals.marks, 1);
}

/** Forgets the statements of this way; before, adds them to the counters where `isTaken`. */
export function settleMarks(engine: Engine, code: FunctionWriter, isTaken: boolean): void {
  const { counted, globals, unit } = engine;
  if (counted === null) {
    return;
  }
  const statement = code.local();
  const loop = code.begin("loop");
  code.getGlobal(globals.marks);
  code.beginIf();
  addTo(code, globals.marks, -1);
  code.getGlobal(unit.base);
  code.getGlobal(globals.marks);
  code.i32(2);
  code.op("i32.shl");
  code.op("i32.add");
  code.access("i32.load", counted.list);
  code.set(statement);
  code.getGlobal(unit.base);
  code.get(statement);
  code.op("i32.add");
  code.i32(0);
  code.access("i32.store8", counted.flags);
  if (isTaken) {
    const counter = code.local();
    code.getGlobal(unit.base);
    code.get(statement);
    code.i32(3);
    code.op("i32.shl");
    code.op("i32.add");
    code.tee(counter);
    code.get(counter);
    code.access("i64.load", counted.counters);
    code.i64(1n);
    code.op("i64.add");
    code.access("i64.store", counted.counters);
  }
  code.br(loop);
  code.end();
  code.end();
}
