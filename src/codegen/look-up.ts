import { copyState, type Engine, parameter, pushDiffer, pushHash } from "./engine.ts";
import {
  forEachRecord,
  nextSlot,
  openView,
  pushEntry,
  pushOtherHash,
  pushRecordHash,
  pushSlot,
  pushStored,
  touch,
  type View,
} from "./table.ts";
import { WORD_BYTES } from "./unit.ts";
import type { FunctionWriter, Label, Local } from "./wasm.ts";

/**
 * Looks up the records of the batch: first touches their slots, then the states they may be equal
 * to, so that memory answers to many at once, and then compares and inserts. Touching in the loop
 * that makes the records would gain nothing.
 */
export function defineFlush(engine: Engine, code: FunctionWriter): void {
  const { globals, imports, unit, areas, recordBytes } = engine;
  code.getGlobal(globals.count);
  code.op("i32.eqz");
  code.beginIf();
  code.op("return");
  code.end();
  code.i32(0);
  code.call(imports.lap);
  const done = code.begin("block");
  code.getGlobal(globals.stopped);
  code.brIf(done);
  code.getGlobal(globals.end);
  code.getGlobal(globals.next);
  code.op("i32.sub");
  code.getGlobal(globals.count);
  code.op("i32.lt_u");
  code.beginIf();
  code.getGlobal(globals.count);
  code.call(imports.makeRoom);
  code.op("i32.eqz");
  code.beginIf();
  code.i32(1);
  code.setGlobal(globals.stopped);
  code.br(done);
  code.end();
  code.end();
  const view = openView(engine, code);
  const [end, next, room] = [code.local(), code.local(), code.local()];
  code.getGlobal(unit.base);
  code.i32(areas.batch);
  code.op("i32.add");
  code.getGlobal(globals.count);
  code.i32(recordBytes);
  code.op("i32.mul");
  code.op("i32.add");
  code.set(end);
  touch(engine, code, view, end);
  code.getGlobal(globals.next);
  code.set(next);
  code.getGlobal(globals.end);
  code.set(room);
  const full = code.begin("block");
  forEachRecord(engine, code, end, (record) =>
    code.scoped(() => lookUp(engine, code, { view, record, next, room, full })),
  );
  code.get(next);
  code.setGlobal(globals.next);
  code.br(done);
  code.end();
  // There is one more state than there is room for: so many, and the search is not complete.
  code.get(next);
  code.setGlobal(globals.next);
  code.i32(1);
  code.setGlobal(globals.stopped);
  code.end();
  code.i32(0);
  code.setGlobal(globals.count);
  code.getGlobal(unit.base);
  code.i32(areas.batch);
  code.op("i32.add");
  code.setGlobal(globals.record);
  code.i32(1);
  code.call(imports.lap);
}

interface LookUp {
  readonly view: View;
  readonly record: Local;
  /** The index that the next state gets. */
  readonly next: Local;
  /** Where indices end. */
  readonly room: Local;
  /** Where to go when there is none for a new state. */
  readonly full: Label;
}

/** Finds the state of a record in the table, or inserts it. */
function lookUp(engine: Engine, code: FunctionWriter, of: LookUp): void {
  const { view, record } = of;
  const { sharing } = engine;
  const [hash, slot, entry, stored] = [code.local(), code.local(), code.local(), code.local()];
  pushRecordHash(engine, code, record);
  code.tee(hash);
  code.get(view.mask);
  code.op("i32.and");
  code.set(slot);
  const found = code.begin("block");
  const probe = code.begin("loop");
  pushSlot(code, view, slot);
  code.access(sharing === "shared" ? "i32.atomic.load" : "i32.load");
  code.tee(entry);
  code.op("i32.eqz");
  code.beginIf();
  insert(engine, code, { ...of, hash, slot, entry });
  code.get(entry);
  code.op("i32.eqz");
  code.brIf(found);
  code.end();
  const other = code.begin("block");
  pushOtherHash(code, view, entry, hash);
  code.brIf(other);
  pushStored(engine, code, view, entry);
  code.set(stored);
  pushDiffer(engine, code, stored, record);
  code.op("i32.eqz");
  code.brIf(found);
  code.end();
  nextSlot(code, view, slot);
  code.br(probe);
  code.end();
  code.end();
}

interface Insertion extends LookUp {
  readonly hash: Local;
  readonly slot: Local;
  /** Set to what was in the slot: 0 when the record is in it now. */
  readonly entry: Local;
}

