import type { Type } from "../core/types.ts";
import { sameType, showType } from "../values/types.ts";
import { disjoint, hull, INTEGER_MAX, INTEGER_MIN } from "./intervals.ts";

/** All integers. */
export const INTEGER: Type = { kind: "int", low: INTEGER_MIN, high: INTEGER_MAX };
/** The type of conditions. */
export const BOOL: Type = { kind: "bool" };
/** The type of threads. */
export const THREAD: Type = { kind: "thread" };

/**
 * Whether a value of type `from` may go where a `to` is expected: the same type up to the bounds of
 * integers and the lengths of sequences, which are checked when the value is there. The keys of maps
 * have to agree exactly, because a map has a value for each of them.
 */
export function sameShape(from: Type, to: Type): boolean {
  switch (from.kind) {
    case "int":
      return to.kind === "int";
    case "option":
    case "set":
    case "seq":
      return to.kind === from.kind && sameShape(from.of, to.of);
    case "map":
      return to.kind === "map" && sameType(from.key, to.key) && sameShape(from.value, to.value);
    default:
      return sameType(from, to);
  }
}

/** The least type whose values include those of both, or null when their shapes differ. */
export function join(a: Type, b: Type): Type | null {
  if (a.kind === "option" || b.kind === "option") {
    const of = joinShapes(a.kind === "option" ? a.of : a, b.kind === "option" ? b.of : b);
    return of === null ? null : { kind: "option", of };
  }
  return joinShapes(a, b);
}

/** As `join`, but a `T` is no `T?` here: inside a container values cannot be converted. */
function joinShapes(a: Type, b: Type): Type | null {
  if (a === b) {
    return a;
  }
  switch (a.kind) {
    case "int":
      return b.kind === "int" ? hull(a, b) : null;
    case "option":
    case "set": {
      const of = b.kind === a.kind ? joinShapes(a.of, b.of) : null;
      return of === null ? null : { kind: a.kind, of };
    }
    case "seq": {
      const of = b.kind === "seq" ? joinShapes(a.of, b.of) : null;
      return of === null || b.kind !== "seq"
        ? null
        : { kind: "seq", of, lengthMax: Math.max(a.lengthMax, b.lengthMax) };
    }
    case "map": {
      const value =
        b.kind === "map" && sameType(a.key, b.key) ? joinShapes(a.value, b.value) : null;
      return value === null ? null : { kind: "map", key: a.key, value };
    }
    default:
      return sameType(a, b) ? a : null;
  }
}

/** Whether no value of `from` fits `to`, although the shapes agree: the bounds have nothing in common. */
export function neverFits(from: Type, to: Type): boolean {
  if (from.kind === "option" && to.kind === "option") {
    // `none` always fits.
    return false;
  }
  return from.kind === "int" && to.kind === "int" && disjoint(from, to);
}

/** A type that is wanted, for a message. */
export function describeType(type: Type): string {
  return type.kind === "int" && type.low === INTEGER_MIN && type.high === INTEGER_MAX
    ? "an integer"
    : showType(type);
}

/** The type that something has, for a message: the bounds of an integer are beside the point. */
export function describeFound(type: Type): string {
  return type.kind === "int" ? "an integer" : showType(type);
}

/** The symmetric type that some value of `type` would name, or null: see `firstValueMissing`. */
export function symmetricIn(type: Type): Type | null {
  switch (type.kind) {
    case "symmetric":
      return type;
    case "map":
      return symmetricIn(type.value);
    case "struct":
      for (const field of type.fields) {
        const found = symmetricIn(field.type);
        if (found !== null) {
          return found;
        }
      }
      return null;
    default:
      // The first value of an option, set or sequence is empty; integers, enums have names.
      return null;
  }
}
