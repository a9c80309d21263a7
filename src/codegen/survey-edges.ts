import {
  addTo,
  copyState,
  type Engine,
  parameter,
  pushDiffer,
  pushHash,
  settleMarks,
} from "./engine.ts";
import { STATUS } from "./observe.ts";
import type { SurveyParts } from "./survey.ts";
import { forEachRecord, openView, pushIndexOf, pushRecordHash, touch } from "./table.ts";
import { WORD_BYTES } from "./unit.ts";
import type { FunctionWriter, Local } from "./wasm.ts";
/** A target and an action. */
export const EDGE_BYTES: number = 2 * WORD_BYTES;

/** Writes how edges are noted down, looked up and drawn. */
export function defineEdges(engine: Engine, survey: SurveyParts): void {
  defineEmit(engine, survey);
  defineDraw(engine, survey);
  defineFlush(engine, survey);
}

/** Notes that a step of the present action is possible. */
export function notePossible(
  { action, possible, layout }: SurveyParts,
  code: FunctionWriter,
): void {
  const word = code.local();
  code.getGlobal(possible);
  if (layout.actionWords > 1) {
    code.getGlobal(action);
    code.i32(5);
    code.op("i32.shr_u");
    code.i32(2);
    code.op("i32.shl");
    code.op("i32.add");
  }
  code.tee(word);
  code.get(word);
  code.access("i32.load");
  code.i32(1);
  code.getGlobal(action);
  code.op("i32.shl");
  code.op("i32.or");
  code.access("i32.store");
}

/** Leaves the function where the current record is the source, else notes that a step is possible. */
function leaveUnchanged(
  engine: Engine,
  survey: SurveyParts,
  code: FunctionWriter,
  { source, record }: { readonly source: Local; readonly record: Local },
): void {
  code.getGlobal(engine.globals.record);
  code.set(record);
  settleMarks(engine, code, false);
  pushDiffer(engine, code, source, record);
  code.op("i32.eqz");
  code.beginIf();
  code.i32(STATUS.enabled);
  code.op("return");
  code.end();
  code.scoped(() => notePossible(survey, code));
}

/** Reserves the next edge for a record, which becomes part of the batch, and begins another. */
function reserveEdge(
  { globals, recordBytes }: Engine,
  survey: SurveyParts,
  code: FunctionWriter,
  record: Local,
): void {
  code.getGlobal(survey.edge);
  code.getGlobal(survey.action);
  code.access("i32.store", WORD_BYTES);
  code.get(record);
  code.getGlobal(survey.edge);
  code.access("i32.store", recordBytes - 4);
  addTo(code, survey.edge, EDGE_BYTES);
  addTo(code, globals.count, 1);
  code.get(record);
  code.i32(recordBytes);
  code.op("i32.add");
  code.setGlobal(globals.record);
}

/** Makes the current record the source again, and tells that it was changed. */
function goOn(engine: Engine, code: FunctionWriter, source: Local, record: Local): void {
  code.getGlobal(engine.globals.record);
  code.set(record);
  copyState(engine, code, source, record);
  code.i32(STATUS.ready | STATUS.enabled);
}

function storeHash(engine: Engine, code: FunctionWriter, record: Local): void {
  code.get(record);
  code.scoped(() => pushHash(engine, code, record));
  code.access("i32.store", engine.recordBytes - 8);
}

/** A step leads to the current record: reserves an edge, whose target is looked up later. */
function defineEmit(engine: Engine, survey: SurveyParts): void {
  const { unit, globals, batchRecords } = engine;
  unit.module.define(survey.emit, (code) => {
    const source = parameter(code, 0);
    const record = code.lasting();
    leaveUnchanged(engine, survey, code, { source, record });
    code.getGlobal(survey.edge);
    pushEnd(engine, survey, code);
    code.i32(EDGE_BYTES);
    code.op("i32.sub");
    code.op("i32.gt_u");
    code.beginIf();
    code.i32(1);
    code.setGlobal(survey.full);
    goOn(engine, code, source, record);
    code.op("return");
    code.end();
    storeHash(engine, code, record);
    reserveEdge(engine, survey, code, record);
    code.getGlobal(globals.count);
    code.i32(batchRecords);
    code.op("i32.ge_u");
    code.beginIf();
    code.call(survey.flush);
    code.end();
    goOn(engine, code, source, record);
  });
}

/** The edges of a state that a sketch keeps. */
export const DRAWN_MAX = 2;

/**
 * A step leads to the current record, and few are kept, each as likely as the others: the first ones,
 * which make way for later ones (a reservoir). They stand at the end of the batch, without hashes.
 */
