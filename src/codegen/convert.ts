import type { Type } from "../core/types.ts";
import { isSmall, type Packing, type SetPacking, WORD_BITS, wordsOf } from "../model/packing.ts";
import { InternalError } from "../support/internal-error.ts";
import { sameType } from "../values/types.ts";
import { type Emitter, failIf, isOneWord, ownWords } from "./emitter.ts";
import { rankFunction } from "./ranks.ts";
import {
  elementAt,
  memorySource,
  packed,
  partAt,
  read,
  readPacked,
  type Source,
  unpacked,
  valueSource,
  write,
  writePacked,
} from "./sources.ts";
import { packingIn, valueTable, WORD_BYTES } from "./unit.ts";
import type { Local } from "./wasm.ts";

/** The least type that holds the values of both; their shapes agree by typing. */
export function hullOf(a: Type, b: Type): Type {
  if (sameType(a, b)) {
    return a;
  }
  if (a.kind === "int" && b.kind === "int") {
    return { kind: "int", low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
  }
  if ((a.kind === "option" || a.kind === "set") && b.kind === a.kind) {
    return { kind: a.kind, of: hullOf(a.of, b.of) };
  }
  if (a.kind === "seq" && b.kind === "seq") {
    const lengthMax = Math.max(a.lengthMax, b.lengthMax);
    return { kind: "seq", of: hullOf(a.of, b.of), lengthMax };
  }
  if (a.kind === "map" && b.kind === "map") {
    return { kind: "map", key: a.key, value: hullOf(a.value, b.value) };
  }
  throw new InternalError(`no type holds the values of ${a.kind} and ${b.kind}`);
}

/** Makes a value of type `from` on the stack one of type `to`; fails if it is none. */
export function convert(emitter: Emitter, from: Type, to: Type): void {
  if (sameType(from, to)) {
    return;
  }
  if (from.kind === "int" && to.kind === "int") {
    checkBounds(emitter, from, to);
    return;
  }
  if (from.kind === "set" && to.kind === "set" && shiftSet(emitter, from, to)) {
    return;
  }
  if (to.kind === "option" && from.kind !== "option") {
    // The result of a call may be a `T` where a `T?` is stored.
    convert(emitter, from, to.of);
    const option = emptyValue(emitter, to);
    writeSome(emitter, option);
    pushMade(emitter, option);
    return;
  }
  const value = emitter.code.local();
  emitter.code.set(value);
  const target = emptyValue(emitter, to);
  convertInto(emitter, valueSource(emitter, value, from), target);
  pushMade(emitter, target);
}

function checkBounds(
  emitter: Emitter,
  from: Type & { kind: "int" },
  to: Type & { kind: "int" },
): void {
  const { code } = emitter;
  if (to.low <= from.low && from.high <= to.high) {
    return;
  }
  const value = code.local();
  code.tee(value);
  if (from.low < to.low && from.high > to.high) {
    // One unsigned comparison instead of two signed ones.
    code.i32(to.low);
    code.op("i32.sub");
    code.i32(to.high - to.low);
    code.op("i32.gt_u");
  } else if (from.low < to.low) {
    code.i32(to.low);
    code.op("i32.lt_s");
  } else {
    code.i32(to.high);
    code.op("i32.gt_s");
  }
  failIf(emitter);
  code.get(value);
}

/** Sets of integers in one word differ by a shift. */
function shiftSet(
  emitter: Emitter,
  from: Type & { kind: "set" },
  to: Type & { kind: "set" },
): boolean {
  const { code } = emitter;
  const [a, b] = [from.of, to.of];
  if (a.kind !== "int" || b.kind !== "int") {
    return false;
  }
  if (!isOneWord(emitter, from) || !isOneWord(emitter, to)) {
    return false;
  }
  let allowed = 0;
  for (let value = Math.max(a.low, b.low); value <= Math.min(a.high, b.high); value++) {
    allowed |= 1 << (value - a.low);
  }
  const count = a.high - a.low + 1;
  const all = count === WORD_BITS ? -1 : 2 ** count - 1;
  if (allowed !== (all | 0)) {
    const value = code.local();
    code.tee(value);
    code.i32(~allowed);
    code.op("i32.and");
    failIf(emitter);
    code.get(value);
  }
  const shift = a.low - b.low;
  if (shift !== 0) {
    // What would be shifted out has failed.
    code.i32(Math.min(Math.abs(shift), WORD_BITS - 1));
    code.op(shift > 0 ? "i32.shl" : "i32.shr_u");
  }
  return true;
}

/** A place for a value to be made in, holding the first value of its type. */
export function emptyValue(emitter: Emitter, type: Type): Source {
  const { code, unit } = emitter;
  const packing = packingIn(unit, type);
  if (isSmall(packing)) {
    const local = code.local();
    code.i32(0);
    code.set(local);
    return { kind: "local", type, local, shift: 0, dynamic: null };
  }
  const address = ownWords(emitter, wordsOf(packing));
  clearWords(emitter, address, wordsOf(packing));
  return memorySource(address, 0, type);
}

/** Makes words zero. */
export function clearWords({ code }: Emitter, address: Local, count: number): void {
  if (count > 8) {
    code.get(address);
    code.i32(0);
    code.i32(count * WORD_BYTES);
    code.op("memory.fill");
    return;
  }
  for (let word = 0; word < count; word++) {
    code.get(address);
    code.i32(0);
    code.access("i32.store", word * WORD_BYTES);
  }
}

/** Pushes a value that was made in a place of `emptyValue`. */
export function pushMade(emitter: Emitter, made: Source): void {
  if (made.kind === "local") {
    emitter.code.get(made.local);
    unpacked(emitter, packingIn(emitter.unit, made.type));
  } else {
    read(emitter, made);
  }
}

/** Stores what is at `from`, as a value of the target's type, into the target, which is zero. */
function convertInto(emitter: Emitter, from: Source, target: Source): void {
  const [a, b] = [from.type, target.type];
  const { code, unit } = emitter;
  const [packingA, packingB] = [packingIn(unit, a), packingIn(unit, b)];
  if (sameType(a, b) || (a.kind === "int" && b.kind === "int")) {
    read(emitter, from);
    convert(emitter, a, b);
    write(emitter, target);
  } else if (packingA.kind === "option" && packingB.kind === "option") {
    pushIsSome(emitter, from);
    code.beginIf();
    pushThe(emitter, from);
    convert(emitter, packingA.of.type, packingB.of.type);
    writeSome(emitter, target);
    code.end();
  } else if (packingA.kind === "set" && packingB.kind === "set") {
    convertSet(emitter, from, target);
  } else if (packingA.kind === "map" && packingB.kind === "map") {
    convertElements(emitter, { from, target, offsets: [0, 0] }, () => code.i32(packingA.count));
  } else if (packingA.kind === "seq" && packingB.kind === "seq") {
    if (packingA.lengthMax > packingB.lengthMax) {
      readPacked(emitter, from, packingA.lengthBits);
      code.i32(packingB.lengthMax);
      code.op("i32.gt_u");
      failIf(emitter);
    }
    readPacked(emitter, from, packingA.lengthBits);
    writePacked(emitter, target, packingB.lengthBits);
    const offsets = [packingA.offset, packingB.offset] as const;
    convertElements(emitter, { from, target, offsets }, () =>
      readPacked(emitter, from, packingA.lengthBits),
    );
  } else {
    throw new InternalError(`${a.kind} cannot become ${b.kind}`);
  }
}

function convertElements(
  emitter: Emitter,
  { from, target, offsets }: { from: Source; target: Source; offsets: readonly [number, number] },
  pushCount: () => void,
): void {
  const { code, unit } = emitter;
  const [a, b] = [
    elementPacking(packingIn(unit, from.type)),
    elementPacking(packingIn(unit, target.type)),
  ];
  loopTo(emitter, pushCount, (index) => {
    code.get(index);
    const source = elementAt(emitter, from, {
      offset: offsets[0],
      stride: a.stride,
      type: a.packing.type,
    });
    code.get(index);
    const into = elementAt(emitter, target, {
      offset: offsets[1],
      stride: b.stride,
      type: b.packing.type,
    });
    convertInto(emitter, source, into);
  });
}

function elementPacking(packing: Packing): { readonly packing: Packing; readonly stride: number } {
  switch (packing.kind) {
    case "map":
      return { packing: packing.value, stride: packing.stride };
    case "seq":
      return { packing: packing.of, stride: packing.stride };
    default:
      throw new InternalError("the elements of what has none");
  }
}

/** Does something for each index from 0 to the number that `pushCount` pushes. */
export function loopTo(
  { code }: Pick<Emitter, "code">,
  pushCount: () => void,
  each: (index: Local) => void,
): void {
  const count = code.local();
  const index = code.local();
  pushCount();
  code.set(count);
  code.i32(0);
  code.set(index);
  const end = code.begin("block");
  const loop = code.begin("loop");
  code.get(index);
  code.get(count);
  code.op("i32.ge_u");
  code.brIf(end);
  each(index);
  code.get(index);
  code.i32(1);
  code.op("i32.add");
  code.set(index);
  code.br(loop);
  code.end();
  code.end();
}

function convertSet(emitter: Emitter, from: Source, target: Source): void {
  const { code, unit } = emitter;
  const packing = packingIn(unit, from.type) as SetPacking;
  const [a, b] = [elementOf(from.type), elementOf(target.type)];
  loopTo(
    emitter,
    () => code.i32(packing.count),
    (rank) => {
      pushBit(emitter, from, rank);
      code.beginIf();
      code.get(rank);
      fromRank(emitter, a);
      convert(emitter, a, b);
      toRank(emitter, b);
      setBit(emitter, target);
      code.end();
    },
  );
}

/** The type of the elements of a set or sequence. */
export function elementOf(type: Type): Type {
  if (type.kind !== "set" && type.kind !== "seq") {
    throw new InternalError(`a ${type.kind} has no elements`);
  }
  return type.of;
}

/** Pushes whether the set at a source has the element of a rank. */
export function pushBit(emitter: Emitter, set: Source, rank: Local): void {
  emitter.code.get(rank);
  pushElementBit(emitter, set);
}

const BIT: Type = { kind: "bool" };

/** Replaces a rank on the stack by whether the set at a source has that element. */
export function pushElementBit(emitter: Emitter, set: Source): void {
  readPacked(emitter, elementAt(emitter, set, { offset: 0, stride: 1, type: BIT }), 1);
}

/** Adds the element of the rank on the stack to the set at a target. */
export function setBit(emitter: Emitter, target: Source): void {
  const { code } = emitter;
  const element = elementAt(emitter, target, { offset: 0, stride: 1, type: BIT });
  code.i32(1);
  writePacked(emitter, element, 1);
}

/** Makes a value on the stack its rank among those of its type. */
export function toRank(emitter: Emitter, type: Type): void {
  const { code, unit } = emitter;
  const packing = packingIn(unit, type);
  if (packing.kind === "scalar" || (packing.kind === "option" && packing.isFlat)) {
    packed(emitter, packing);
  } else {
    code.call(rankFunction(unit, type));
  }
}

/** Makes a rank on the stack the value of that rank. */
export function fromRank(emitter: Emitter, type: Type): void {
  const { code, unit } = emitter;
  const packing = packingIn(unit, type);
  if (packing.kind === "scalar" || (packing.kind === "option" && packing.isFlat)) {
    unpacked(emitter, packing);
    return;
  }
  const bytes = Math.max(1, wordsOf(packing)) * WORD_BYTES;
  code.i32(bytes);
  code.op("i32.mul");
  code.i32(valueTable(unit, type));
  code.op("i32.add");
  if (isSmall(packing)) {
    code.access("i32.load");
  }
}

/** Pushes whether the optional value at a source is not none. */
export function pushIsSome(emitter: Emitter, option: Source): void {
  const packing = packingIn(emitter.unit, option.type);
  if (packing.kind !== "option") {
    throw new InternalError("an option of another type");
  }
  readPacked(emitter, option, packing.isFlat ? packing.bits : 1);
}

/** Pushes the value of the option at a source, which is not none. */
export function pushThe(emitter: Emitter, option: Source): void {
  const { code, unit } = emitter;
  const packing = packingIn(unit, option.type);
  if (packing.kind !== "option") {
    throw new InternalError("the value of what is no option");
  }
  if (packing.isFlat) {
    readPacked(emitter, option, packing.bits);
    code.i32(1);
    code.op("i32.sub");
    unpacked(emitter, packing.of);
  } else {
    read(emitter, partAt(emitter, option, packing.offset, packing.of.type));
  }
}

/** Stores the value on the stack into an option, which is none. */
export function writeSome(emitter: Emitter, option: Source): void {
  const { code, unit } = emitter;
  const packing = packingIn(unit, option.type);
  if (packing.kind !== "option") {
    throw new InternalError("a value for what is no option");
  }
  if (packing.isFlat) {
    packed(emitter, packing.of);
    code.i32(1);
    code.op("i32.add");
    writePacked(emitter, option, packing.bits);
  } else {
    write(emitter, partAt(emitter, option, packing.offset, packing.of.type));
    code.i32(1);
    writePacked(emitter, option, 1);
  }
}
