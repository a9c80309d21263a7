import type { VariableIndex } from "../core/expressions.ts";
import { InternalError } from "../support/internal-error.ts";
import type { Field, Scope } from "./frames.ts";
import { bitsFor, isSmall, type Packing, WORD_BITS, wordsOf } from "./packing.ts";

/** Where everything is in a packed state. */
export interface Layout {
  /** Words of 32 bits. */
  readonly words: number;
  /** Bits in use by some state. */
  readonly bits: number;
  /** By `VariableIndex`; null for those that are fixed. */
  readonly variables: readonly (Field | null)[];
  /** By `InstanceIndex`: the number of the place of rest. */
  readonly locations: readonly Field[];
}

/** What has to be laid out. */
export interface Contents {
  readonly variables: ReadonlyMap<VariableIndex, Packing>;
  readonly variableCount: number;
  readonly threads: readonly ThreadContents[];
}

/** What a thread adds to a state: where it rests, and its locals. */
export interface ThreadContents {
  /** Places of rest, and "done" where the thread can be. */
  readonly placeCount: number;
  /** Of its own body and of the calls that can be under way at a place of rest. */
  readonly scopes: readonly Scope[];
}

/** By word, a mask of the bits in use. */
type Used = number[];

/**
 * Gives every field its bits. Small fields do not straddle words; those that are never in use
 * together may share bits.
 */
export function layOut({ variables, variableCount, threads }: Contents): Layout {
  const used: Used = [];
  const found = new Map<VariableIndex, Field>();
  // Wide and large ones first leave the smallest gaps.
  const sorted = [...variables].sort(([, a], [, b]) => b.bits - a.bits);
  for (const [index, packing] of sorted) {
    const field: Field = { packing, bit: -1 };
    place(field, used);
    found.set(index, field);
  }
  const locations = threads.map(({ placeCount }): Field => {
    const type = { kind: "int", low: 0, high: placeCount - 1 } as const;
    const packing: Packing = { kind: "scalar", type, low: 0, bits: bitsFor(placeCount) };
    const field: Field = { packing, bit: -1 };
    place(field, used);
    return field;
  });
  for (const { scopes } of threads) {
    const before = used.slice();
    for (const scope of scopes) {
      placeScope(scope, before, used);
    }
  }
  return {
    words: Math.max(1, used.length),
    bits: used.reduce((all, mask) => all + bitCount(mask), 0),
    variables: Array.from({ length: variableCount }, (_, index) => found.get(index) ?? null),
    locations,
  };
}

/** Children begin with what their scope uses; `all` collects what any of them uses. */
function placeScope(scope: Scope, around: Used, all: Used): void {
  const used = around.slice();
  for (const field of scope.fields) {
    place(field, used);
  }
  for (const [word, mask] of used.entries()) {
    all[word] = ((all[word] ?? 0) | mask) >>> 0;
  }
  for (const child of scope.children) {
    placeScope(child, used, all);
  }
}

function place(field: Field, used: Used): void {
  const { packing } = field;
  if (packing.bits === 0) {
    field.bit = 0;
  } else if (isSmall(packing)) {
    placeSmall(field, used);
  } else {
    placeWide(field, used);
  }
}

function placeSmall(field: Field, used: Used): void {
  const { bits } = field.packing;
  const mask = bits === WORD_BITS ? 0xffff_ffff : 2 ** bits - 1;
  for (let word = 0; ; word++) {
    const taken = used[word] ?? 0;
    for (let shift = 0; shift + bits <= WORD_BITS; shift++) {
      const wanted = (mask << shift) >>> 0;
      if ((taken & wanted) === 0) {
        used[word] = (taken | wanted) >>> 0;
        field.bit = word * WORD_BITS + shift;
        return;
      }
    }
  }
}

function placeWide(field: Field, used: Used): void {
  const count = wordsOf(field.packing);
  if (count * WORD_BITS !== field.packing.bits) {
    throw new InternalError("a wide field that is not whole words");
  }
  let first = 0;
  for (let word = 0; word < first + count; word++) {
    if ((used[word] ?? 0) !== 0) {
      first = word + 1;
    }
  }
  for (let word = first; word < first + count; word++) {
    used[word] = 0xffff_ffff;
  }
  field.bit = first * WORD_BITS;
}

function bitCount(mask: number): number {
  let bits = 0;
  for (let rest = mask; rest !== 0; rest >>>= 1) {
    bits += rest & 1;
  }
  return bits;
}
