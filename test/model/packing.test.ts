import fc from "fast-check";
import { is } from "immutable";
import { describe, expect, test } from "vitest";
import type { Type } from "../../src/core/types.ts";
import {
  bitsFor,
  comparePacked,
  isSmall,
  type Packing,
  pack,
  packingOf,
  unpack,
  wordsOf,
} from "../../src/model/packing.ts";
import { compareValues } from "../../src/values/order.ts";
import { showValue } from "../../src/values/show.ts";
import { cardinality, firstValue, valuesOf } from "../../src/values/types.ts";
import type { Value } from "../../src/values/value.ts";
import { anyOf, CONTEXT, TYPE } from "./arbitrary-values.ts";

/** Where a value can stand: a small one anywhere inside a word, a wide one at a word. */
interface Stand {
  readonly type: Type;
  readonly bit: number;
}

const STAND: fc.Arbitrary<Stand> = fc
  .tuple(TYPE, fc.nat({ max: 31 }), fc.nat({ max: 2 }))
  .map(([type, shift, word]) => {
    const { bits } = packingOf(type, CONTEXT);
    return { type, bit: word * 32 + (bits <= 32 ? Math.min(shift, 32 - bits) : 0) };
  });

/** A place to stand and so many values of its type. */
function standing(count: number): fc.Arbitrary<Stand & { readonly values: readonly Value[] }> {
  return STAND.chain((stand) =>
    fc
      .array(anyOf(stand.type), { minLength: count, maxLength: count })
      .map((values) => ({ ...stand, values })),
  );
}

/** Words in which all bits are set but those of a packing, and a word behind it. */
function room({ bits }: Packing, bit: number): Uint32Array {
  const words = new Uint32Array(Math.ceil((bit + bits) / 32) + 1).fill(0xffff_ffff);
  for (let at = bit; at < bit + bits; at++) {
    const word = words[at >>> 5] ?? 0;
    words[at >>> 5] = word & ~(1 << (at & 31));
  }
  return words;
}

/** A value between bits that are set. */
function packed({ type, bit }: Stand, value: Value): Uint32Array {
  const packing = packingOf(type, CONTEXT);
  const words = room(packing, bit);
  pack(packing, value, { words, bit }, CONTEXT);
  return words;
}

/** The parts of a packing that hold numbers of their own, with where they begin. */
function leaves(packing: Packing, bit: number): readonly { bit: number; bits: number }[] {
  const each = (count: number, from: number, stride: number, part: Packing) =>
    Array.from({ length: count }, (_, index) => leaves(part, bit + from + index * stride)).flat();
  switch (packing.kind) {
    case "scalar":
      return [{ bit, bits: packing.bits }];
    case "set":
      return Array.from({ length: packing.count }, (_, rank) => ({ bit: bit + rank, bits: 1 }));
    case "option":
      return packing.isFlat
        ? [{ bit, bits: packing.bits }]
        : [{ bit, bits: 1 }, ...leaves(packing.of, bit + packing.offset)];
    case "map":
      return each(packing.count, 0, packing.stride, packing.value);
    case "seq":
      return [
        { bit, bits: packing.lengthBits },
        ...each(packing.lengthMax, packing.offset, packing.stride, packing.of),
      ];
    case "struct":
      return packing.fields.flatMap((field) => leaves(field.packing, bit + field.offset));
  }
}

/** A packing and all packings in it, with where they begin. */
function nested(packing: Packing, bit: number): readonly { bit: number; packing: Packing }[] {
  const inside = (): readonly { bit: number; packing: Packing }[] => {
    const each = (count: number, from: number, stride: number, part: Packing) =>
      Array.from({ length: count }, (_, index) => nested(part, bit + from + index * stride)).flat();
    switch (packing.kind) {
      case "scalar":
      case "set":
        return [];
      case "option":
        return packing.isFlat ? [] : nested(packing.of, bit + packing.offset);
      case "map":
        return each(packing.count, 0, packing.stride, packing.value);
      case "seq":
        return each(packing.lengthMax, packing.offset, packing.stride, packing.of);
      case "struct":
        return packing.fields.flatMap((field) => nested(field.packing, bit + field.offset));
    }
  };
  return [{ bit, packing }, ...inside()];
}

