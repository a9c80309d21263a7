import fc from "fast-check";
import { expect, test } from "vitest";
import { type Arena, bytesInUse, createArena, growArena } from "../../src/explorer/arena.ts";
import { present } from "../../src/support/internal-error.ts";

/** So much of a kernel as an arena has to know. */
function arenaOf(words: number, workers: number, memoryBytes: number | null): Arena {
  const kernel = {
    survey: null,
    bytes: new Uint8Array(0),
    words,
    dataEnd: 1_000,
    areaBytes: 300,
    initialOffset: 0,
    statusesOffset: 0,
    agentCount: 0,
    countersOffset: null,
    counterCount: 0,
    soughtOffset: 0,
    soughtStatesOffset: 0,
    settledOffset: 0,
    recordBytes: words * 4 + 8,
    batchRecords: 16,
  };
  return present(createArena(kernel, "alone", workers, memoryBytes) ?? undefined, "memory");
}

/** Grows whenever all room is used, until that is not possible; what the arena was like in between. */
function filled(words: number, workers: number, memoryBytes: number): readonly Arena[] {
  const arena = arenaOf(words, workers, memoryBytes);
  const steps = [{ ...arena }];
  while (growArena(arena, arena.capacity, memoryBytes)) {
    steps.push({ ...arena });
  }
  return [...steps, { ...arena }];
}

function last(arenas: readonly Arena[]): Arena {
  return present(arenas.at(-1), "an arena");
}

const WORDS = fc.integer({ min: 1, max: 512 });
const WORKERS = fc.integer({ min: 1, max: 5 });
const LIMIT = fc.integer({ min: 0, max: 24 * 2 ** 20 });

test("states that are as many as there is room for do not outgrow the limit", () => {
  fc.assert(
    fc.property(WORDS, WORKERS, LIMIT, (words, workers, limit) => {
      for (const arena of filled(words, workers, limit)) {
        const { capacity } = arena;
        expect(capacity === 0 || bytesInUse(arena, capacity) <= limit).toBe(true);
      }
    }),
    { numRuns: 50 },
  );
});

test("there is room for as many states as the limit leaves beside one of the tables", () => {
  fc.assert(
    fc.property(WORDS, LIMIT, (words, limit) => {
      const arena = last(filled(words, 1, limit));
      const { slots, capacity } = arena;
      const another = bytesInUse(arena, capacity + 1) > limit;
      const doubled = bytesInUse({ ...arena, slots: slots * 2 }, capacity + 1) > limit;
      expect(another || (capacity === Math.floor(slots * 0.9) && doubled)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("the store at its fullest ends before the table, and that within the memory", () => {
  fc.assert(
    fc.property(WORDS, WORKERS, (words, workers) => {
      for (const one of filled(words, workers, 8 * 2 ** 20)) {
        expect(one.table).toBeGreaterThanOrEqual(one.store + one.capacity * words * 4);
        expect(one.memory.buffer.byteLength).toBeGreaterThanOrEqual(one.table + one.slots * 4);
        expect(one.capacity).toBeLessThan(one.slots);
      }
    }),
    { numRuns: 50 },
  );
});

test("a larger table is empty, whatever lay there", () => {
  const arena = arenaOf(1, 1, null);
  const { memory, slots } = arena;
  for (;;) {
    new Uint8Array(memory.buffer, arena.store).fill(255);
    if (!growArena(arena, arena.capacity, 2 ** 20)) {
      break;
    }
    const table = new Uint32Array(memory.buffer, arena.table, arena.slots);
    expect(table.every((slot) => slot === 0)).toBe(true);
  }
  expect(arena.slots).toBeGreaterThan(slots);
});

test("an arena that cannot grow keeps what room it has", () => {
  const arena = arenaOf(3, 1, null);
  while (growArena(arena, arena.capacity, 2 ** 20)) {
    expect(arena.capacity).toBeGreaterThan(0);
  }
  const { capacity, slots, table } = arena;
  expect(growArena(arena, capacity, 0)).toBe(false);
  expect(arena).toMatchObject({ capacity, slots, table });
});
