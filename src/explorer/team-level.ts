import { present } from "../support/internal-error.ts";
import type { Arena } from "./arena.ts";
import { addRange, pieces, type Ranges } from "./ranges.ts";
import type { Report } from "./reports.ts";
import type { WasmMemory } from "./webassembly.ts";

/** A level to be expanded. */
export interface Job {
  readonly ranges: Ranges;
  readonly depth: number;
  /** The first index that is free. */
  readonly next: number;
  /** Indices from this one on must not be used. */
  readonly statesMax: number;
  /** All threads wait: makes the table larger. What was found so far is given. False: it cannot. */
  grow(fresh: readonly Ranges[], next: number): boolean;
  /** Something was found; of this level or the next one. */
  onReport(report: Report): void;
  /** About every 50 ms, with the states and transitions so far; true to stop. */
  onTick(states: number, transitions: number): boolean;
}

/** What came of it. */
export interface JobDone {
  readonly fresh: Ranges;
  readonly next: number;
  readonly transitions: number;
  /** States found that break the constraints. */
  readonly outside: number;
  /** Whether some successors were left out, because the search is to stop. */
  readonly stopped: boolean;
  readonly expandMs: number;
  readonly probeMs: number;
}

/** What a thread tells. */
export type Message =
  | { readonly kind: "ready" }
  | { readonly kind: "tick"; readonly transitions: number }
  | { readonly kind: "found"; readonly reports: readonly Report[] }
  | { readonly kind: "parked"; readonly fresh: Ranges; readonly transitions: number }
  | ({ readonly kind: "done" } & Omit<JobDone, "next">);

/** Indices that a thread takes at a time: more than the states of a batch. */
export const SEGMENT = 4_096;

/** Below the constants of any kernel. */
const CONTROL_ADDRESS = 64;

/** Words at a fixed place of the memory, by which the threads agree. */
export const CONTROL = {
  /** States of the level that have been taken. */
  cursor: 0,
  /** The first index that is free. */
  next: 1,
  /** 1: stop as soon as possible. */
  stop: 2,
  /** 1: park, the table has to grow. */
  grow: 3,
  /** Counted up when parked threads shall go on. */
  epoch: 4,
  table: 5,
  slots: 6,
  capacity: 7,
} as const;
const CONTROL_WORDS = 8;

/** The words by which the threads agree. */
export function controlOf(memory: WasmMemory): Int32Array {
  return new Int32Array(memory.buffer, CONTROL_ADDRESS, CONTROL_WORDS);
}

/** A level under way, as the thread that started the others sees it. */
export interface TeamLevel {
  readonly arena: Arena;
  readonly job: Job;
  readonly control: Int32Array;
  /** By thread: what it has found so far, and the transitions it told of. */
  readonly fresh: Ranges[];
  readonly transitions: number[];
  readonly parked: Set<number>;
  readonly results: (Extract<Message, { kind: "done" }> | null)[];
}

/** Makes everything ready for a level. */
export function beginLevel(arena: Arena, job: Job, count: number): TeamLevel {
  const control = controlOf(arena.memory);
  Atomics.store(control, CONTROL.cursor, 0);
  Atomics.store(control, CONTROL.next, job.next);
  Atomics.store(control, CONTROL.stop, 0);
  Atomics.store(control, CONTROL.grow, 0);
  publishTable(control, arena, job);
  return {
    arena,
    job,
    control,
    fresh: Array.from({ length: count }, () => []),
    transitions: new Array<number>(count).fill(0),
    parked: new Set(),
    results: new Array<null>(count).fill(null),
  };
}

function publishTable(control: Int32Array, arena: Arena, { statesMax }: Job): void {
  Atomics.store(control, CONTROL.table, arena.table | 0);
  Atomics.store(control, CONTROL.slots, arena.slots);
  Atomics.store(control, CONTROL.capacity, Math.min(arena.capacity, statesMax));
}

/** Hears what a thread tells; makes the table larger when all of them wait for that. */
export function hear(level: TeamLevel, index: number, message: Message): void {
  const { job, control, parked, results, fresh, transitions } = level;
  switch (message.kind) {
    case "ready":
      return;
    case "found":
      for (const report of message.reports) {
        job.onReport(report);
      }
      return;
    case "done":
      results[index] = message;
      fresh[index] = message.fresh;
      transitions[index] = message.transitions;
      break;
    case "parked":
      parked.add(index);
      fresh[index] = message.fresh;
      transitions[index] = message.transitions;
      break;
    default:
      transitions[index] = message.transitions;
  }
  const next = Atomics.load(control, CONTROL.next);
  if (
    job.onTick(
      next,
      transitions.reduce((sum, one) => sum + one, 0),
    )
  ) {
    Atomics.store(control, CONTROL.stop, 1);
  }
  const isEveryoneWaiting = results.every((result, at) => result !== null || parked.has(at));
  if (parked.size > 0 && isEveryoneWaiting) {
    if (Atomics.load(control, CONTROL.stop) === 0 && !job.grow(fresh, next)) {
      Atomics.store(control, CONTROL.stop, 1);
    }
    publishTable(control, level.arena, job);
    parked.clear();
    Atomics.store(control, CONTROL.grow, 0);
    Atomics.add(control, CONTROL.epoch, 1);
    Atomics.notify(control, CONTROL.epoch);
  }
}

/** What all threads did. */
export function resultOf({ control, results, fresh }: TeamLevel): JobDone {
  const done = results.map((result) => present(result ?? undefined, "a result"));
  const sum = (of: (one: (typeof done)[number]) => number): number =>
    done.reduce((all, one) => all + of(one), 0);
  const ranges: Ranges = [];
  for (const one of fresh) {
    pieces(one, 0, Number.POSITIVE_INFINITY, (from, to) => addRange(ranges, from, to));
  }
  return {
    fresh: ranges,
    next: Atomics.load(control, CONTROL.next),
    transitions: sum((one) => one.transitions),
    outside: sum((one) => one.outside),
    stopped: done.some((one) => one.stopped),
    expandMs: sum((one) => one.expandMs),
    probeMs: sum((one) => one.probeMs),
  };
}
