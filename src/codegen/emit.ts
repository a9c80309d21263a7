import {
  addTo,
  copyState,
  type Engine,
  PROBING,
  parameter,
  pushDiffer,
  pushHash,
  RECENT_STATES,
  settleMarks,
} from "./engine.ts";
import { STATUS } from "./observe.ts";
import type { SurveyParts } from "./survey.ts";
import { notePossible } from "./survey-edges.ts";
import type { FunctionWriter, Local } from "./wasm.ts";

/** The step fails: reports it. */
export function defineFailed(engine: Engine, code: FunctionWriter): void {
  const { globals, functions, imports } = engine;
  const [source, kind] = [parameter(code, 0), parameter(code, 1)];
  code.getGlobal(globals.probing);
  code.beginIf();
  settleMarks(engine, code, false);
  ifSurveying(engine, code, (survey) => {
    code.scoped(() => notePossible(survey, code));
    code.i32(1);
    code.setGlobal(survey.fails);
  });
  code.otherwise();
  addTo(code, globals.transitions, 1);
  settleMarks(engine, code, true);
  code.get(kind);
  code.i32(0);
  code.get(source);
  code.call(imports.found);
  code.end();
  code.get(source);
  code.call(functions.restore);
  code.i32(STATUS.ready | STATUS.enabled);
}

/** Adds the current record to the batch. */
export function defineTake(engine: Engine, code: FunctionWriter): void {
  const { globals, functions, recordBytes, batchRecords } = engine;
  const [record, hash] = [code.local(), code.local()];
  code.getGlobal(globals.record);
  code.set(record);
  pushHash(engine, code, record);
  code.set(hash);
  skipRecent(engine, code, record, hash);
  code.get(record);
  code.get(hash);
  code.access("i32.store", recordBytes - 8);
  addTo(code, globals.count, 1);
  code.get(record);
  code.i32(recordBytes);
  code.op("i32.add");
  code.setGlobal(globals.record);
  code.getGlobal(globals.count);
  code.i32(batchRecords);
  code.op("i32.ge_u");
  code.beginIf();
  code.call(functions.flush);
  code.end();
}

/**
 * Leaves the function if the record was taken not long ago: where steps commute, the states that lead
 * to the same one are often expanded one shortly after the other. Exact, for the states are compared.
 */
function skipRecent(engine: Engine, code: FunctionWriter, record: Local, hash: Local): void {
  const { unit, areas, recordBytes } = engine;
  const [recent, mark] = [code.local(), code.local()];
  code.get(hash);
  code.i32(RECENT_STATES - 1);
  code.op("i32.and");
  code.i32(recordBytes);
  code.op("i32.mul");
  code.getGlobal(unit.base);
  code.op("i32.add");
  code.i32(areas.recent);
  code.op("i32.add");
  code.set(recent);
  // An entry that was never used is all zeros.
  code.get(hash);
  code.i32(1);
  code.op("i32.or");
  code.set(mark);
  code.get(recent);
  code.access("i32.load", recordBytes - 8);
  code.get(mark);
  code.op("i32.eq");
  code.beginIf();
  pushDiffer(engine, code, recent, record);
  code.op("i32.eqz");
  code.beginIf();
  code.op("return");
  code.end();
  code.end();
  copyState(engine, code, record, recent);
  code.get(recent);
  code.get(mark);
  code.access("i32.store", recordBytes - 8);
}

/** Takes in a successor. */
export function defineEmit(engine: Engine, code: FunctionWriter): void {
  const { globals, functions } = engine;
  const source = parameter(code, 0);
  const record = code.local();
  code.getGlobal(globals.record);
  code.set(record);
  code.getGlobal(globals.probing);
  code.beginIf();
  defineProbed(engine, code, source, record);
  code.end();
  addTo(code, globals.transitions, 1);
  settleMarks(engine, code, true);
  if (engine.judgeStep !== null) {
    code.get(source);
    code.get(record);
    code.call(engine.judgeStep);
  }
  pushDiffer(engine, code, source, record);
  code.op("i32.eqz");
  code.beginIf();
  code.i32(STATUS.enabled);
  code.op("return");
  code.end();
  code.call(functions.take);
  code.getGlobal(globals.record);
  code.set(record);
  copyState(engine, code, source, record);
  code.i32(STATUS.ready | STATUS.enabled);
}

/** Writes what is done in a survey or sketch only. */
function ifSurveying(
  { survey, globals }: Engine,
  code: FunctionWriter,
  write: (survey: SurveyParts) => void,
): void {
  if (survey !== null) {
    code.getGlobal(globals.probing);
    code.i32(PROBING.survey);
    code.op("i32.ge_u");
    code.beginIf();
    write(survey);
    code.end();
  }
}

/** Notes which of the states that are sought the record is. */
function matchSought(engine: Engine, code: FunctionWriter, record: Local): void {
  const { globals, unit, areas } = engine;
  const [left, sought] = [code.local(), code.local()];
  code.getGlobal(globals.sought);
  code.set(left);
  const loop = code.begin("loop");
  code.get(left);
  code.beginIf();
  code.get(left);
  code.i32(1);
  code.op("i32.sub");
  code.tee(left);
  code.i32(2);
  code.op("i32.shl");
  code.getGlobal(unit.base);
  code.op("i32.add");
  code.access("i32.load", areas.sought);
  code.set(sought);
  pushDiffer(engine, code, sought, record);
  code.op("i32.eqz");
  code.get(left);
  code.op("i32.shl");
  code.getGlobal(globals.matched);
  code.op("i32.or");
  code.setGlobal(globals.matched);
  code.br(loop);
  code.end();
  code.end();
}

/** What a successor means when only the status of the agent is wanted, or who leads to some state. */
function defineProbed(engine: Engine, code: FunctionWriter, source: Local, record: Local): void {
  const { functions } = engine;
  ifSurveying(engine, code, (survey) => {
    code.getGlobal(engine.globals.probing);
    code.i32(PROBING.survey);
    code.op("i32.eq");
    code.beginIf("i32");
    code.get(source);
    code.call(survey.emit);
    code.otherwise();
    code.get(source);
    code.call(survey.draw);
    code.end();
    code.op("return");
  });
  settleMarks(engine, code, false);
  matchSought(engine, code, record);
  pushDiffer(engine, code, source, record);
  code.beginIf();
  code.get(source);
  code.call(functions.restore);
  code.i32(STATUS.ready | STATUS.enabled);
  code.op("return");
  code.end();
  code.i32(STATUS.enabled);
  code.op("return");
}
