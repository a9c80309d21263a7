import { Set as ImmutableSet, is, isOrderedMap, List, Map as MapOf, OrderedMap } from "immutable";
import { describe, expect, test } from "vitest";
import { carried, received } from "../../src/values/carry.ts";
import type { Value } from "../../src/values/value.ts";

const VALUES: readonly Value[] = [
  true,
  -7,
  "reader[2]",
  null,
  ImmutableSet<Value>([3, 1, 2]),
  ImmutableSet<Value>([ImmutableSet<Value>(["a"]), ImmutableSet<Value>()]),
  MapOf<Value, Value>([
    [1, List<Value>([null, 4])],
    [ImmutableSet<Value>([true]), "x"],
  ]),
  OrderedMap<Value, Value>([
    ["owner", null],
    ["waiters", ImmutableSet<Value>(["b", "a"])],
  ]),
];

/** What arrives in another thread. */
const sent = (tree: unknown): unknown => received(structuredClone(carried(tree)));

describe("what is carried from thread to thread", () => {
  test.each(VALUES.map((value) => [String(value), value] as const))("is %s again", (_, value) => {
    expect(is(sent(value), value)).toBe(true);
  });

  test("tells a struct from a map, and keeps the order of its fields", () => {
    const struct = sent(VALUES.at(-1));
    expect(isOrderedMap(struct)).toBe(true);
    expect([...(struct as OrderedMap<Value, Value>).keys()]).toEqual(["owner", "waiters"]);
    expect(isOrderedMap(sent(VALUES.at(-2)))).toBe(false);
  });

  test("has values wherever they stand in plain data", () => {
    const tree = { list: [{ of: new Map([["x", VALUES[4]]]) }], none: null, names: new Set(["a"]) };
    const got = sent(tree) as typeof tree;
    expect(is(got.list[0]?.of.get("x"), VALUES[4])).toBe(true);
    expect(got.none).toBeNull();
    expect([...got.names]).toEqual(["a"]);
  });

  test("is one object where it was one object", () => {
    const trace = { steps: [VALUES[4]] };
    const got = sent({ a: trace, b: [trace] }) as { a: object; b: readonly object[] };
    expect(got.b[0]).toBe(got.a);
  });

  test("leaves what it was given as it is", () => {
    const tree = { value: VALUES[4] };
    carried(tree);
    expect(tree.value).toBe(VALUES[4]);
  });
});
