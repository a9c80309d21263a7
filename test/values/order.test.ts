import { Set as ImmutableSet, is, List, Map as MapOf } from "immutable";
import { describe, expect, test } from "vitest";
import type { Type } from "../../src/core/types.ts";
import { compareValues, sortedElements } from "../../src/values/order.ts";
import { cardinality, fits, structOf, valuesOf } from "../../src/values/types.ts";
import type { Value } from "../../src/values/value.ts";
import { BOOL, COLOUR, intType } from "./build.ts";

const CONTEXT = { threads: ["writer", "reader[1]", "reader[0]"] };
const THREAD: Type = { kind: "thread" };
const PAIR: Type = {
  kind: "struct",
  id: "Pair",
  fields: [
    { name: "first", type: BOOL },
    { name: "second", type: COLOUR },
  ],
};

/** One of each kind, and some of them inside others. */
const TYPES: readonly Type[] = [
  BOOL,
  intType(-2, 1),
  COLOUR,
  THREAD,
  { kind: "symmetric", id: "Disk", values: [0, 1, 2] },
  { kind: "option", of: COLOUR },
  { kind: "set", of: COLOUR },
  { kind: "map", key: COLOUR, value: BOOL },
  { kind: "seq", of: BOOL, lengthMax: 2 },
  PAIR,
  { kind: "set", of: { kind: "option", of: BOOL } },
  { kind: "map", key: BOOL, value: { kind: "set", of: BOOL } },
  { kind: "seq", of: PAIR, lengthMax: 1 },
];

describe("canonical order", () => {
  test.each(TYPES)("the values of type %# come each once, in order, and all fit", (type) => {
    const values = [...valuesOf(type, CONTEXT)];
    expect(values).toHaveLength(cardinality(type, CONTEXT));
    for (const [index, value] of values.entries()) {
      expect(fits(value, type, CONTEXT)).toBe(true);
      for (const [other, later] of values.entries()) {
        expect(Math.sign(compareValues(value, later, type, CONTEXT))).toBe(
          Math.sign(index - other),
        );
        expect(is(value, later)).toBe(index === other);
      }
    }
  });

  test("sets are ordered by their sorted elements, a prefix before what it begins", () => {
    const sets = [...valuesOf({ kind: "set", of: intType(0, 2) }, CONTEXT)];
    expect(
      sets.map((set) => sortedElements(set as ImmutableSet<Value>, intType(0, 2), CONTEXT)),
    ).toEqual([[], [0], [0, 1], [0, 1, 2], [0, 2], [1], [1, 2], [2]]);
  });

  test("maps are ordered by the value of the first key, then of the next", () => {
    const type: Type = { kind: "map", key: intType(0, 1), value: BOOL };
    const map = (a: boolean, b: boolean): Value =>
      MapOf<Value, Value>([
        [1, b],
        [0, a],
      ]);
    expect(compareValues(map(false, true), map(true, false), type, CONTEXT)).toBeLessThan(0);
  });

  test("sequences are ordered element by element, not by length", () => {
    const type: Type = { kind: "seq", of: intType(0, 9), lengthMax: 3 };
    expect(compareValues(List<Value>([1, 9, 9]), List<Value>([2]), type, CONTEXT)).toBeLessThan(0);
    expect(compareValues(List<Value>([2]), List<Value>([2, 0]), type, CONTEXT)).toBeLessThan(0);
  });

  test("threads are ordered as declared, not by name", () => {
    expect(compareValues("reader[1]", "reader[0]", THREAD, CONTEXT)).toBeLessThan(0);
    expect(compareValues("writer", "reader[1]", THREAD, CONTEXT)).toBeLessThan(0);
  });

  test("a sorted set does not show how it was made", () => {
    // Far more elements than a hash set keeps in the order in which they came.
    const numbers = Array.from({ length: 100 }, (_, index) => (index * 37) % 100);
    const sorted = sortedElements(ImmutableSet<Value>(numbers), intType(0, 99), CONTEXT);
    expect(sorted).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });

  test("structs are ordered by their fields as declared", () => {
    const pair = (first: Value, second: Value): Value =>
      structOf(["first", "second"], [first, second]);
    expect(compareValues(pair(false, "BLUE"), pair(true, "RED"), PAIR, CONTEXT)).toBeLessThan(0);
    expect(compareValues(pair(true, "RED"), pair(true, "GREEN"), PAIR, CONTEXT)).toBeLessThan(0);
  });
});
