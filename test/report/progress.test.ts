import { expect, test } from "vitest";
import type { Progress } from "../../src/outcome/outcome.ts";
import { progressText } from "../../src/report/progress.ts";

const PROGRESS: Progress = {
  check: "as_posted",
  depth: 12,
  states: 50_000,
  transitions: 1,
  queue: 1234,
  elapsedMs: 65_000,
  phase: "search",
  part: null,
};

test("the progress line tells check, depth, states, speed, queue, memory and time", () => {
  const line = progressText({
    progress: PROGRESS,
    place: "3/17",
    memoryBytes: 85 * 2 ** 20,
    columns: null,
  });
  expect(line.replaceAll("\u00a0", " ")).toBe(
    "3/17  as_posted  depth 12  50 000 states  769 states/s  queue 1 234  85 MB  1:05",
  );
});

test("the progress line never fills the last column, where terminals wrap", () => {
  const line = progressText({ progress: PROGRESS, place: "3/17", memoryBytes: 0, columns: 30 });
  expect(line.length).toBeLessThan(30);
});

test("a search of hours tells them", () => {
  const progress = { ...PROGRESS, elapsedMs: 3_661_000 };
  expect(progressText({ progress, place: "", memoryBytes: 0, columns: null })).toMatch(/ 1:01:01$/);
});
