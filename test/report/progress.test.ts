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

test("the progress line tells what is judged when the states are found, and how far that is", () => {
  const line = (phase: Progress["phase"], part: number | null): string =>
    progressText({
      progress: { ...PROGRESS, phase, part },
      place: "",
      memoryBytes: 85 * 2 ** 20,
      columns: null,
    }).replaceAll("\u00a0", " ");
  expect(line("hangs", 0.419)).toBe(
    "as_posted  50 000 states  looking for hangs 41 %  85 MB  1:05",
  );
  expect(line("properties", null)).toBe(
    "as_posted  50 000 states  judging properties  85 MB  1:05",
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
