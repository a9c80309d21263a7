import { describe, expect, test } from "vitest";
import { compareText, describeDifference } from "./compare-engines.ts";
import { ENGINES } from "./engines.ts";
import { specFiles } from "./spec-files.ts";

/** Specs that take the reference long enough as they are: searched in no further ways. */
const LARGE: readonly string[] = [
  "specs/raid10.spec",
  "specs/dm-era.spec",
  "test/differential/corpus/step-limits.spec",
];

describe("all engines find the same in every check of", () => {
  test.each(specFiles())("$file", { timeout: 900_000 }, async ({ file, text }) => {
    const modes = LARGE.includes(file) ? ["as it is"] : null;
    const options = { engines: ENGINES, statesMax: null, modes };
    const compared = await compareText(text, options, file);
    const why =
      compared.kind === "different"
        ? describeDifference(compared.difference)
        : compared.kind === "invalid"
          ? compared.problem
          : "";
    expect(why).toBe("");
    expect(compared.kind).toBe("equal");
  });
});
