import { describe, expect, test } from "vitest";
import { run } from "./run.ts";

describe("a step that has no end of its own", () => {
  test("is one error when one of its ways goes round for ever, whatever the others do", async () => {
    const result = await run(
      "module m; var x: bool; thread t { atomic { loop { either { x := true; } or { x := false; } } } }",
    );
    expect(result.findings.map((one) => [one.kind, one.message])).toEqual([
      ["error", "more than 100000 rounds of a loop in one step"],
    ]);
    expect(result.statistics.transitions).toBe(1);
  });

  test("is one error when it has more ways than can be gone through", async () => {
    // 2 to the power of 17 is more than 100,000.
    const choice = "either { x := true; } or { x := false; }";
    const result = await run(`module m; var x: bool; thread t { atomic { ${choice.repeat(17)} } }`);
    expect(result.findings.map((one) => [one.kind, one.message])).toEqual([
      ["error", "more than 100000 ways of one step"],
    ]);
  });

  test("a product beyond the integers of JavaScript is told to the last digit", async () => {
    const result = await run(
      "module m; var x: 0..2147483647 = 2147483647; thread t { x := x * x; }",
    );
    expect(result.findings.map((one) => one.message)).toEqual([
      "4611686014132420609 does not fit 32 bits",
    ]);
  });
});
