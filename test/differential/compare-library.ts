import { describe, expect, test } from "vitest";
import { comparePrepared, describeDifference } from "./compare-engines.ts";
import { ENGINES } from "./engines.ts";
import { prepareText } from "./memory-host.ts";
import type { SpecFile } from "./spec-files.ts";

/** Takes the reference long enough as it is: searched in no further ways. */
const SLOW = "test/differential/corpus/step-limits.spec";

/** Nor are specs whose checks pin more states than this, all together. */
const STATES_MANY = 10_000;

/**
 * Checks that pin more states than this are left to a run by hand, with ALL_CHECKS=1 in the
 * environment: the reference takes minutes for the larger variants of raid10, which have the code of
 * the smaller ones.
 */
const STATES_MAX = process.env["ALL_CHECKS"] === "1" ? Number.POSITIVE_INFINITY : 20_000;

/** Declares a test for each of these specs: all engines find the same in every check of it. */
export function compareFiles(files: readonly SpecFile[]): void {
  describe("all engines find the same in every check of", () => {
    test.each(files)("$file", { timeout: 900_000 }, async ({ file, text }) => {
      const prepared = await prepareText(text, file);
      const pinned = prepared.programs.reduce((sum, { check }) => sum + (check.states ?? 0), 0);
      const modes = file === SLOW || pinned > STATES_MANY ? ["as it is"] : null;
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
}