/** Stores a record as the next state, then makes the empty slot lead to it unless another was faster. */
function insert(
  engine: Engine,
  code: FunctionWriter,
  { view, record, next, room, full, hash, slot, entry }: Insertion,
): void {
  const { sharing, words, globals } = engine;
  const state = code.local();
  code.get(next);
  code.get(room);
  code.op("i32.ge_u");
  code.beginIf();
  // The room goes on elsewhere, or it ends.
  code.getGlobal(globals.spare);
  code.getGlobal(globals.spareEnd);
  code.op("i32.eq");
  code.brIf(full);
  code.getGlobal(globals.spare);
  code.set(next);
  code.getGlobal(globals.spareEnd);
  code.tee(room);
  code.setGlobal(globals.end);
  code.getGlobal(globals.spareEnd);
  code.setGlobal(globals.spare);
  code.end();
  code.get(next);
  code.i32(words * WORD_BYTES);
  code.op("i32.mul");
  code.get(view.store);
  code.op("i32.add");
  code.set(state);
  copyState(engine, code, record, state);
  const goOn = (): void => {
    code.get(next);
    code.i32(1);
    code.op("i32.add");
    code.set(next);
  };
  pushSlot(code, view, slot);
  if (sharing === "alone") {
    pushEntry(code, view, hash, () => code.get(next));
    code.access("i32.store");
    goOn();
    return;
  }
  code.i32(0);
  pushEntry(code, view, hash, () => code.get(next));
  code.access("i32.atomic.rmw.cmpxchg");
  code.tee(entry);
  code.op("i32.eqz");
  code.beginIf();
  goOn();
  code.end();
}

/** Hashes that are worked out before the slots are touched. */
const REHASH_BATCH = 256;

/** `(from, to)`: inserts the stored states of these indices, which differ, into an empty table. */
export function defineRehash(engine: Engine, code: FunctionWriter): void {
  const { words, unit, areas } = engine;
  const [from, to] = [parameter(code, 0), parameter(code, 1)];
  const view = openView(engine, code);
  const [hashes, limit, index] = [code.local(), code.local(), code.local()];
  code.getGlobal(unit.base);
  code.i32(areas.rehash);
  code.op("i32.add");
  code.set(hashes);
  const end = code.begin("block");
  const batch = code.begin("loop");
  code.get(from);
  code.get(to);
  code.op("i32.ge_u");
  code.brIf(end);
  code.get(from);
  code.i32(REHASH_BATCH);
  code.op("i32.add");
  code.get(to);
  code.get(from);
  code.i32(REHASH_BATCH);
  code.op("i32.add");
  code.get(to);
  code.op("i32.lt_u");
  code.op("select");
  code.set(limit);
  const [state, hash, slot, cursor, sum] = [
    code.local(),
    code.local(),
    code.local(),
    code.local(),
    code.local(),
  ];
  code.i32(0);
  code.set(sum);
  const forBatch = (each: () => void): void => {
    code.get(from);
    code.set(index);
    code.get(hashes);
    code.set(cursor);
    const loop = code.begin("loop");
    each();
    code.get(cursor);
    code.i32(WORD_BYTES);
    code.op("i32.add");
    code.set(cursor);
    code.get(index);
    code.i32(1);
    code.op("i32.add");
    code.tee(index);
    code.get(limit);
    code.op("i32.lt_u");
    code.brIf(loop);
    code.end();
  };
  forBatch(() => {
    code.get(index);
    code.i32(words * WORD_BYTES);
    code.op("i32.mul");
    code.get(view.store);
    code.op("i32.add");
    code.set(state);
    pushHash(engine, code, state);
    code.set(hash);
    code.get(cursor);
    code.get(hash);
    code.access("i32.store");
    code.get(hash);
    code.get(view.mask);
    code.op("i32.and");
    code.set(slot);
    pushSlot(code, view, slot);
    code.access("i32.load");
    code.get(sum);
    code.op("i32.add");
    code.set(sum);
  });
  forBatch(() => {
    code.get(cursor);
    code.access("i32.load");
    code.tee(hash);
    code.get(view.mask);
    code.op("i32.and");
    code.set(slot);
    const free = code.begin("block");
    const probe = code.begin("loop");
    pushSlot(code, view, slot);
    code.access("i32.load");
    code.op("i32.eqz");
    code.brIf(free);
    nextSlot(code, view, slot);
    code.br(probe);
    code.end();
    code.end();
    pushSlot(code, view, slot);
    pushEntry(code, view, hash, () => code.get(index));
    code.access("i32.store");
  });
  code.get(sum);
  code.setGlobal(engine.globals.sink);
  code.get(limit);
  code.set(from);
  code.br(batch);
  code.end();
  code.end();
}

/** Bytes that rehashing needs of each worker's area. */
export const REHASH_BYTES: number = REHASH_BATCH * WORD_BYTES;
