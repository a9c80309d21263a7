import { Set as ImmutableSet, List, Map as MapOf } from "immutable";
import type { Type } from "../core/types.ts";
import { InternalError, present, unreachable } from "../support/internal-error.ts";
import { sortedElements } from "../values/order.ts";
import { cardinality, isScalar, showType, structOf, type TypeContext } from "../values/types.ts";
import { rankOf, universe } from "../values/universe.ts";
import type { ListValue, MapValue, SetValue, Value } from "../values/value.ts";

/**
 * How the values of a type are laid out in words of 32 bits. A packing of at most 32 bits is *small*
 * and never straddles two words; any other is *wide*, a whole number of words. The first value of
 * every type is all zeros, and equal values have equal bits.
 */
export type Packing =
  | ScalarPacking
  | OptionPacking
  | SetPacking
  | MapPacking
  | SeqPacking
  | StructPacking;

/** What all packings have. */
export interface PackingBase {
  /** Width; for a wide packing 32 times its words. */
  readonly bits: number;
  readonly type: Type;
}

/** bool, integer, enum, symmetric, `Thread`: the rank of the value among those of its type. */
export interface ScalarPacking extends PackingBase {
  readonly kind: "scalar";
  /** What has to be added to get an integer's value; 0 for other types. */
  readonly low: number;
}

/** Of a scalar: 0 for none, else 1 more than the scalar's. Of other types: a bit, then the value. */
export interface OptionPacking extends PackingBase {
  readonly kind: "option";
  readonly of: Packing;
  readonly isFlat: boolean;
  /** Where the value begins; 0 when flat. */
  readonly offset: number;
}

/** One bit for each value of the element type, by rank. */
export interface SetPacking extends PackingBase {
  readonly kind: "set";
  /** Number of values of the element type. */
  readonly count: number;
}

/** Elements side by side, in canonical order of keys. */
export interface MapPacking extends PackingBase {
  readonly kind: "map";
  readonly count: number;
  readonly value: Packing;
  /** Bits from one element to the next. */
  readonly stride: number;
}

/** The length, then the slots; unused ones are zero. */
export interface SeqPacking extends PackingBase {
  readonly kind: "seq";
  readonly of: Packing;
  readonly lengthBits: number;
  readonly lengthMax: number;
  /** Where slot 0 begins. */
  readonly offset: number;
  readonly stride: number;
}

/** The fields, in any order. */
export interface StructPacking extends PackingBase {
  readonly kind: "struct";
  readonly fields: readonly {
    readonly name: string;
    readonly offset: number;
    readonly packing: Packing;
  }[];
}

/** Bits of a word. */
export const WORD_BITS = 32;

/** Values of the type of the elements of a set that is computed. */
const SET_VALUES_MAX = 2 ** 20;

/** Bits that tell `count` values apart. */
export function bitsFor(count: number): number {
  let bits = 0;
  while (2 ** bits < count) {
    bits++;
  }
  return bits;
}

/** Whether values of a packing are handled as one word. */
export function isSmall(packing: Packing): boolean {
  return packing.bits <= WORD_BITS;
}

/** Words that a value takes on its own. */
export function wordsOf({ bits }: Packing): number {
  return Math.ceil(bits / WORD_BITS);
}

const KNOWN = new WeakMap<readonly string[], WeakMap<Type, Packing>>();

/** The packing of a type; the same object whenever the same type object is asked for. */
export function packingOf(type: Type, context: TypeContext): Packing {
  let known = KNOWN.get(context.threads);
  if (known === undefined) {
    known = new WeakMap();
    KNOWN.set(context.threads, known);
  }
  let packing = known.get(type);
  if (packing === undefined) {
    packing = makePacking(type, context);
    known.set(type, packing);
  }
  return packing;
}

function makePacking(type: Type, context: TypeContext): Packing {
  switch (type.kind) {
    case "bool":
    case "int":
    case "enum":
    case "symmetric":
    case "thread":
      return {
        kind: "scalar",
        type,
        bits: bitsFor(cardinality(type, context)),
        low: type.kind === "int" ? type.low : 0,
      };
    case "option":
      return packOption(type, packingOf(type.of, context), context);
    case "set": {
      const count = cardinality(type.of, context);
      if (count > SET_VALUES_MAX) {
        // The front end refuses specs that compute such sets.
        throw new InternalError(`a set over the ${count} values of ${showType(type.of)}`);
      }
      return { kind: "set", type, count, bits: wholeWords(count) };
    }
    case "map": {
      const value = packingOf(type.value, context);
      const count = cardinality(type.key, context);
      const stride = strideOf(value, count * value.bits <= WORD_BITS);
      return { kind: "map", type, count, value, stride, bits: wholeWords(count * stride) };
    }
    case "seq": {
      const of = packingOf(type.of, context);
      const lengthBits = bitsFor(type.lengthMax + 1);
      const fits = lengthBits + type.lengthMax * of.bits <= WORD_BITS;
      const stride = strideOf(of, fits);
      const offset = fits ? lengthBits : Math.ceil(lengthBits / (stride || 1)) * (stride || 1);
      const bits = wholeWords(offset + type.lengthMax * stride);
      return { kind: "seq", type, of, lengthBits, lengthMax: type.lengthMax, offset, stride, bits };
    }
    case "struct":
      return packStruct(type, context);
    default:
      return unreachable(type);
  }
}