describe("a packed value", () => {
  test("is unpacked as it was", () => {
    fc.assert(
      fc.property(standing(1), ({ type, bit, values: [value = null] }) => {
        const words = packed({ type, bit }, value);
        const found = unpack(packingOf(type, CONTEXT), { words, bit }, CONTEXT);
        expect(is(found, value), showValue(found, type, CONTEXT)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("leaves the bits around it alone", () => {
    fc.assert(
      fc.property(standing(1), ({ type, bit, values: [value = null] }) => {
        const words = packed({ type, bit }, value);
        const around = room(packingOf(type, CONTEXT), bit);
        expect(around.every((mask, index) => ((words[index] ?? 0) & mask) >>> 0 === mask)).toBe(
          true,
        );
      }),
    );
  });

  test("has the bits of an equal one, however that was made", () => {
    fc.assert(
      fc.property(standing(1), ({ type, bit, values: [value = null] }) => {
        const words = packed({ type, bit }, value);
        const again = unpack(packingOf(type, CONTEXT), { words, bit }, CONTEXT);
        expect(packed({ type, bit }, again)).toEqual(words);
      }),
    );
  });

  test("is zero when it is the first of its type", () => {
    fc.assert(
      fc.property(STAND, ({ type, bit }) => {
        const words = packed({ type, bit }, firstValue(type, CONTEXT));
        expect(words).toEqual(room(packingOf(type, CONTEXT), bit));
      }),
    );
  });

  test("is ordered as the value is", () => {
    fc.assert(
      fc.property(standing(2), fc.nat(), ({ type, bit, values: [a = null, b = null] }, flip) => {
        const packing = packingOf(type, CONTEXT);
        // Half of the pairs are equal: no two random values of a large type are.
        const [first, second] = flip % 2 === 0 ? [a, b] : [a, a];
        const order = comparePacked(
          packing,
          { words: packed({ type, bit }, first), bit },
          { words: packed({ type, bit }, second), bit },
          CONTEXT,
        );
        expect(Math.sign(order)).toBe(Math.sign(compareValues(first, second, type, CONTEXT)));
      }),
      { numRuns: 500 },
    );
  });

  const SMALL = TYPE.filter((type) => cardinality(type, CONTEXT) <= 40);
  test("is ordered as the value is, for all pairs of a small type", () => {
    fc.assert(
      fc.property(SMALL, (type) => {
        const packing = packingOf(type, CONTEXT);
        const all = [...valuesOf(type, CONTEXT)].map((value) => packed({ type, bit: 0 }, value));
        for (const [rankA, a] of all.entries()) {
          for (const [rankB, b] of all.entries()) {
            const order = comparePacked(
              packing,
              { words: a, bit: 0 },
              { words: b, bit: 0 },
              CONTEXT,
            );
            expect(Math.sign(order)).toBe(Math.sign(rankA - rankB));
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("a packing", () => {
  test("does not straddle words if it is small, and is whole words if not; so is all in it", () => {
    fc.assert(
      fc.property(STAND, ({ type, bit: start }) => {
        for (const { bit, packing } of nested(packingOf(type, CONTEXT), start)) {
          if (packing.bits > 0 && isSmall(packing)) {
            expect(bit >>> 5).toBe((bit + packing.bits - 1) >>> 5);
          } else if (packing.bits > 0) {
            expect([bit % 32, packing.bits % 32]).toEqual([0, 0]);
            expect(wordsOf(packing)).toBe(packing.bits / 32);
          }
        }
      }),
    );
  });

  test("gives each part bits of its own", () => {
    fc.assert(
      fc.property(TYPE, (type) => {
        const packing = packingOf(type, CONTEXT);
        const taken = leaves(packing, 0).flatMap(({ bit, bits }) =>
          Array.from({ length: bits }, (_, index) => bit + index),
        );
        expect(new Set(taken).size).toBe(taken.length);
        expect(taken.reduce((most, bit) => Math.max(most, bit), -1)).toBeLessThan(packing.bits);
      }),
    );
  });

  // By hand: ⌈log₂ n⌉ bits for n values; none makes one more; a bit for each element of a set.
  test.each<[Type, number]>([
    [{ kind: "bool" }, 1],
    [{ kind: "int", low: 7, high: 7 }, 0],
    [{ kind: "int", low: -(2 ** 31), high: 2 ** 31 - 1 }, 32],
    [{ kind: "int", low: 3, high: 10 }, 3],
    [{ kind: "option", of: { kind: "int", low: 3, high: 10 } }, 4],
    [{ kind: "option", of: { kind: "thread" } }, 2],
    [{ kind: "set", of: { kind: "int", low: 1, high: 20 } }, 20],
    [{ kind: "seq", of: { kind: "bool" }, lengthMax: 3 }, 2 + 3],
    [{ kind: "map", key: { kind: "bool" }, value: { kind: "int", low: 0, high: 4 } }, 2 * 3],
    // 33 bits do not fit into a word, so each element gets 4 bits, and eight of them fill one.
    [{ kind: "map", key: { kind: "int", low: 0, high: 10 }, value: { kind: "thread" } }, 22],
    [
      {
        kind: "map",
        key: { kind: "int", low: 0, high: 10 },
        value: { kind: "int", low: 0, high: 7 },
      },
      64,
    ],
  ])("of type %# takes as many bits as it must", (type, bits) => {
    expect(packingOf(type, CONTEXT).bits).toBe(bits);
  });

  test("of a scalar takes the fewest bits that tell its values apart", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 }), (count) => {
        const bits = bitsFor(count);
        expect(2 ** bits).toBeGreaterThanOrEqual(count);
        expect(bits === 0 ? 1 : 2 ** (bits - 1)).toBeLessThan(bits === 0 ? 2 : count);
      }),
    );
  });
});
