import { availableParallelism } from "node:os";

/** How many threads this machine runs at the same time, as far as this process may use them. */
export function parallelism(): number {
  return availableParallelism();
}