function wholeWords(bits: number): number {
  return bits <= WORD_BITS ? bits : Math.ceil(bits / WORD_BITS) * WORD_BITS;
}

/** Where all is in one word elements stand close; else a power of two keeps them from straddling. */
function strideOf(element: Packing, fits: boolean): number {
  return fits || element.bits > WORD_BITS || element.bits === 0
    ? element.bits
    : 2 ** bitsFor(element.bits);
}

function packOption(
  type: Type & { readonly kind: "option" },
  of: Packing,
  context: TypeContext,
): Packing {
  if (isScalar(type.of)) {
    const bits = bitsFor(cardinality(type, context));
    if (bits <= WORD_BITS) {
      return { kind: "option", type, of, isFlat: true, offset: 0, bits };
    }
  }
  const offset = 1 + of.bits <= WORD_BITS ? 1 : WORD_BITS;
  return { kind: "option", type, of, isFlat: false, offset, bits: wholeWords(offset + of.bits) };
}

function packStruct(type: Type & { readonly kind: "struct" }, context: TypeContext): Packing {
  const parts = type.fields.map((field) => packingOf(field.type, context));
  const sum = parts.reduce((all, part) => all + part.bits, 0);
  // Bits in use of each word; the first word with room takes a field.
  const used: number[] = sum <= WORD_BITS ? [0] : [];
  const fields = parts.map((packing, index) => {
    const { name } = present(type.fields[index], "a field");
    if (packing.bits > WORD_BITS) {
      const offset = used.length * WORD_BITS;
      used.push(...new Array<number>(wordsOf(packing)).fill(WORD_BITS));
      return { name, offset, packing };
    }
    let word = used.findIndex((bits) => bits + packing.bits <= WORD_BITS);
    if (word < 0) {
      word = used.push(0) - 1;
    }
    const offset = word * WORD_BITS + (used[word] as number);
    used[word] = (used[word] as number) + packing.bits;
    return { name, offset, packing };
  });
  return { kind: "struct", type, fields, bits: sum <= WORD_BITS ? sum : used.length * WORD_BITS };
}

/** Writes a value at a bit position of words that are zero there. */
export function pack(
  packing: Packing,
  value: Value,
  into: { readonly words: Uint32Array; readonly bit: number },
  context: TypeContext,
): void {
  const { words, bit } = into;
  const at = (offset: number) => ({ words, bit: bit + offset });
  switch (packing.kind) {
    case "scalar":
      writeBits(words, bit, packing.bits, scalarRank(packing, value, context));
      return;
    case "option":
      if (value !== null) {
        if (packing.isFlat) {
          const rank = scalarRank(packing.of as ScalarPacking, value, context);
          writeBits(words, bit, packing.bits, rank + 1);
        } else {
          writeBits(words, bit, 1, 1);
          pack(packing.of, value, at(packing.offset), context);
        }
      }
      return;
    case "set":
      for (const element of value as SetValue) {
        writeBits(words, bit + rankOf(element, elementTypeOf(packing), context), 1, 1);
      }
      return;
    case "map":
      for (const [index, key] of universe(keyTypeOf(packing), context).entries()) {
        const element = (value as MapValue).get(key) as Value;
        pack(packing.value, element, at(index * packing.stride), context);
      }
      return;
    case "seq": {
      const list = value as ListValue;
      writeBits(words, bit, packing.lengthBits, list.size);
      for (const [index, element] of list.entries()) {
        pack(packing.of, element, at(packing.offset + index * packing.stride), context);
      }
      return;
    }
    case "struct":
      for (const { name, offset, packing: part } of packing.fields) {
        pack(part, (value as MapValue).get(name) as Value, at(offset), context);
      }
      return;
    default:
      unreachable(packing);
  }
}

