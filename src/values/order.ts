import type { Set as ImmutableSet, List } from "immutable";
import type { Type } from "../core/types.ts";
import { InternalError, unreachable } from "../support/internal-error.ts";
import { type TypeContext, valuesOf } from "./types.ts";
import type { StructValue, Value } from "./value.ts";

/**
 * The canonical order of two values of one type (decision 0001, rule 12): negative, zero or
 * positive. `false` before `true`, numbers, members and threads as declared, `none` first, sets by
 * their sorted elements, maps by their values in key order, sequences and structs element by
 * element; a proper prefix first.
 */
export function compareValues(a: Value, b: Value, type: Type, context: TypeContext): number {
  if (a === b) {
    return 0;
  }
  switch (type.kind) {
    case "bool":
    case "int":
      return Number(a) - Number(b);
    case "enum":
      return type.members.indexOf(a as string) - type.members.indexOf(b as string);
    case "symmetric":
      return rank(a, type.values) - rank(b, type.values);
    case "thread":
      return context.threads.indexOf(a as string) - context.threads.indexOf(b as string);
    case "option":
      if (a === null || b === null) {
        return a === null ? -1 : 1;
      }
      return compareValues(a, b, type.of, context);
    case "set":
      return compareLists(
        sortedElements(a as ImmutableSet<Value>, type.of, context),
        sortedElements(b as ImmutableSet<Value>, type.of, context),
        type.of,
        context,
      );
    case "map":
      for (const key of valuesOf(type.key, context)) {
        const order = compareValues(entry(a, key), entry(b, key), type.value, context);
        if (order !== 0) {
          return order;
        }
      }
      return 0;
    case "seq":
      return compareLists(
        (a as List<Value>).toArray(),
        (b as List<Value>).toArray(),
        type.of,
        context,
      );
    case "struct":
      for (const field of type.fields) {
        const order = compareValues(
          entry(a, field.name),
          entry(b, field.name),
          field.type,
          context,
        );
        if (order !== 0) {
          return order;
        }
      }
      return 0;
    default:
      return unreachable(type);
  }
}

function rank(value: Value, values: readonly (number | string)[]): number {
  return values.indexOf(value as number | string);
}

function entry(of: Value, key: Value): Value {
  const found = (of as StructValue).get(key);
  if (found === undefined) {
    throw new InternalError(`no entry ${String(key)} in ${String(of)}`);
  }
  return found;
}

function compareLists(
  a: readonly Value[],
  b: readonly Value[],
  type: Type,
  context: TypeContext,
): number {
  const common = Math.min(a.length, b.length);
  for (let index = 0; index < common; index++) {
    const order = compareValues(a[index] as Value, b[index] as Value, type, context);
    if (order !== 0) {
      return order;
    }
  }
  return a.length - b.length;
}

/** Sets are compared and walked far more often than they are made: their order is worked out once. */
const SORTED = new WeakMap<ImmutableSet<Value>, readonly Value[]>();

/** The elements of a set in canonical order; `type` is the type of an element. */
export function sortedElements(
  set: ImmutableSet<Value>,
  type: Type,
  context: TypeContext,
): readonly Value[] {
  let sorted = SORTED.get(set);
  if (sorted === undefined) {
    sorted = set.toArray().sort((a, b) => compareValues(a, b, type, context));
    SORTED.set(set, sorted);
  }
  return sorted;
}
