import { describe, expect, test } from "vitest";
import { fastMemoryLimit, memoryUsed } from "../../src/index/node-memory.ts";

const GIB = 2 ** 30;

describe("unless told otherwise the fast engine may have", () => {
  test("four fifths of a small machine", () => {
    expect(fastMemoryLimit(2.5 * GIB, 0)).toBe(2 * GIB);
  });

  test("four fifths of a container that is smaller than the machine", () => {
    expect(fastMemoryLimit(64 * GIB, 2.5 * GIB)).toBe(2 * GIB);
  });

  test("no part of a container that says it is larger than the machine", () => {
    expect(fastMemoryLimit(2.5 * GIB, 2 ** 64)).toBe(2 * GIB);
  });

  test("no more than its addresses reach", () => {
    expect(fastMemoryLimit(64 * GIB, 0)).toBe(4 * GIB);
  });
});

test("memory that a search keeps outside of the heap does not count for the reference", () => {
  const before = memoryUsed();
  const outside = new Uint8Array(256 * 2 ** 20);
  expect(memoryUsed() - before).toBeLessThan(outside.byteLength / 2);
});
