import { describe, expect, test } from "vitest";
import { DOOM_STATES_MAX, pointOfNoReturn } from "../../src/liveness/point-of-no-return.ts";

/** States are numbers; `null` for steps that are not known. */
function found(
  path: readonly number[],
  hung: readonly number[],
  steps: Readonly<Record<number, readonly number[] | null>>,
): number | null {
  return pointOfNoReturn({
    path,
    isHung: (state) => hung.includes(state),
    successors: (state) => {
      const next = steps[state];
      return next === undefined ? [] : next;
    },
  });
}

describe("the point of no return", () => {
  test("comes before the hang where there is only one way", () => {
    expect(found([0, 1, 2, 3], [3], { 0: [1, 9], 1: [2], 2: [3], 9: [] })).toBe(1);
  });

  test("comes before the hang where all ways end in it", () => {
    expect(found([0, 1, 2, 3], [3, 7], { 0: [1], 1: [2, 5], 2: [3], 5: [6], 6: [7] })).toBe(0);
  });

  test("comes behind a way that can go round", () => {
    expect(found([0, 1, 2, 3], [3], { 0: [1], 1: [2, 5], 2: [3], 5: [6, 3], 6: [5] })).toBe(2);
  });

  test("comes behind a way that ends otherwise", () => {
    expect(found([0, 1, 2], [2], { 0: [1], 1: [2, 5], 5: [6] })).toBe(2);
  });

  test("comes behind a state whose steps are not all known", () => {
    expect(found([0, 1, 2], [2], { 0: [1], 1: [2, 5], 5: null })).toBe(2);
  });

  test("is where the threads are first hung, be it long before the end", () => {
    expect(found([0, 1, 2, 3], [1, 2, 3], { 0: [1, 9], 9: [9] })).toBe(1);
  });

  test("is nowhere on a path that ends before the hang", () => {
    expect(found([0, 1], [3], { 0: [1], 1: [3] })).toBeNull();
  });

  test("comes behind ways that are too many to follow", () => {
    const bush = (size: number): number | null =>
      pointOfNoReturn({
        path: [0, -1],
        isHung: (state) => state === -1,
        successors: (state) => (state < size ? [state + 1, -1] : [-1]),
      });
    expect(bush(DOOM_STATES_MAX - 1)).toBe(0);
    expect(bush(DOOM_STATES_MAX)).toBe(1);
  });
});
