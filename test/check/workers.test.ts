import { expect, test } from "vitest";
import { workersFor } from "../../src/check/workers.ts";

test("auto is what the machine runs at the same time, at least one and at most eight", () => {
  expect([0, 1, 2, 8, 9, 128].map(workersFor)).toEqual([1, 1, 2, 8, 8, 8]);
});
