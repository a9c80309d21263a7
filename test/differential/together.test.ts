import { describe, expect, test } from "vitest";
import { type Comparison, compareText, describeDifference } from "./compare-engines.ts";
import { TOGETHER } from "./engines.ts";
import { randomSpec } from "./random-spec.ts";
import { specFiles } from "./spec-files.ts";

/** Searched by two threads elsewhere; these would take the reference too long once more. */
const LARGE: readonly string[] = [
  "specs/raid10.spec",
  "specs/dm-era.spec",
  "test/differential/corpus/step-limits.spec",
];
const RANDOM_SPECS = 60;

function whyDifferent(compared: Comparison): string {
  return compared.kind === "different" ? describeDifference(compared.difference) : "";
}

describe("two threads on every level find what the reference finds in", () => {
  const small = specFiles().filter(({ file }) => !LARGE.includes(file));
  test.each(small)("$file", { timeout: 300_000 }, async ({ file, text }) => {
    const modes = ["as it is", "to the end"];
    const options = { engines: TOGETHER, statesMax: null, modes };
    const compared = await compareText(text, options, file);
    expect(whyDifferent(compared)).toBe("");
    expect(compared.kind).toBe("equal");
  });

  test("random specs", { timeout: 300_000 }, async () => {
    let equal = 0;
    for (let seed = 1; seed <= RANDOM_SPECS; seed++) {
      const options = { engines: TOGETHER, statesMax: 3_000, modes: ["to the end"] };
      const compared = await compareText(randomSpec(seed), options);
      expect(whyDifferent(compared)).toBe("");
      equal += compared.kind === "equal" ? 1 : 0;
    }
    // Some are refused or left out as too large; if most were, little would be tested.
    expect(equal).toBeGreaterThan(RANDOM_SPECS / 2);
  });
});
