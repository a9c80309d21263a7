import type { Type } from "../core/types.ts";
import { cardinality, type TypeContext } from "../values/types.ts";

/** Elements of a set that is gone through, and initial states. */
export const EXPANSION_MAX = 1_000_000;
/** Choices of the parameters of one transition: ways of a step (decision 0001, rule 18). */
export const CHOICES_MAX = 100_000;
/** Values of the type of a set's elements: one bit each. */
export const SET_UNIVERSE_MAX = 1_024;
/** Values of the type of a computed set's elements, if they are scalars: it takes 128 KiB. */
export const SCALARS_MAX = 1_048_576;
/** As `SCALARS_MAX`, for elements with parts: all their values are listed in a table. */
export const COMPOSITES_MAX = 16_384;
/** Keys of a map: a state could not hold more than one bit for each. */
export const MAP_KEYS_MAX = 16_384;
/** Parts (scalars, sets) of one value of a type. */
export const PARTS_MAX = 100_000;
/** Types in one another. */
export const TYPE_DEPTH_MAX = 100;
/** Width of a state. */
export const STATE_BITS_MAX = 16_384;
/** Thread instances: a `set<Thread>` must be possible. */
export const THREADS_MAX = 1_024;
/** Levels of a def or proc with all that it uses written out. */
export const HEIGHT_MAX = 600;
/** Levels that may be under way when one more declaration is begun, because it is needed. */
export const DEPTH_UNDER_WAY_MAX = 600;
/** Rounds of quantifiers and calls of defs in working out all constant expressions together. */
export const ROUNDS_MAX = 2_000_000;
/** How many declarations may need one another in turn: each of them takes room on the stack. */
export const CHAIN_MAX = 200;

/** How many parts a value of a type has at most; may be `Infinity`. */
export function partsOf(type: Type, context: TypeContext): number {
  switch (type.kind) {
    case "option":
      return partsOf(type.of, context);
    case "map":
      return 1 + cardinality(type.key, context) * partsOf(type.value, context);
    case "seq":
      return 1 + type.lengthMax * partsOf(type.of, context);
    case "struct":
      return type.fields.reduce((all, field) => all + partsOf(field.type, context), 1);
    default:
      return 1;
  }
}

/** How many types stand in one another at most. */
export function depthOf(type: Type): number {
  switch (type.kind) {
    case "option":
    case "set":
    case "seq":
      return 1 + depthOf(type.of);
    case "map":
      return 1 + Math.max(depthOf(type.key), depthOf(type.value));
    case "struct":
      return 1 + type.fields.reduce((most, field) => Math.max(most, depthOf(field.type)), 0);
    default:
      return 1;
  }
}

/** Whether the values of a type depend on which threads there are. */
export function dependsOnThreads(type: Type): boolean {
  switch (type.kind) {
    case "thread":
      return true;
    case "option":
    case "set":
    case "seq":
      return dependsOnThreads(type.of);
    case "map":
      return dependsOnThreads(type.key) || dependsOnThreads(type.value);
    case "struct":
      return type.fields.some((field) => dependsOnThreads(field.type));
    default:
      return false;
  }
}
