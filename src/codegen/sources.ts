import type { Type } from "../core/types.ts";
import { isSmall, type Packing, WORD_BITS, wordsOf } from "../model/packing.ts";
import { InternalError } from "../support/internal-error.ts";
import type { Emitter } from "./emitter.ts";
import { packingIn, WORD_BYTES } from "./unit.ts";
import type { Local } from "./wasm.ts";

/**
 * Where a packed value is. In memory it begins `shift` (and `dynamic`) bits into the word at
 * `address + 4 · word`; a wide one begins with a word. A value in a local begins that many bits
 * into it.
 */
export type Source =
  | {
      readonly kind: "memory";
      readonly type: Type;
      readonly address: Local;
      readonly word: number;
      readonly shift: number;
      /** Only its lowest five bits count; null for 0. */
      readonly dynamic: Local | null;
    }
  | {
      readonly kind: "local";
      readonly type: Type;
      readonly local: Local;
      readonly shift: number;
      readonly dynamic: Local | null;
    };

/** What is at a bit position from an address on. */
export function memorySource(address: Local, bit: number, type: Type): Source {
  const word = Math.floor(bit / WORD_BITS);
  return { kind: "memory", type, address, word, shift: bit % WORD_BITS, dynamic: null };
}

/** A value as it is on the stack, put into a local. */
export function valueSource(emitter: Emitter, local: Local, type: Type): Source {
  return isSmall(packingIn(emitter.unit, type))
    ? { kind: "local", type, local, shift: 0, dynamic: null }
    : memorySource(local, 0, type);
}

/** The part that begins `bits` further on. */
export function partAt(emitter: Emitter, source: Source, bits: number, type: Type): Source {
  if (isSmall(packingIn(emitter.unit, source.type)) || source.kind === "local") {
    return isSmall(packingIn(emitter.unit, type))
      ? { ...source, type, shift: source.shift + bits }
      : nowhere(emitter, type);
  }
  const bit = source.word * WORD_BITS + bits;
  const word = Math.floor(bit / WORD_BITS);
  return { ...source, type, word, shift: bit % WORD_BITS };
}

/** Only a sequence without slots is smaller than its elements: code for one of them never runs. */
function nowhere({ code }: Emitter, type: Type): Source {
  return memorySource(code.local(), 0, type);
}

/** The part that begins `offset + index · stride` bits further on, the index being on the stack. */
export function elementAt(
  emitter: Emitter,
  source: Source,
  {
    offset,
    stride,
    type,
  }: { readonly offset: number; readonly stride: number; readonly type: Type },
): Source {
  const { code } = emitter;
  if (isSmall(packingIn(emitter.unit, source.type)) || source.kind === "local") {
    if (!isSmall(packingIn(emitter.unit, type))) {
      code.op("drop");
      return nowhere(emitter, type);
    }
    multiply(emitter, stride);
    if (source.dynamic !== null) {
      code.get(source.dynamic);
      code.op("i32.add");
    }
    const dynamic = code.local();
    code.set(dynamic);
    return { ...source, type, shift: source.shift + offset, dynamic };
  }
  const address = code.local();
  if (stride % WORD_BITS === 0) {
    multiply(emitter, (stride / WORD_BITS) * WORD_BYTES);
    code.get(source.address);
    code.op("i32.add");
    code.set(address);
    return partAt(emitter, { ...source, address }, offset, type);
  }
  // Elements of a wide value do not straddle words: their stride divides 32, and so does the offset.
  multiply(emitter, stride);
  if (offset !== 0) {
    code.i32(offset);
    code.op("i32.add");
  }
  const dynamic = code.local();
  code.tee(dynamic);
  code.i32(5);
  code.op("i32.shr_u");
  code.i32(2);
  code.op("i32.shl");
  code.get(source.address);
  code.op("i32.add");
  code.set(address);
  return { ...source, type, address, dynamic };
}

function multiply({ code }: Emitter, factor: number): void {
  if (factor === 1) {
    return;
  }
  const log = Math.log2(factor);
  if (Number.isInteger(log)) {
    code.i32(log);
    code.op("i32.shl");
  } else {
    code.i32(factor);
    code.op("i32.mul");
  }
}

/** Pushes the value as it is on the stack: an integer, packed bits, or an address. */
export function read(emitter: Emitter, source: Source): void {
  const packing = packingIn(emitter.unit, source.type);
  if (!isSmall(packing)) {
    pushAddress(emitter, source);
    return;
  }
  readPacked(emitter, source, packing.bits);
  unpacked(emitter, packing);
}

