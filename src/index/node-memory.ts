import { totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";
import type { Engine } from "../check/engines.ts";

/** V8 counts its three spaces for young objects as heap, but old ones cannot have them. */
const YOUNG_BYTES = 3 * 16 * 2 ** 20;

/** Fuller than this, the heap is collected all the time, and soon V8 gives up. */
const HEAP_SHARE = 0.8;

/** Of the memory of this machine, or of what it lets this process have. */
const MACHINE_SHARE = 0.8;
/** What 32-bit addresses reach: the fast engine cannot use more. */
const ADDRESSES_BYTES = 2 ** 32;

/**
 * Bytes of the heap that are in use, garbage included. Asked thousands of times. What V8 counts
 * beside the heap is left out: it includes the memories of fast searches that are over, and the
 * reference keeps nothing there.
 */
export function memoryUsed(): number {
  return getHeapStatistics().used_heap_size;
}

/** Bytes of the machine's memory that this process takes, the fast engine's included. */
export function memoryResident(): number {
  return process.memoryUsage.rss();
}

/**
 * Bytes at which a search ends as incomplete unless told otherwise. The reference keeps its states
 * in the heap: beyond Node's own limit of that the process would be killed and everything found
 * would be lost. The fast engine keeps them in memory of its own: where that outgrows the machine
 * or the container, the same happens.
 */
export function memoryLimit(engine: Engine): number {
  return engine === "reference"
    ? Math.floor(HEAP_SHARE * (getHeapStatistics().heap_size_limit - YOUNG_BYTES))
    : fastMemoryLimit(totalmem(), process.constrainedMemory());
}

/** The limit of the fast engine; 0 or more than there is stands for a container without bounds. */
export function fastMemoryLimit(machineBytes: number, containerBytes: number): number {
  const bytes = containerBytes > 0 ? Math.min(machineBytes, containerBytes) : machineBytes;
  return Math.min(ADDRESSES_BYTES, Math.floor(MACHINE_SHARE * bytes));
}
