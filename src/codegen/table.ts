import { type Engine, pushDiffer } from "./engine.ts";
import { WORD_BYTES } from "./unit.ts";
import type { FunctionWriter, Local } from "./wasm.ts";

/**
 * The visited set: open addressing over the indices of the stored states, exact, for what decides is
 * the state itself. An entry is 0 or an index plus 1; the bits above those of the number of slots
 * hold the same bits of the state's hash, so that a state is compared almost only with its equal.
 */
export interface View {
  /** Address of the first slot. */
  readonly table: Local;
  /** Number of slots minus 1. */
  readonly mask: Local;
  /** Address of the first state. */
  readonly store: Local;
}

/** Globals are slow to read in a loop. */
export function openView({ globals }: Engine, code: FunctionWriter): View {
  const view = { table: code.local(), mask: code.local(), store: code.local() };
  for (const name of ["table", "mask", "store"] as const) {
    code.getGlobal(globals[name]);
    code.set(view[name]);
  }
  return view;
}

/** Pushes the address of the slot that `slot` counts. */
export function pushSlot(code: FunctionWriter, { table }: View, slot: Local): void {
  code.get(slot);
  code.i32(2);
  code.op("i32.shl");
  code.get(table);
  code.op("i32.add");
}

/** Pushes the address of the state that an entry leads to. */
export function pushStored(
  { words }: Engine,
  code: FunctionWriter,
  view: View,
  entry: Local,
): void {
  code.get(entry);
  code.get(view.mask);
  code.op("i32.and");
  code.i32(1);
  code.op("i32.sub");
  code.i32(words * WORD_BYTES);
  code.op("i32.mul");
  code.get(view.store);
  code.op("i32.add");
}

/** Pushes 0 where an entry may lead to a state of this hash. */
export function pushOtherHash(
  code: FunctionWriter,
  { mask }: View,
  entry: Local,
  hash: Local,
): void {
  code.get(entry);
  code.get(hash);
  code.op("i32.xor");
  code.get(mask);
  code.i32(-1);
  code.op("i32.xor");
  code.op("i32.and");
}

/** Pushes the entry of a state: its hash, and the index that `pushIndex` pushes. */
export function pushEntry(
  code: FunctionWriter,
  { mask }: View,
  hash: Local,
  pushIndex: () => void,
): void {
  code.get(hash);
  code.get(mask);
  code.i32(-1);
  code.op("i32.xor");
  code.op("i32.and");
  pushIndex();
  code.i32(1);
  code.op("i32.add");
  code.op("i32.or");
}

/** Turns to the next slot. */
export function nextSlot(code: FunctionWriter, { mask }: View, slot: Local): void {
  code.get(slot);
  code.i32(1);
  code.op("i32.add");
  code.get(mask);
  code.op("i32.and");
  code.set(slot);
}

/** Does something for each record of the batch, whose end is at an address. */
export function forEachRecord(
  { unit, areas, recordBytes }: Engine,
  code: FunctionWriter,
  end: Local,
  each: (record: Local) => void,
): void {
  const record = code.local();
  code.getGlobal(unit.base);
  code.i32(areas.batch);
  code.op("i32.add");
  code.set(record);
  const loop = code.begin("loop");
  each(record);
  code.get(record);
  code.i32(recordBytes);
  code.op("i32.add");
  code.tee(record);
  code.get(end);
  code.op("i32.lt_u");
  code.brIf(loop);
  code.end();
}

/** Pushes the hash of a record. */
export function pushRecordHash({ recordBytes }: Engine, code: FunctionWriter, record: Local): void {
  code.get(record);
  code.access("i32.load", recordBytes - 8);
}

/** Touches the slots, and in a second round the states that are likely to be compared. */
export function touch(engine: Engine, code: FunctionWriter, view: View, end: Local): void {
  const [sum, slot, entry, hash] = [code.local(), code.local(), code.local(), code.local()];
  code.i32(0);
  code.set(sum);
  const addTouched = (): void => {
    code.get(sum);
    code.op("i32.add");
    code.set(sum);
  };
  forEachRecord(engine, code, end, (record) => {
    pushRecordHash(engine, code, record);
    code.get(view.mask);
    code.op("i32.and");
    code.set(slot);
    pushSlot(code, view, slot);
    code.access("i32.load");
    addTouched();
  });
  forEachRecord(engine, code, end, (record) => {
    pushRecordHash(engine, code, record);
    code.tee(hash);
    code.get(view.mask);
    code.op("i32.and");
    code.set(slot);
    pushSlot(code, view, slot);
    code.access("i32.load");
    code.set(entry);
    // Without a branch that can be guessed wrong: what is not likely to be equal touches the first.
    pushStored(engine, code, view, entry);
    code.get(view.store);
    pushOtherHash(code, view, entry, hash);
    code.op("i32.eqz");
    code.get(entry);
    code.i32(0);
    code.op("i32.ne");
    code.op("i32.and");
    code.op("select");
    code.access("i32.load");
    addTouched();
  });
  // What nothing uses would not be read at all.
  code.get(sum);
  code.setGlobal(engine.globals.sink);
}

/** Pushes the index of a state in the store, all ones where it is not there. */
export function pushIndexOf(
  engine: Engine,
  code: FunctionWriter,
  view: View,
  state: Local,
  pushItsHash: () => void,
): void {
  const [hash, slot, entry, stored] = [code.local(), code.local(), code.local(), code.local()];
  pushItsHash();
  code.tee(hash);
  code.get(view.mask);
  code.op("i32.and");
  code.set(slot);
  const found = code.begin("block");
  const probe = code.begin("loop");
  pushSlot(code, view, slot);
  code.access("i32.load");
  code.tee(entry);
  code.op("i32.eqz");
  code.brIf(found);
  const other = code.begin("block");
  pushOtherHash(code, view, entry, hash);
  code.brIf(other);
  pushStored(engine, code, view, entry);
  code.set(stored);
  pushDiffer(engine, code, stored, state);
  code.op("i32.eqz");
  code.brIf(found);
  code.end();
  nextSlot(code, view, slot);
  code.br(probe);
  code.end();
  code.end();
  // Of an entry that is 0 this makes all ones.
  code.get(entry);
  code.get(view.mask);
  code.op("i32.and");
  code.i32(1);
  code.op("i32.sub");
}
