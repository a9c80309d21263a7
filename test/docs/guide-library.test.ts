import { check } from "mdcheck";
import { expect, test } from "vitest";

test("the trace of a finding is data", async () => {
  const result = await check("specs/examples/abba.spec", { checks: ["as_posted"] });

  expect(result.met).toBe(true);
  expect(result.verdict).toEqual({ kind: "deadlock", threads: ["flusher", "shrinker"] });
  expect(result.trace.map((step) => [step.agent, ...step.procs])).toEqual([
    ["shrinker", "write_both", "lock"],
    ["flusher", "write_both", "lock"],
  ]);
});
