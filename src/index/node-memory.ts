import { getHeapStatistics } from "node:v8";

/** V8 counts its three spaces for young objects as heap, but old ones cannot have them. */
const YOUNG_BYTES = 3 * 16 * 2 ** 20;

/** Fuller than this, the heap is collected all the time, and soon V8 gives up. */
const HEAP_SHARE = 0.8;

/** Bytes that are in use, garbage included: the heap and what hangs on it. Asked thousands of times. */
export function memoryUsed(): number {
  const { used_heap_size: heapBytes, external_memory: externalBytes } = getHeapStatistics();
  return heapBytes + externalBytes;
}

/**
 * Bytes at which a search ends as incomplete unless told otherwise: beyond Node's own limit of the
 * heap the process would be killed and everything found would be lost.
 */
export function memoryLimit(): number {
  return Math.floor(HEAP_SHARE * (getHeapStatistics().heap_size_limit - YOUNG_BYTES));
}
