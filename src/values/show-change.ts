import { Set as ImmutableSet } from "immutable";
import { showValue } from "./show.ts";
import type { SetValue, Value } from "./value.ts";

/** What became of a value: `0 → 1`; of a set only what came and went: `+ a`, `- b + c, d`. */
export function showChange(before: Value, after: Value): string {
  if (!ImmutableSet.isSet(before) || !ImmutableSet.isSet(after)) {
    return `${showValue(before)} → ${showValue(after)}`;
  }
  const parts = [part("-", before.subtract(after)), part("+", after.subtract(before))];
  return parts.filter((one) => one !== "").join(" ");
}

function part(sign: string, elements: SetValue): string {
  // Braces would say that the set itself is an element.
  return elements.isEmpty() ? "" : `${sign} ${showValue(elements).slice(1, -1)}`;
}
