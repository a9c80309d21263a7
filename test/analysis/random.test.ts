import fc from "fast-check";
import { expect, test } from "vitest";
import { explainHang } from "../../src/analysis/explain-hang.ts";
import type { WaitForGraph } from "../../src/outcome/wait-for.ts";
import { randomSpec } from "../differential/random-spec.ts";
import { build } from "../reference/run.ts";
import { hangsOf } from "./hang.ts";

/** What a graph must be whatever it is about. */
function check({ waits, cycles }: WaitForGraph, threads: readonly string[]): void {
  for (const thread of threads) {
    expect(waits.some(({ waiter, role }) => waiter === thread && role === "hung")).toBe(true);
  }
  for (const { helpers, absent } of waits) {
    expect(helpers.every(({ needs }) => waits[needs] !== undefined)).toBe(true);
    expect(helpers.length === 0 || absent.length === 0).toBe(true);
  }
  for (const cycle of cycles) {
    const next = [...cycle.slice(1), cycle[0] ?? -1];
    expect(
      cycle.every((at, index) => waits[at]?.helpers.some(({ needs }) => needs === next[index])),
    ).toBe(true);
  }
}

const RUNS = 150;

test("any hang of a random spec has a graph that holds together", () => {
  let explained = 0;
  fc.assert(
    fc.property(fc.noShrink(fc.integer({ min: 0, max: 2 ** 31 - 1 })), (seed) => {
      for (const input of hangsOfSpec(randomSpec(seed))) {
        const { instances } = input.program;
        check(
          explainHang(input),
          input.threads.map((at) => instances[at]?.name ?? "?"),
        );
        explained += 1;
      }
    }),
    { numRuns: RUNS, seed: 1 },
  );
  // About one random spec in five has a hang.
  expect(explained).toBeGreaterThan(RUNS / 15);
});

/** None where the spec computes a set that is too large, or has too many states for a test. */
function hangsOfSpec(text: string): ReturnType<typeof hangsOf> {
  try {
    return hangsOf(build(text), 1_000);
  } catch (thrown) {
    if (thrown instanceof Error && /MD90\d\d|a large space/.test(thrown.message)) {
      return [];
    }
    throw thrown;
  }
}