/** The value at a bit position. */
export function unpack(
  packing: Packing,
  from: { readonly words: Uint32Array; readonly bit: number },
  context: TypeContext,
): Value {
  const { words, bit } = from;
  const at = (offset: number) => ({ words, bit: bit + offset });
  switch (packing.kind) {
    case "scalar":
      return scalarOf(packing, readBits(words, bit, packing.bits), context);
    case "option": {
      if (packing.isFlat) {
        const found = readBits(words, bit, packing.bits);
        return found === 0 ? null : scalarOf(packing.of as ScalarPacking, found - 1, context);
      }
      return readBits(words, bit, 1) === 0 ? null : unpack(packing.of, at(packing.offset), context);
    }
    case "set": {
      const elements = universe(elementTypeOf(packing), context);
      return ImmutableSet(elements.filter((_, rank) => readBits(words, bit + rank, 1) === 1));
    }
    case "map":
      return MapOf<Value, Value>(
        universe(keyTypeOf(packing), context).map((key, index): [Value, Value] => [
          key,
          unpack(packing.value, at(index * packing.stride), context),
        ]),
      );
    case "seq": {
      const length = readBits(words, bit, packing.lengthBits);
      return List(
        Array.from({ length }, (_, index) =>
          unpack(packing.of, at(packing.offset + index * packing.stride), context),
        ),
      );
    }
    case "struct": {
      // The packing lists the fields as the type does, whatever their offsets.
      return structOf(
        packing.fields.map(({ name }) => name),
        packing.fields.map(({ offset, packing: part }) => unpack(part, at(offset), context)),
      );
    }
    default:
      return unreachable(packing);
  }
}

function scalarRank({ type, low }: ScalarPacking, value: Value, context: TypeContext): number {
  return type.kind === "int" ? (value as number) - low : rankOf(value, type, context);
}

function scalarOf({ type, low }: ScalarPacking, rank: number, context: TypeContext): Value {
  return type.kind === "int" ? rank + low : (universe(type, context)[rank] as Value);
}

/** The type of the elements of a set. */
export function elementTypeOf({ type }: SetPacking): Type {
  if (type.kind !== "set") {
    throw new InternalError("the packing of a set belongs to another type");
  }
  return type.of;
}

/** The type of the keys of a map. */
export function keyTypeOf({ type }: MapPacking): Type {
  if (type.kind !== "map") {
    throw new InternalError("the packing of a map belongs to another type");
  }
  return type.key;
}

/** `bits` bits, at most 32 and inside one word, as an unsigned number. */
export function readBits(words: Uint32Array, bit: number, bits: number): number {
  if (bits === 0) {
    return 0;
  }
  const shifted = (words[bit >>> 5] as number) >>> (bit & 31);
  return bits === WORD_BITS ? shifted >>> 0 : (shifted & (2 ** bits - 1)) >>> 0;
}

/** Puts a number into bits that are zero. */
export function writeBits(words: Uint32Array, bit: number, bits: number, value: number): void {
  if (bits > 0) {
    words[bit >>> 5] = ((words[bit >>> 5] as number) | (value << (bit & 31))) >>> 0;
  }
}

/**
 * The canonical order of two packed values (decision 0001, rule 12): negative, zero or positive.
 * Agrees with `compareValues` without making the values.
 */
export function comparePacked(
  packing: Packing,
  a: { readonly words: Uint32Array; readonly bit: number },
  b: { readonly words: Uint32Array; readonly bit: number },
  context: TypeContext,
): number {
  const at = (
    { words, bit }: { readonly words: Uint32Array; readonly bit: number },
    offset: number,
  ) => ({ words, bit: bit + offset });
  switch (packing.kind) {
    case "scalar":
      return readBits(a.words, a.bit, packing.bits) - readBits(b.words, b.bit, packing.bits);
    case "option": {
      const flag = packing.isFlat ? packing.bits : 1;
      const order = readBits(a.words, a.bit, flag) - readBits(b.words, b.bit, flag);
      return order !== 0 || packing.isFlat
        ? order
        : comparePacked(packing.of, at(a, packing.offset), at(b, packing.offset), context);
    }
    case "set": {
      const elements = elementTypeOf(packing);
      return compareSets(
        sortedElements(unpack(packing, a, context) as SetValue, elements, context),
        sortedElements(unpack(packing, b, context) as SetValue, elements, context),
        (value) => rankOf(value, elements, context),
      );
    }
    case "map":
      for (let index = 0; index < packing.count; index++) {
        const offset = index * packing.stride;
        const order = comparePacked(packing.value, at(a, offset), at(b, offset), context);
        if (order !== 0) {
          return order;
        }
      }
      return 0;
    case "seq": {
      const lengthA = readBits(a.words, a.bit, packing.lengthBits);
      const lengthB = readBits(b.words, b.bit, packing.lengthBits);
      for (let index = 0; index < Math.min(lengthA, lengthB); index++) {
        const offset = packing.offset + index * packing.stride;
        const order = comparePacked(packing.of, at(a, offset), at(b, offset), context);
        if (order !== 0) {
          return order;
        }
      }
      return lengthA - lengthB;
    }
    case "struct":
      for (const { offset, packing: part } of packing.fields) {
        const order = comparePacked(part, at(a, offset), at(b, offset), context);
        if (order !== 0) {
          return order;
        }
      }
      return 0;
    default:
      return unreachable(packing);
  }
}

function compareSets(
  a: readonly Value[],
  b: readonly Value[],
  rank: (value: Value) => number,
): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const order = rank(a[index] as Value) - rank(b[index] as Value);
    if (order !== 0) {
      return order;
    }
  }
  return a.length - b.length;
}
