import { isSet, List } from "immutable";
import { isStruct } from "./show.ts";
import type { Value } from "./value.ts";

/** What JSON can say. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/**
 * A value for machines: sets as `{"#set": […]}` and maps as `{"#map": [[key, value], …]}`, as in
 * Apalache's trace format, sequences as arrays, structs as objects, `none` as null. Sets and maps
 * are put in order by numbers and names.
 */
export function valueToJson(value: Value): Json {
  if (value === null || typeof value !== "object") {
    return value;
  }
  if (isSet(value)) {
    return { "#set": value.toArray().map(valueToJson).sort(compareJson) };
  }
  if (List.isList(value)) {
    return value.toArray().map(valueToJson);
  }
  const entries = [...value];
  return isStruct(value)
    ? Object.fromEntries(entries.map(([name, part]) => [String(name), valueToJson(part)]))
    : {
        "#map": entries
          .map(([key, part]): [Json, Json] => [valueToJson(key), valueToJson(part)])
          .sort(([a], [b]) => compareJson(a, b)),
      };
}

function compareJson(a: Json, b: Json): number {
  if (typeof a === "number" && typeof b === "number") {
    return a - b;
  }
  return JSON.stringify(a).localeCompare(JSON.stringify(b), "en", { numeric: true });
}
