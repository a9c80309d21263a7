import { Map as MapOf } from "immutable";
import type { Type } from "../core/types.ts";
import { present } from "../support/internal-error.ts";
import { type TypeContext, valuesOf } from "./types.ts";
import type { Value } from "./value.ts";

interface KnownUniverse {
  readonly threads: readonly string[];
  readonly values: readonly Value[];
  /** Made when first asked for. */
  ranks: MapOf<Value, number> | null;
}

/** Types are walked as sets over and over: their values are listed once. */
const UNIVERSES = new WeakMap<Type, KnownUniverse>();

/** All values of a type in canonical order, as an array; the caller guards how many there are. */
export function universe(type: Type, context: TypeContext): readonly Value[] {
  return knownUniverse(type, context).values;
}

/** The position of a value among those of its type, in canonical order. */
export function rankOf(value: Value, type: Type, context: TypeContext): number {
  if (type.kind === "int") {
    return (value as number) - type.low;
  }
  const known = knownUniverse(type, context);
  known.ranks ??= MapOf(known.values.map((one, rank): [Value, number] => [one, rank]));
  return present(known.ranks.get(value), "a value of the type");
}

function knownUniverse(type: Type, context: TypeContext): KnownUniverse {
  const listed = UNIVERSES.get(type);
  if (listed !== undefined && listed.threads === context.threads) {
    return listed;
  }
  const made = { threads: context.threads, values: [...valuesOf(type, context)], ranks: null };
  UNIVERSES.set(type, made);
  return made;
}
