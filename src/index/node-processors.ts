import { availableParallelism } from "node:os";
import { isWorkerCount, WORKERS_MAX, workersFor } from "../check/workers.ts";

/** How many threads this machine runs at the same time, as far as this process may use them. */
export function parallelism(): number {
  return availableParallelism();
}

/** The number of workers that an option of a call means. Throws `RangeError` for another value. */
export function workersOf(wanted: number | "auto" | undefined): number {
  if (wanted === undefined || wanted === "auto") {
    return workersFor(parallelism());
  }
  if (!isWorkerCount(wanted)) {
    throw new RangeError(`workers must be "auto" or a whole number from 1 to ${WORKERS_MAX}`);
  }
  return wanted;
}
