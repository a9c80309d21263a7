import type { Type } from "../core/types.ts";
import { type TypeContext, valuesOf } from "./types.ts";
import type { Value } from "./value.ts";

interface KnownUniverse {
  readonly threads: readonly string[];
  readonly values: readonly Value[];
}

/** Types are walked as sets over and over: their values are listed once. */
const UNIVERSES = new WeakMap<Type, KnownUniverse>();

/** All values of a type in canonical order, as an array; the caller guards how many there are. */
export function universe(type: Type, context: TypeContext): readonly Value[] {
  const listed = UNIVERSES.get(type);
  if (listed !== undefined && listed.threads === context.threads) {
    return listed.values;
  }
  const values = [...valuesOf(type, context)];
  UNIVERSES.set(type, { threads: context.threads, values });
  return values;
}