function defineDraw(engine: Engine, survey: SurveyParts): void {
  const { unit, recordBytes } = engine;
  unit.module.define(survey.draw, (code) => {
    const source = parameter(code, 0);
    const [record, drawn] = [code.lasting(), code.lasting()];
    leaveUnchanged(engine, survey, code, { source, record });
    addTo(code, survey.met, 1);
    code.getGlobal(survey.met);
    code.i32(DRAWN_MAX);
    code.op("i32.le_u");
    code.beginIf();
    reserveEdge(engine, survey, code, record);
    code.otherwise();
    // Numbers of a linear congruence; their low bits are not random.
    code.getGlobal(survey.seed);
    code.i32(1_664_525);
    code.op("i32.mul");
    code.i32(1_013_904_223);
    code.op("i32.add");
    code.setGlobal(survey.seed);
    code.getGlobal(survey.seed);
    code.i32(8);
    code.op("i32.shr_u");
    code.getGlobal(survey.met);
    code.op("i32.rem_s");
    code.tee(drawn);
    code.i32(DRAWN_MAX);
    code.op("i32.lt_u");
    code.beginIf();
    code.get(record);
    code.get(drawn);
    code.i32(DRAWN_MAX);
    code.op("i32.sub");
    code.i32(recordBytes);
    code.op("i32.mul");
    code.op("i32.add");
    code.set(drawn);
    copyState(engine, code, record, drawn);
    code.get(drawn);
    code.access("i32.load", recordBytes - 4);
    code.getGlobal(survey.action);
    code.access("i32.store", WORD_BYTES);
    code.end();
    code.end();
    goOn(engine, code, source, record);
  });
}

/** Before a sketch of a state: there has to be room in the batch, and something to draw by. */
export function beginDrawing(
  { globals, batchRecords }: Engine,
  survey: SurveyParts,
  code: FunctionWriter,
  index: Local,
): void {
  code.getGlobal(globals.count);
  code.i32(batchRecords - DRAWN_MAX);
  code.op("i32.gt_u");
  code.beginIf();
  code.call(survey.flush);
  code.end();
  code.i32(0);
  code.setGlobal(survey.met);
  code.get(index);
  code.i32(0x9e3779b9 | 0);
  code.op("i32.mul");
  code.setGlobal(survey.seed);
}

/** After a sketch of a state: gives the records that were drawn their hashes. */
export function endDrawing(engine: Engine, survey: SurveyParts, code: FunctionWriter): void {
  const { globals, recordBytes } = engine;
  const record = code.lasting();
  for (let behind = 1; behind <= DRAWN_MAX; behind++) {
    code.getGlobal(survey.met);
    code.i32(behind);
    code.op("i32.ge_u");
    code.beginIf();
    code.getGlobal(globals.record);
    code.i32(behind * recordBytes);
    code.op("i32.sub");
    code.set(record);
    storeHash(engine, code, record);
    code.end();
  }
}

/** Pushes where the room ends. */
export function pushEnd({ unit }: Engine, { layout }: SurveyParts, code: FunctionWriter): void {
  code.getGlobal(unit.base);
  code.i32(layout.offset + layout.words * WORD_BYTES);
  code.op("i32.add");
}

function pushBatch({ unit, areas }: Engine, code: FunctionWriter): void {
  code.getGlobal(unit.base);
  code.i32(areas.batch);
  code.op("i32.add");
}

/** As in a search, memory is asked for all slots and states before it has to answer. */
function defineFlush(engine: Engine, survey: SurveyParts): void {
  const { unit, globals, recordBytes } = engine;
  unit.module.define(survey.flush, (code) => {
    code.getGlobal(globals.count);
    code.op("i32.eqz");
    code.beginIf();
    code.op("return");
    code.end();
    const view = openView(engine, code);
    const end = code.local();
    pushBatch(engine, code);
    code.getGlobal(globals.count);
    code.i32(recordBytes);
    code.op("i32.mul");
    code.op("i32.add");
    code.set(end);
    touch(engine, code, view, end);
    forEachRecord(engine, code, end, (record) =>
      code.scoped(() => {
        code.get(record);
        code.access("i32.load", recordBytes - 4);
        pushIndexOf(engine, code, view, record, () => pushRecordHash(engine, code, record));
        code.access("i32.store");
      }),
    );
    code.i32(0);
    code.setGlobal(globals.count);
    pushBatch(engine, code);
    code.setGlobal(globals.record);
  });
}