/** Makes packed bits on the stack a value as it is on the stack. */
export function unpacked({ code }: Emitter, packing: Packing): void {
  if (packing.kind === "scalar" && packing.low !== 0) {
    code.i32(packing.low);
    code.op("i32.add");
  }
}

/** Makes a value on the stack packed bits. */
export function packed({ code }: Emitter, packing: Packing): void {
  if (packing.kind === "scalar" && packing.low !== 0) {
    code.i32(packing.low);
    code.op("i32.sub");
  }
}

/** Pushes the first `bits` bits of what is at a source. */
export function readPacked(emitter: Pick<Emitter, "code">, source: Source, bits: number): void {
  const { code } = emitter;
  if (bits === 0) {
    code.i32(0);
    return;
  }
  if (source.kind === "local") {
    code.get(source.local);
  } else {
    code.get(source.address);
    code.access("i32.load", source.word * WORD_BYTES);
  }
  const { shift, dynamic } = source;
  pushShift(emitter, source);
  if (dynamic !== null || shift !== 0) {
    code.op("i32.shr_u");
  }
  if (bits < WORD_BITS && (dynamic !== null || shift + bits < WORD_BITS)) {
    code.i32(2 ** bits - 1);
    code.op("i32.and");
  }
}

/** Pushes by how many bits to shift, unless it is always 0. */
function pushShift({ code }: Pick<Emitter, "code">, { shift, dynamic }: Source): void {
  if (dynamic !== null) {
    code.get(dynamic);
    if (shift !== 0) {
      code.i32(shift);
      code.op("i32.add");
    }
  } else if (shift !== 0) {
    code.i32(shift);
  }
}

/** Pushes the address of a wide value. */
export function pushAddress({ code }: Emitter, source: Source): void {
  if (source.kind === "local" || source.shift !== 0 || source.dynamic !== null) {
    throw new InternalError("a wide value that does not begin with a word");
  }
  code.get(source.address);
  if (source.word !== 0) {
    code.i32(source.word * WORD_BYTES);
    code.op("i32.add");
  }
}

/** Stores the value on the stack. */
export function write(emitter: Emitter, target: Source): void {
  const packing = packingIn(emitter.unit, target.type);
  const { code } = emitter;
  if (!isSmall(packing)) {
    const from = code.local();
    code.set(from);
    copyWords(emitter, target, from, wordsOf(packing));
    return;
  }
  packed(emitter, packing);
  writePacked(emitter, target, packing.bits);
}

/** Stores packed bits on the stack as the first `bits` bits at a target. */
export function writePacked(emitter: Emitter, target: Source, bits: number): void {
  const { code } = emitter;
  if (bits === 0) {
    code.op("drop");
    return;
  }
  const value = code.local();
  code.set(value);
  const pushOld = (): void => {
    if (target.kind === "local") {
      code.get(target.local);
    } else {
      code.get(target.address);
      code.access("i32.load", target.word * WORD_BYTES);
    }
  };
  if (target.kind === "memory") {
    code.get(target.address);
  }
  if (bits === WORD_BITS) {
    code.get(value);
  } else {
    const isShifted = target.dynamic !== null || target.shift !== 0;
    pushOld();
    if (target.dynamic === null) {
      code.i32(~((2 ** bits - 1) << target.shift));
    } else {
      code.i32(2 ** bits - 1);
      pushShift(emitter, target);
      code.op("i32.shl");
      code.i32(-1);
      code.op("i32.xor");
    }
    code.op("i32.and");
    code.get(value);
    if (isShifted) {
      pushShift(emitter, target);
      code.op("i32.shl");
    }
    code.op("i32.or");
  }
  if (target.kind === "memory") {
    code.access("i32.store", target.word * WORD_BYTES);
  } else {
    code.set(target.local);
  }
}

/** Copies words to a target in memory. */
function copyWords(emitter: Emitter, target: Source, from: Local, count: number): void {
  const { code } = emitter;
  if (target.kind === "local") {
    throw new InternalError("a wide value in a local");
  }
  if (count > 8) {
    pushAddress(emitter, target);
    code.get(from);
    code.i32(count * WORD_BYTES);
    code.op("memory.copy");
    return;
  }
  // What is copied may be the target itself, but never a part that lies across it.
  for (let word = 0; word < count; word++) {
    code.get(target.address);
    code.get(from);
    code.access("i32.load", word * WORD_BYTES);
    code.access("i32.store", (target.word + word) * WORD_BYTES);
  }
}
