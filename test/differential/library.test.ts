import { describe, expect, test } from "vitest";
import { comparePrepared, describeDifference } from "./compare-engines.ts";
import { ENGINES } from "./engines.ts";
import { prepareText } from "./memory-host.ts";
import { specFiles } from "./spec-files.ts";

/** Specs that take the reference long enough as they are: searched in no further ways. */
const LARGE: readonly string[] = [
  "specs/raid10.spec",
  "specs/raid456.spec",
  "specs/dm-era.spec",
  "test/differential/corpus/step-limits.spec",
];

/**
 * Checks that pin more states than this are left to a run by hand, with ALL_CHECKS=1 in the
 * environment: the reference takes minutes for the larger variants of raid10, which have the code of
 * the smaller ones.
 */
const STATES_MAX = process.env["ALL_CHECKS"] === "1" ? Number.POSITIVE_INFINITY : 20_000;

describe("all engines find the same in every check of", () => {
  test.each(specFiles())("$file", { timeout: 900_000 }, async ({ file, text }) => {
    const modes = LARGE.includes(file) ? ["as it is"] : null;
    const prepared = await prepareText(text, file);
    expect(prepared.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const checks = prepared.programs
      .filter(({ check }) => (check.states ?? 0) <= STATES_MAX)
      .map(({ check }) => check.name);
    expect(checks.length).toBeGreaterThan(0);
    const options = { engines: ENGINES, statesMax: null, modes, checks };
    const compared = await comparePrepared(prepared, options);
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
