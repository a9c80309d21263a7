import { expect, test, vi } from "vitest";
import { spec } from "../../src/testing/vitest.ts";

vi.mock("../../src/index/node-memory.ts", () => ({ memoryUsed: () => 2, memoryLimit: () => 1 }));

test("no matcher passes on a search that memory ended, nor does its opposite", async () => {
  const abba = spec("specs/examples/abba.spec", { ORDERED: true });
  const reason = "more states than fit into memory";
  await expect(expect(abba).toBeDeadlockFree()).rejects.toThrow(reason);
  await expect(expect(abba).not.toBeDeadlockFree()).rejects.toThrow(reason);
  await expect(expect(abba).toHold("both_counted")).rejects.toThrow(reason);
  await expect(expect(abba).not.toHaveStates(1)).rejects.toThrow(reason);
});
