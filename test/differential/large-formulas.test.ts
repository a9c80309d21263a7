import { expect, test } from "vitest";
import { compareText } from "./compare-engines.ts";
import { ENGINES } from "./engines.ts";

test("a property that is too large makes a search incomplete for want of memory", async () => {
  // Each of the parts can begin to hold now or later: 2¹⁶ ways for all of them.
  const parts = Array.from({ length: 16 }, () => "(x == 0 ~> always x == 0)");
  const text = `module m; var x: 0..1; thread t { x := 1; } property p: !(${parts.join(" && ")});`;
  const compared = await compareText(text, {
    engines: ENGINES.slice(0, 2),
    statesMax: null,
    modes: ["as it is"],
  });
  const results = compared.kind === "equal" ? compared.results : [];
  expect(results.length).toBeGreaterThan(0);
  expect(new Set(results.map(({ incomplete }) => incomplete))).toEqual(new Set(["memory"]));
});
