import { Set as ImmutableSet, isOrderedMap, List, Map as MapOf } from "immutable";
import type { Type } from "../core/types.ts";
import { sortedElements } from "./order.ts";
import { type TypeContext, valuesOf } from "./types.ts";
import type { MapValue, Value } from "./value.ts";

/**
 * A value as mdspec text: `{a, b}`, `[1, 2]`, `Msg { cmd: a }`, `[0 -> true, 1 -> false]`, `none`.
 * Without a type (and its context) structs lose their name, and sets and maps are put in order by
 * numbers and names, not by declaration.
 */
export function showValue(
  value: Value,
  type: Type | null = null,
  context: TypeContext | null = null,
): string {
  if (value === null) {
    return "none";
  }
  if (typeof value !== "object") {
    return String(value);
  }
  const known = type?.kind === "option" ? type.of : type;
  if (ImmutableSet.isSet(value)) {
    const of = known?.kind === "set" ? known.of : null;
    const elements =
      of !== null && context !== null
        ? sortedElements(value, of, context)
        : value.toArray().sort(compareShown);
    return `{${elements.map((one) => showValue(one, of, context)).join(", ")}}`;
  }
  if (List.isList(value)) {
    const of = known?.kind === "seq" ? known.of : null;
    return `[${value.map((one) => showValue(one, of, context)).join(", ")}]`;
  }
  if (isStruct(value)) {
    return showStruct(value, known, context);
  }
  return showMap(value, known, context);
}

/** Whether a value is a struct (rather than a map or something else). */
export function isStruct(value: Value): value is MapValue {
  return MapOf.isMap(value) && isOrderedMap(value);
}

function showStruct(value: MapValue, type: Type | null, context: TypeContext | null): string {
  const fields = type?.kind === "struct" ? type.fields : null;
  const parts = value
    .entrySeq()
    .map(([name, part], index) => `${name}: ${showValue(part, fields?.[index]?.type, context)}`)
    .join(", ");
  // A struct type written in place has a made-up name, which is not text of the language.
  const name = type?.kind === "struct" && /^[A-Za-z_]\w*$/.test(type.id) ? `${type.id} ` : "";
  return parts === "" ? `${name}{}` : `${name}{ ${parts} }`;
}

function showMap(value: MapValue, type: Type | null, context: TypeContext | null): string {
  const known = type?.kind === "map" ? type : null;
  const keys =
    known !== null && context !== null
      ? [...valuesOf(known.key, context)].filter((key) => value.has(key))
      : [...value.keys()].sort(compareShown);
  const parts = keys.map(
    (key) =>
      `${showValue(key, known?.key, context)} -> ${showValue(value.get(key) ?? null, known?.value, context)}`,
  );
  return `[${parts.join(", ")}]`;
}

/** Numbers by size, `none` first, everything else by its text with the numbers in it by size. */
function compareShown(a: Value, b: Value): number {
  if (typeof a === "number" && typeof b === "number") {
    return a - b;
  }
  if (a === null || b === null) {
    return a === null ? -1 : 1;
  }
  return showValue(a).localeCompare(showValue(b), "en", { numeric: true });
}
