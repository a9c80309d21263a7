import fc from "fast-check";
import { Set as ImmutableSet, List, Map as MapOf } from "immutable";
import type { Type } from "../../src/core/types.ts";
import { cardinality, structOf, type TypeContext, valuesOf } from "../../src/values/types.ts";
import type { Value } from "../../src/values/value.ts";

/** Three instances, not in the order of their names. */
export const CONTEXT: TypeContext = { threads: ["writer", "reader[1]", "reader[0]"] };

/** An interval of integers: of some few values, or of any width up to all 32 bits. */
const INTEGER: fc.Arbitrary<Type> = fc
  .tuple(fc.integer(), fc.integer({ min: 0, max: 31 }), fc.boolean())
  .map(([from, log, isExact]): Type => {
    const low = log === 31 ? -(2 ** 31) : Math.min(from, 2 ** 31 - 2 ** log);
    return { kind: "int", low, high: low + 2 ** log - (isExact || log === 31 ? 1 : 0) };
  })
  .map((type) =>
    type.kind === "int" && type.high > 2 ** 31 - 1 ? { ...type, low: 0, high: 9 } : type,
  );

const ALL: Type = { kind: "int", low: -(2 ** 31), high: 2 ** 31 - 1 };

const FEW: fc.Arbitrary<Type> = fc.oneof(
  fc.constantFrom<Type>(
    { kind: "bool" },
    { kind: "thread" },
    { kind: "symmetric", id: "Disk", values: [0, 1, 2] },
    { kind: "enum", id: "Only", members: ["ONLY"] },
    { kind: "enum", id: "Colour", members: ["RED", "GREEN", "BLUE"] },
  ),
  fc
    .tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: 0, max: 40 }))
    .map(([low, more]): Type => ({ kind: "int", low, high: low + more })),
);

const SCALAR: fc.Arbitrary<Type> = fc.oneof(FEW, INTEGER, fc.constant(ALL));

/** Types whose values can be listed: keys of maps, elements of sets. */
const LISTED: fc.Arbitrary<Type> = fc.oneof(
  { weight: 4, arbitrary: FEW },
  FEW.map((of): Type => ({ kind: "option", of })),
  fc.constant<Type>({ kind: "set", of: { kind: "thread" } }),
);

/** Types of every kind, nested up to three levels deep. */
export const TYPE: fc.Arbitrary<Type> = fc.letrec<{ type: Type; notOption: Type }>((tie) => {
  const parts = { maxDepth: 3, depthIdentifier: "type" };
  const struct = fc.array(tie("type"), { minLength: 1, maxLength: 5 }).map((types): Type => {
    const fields = types.map((type, index) => ({ name: `f${index}`, type }));
    return { kind: "struct", id: "Record", fields };
  });
  const compound: readonly fc.Arbitrary<Type>[] = [
    LISTED.map((of): Type => ({ kind: "set", of })),
    fc.tuple(LISTED, tie("type")).map(([key, value]): Type => ({ kind: "map", key, value })),
    fc
      .tuple(tie("type"), fc.integer({ min: 0, max: 9 }))
      .map(([of, lengthMax]): Type => ({ kind: "seq", of, lengthMax })),
    struct,
  ];
  return {
    notOption: fc.oneof(parts, SCALAR, ...compound),
    type: fc.oneof(
      parts,
      SCALAR,
      tie("notOption").map((of): Type => ({ kind: "option", of })),
      ...compound,
    ),
  };
}).type;

/** Any value of a type. */
export function anyOf(type: Type): fc.Arbitrary<Value> {
  switch (type.kind) {
    case "bool":
      return fc.boolean();
    case "int":
      return fc.oneof(
        fc.integer({ min: type.low, max: type.high }),
        fc.constantFrom(type.low, type.high),
      );
    case "enum":
      return fc.constantFrom(...type.members);
    case "symmetric":
      return fc.constantFrom<Value>(...type.values);
    case "thread":
      return fc.constantFrom(...CONTEXT.threads);
    case "option":
      return fc.oneof(fc.constant(null), anyOf(type.of));
    case "set":
      return fc
        .shuffledSubarray([...valuesOf(type.of, CONTEXT)])
        .map((some): Value => ImmutableSet(some));
    case "map": {
      const keys = [...valuesOf(type.key, CONTEXT)];
      return fc
        .tuple(...keys.map(() => anyOf(type.value)))
        .map((values): Value => MapOf(keys.map((key, index) => [key, values[index] as Value])));
    }
    case "seq":
      return fc
        .array(anyOf(type.of), { maxLength: type.lengthMax })
        .map((values): Value => List(values));
    case "struct":
      return fc.tuple(...type.fields.map((field) => anyOf(field.type))).map(
        (values): Value =>
          structOf(
            type.fields.map(({ name }) => name),
            values,
          ),
      );
  }
}

/** Whether a type has more than one value. */
export function isVarying(type: Type): boolean {
  return cardinality(type, CONTEXT) > 1;
}
