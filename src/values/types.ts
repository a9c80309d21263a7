import { Set as ImmutableSet, List, Map as MapOf, OrderedMap } from "immutable";
import type { Type } from "../core/types.ts";
import { InternalError, present, unreachable } from "../support/internal-error.ts";
import type { ListValue, MapValue, SetValue, Value } from "./value.ts";

/** What the values of a type depend on besides the type: the instances that `Thread` ranges over. */
export interface TypeContext {
  /** Names of the thread instances, in canonical order. */
  readonly threads: readonly string[];
}

/**
 * The first value of a type in the sense of docs/language.md section 3. The caller guards the size
 * of map keys.
 */
export function firstValue(type: Type, context: TypeContext): Value {
  switch (type.kind) {
    case "bool":
      return false;
    case "int":
      return type.low;
    case "enum":
      return present(type.members[0], "member of an enum");
    case "symmetric":
      return present<number | string>(type.values[0], "value of a symmetric type");
    case "thread":
      return present(context.threads[0], "thread of the module");
    case "option":
      return null;
    case "set":
      return ImmutableSet<Value>();
    case "map": {
      const value = firstValue(type.value, context);
      return MapOf<Value, Value>([...valuesOf(type.key, context)].map((key) => [key, value]));
    }
    case "seq":
      return List<Value>();
    case "struct":
      return structOf(
        type.fields.map((field) => field.name),
        type.fields.map((field) => firstValue(field.type, context)),
      );
    default:
      return unreachable(type);
  }
}

/** A struct of these fields; both lists in the order of the struct type. */
export function structOf(names: readonly string[], values: readonly Value[]): Value {
  return OrderedMap<Value, Value>(names.map((name, index) => [name, values[index] as Value]));
}

/**
 * All values of a type in canonical order, made one after the other; the caller guards how many
 * there are (`cardinality`).
 */
export function* valuesOf(type: Type, context: TypeContext): Generator<Value, void, undefined> {
  switch (type.kind) {
    case "bool":
      yield false;
      yield true;
      return;
    case "int":
      for (let value = type.low; value <= type.high; value++) {
        yield value;
      }
      return;
    case "enum":
      yield* type.members;
      return;
    case "symmetric":
      yield* type.values;
      return;
    case "thread":
      yield* context.threads;
      return;
    case "option":
      yield null;
      yield* valuesOf(type.of, context);
      return;
    case "set":
      yield* subsets([...valuesOf(type.of, context)], 0, ImmutableSet<Value>());
      return;
    case "map": {
      const keys = [...valuesOf(type.key, context)];
      const types = keys.map(() => type.value);
      for (const values of tuples(types, [], context)) {
        yield MapOf<Value, Value>(keys.map((key, index) => [key, values[index] as Value]));
      }
      return;
    }
    case "seq":
      yield* sequences(type.of, type.lengthMax, List<Value>(), context);
      return;
    case "struct": {
      const names = type.fields.map((field) => field.name);
      const types = type.fields.map((field) => field.type);
      for (const values of tuples(types, [], context)) {
        yield structOf(names, values);
      }
      return;
    }
    default:
      unreachable(type);
  }
}

/** `chosen`, then every set that adds elements from `from` on: the order of sorted elements. */
function* subsets(
  elements: readonly Value[],
  from: number,
  chosen: SetValue,
): Generator<Value, void, undefined> {
  yield chosen;
  for (let index = from; index < elements.length; index++) {
    yield* subsets(elements, index + 1, chosen.add(elements[index] as Value));
  }
}

function* tuples(
  types: readonly Type[],
  chosen: readonly Value[],
  context: TypeContext,
): Generator<readonly Value[], void, undefined> {
  const type = types[chosen.length];
  if (type === undefined) {
    yield chosen;
    return;
  }
  for (const value of valuesOf(type, context)) {
    yield* tuples(types, [...chosen, value], context);
  }
}

function* sequences(
  type: Type,
  lengthMax: number,
  chosen: ListValue,
  context: TypeContext,
): Generator<Value, void, undefined> {
  yield chosen;
  if (chosen.size < lengthMax) {
    for (const value of valuesOf(type, context)) {
      yield* sequences(type, lengthMax, chosen.push(value), context);
    }
  }
}

/** Whether a value of this type's shape (typing has seen to that) is one of its values. */
export function fits(value: Value, type: Type, context: TypeContext): boolean {
  return misfit(value, type, context) === null;
}

/**
 * Why a value does not fit a declared type, naming the innermost part that is to blame ("8 does not
 * fit 0..7"), or null when it fits. Only bounds are in question: shapes agree by typing.
 */
export function misfit(value: Value, type: Type, context: TypeContext): string | null {
  switch (type.kind) {
    case "bool":
    case "enum":
    case "symmetric":
    case "thread":
      return null;
    case "int": {
      if (typeof value !== "number") {
        throw new InternalError(`${String(value)} where an integer belongs`);
      }
      return type.low <= value && value <= type.high
        ? null
        : `${value} does not fit ${showType(type)}`;
    }
    case "option":
      return value === null ? null : misfit(value, type.of, context);
    case "set":
      return firstMisfit((value as SetValue).values(), type.of, context);
    case "map":
      return mapMisfit(value as MapValue, type, context);
    case "seq": {
      const length = (value as ListValue).size;
      return length > type.lengthMax
        ? `a sequence of ${length} elements does not fit ${showType(type)}`
        : firstMisfit((value as ListValue).values(), type.of, context);
    }
    case "struct":
      for (const field of type.fields) {
        // A field that is none holds null, so that only undefined means missing.
        const part = (value as MapValue).get(field.name);
        if (part === undefined) {
          throw new InternalError(`missing: ${field.name}`);
        }
        const found = misfit(part, field.type, context);
        if (found !== null) {
          return `${found} (field ${field.name})`;
        }
      }
      return null;
    default:
      return unreachable(type);
  }
}

