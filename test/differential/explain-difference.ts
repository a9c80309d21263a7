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
  // An engine may throw, which is what is looked for then; see `compareOrThrown`.
  const smallest = await shrinkSpec(text, async (candidate) => {
    const { kind } = await compareOrThrown(candidate, options);
    return kind === "different";
  });
  const last = await compareOrThrown(smallest, options);
  const shown = last.kind === "different" ? last.difference : difference;
  return `${describeDifference(shown)}\n\nThe spec, made small:\n\n${smallest}`;
}

/** As `compareText`; that an engine throws is a difference as well. */
export async function compareOrThrown(
  text: string,
  options: CompareOptions,
): ReturnType<typeof compareText> {
  try {
    return await compareText(text, options);
  } catch (error) {
    const found = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const where = { check: "(some)", mode: "(some)", engine: "(some)", path: "(thrown)" };
    return { kind: "different", difference: { ...where, expected: "no exception", found } };
  }
}
