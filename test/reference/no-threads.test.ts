import { expect, test } from "vitest";
import { run } from "./run.ts";

test("a spec of transitions may import procs that take a Thread", async () => {
  const result = await run(`
    module flags;
    import kernel;
    type Flag = enum { BUSY, DIRTY };
    var flags: set<Flag> = {};
    transition set_one(flag in Flag) { set_bit(flag, flags); }
    final: flags == Flag;
  `);
  expect(result.findings).toEqual([]);
  // The subsets of two flags.
  expect(result.statistics.states).toBe(4);
});
