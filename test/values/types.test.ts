import { Set as ImmutableSet, List, Map as MapOf } from "immutable";
import { describe, expect, test } from "vitest";
import type { Type } from "../../src/core/types.ts";
import { showValue } from "../../src/values/show.ts";
import {
  bitsOf,
  cardinality,
  firstValue,
  misfit,
  sameType,
  showType,
  structOf,
  valuesOf,
} from "../../src/values/types.ts";
import type { Value } from "../../src/values/value.ts";
import { BOOL, COLOUR, intType } from "./build.ts";

const CONTEXT = { threads: ["writer", "reader"] };
const MUTEX: Type = {
  kind: "struct",
  id: "Mutex",
  fields: [{ name: "owner", type: { kind: "option", of: { kind: "thread" } } }],
};
const set = (of: Type): Type => ({ kind: "set", of });
const seq = (of: Type, lengthMax: number): Type => ({ kind: "seq", of, lengthMax });
const map = (key: Type, value: Type): Type => ({ kind: "map", key, value });
const option = (of: Type): Type => ({ kind: "option", of });

describe("the first value", () => {
  const types = [
    BOOL,
    intType(3, 5),
    COLOUR,
    option(BOOL),
    set(BOOL),
    map(BOOL, intType(2, 3)),
    seq(BOOL, 2),
    MUTEX,
    map(BOOL, MUTEX),
  ];
  test.each(types)("of type %# is the first of all its values", (type) => {
    const [first] = [...valuesOf(type, CONTEXT)];
    expect(showValue(firstValue(type, CONTEXT), type, CONTEXT)).toBe(
      showValue(first ?? null, type, CONTEXT),
    );
  });
});

describe("sizes", () => {
  // By hand: subsets 2³; maps 3²; sequences 1 + 2 + 4; pairs 2 · 3.
  test.each([
    [set(COLOUR), 8],
    [map(BOOL, COLOUR), 9],
    [seq(BOOL, 2), 7],
    [seq({ kind: "enum", id: "One", members: ["ONLY"] }, 4), 5],
    [option(intType(0, 2)), 4],
    [MUTEX, 3],
    [map(intType(0, 2 ** 31 - 1), intType(7, 7)), 1],
    [map(intType(0, 2 ** 31 - 1), BOOL), Number.POSITIVE_INFINITY],
    [seq(set(intType(0, 4095)), 3), Number.POSITIVE_INFINITY],
    [seq(set(intType(0, 4095)), 0), 1],
  ])("type %# has as many values as counted by hand", (type, count) => {
    expect(cardinality(type, CONTEXT)).toBe(count);
  });

  // By the table of docs/language.md section 3: ⌈log₂ n⌉, one per value, values of K × bits of V, …
  test.each([
    [BOOL, 1],
    [intType(5, 5), 0],
    [intType(0, 8), 4],
    [intType(-(2 ** 31), 2 ** 31 - 1), 32],
    [option(intType(0, 3)), 3],
    [set(COLOUR), 3],
    [map(COLOUR, intType(0, 3)), 6],
    [seq(intType(0, 3), 3), 2 + 6],
    [MUTEX, 2],
    [map(intType(0, 2 ** 31 - 1), intType(7, 7)), 0],
  ])("type %# takes the bits of the table", (type, bits) => {
    expect(bitsOf(type, CONTEXT)).toBe(bits);
  });
});

describe("a value that does not fit", () => {
  test("names the number and the bounds", () => {
    expect(misfit(8, intType(0, 7), CONTEXT)).toBe("8 does not fit 0..7");
  });

  test("names the innermost part that is to blame", () => {
    const type: Type = {
      kind: "struct",
      id: "Bio",
      fields: [{ name: "sector", type: intType(0, 1) }],
    };
    expect(misfit(structOf(["sector"], [2]), type, CONTEXT)).toBe(
      "2 does not fit 0..1 (field sector)",
    );
  });

  test("may be a sequence that is too long", () => {
    expect(misfit(List<Value>([true, true]), seq(BOOL, 1), CONTEXT)).toBe(
      "a sequence of 2 elements does not fit seq<bool, 1>",
    );
  });

  test("may be a map without some of the keys", () => {
    const type = map(intType(0, 1), BOOL);
    expect(misfit(MapOf<Value, Value>([[0, true]]), type, CONTEXT)).toContain("1 of the 2 keys");
    expect(
      misfit(
        MapOf<Value, Value>([
          [0, true],
          [1, true],
        ]),
        type,
        CONTEXT,
      ),
    ).toBeNull();
  });

  test("in a set is named the same whatever the set's own order", () => {
    const large = Array.from({ length: 50 }, (_, index) => 59 - index);
    expect(misfit(ImmutableSet<Value>(large), set(intType(0, 20)), CONTEXT)).toBe(
      "21 does not fit 0..20",
    );
  });

  test("none fits every optional type", () => {
    expect(misfit(null, option(intType(0, 1)), CONTEXT)).toBeNull();
    expect(misfit(structOf(["owner"], [null]), MUTEX, CONTEXT)).toBeNull();
  });
});

describe("types", () => {
  test("are the same by parts, structs and enums by id", () => {
    expect(sameType(set(intType(0, 1)), set(intType(0, 1)))).toBe(true);
    expect(sameType(set(intType(0, 1)), set(intType(0, 2)))).toBe(false);
    expect(sameType(MUTEX, { ...MUTEX, id: "RwSem" })).toBe(false);
    expect(sameType(seq(BOOL, 1), seq(BOOL, 2))).toBe(false);
  });

  test("are shown as mdspec text", () => {
    expect(showType(map(intType(0, 2), option(MUTEX)))).toBe("map<0..2, Mutex?>");
  });
});

describe("showValue", () => {
  const mutex = structOf(["owner"], [null]);

  test("shows structs with their name where the type is known, without it elsewhere", () => {
    expect(showValue(mutex, MUTEX, CONTEXT)).toBe("Mutex { owner: none }");
    expect(showValue(mutex)).toBe("{ owner: none }");
  });

  test("tells maps from structs without a type", () => {
    expect(showValue(MapOf<Value, Value>([["a", 1]]))).toBe("[a -> 1]");
  });

  test("puts sets and maps in order", () => {
    expect(showValue(ImmutableSet<Value>(["BLUE", "RED"]), set(COLOUR), CONTEXT)).toBe(
      "{RED, BLUE}",
    );
    expect(
      showValue(
        MapOf<Value, Value>([
          [10, true],
          [9, false],
        ]),
      ),
    ).toBe("[9 -> false, 10 -> true]");
    expect(showValue(ImmutableSet<Value>(["worker[10]", "worker[2]"]))).toBe(
      "{worker[2], worker[10]}",
    );
  });

  test("shows sequences and none", () => {
    expect(showValue(List<Value>([1, null]))).toBe("[1, none]");
  });
});
