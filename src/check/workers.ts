/** More workers than this are not taken. */
export const WORKERS_MAX = 64;

/** `auto` takes no more: beyond it, workers wait for memory more than they search. */
const WORKERS_AUTO_MAX = 8;

/** How many workers `auto` stands for on a machine that can do `parallelism` things at a time. */
export function workersFor(parallelism: number): number {
  return Math.max(1, Math.min(WORKERS_AUTO_MAX, parallelism));
}

/** Whether so many workers can be asked for. */
export function isWorkerCount(count: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= WORKERS_MAX;
}
