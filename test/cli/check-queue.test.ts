import { describe, expect, test } from "vitest";
import { createQueue, type Errand, type Queue } from "../../src/cli/check-queue.ts";

const FROM_THE_BEGINNING = { spec: 0, check: 0, checks: null };

/** Lets a helper read the spec it is asked to, which has so many checks. */
function read(queue: Queue, helper: number, checks: number): number {
  const errand = queue.next(helper);
  if (errand?.kind !== "prepare") {
    throw new Error(`helper ${helper} is to read a spec, not ${JSON.stringify(errand)}`);
  }
  queue.prepared(helper, errand.spec, checks);
  return errand.spec;
}

const check = (spec: number, index: number): Errand => ({ kind: "check", spec, check: index });

describe("the queue of checks", () => {
  test("gives each helper a spec of its own as long as there are some", () => {
    const queue = createQueue(3, FROM_THE_BEGINNING);
    expect([read(queue, 0, 1), read(queue, 1, 1)]).toEqual([0, 1]);
    expect(queue.next(0)).toEqual(check(0, 0));
    expect(queue.next(1)).toEqual(check(1, 0));
    expect(read(queue, 0, 1)).toBe(2);
  });

  test("gives the checks of a spec in order", () => {
    const queue = createQueue(1, FROM_THE_BEGINNING);
    read(queue, 0, 3);
    expect([queue.next(0), queue.next(0), queue.next(0), queue.next(0)]).toEqual([
      check(0, 0),
      check(0, 1),
      check(0, 2),
      null,
    ]);
  });

  test("lets a helper without a spec help with the one that has most left, each check once", () => {
    const queue = createQueue(2, FROM_THE_BEGINNING);
    read(queue, 0, 3);
    read(queue, 1, 9);
    expect(read(queue, 2, 9)).toBe(1);
    const given = [queue.next(1), queue.next(2), queue.next(1), queue.next(0)];
    expect(given).toEqual([check(1, 0), check(1, 1), check(1, 2), check(0, 0)]);
  });

  test("lets nobody read a spec once more for a single check", () => {
    const queue = createQueue(1, FROM_THE_BEGINNING);
    read(queue, 0, 2);
    expect(queue.next(0)).toEqual(check(0, 0));
    expect(queue.next(1)).toBeNull();
  });

  test("has a helper read the only spec while another is still reading it", () => {
    const queue = createQueue(1, FROM_THE_BEGINNING);
    expect(queue.next(0)).toEqual({ kind: "prepare", spec: 0 });
    expect(queue.next(1)).toEqual({ kind: "prepare", spec: 0 });
  });

  test("goes on where others have begun", () => {
    const queue = createQueue(3, { spec: 1, check: 2, checks: 4 });
    expect(read(queue, 0, 4)).toBe(1);
    expect(queue.next(0)).toEqual(check(1, 2));
    expect(read(queue, 1, 0)).toBe(2);
    expect(queue.next(1)).toBeNull();
    expect(queue.next(0)).toEqual(check(1, 3));
    expect(queue.next(0)).toBeNull();
  });

  test("passes by a spec that has nothing to run", () => {
    const queue = createQueue(2, FROM_THE_BEGINNING);
    expect(read(queue, 0, 0)).toBe(0);
    expect(read(queue, 0, 1)).toBe(1);
    expect(queue.next(0)).toEqual(check(1, 0));
  });
});
