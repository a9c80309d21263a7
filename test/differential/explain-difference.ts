import {
  type CompareOptions,
  compareText,
  type Difference,
  describeDifference,
} from "./compare-engines.ts";
import { shrinkSpec } from "./shrink-spec.ts";

/** Makes the spec small, and tells the difference that is left, with the text. */
export async function explainDifference(
  text: string,
  difference: Difference,
  options: CompareOptions,
): Promise<string> {
  const asBefore = { ...options, modes: [difference.mode] };
  const smallest = await shrinkSpec(text, async (candidate) => {
    const { kind } = await compareText(candidate, asBefore);
    return kind === "different";
  });
  const last = await compareText(smallest, asBefore);
  const shown = last.kind === "different" ? last.difference : difference;
  return `${describeDifference(shown)}\n\nThe spec, made small:\n\n${smallest}`;
}
