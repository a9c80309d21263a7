import fc from "fast-check";
import { expect, test } from "vitest";
import { compareText } from "./compare-engines.ts";
import { ENGINES } from "./engines.ts";
import { explainDifference } from "./explain-difference.ts";
import { arbitrarySpec } from "./random-spec.ts";

const RUNS = 500;

test("all engines find the same in random specs", { timeout: 900_000 }, async () => {
  const options = { engines: ENGINES, statesMax: 3_000 };
  const tally = { equal: 0, large: 0, invalid: 0, different: 0 };
  await fc.assert(
    fc.asyncProperty(arbitrarySpec, async (text) => {
      const compared = await compareText(text, options);
      tally[compared.kind] += 1;
      if (compared.kind === "different") {
        throw new Error(await explainDifference(text, compared.difference, options));
      }
      fc.pre(compared.kind === "equal");
    }),
    { numRuns: RUNS, seed: 1, endOnFailure: true },
  );
  expect(tally.equal).toBe(RUNS);
  // One in a hundred computes a set that is too large. If the generator no longer made well-typed and
  // small specs by far the most often, little were tested.
  expect(tally.invalid).toBeLessThan(RUNS / 25);
  expect(tally.large).toBeLessThan(RUNS / 5);
});