/** The keys of two map types may differ in their bounds: `[k in 0..1 -> e]` is no `map<0..2, V>`. */
function mapMisfit(
  value: MapValue,
  type: Type & { readonly kind: "map" },
  context: TypeContext,
): string | null {
  for (const [key, part] of value) {
    const found = misfit(key, type.key, context) ?? misfit(part, type.value, context);
    if (found !== null) {
      return found;
    }
  }
  const keys = cardinality(type.key, context);
  return value.size === keys
    ? null
    : `a map of ${value.size} of the ${keys} keys does not fit ${showType(type)}`;
}

function firstMisfit(
  values: IterableIterator<Value>,
  type: Type,
  context: TypeContext,
): string | null {
  let first: string | null = null;
  let least: Value = null;
  for (const value of values) {
    const found = misfit(value, type, context);
    // Of several the least number is named, so that the message does not depend on a set's order.
    if (found !== null && (first === null || value === null || Number(value) < Number(least))) {
      first = found;
      least = value;
    }
  }
  return first;
}

/** How many values a type has; `Infinity` beyond the largest double, never counted one by one. */
export function cardinality(type: Type, context: TypeContext): number {
  switch (type.kind) {
    case "bool":
      return 2;
    case "int":
      return type.high - type.low + 1;
    case "enum":
      return type.members.length;
    case "symmetric":
      return type.values.length;
    case "thread":
      return context.threads.length;
    case "option":
      return cardinality(type.of, context) + 1;
    case "set":
      return 2 ** cardinality(type.of, context);
    case "map": {
      const values = cardinality(type.value, context);
      return values === 1 ? 1 : values ** cardinality(type.key, context);
    }
    case "seq":
      return sequenceCount(cardinality(type.of, context), type.lengthMax);
    case "struct":
      return type.fields.reduce((all, field) => all * cardinality(field.type, context), 1);
    default:
      return unreachable(type);
  }
}

/** 1 + n + n² + … up to the power `lengthMax`. */
function sequenceCount(elements: number, lengthMax: number): number {
  // Where the closed form would divide by zero or infinity.
  if (elements === 1) {
    return lengthMax + 1;
  }
  if (elements === Number.POSITIVE_INFINITY) {
    return lengthMax === 0 ? 1 : elements;
  }
  return (elements ** (lengthMax + 1) - 1) / (elements - 1);
}

/** Width of a value in bits by the table of docs/language.md section 3; may be `Infinity`. */
export function bitsOf(type: Type, context: TypeContext): number {
  switch (type.kind) {
    case "bool":
    case "int":
    case "enum":
    case "symmetric":
    case "thread":
      return bitsFor(cardinality(type, context));
    case "option":
      return isScalar(type.of) ? bitsFor(cardinality(type, context)) : 1 + bitsOf(type.of, context);
    case "set":
      return cardinality(type.of, context);
    case "map":
      return times(cardinality(type.key, context), bitsOf(type.value, context));
    case "seq":
      return bitsFor(type.lengthMax + 1) + times(type.lengthMax, bitsOf(type.of, context));
    case "struct":
      return type.fields.reduce((all, field) => all + bitsOf(field.type, context), 0);
    default:
      return unreachable(type);
  }
}

/** ⌈log₂ count⌉, exact where a logarithm would round. */
function bitsFor(count: number): number {
  if (count === Number.POSITIVE_INFINITY) {
    return count;
  }
  let bits = 0;
  while (2 ** bits < count) {
    bits++;
  }
  return bits;
}

/** Infinitely many values of no bits take no bits. */
function times(count: number, bits: number): number {
  return bits === 0 ? 0 : count * bits;
}

/** Whether a type has no parts: bool, integer, enum, symmetric, `Thread`. */
export function isScalar(type: Type): boolean {
  return (
    type.kind === "bool" ||
    type.kind === "int" ||
    type.kind === "enum" ||
    type.kind === "symmetric" ||
    type.kind === "thread"
  );
}

/** Whether two types are the same: enums, structs and symmetric types by `id`, the rest by parts. */
export function sameType(a: Type, b: Type): boolean {
  if (a === b) {
    return true;
  }
  switch (a.kind) {
    case "bool":
    case "thread":
      return b.kind === a.kind;
    case "int":
      return b.kind === "int" && a.low === b.low && a.high === b.high;
    case "enum":
    case "symmetric":
    case "struct":
      return b.kind === a.kind && a.id === b.id;
    case "option":
    case "set":
      return b.kind === a.kind && sameType(a.of, b.of);
    case "map":
      return b.kind === "map" && sameType(a.key, b.key) && sameType(a.value, b.value);
    case "seq":
      return b.kind === "seq" && a.lengthMax === b.lengthMax && sameType(a.of, b.of);
    default:
      return unreachable(a);
  }
}

/** A type as mdspec text: `map<0..2, Mutex?>`. */
export function showType(type: Type): string {
  switch (type.kind) {
    case "bool":
      return "bool";
    case "int":
      return `${type.low}..${type.high}`;
    case "enum":
    case "symmetric":
    case "struct":
      return type.id;
    case "thread":
      return "Thread";
    case "option":
      return `${showType(type.of)}?`;
    case "set":
      return `set<${showType(type.of)}>`;
    case "map":
      return `map<${showType(type.key)}, ${showType(type.value)}>`;
    case "seq":
      return `seq<${showType(type.of)}, ${type.lengthMax}>`;
    default:
      return unreachable(type);
  }
}
