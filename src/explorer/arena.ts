import type { Kernel, Sharing } from "../codegen/kernel.ts";
import { PAGE_BYTES, PAGES_MAX, WASM, type WasmMemory } from "./webassembly.ts";

/**
 * The memory of a search: constants, the areas of the workers, the store, and behind it the table.
 * The store never moves; when more room is needed, a larger table is built anew further up.
 */
export interface Arena {
  readonly memory: WasmMemory;
  readonly sharing: Sharing;
  readonly wordsPerState: number;
  /** Addresses of the workers' areas. */
  readonly areas: readonly number[];
  readonly store: number;
  table: number;
  slots: number;
  /** Indices below this may be used without a larger table. */
  capacity: number;
  /** The most bytes that were in use. */
  peakBytes: number;
}

/** Slots of the first table. */
const SLOTS_START = 2 ** 12;
/** The part of the slots that is filled before a larger table is made. */
const LOAD_MAX = 2 / 3;
/** The part that is filled when there can be no larger table. */
const LOAD_LAST = 0.9;
/** Slots are counted with 32 bits, entries have to tell as many states apart. */
const SLOTS_MAX = 2 ** 30;

/** Most pages that the memory of a kernel may have. */
export const ARENA_PAGES_MAX: number = PAGES_MAX;

/**
 * A memory for a kernel and its workers; null where this machine has not even a small one. Where the
 * limit leaves nothing beside the areas of the workers, there is no room for states.
 */
export function createArena(
  kernel: Kernel,
  sharing: Sharing,
  workers: number,
  memoryBytes: number | null = null,
): Arena | null {
  const start = align(kernel.dataEnd);
  const areas = Array.from(
    { length: workers },
    (_, index) => start + index * align(kernel.areaBytes),
  );
  const store = start + workers * align(kernel.areaBytes);
  const wordsPerState = kernel.words;
  const bytes = bytesFor({ store, wordsPerState }, SLOTS_START);
  const memory = reserveMemory(Math.ceil(bytes / PAGE_BYTES), sharing);
  return memory === null
    ? null
    : {
        memory,
        sharing,
        wordsPerState,
        areas,
        store,
        table: tableAt({ store, wordsPerState }, SLOTS_START),
        slots: SLOTS_START,
        capacity: roomFor({ store, wordsPerState }, SLOTS_START, LOAD_MAX, memoryBytes),
        peakBytes: 0,
      };
}

function align(address: number): number {
  return Math.ceil(address / 64) * 64;
}

/** The maximum only reserves addresses; where these are scarce, half of them, and half of that, will do. */
function reserveMemory(initial: number, sharing: Sharing): WasmMemory | null {
  for (let maximum = PAGES_MAX; maximum >= initial; maximum = Math.floor(maximum / 2)) {
    try {
      return new WASM.Memory({ initial, maximum, shared: sharing === "shared" });
    } catch (error) {
      if (!(error instanceof RangeError)) {
        throw error;
      }
    }
  }
  return null;
}

type Placed = Pick<Arena, "store" | "wordsPerState">;

/** The table stands behind the store at its fullest. */
function tableAt({ store, wordsPerState }: Placed, slots: number): number {
  return align(store + Math.floor(slots * LOAD_LAST + 1) * wordsPerState * 4);
}

function bytesFor(placed: Placed, slots: number): number {
  return tableAt(placed, slots) + slots * 4;
}

/** Bytes that states and table take when so many indices are used. */
export function bytesInUse(
  { store, wordsPerState, slots }: Pick<Arena, "store" | "wordsPerState" | "slots">,
  states: number,
): number {
  return store + states * wordsPerState * 4 + slots * 4;
}

/**
 * Doubles the table, which is empty then. False, and nothing has changed but that the table may be
 * filled further, where the addresses or the limit do not allow it.
 */
export function growArena(arena: Arena, states: number, memoryBytes: number | null): boolean {
  const slots = arena.slots * 2;
  const bytes = bytesFor(arena, slots);
  const room = roomFor(arena, slots, LOAD_MAX, memoryBytes);
  const roomLeft = roomFor(arena, arena.slots, LOAD_LAST, memoryBytes);
  const gains = room > Math.max(states, roomLeft);
  const within = slots <= SLOTS_MAX && bytes <= PAGES_MAX * PAGE_BYTES && gains;
  const bytesBefore = arena.memory.buffer.byteLength;
  if (!within || !growMemory(arena.memory, bytes)) {
    arena.capacity = Math.max(arena.capacity, roomLeft);
    return false;
  }
  arena.slots = slots;
  arena.table = tableAt(arena, slots);
  arena.capacity = room;
  // What the memory has just grown by is zero.
  const used = Math.max(0, Math.min(bytesBefore - arena.table, slots * 4));
  new Uint8Array(arena.memory.buffer, arena.table, used).fill(0);
  return true;
}

/** How many states there may be beside a table: what it may be filled with, and what the limit leaves. */
function roomFor(placed: Placed, slots: number, load: number, memoryBytes: number | null): number {
  const filled = Math.floor(slots * load);
  if (memoryBytes === null) {
    return filled;
  }
  const left = memoryBytes - bytesInUse({ ...placed, slots }, 0);
  return Math.max(0, Math.min(filled, Math.floor(left / (placed.wordsPerState * 4))));
}

function growMemory(memory: WasmMemory, bytes: number): boolean {
  const pages = Math.ceil((bytes - memory.buffer.byteLength) / PAGE_BYTES);
  try {
    if (pages > 0) {
      memory.grow(pages);
    }
    return true;
  } catch (error) {
    if (error instanceof RangeError) {
      return false;
    }
    throw error;
  }
}
