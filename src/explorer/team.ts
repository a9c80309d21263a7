import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { Kernel, KernelExports } from "../codegen/kernel.ts";
import { present } from "../support/internal-error.ts";
import type { Arena } from "./arena.ts";
import { instantiate, pointTo } from "./instance.ts";
import { addRange, countOf, pieces, type Ranges } from "./ranges.ts";
import { type Report, reportAt } from "./reports.ts";
import {
  beginLevel,
  CONTROL,
  controlOf,
  hear,
  type Job,
  type JobDone,
  type Message,
  resultOf,
  SEGMENT,
} from "./team-level.ts";
import type { WasmMemory, WasmModule } from "./webassembly.ts";

/**
 * Several threads that expand a level together. They share memory: what is shared is the table, into
 * which they insert with compare-and-exchange, the indices, which they take in segments, and the
 * states of the level, which they take in chunks. The thread that started them only waits for
 * messages, so that progress and interruption get their turn.
 */
export interface Team {
  /** Starts the threads when first asked; true once all of them are there. */
  isReady(): boolean;
  /** Starts the threads and waits until all of them are there; true. */
  ready(): Promise<boolean>;
  expand(job: Job): Promise<JobDone>;
  /** Ends the threads. */
  end(): Promise<void>;
}

/** What a thread is started with. */
interface Start {
  readonly mdcheckWorker: true;
  readonly kernel: Kernel;
  readonly module: WasmModule;
  readonly memory: WasmMemory;
  readonly store: number;
  readonly area: number;
}

/** A level as a thread is told of it. */
interface Order {
  readonly ranges: Ranges;
  readonly total: number;
  readonly depth: number;
}

/** States that a thread takes at a time. */
const CHUNK = 256;
const TICK_MS = 50;
/** What was found is told at the end of a level, or when there is so much of it. */
const REPORTS_MAX = 1_000;

/** The threads are given the compiled module instead. */
const NO_BYTES = new Uint8Array(0);

/**
 * Where the code of a thread is: built JavaScript, also when this file is run as TypeScript. The path
 * leads through the parent folder, so that it holds where this code is joined into dist/cli/main.js.
 */
function workerUrl(): URL {
  const here = import.meta.url.replace(/\/src\/explorer\/team\.ts$/, "/dist/explorer/team.js");
  return new URL("../explorer/team.js", here);
}

/** A team of as many threads as there are areas behind the first. */
export function createTeam(parts: {
  readonly kernel: Kernel;
  readonly module: WasmModule;
  readonly arena: Arena;
}): Team {
  const { arena, kernel, module } = parts;
  const workers: Worker[] = [];
  let readyCount = 0;
  let failed: unknown = null;
  let onMessage: (index: number, message: Message) => void = () => {};
  let onFailure: (error: unknown) => void = () => {};
  let onReady: () => void = () => {};
  const start = (): void => {
    for (const [index, area] of arena.areas.slice(1).entries()) {
      const data: Start = {
        mdcheckWorker: true,
        kernel: { ...kernel, bytes: NO_BYTES },
        module,
        memory: arena.memory,
        store: arena.store,
        area,
      };
      const worker = new Worker(workerUrl(), { workerData: data, execArgv: [] });
      worker.on("message", (message: Message) => {
        if (message.kind === "ready") {
          readyCount += 1;
          onReady();
        } else {
          onMessage(index, message);
        }
      });
      worker.on("error", (error) => {
        failed = error;
        onFailure(error);
      });
      workers.push(worker);
    }
  };
  const isReady = (): boolean => {
    if (workers.length === 0) {
      start();
    }
    if (failed !== null) {
      throw failed;
    }
    return readyCount === workers.length;
  };
  return {
    isReady,
    ready: () =>
      new Promise((resolve, reject) => {
        onFailure = reject;
        onReady = () => {
          if (isReady()) {
            resolve(true);
          }
        };
        onReady();
      }),
    expand: (job) =>
      new Promise((resolve, reject) => {
        onFailure = reject;
        const level = beginLevel(arena, job, workers.length);
        onMessage = (index, message) => {
          try {
            hear(level, index, message);
            if (level.results.every((result) => result !== null)) {
              resolve(resultOf(level));
            }
          } catch (error) {
            reject(error);
          }
        };
        const order: Order = { ranges: job.ranges, total: countOf(job.ranges), depth: job.depth };
        for (const worker of workers) {
          worker.postMessage(order);
        }
      }),
    end: async () => {
      onMessage = () => {};
      onFailure = () => {};
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** A thread of a team. */
interface Helper {
  readonly start: Start;
  readonly control: Int32Array;
  readonly kernel: KernelExports;
  fresh: Ranges;
  /** Where those begin that are not in `fresh` yet. */
  freshFrom: number;
  /** The segment that comes after the current one: what is left of that one is used first. */
  spare: { readonly from: number; readonly currentEnd: number } | null;
  /** What was found and not told yet. */
  reports: Report[];
  depth: number;
  transitions: number;
  probeMs: number;
  lapMs: number;
  tickMs: number;
}

/** What a thread of a team does: one level after the other. */
function help(start: Start): void {
  const port = present(parentPort ?? undefined, "the thread that started this one");
  const { memory, area } = start;
  const helper: Helper = {
    start,
    control: controlOf(memory),
    kernel: instantiate(start.module, start, area, {
      found: (kind, id, address) => {
        const { depth } = helper;
        const report = reportAt(start, { kind, id, address, depth });
        const { state, statuses } = report;
        helper.reports.push({
          ...report,
          state: state.slice(),
          statuses: statuses?.slice() ?? null,
        });
        if (helper.reports.length >= REPORTS_MAX) {
          tellReports(helper);
        }
      },
      makeRoom: () => takeSegment(helper),
      lap: (phase) => {
        const now = performance.now();
        if (phase === 0) {
          helper.lapMs = now;
        } else {
          helper.probeMs += now - helper.lapMs;
        }
      },
    }),
    fresh: [],
    freshFrom: 0,
    spare: null,
    reports: [],
    depth: 0,
    transitions: 0,
    probeMs: 0,
    lapMs: 0,
    tickMs: 0,
  };
  port.on("message", (order: Order) => port.postMessage(helpWith(helper, order)));
  port.postMessage({ kind: "ready" } satisfies Message);
}

function helpWith(helper: Helper, { ranges, total, depth }: Order): Message {
  const { kernel, control } = helper;
  const begunMs = performance.now();
  helper.depth = depth;
  helper.fresh = [];
  helper.freshFrom = kernel.next.value;
  helper.transitions = 0;
  helper.probeMs = 0;
  kernel.stopped.value = 0;
  kernel.outside.value = 0;
  takeTable(helper);
  for (;;) {
    if (Atomics.load(control, CONTROL.grow) === 1) {
      park(helper);
    }
    if (Atomics.load(control, CONTROL.stop) === 1) {
      break;
    }
    const cursor = Atomics.add(control, CONTROL.cursor, CHUNK);
    if (cursor >= total) {
      break;
    }
    pieces(ranges, cursor, Math.min(CHUNK, total - cursor), (from, to) => kernel.expand(from, to));
    helper.transitions += kernel.transitions.value >>> 0;
    kernel.transitions.value = 0;
    tick(helper);
  }
  kernel.flush();
  noteFresh(helper);
  const { fresh, transitions, probeMs } = helper;
  const expandMs = performance.now() - begunMs;
  helper.depth = depth + 1;
  pieces(fresh, 0, Number.POSITIVE_INFINITY, (from, to) => kernel.judge(from, to));
  const outside = kernel.outside.value;
  const stopped = kernel.stopped.value !== 0;
  tellReports(helper);
  return { kind: "done", fresh, transitions, outside, stopped, expandMs, probeMs };
}

/** Messages arrive in the order in which they are sent, so these are there before the level is done. */
function tellReports(helper: Helper): void {
  if (helper.reports.length > 0) {
    parentPort?.postMessage({ kind: "found", reports: helper.reports } satisfies Message);
    helper.reports = [];
  }
}

function tick(helper: Helper): void {
  const nowMs = performance.now();
  if (nowMs - helper.tickMs >= TICK_MS) {
    helper.tickMs = nowMs;
    parentPort?.postMessage({ kind: "tick", transitions: helper.transitions } satisfies Message);
  }
}

/** Notes the states found since the last time. */
function noteFresh(helper: Helper): void {
  const { kernel, spare } = helper;
  if (spare !== null && kernel.spare.value === kernel.spareEnd.value) {
    addRange(helper.fresh, helper.freshFrom, spare.currentEnd);
    helper.freshFrom = spare.from;
    helper.spare = null;
  }
  addRange(helper.fresh, helper.freshFrom, kernel.next.value);
  helper.freshFrom = kernel.next.value;
}

/** Takes another segment of indices, unless there is one left; 0 where the search is to stop. */
function takeSegment(helper: Helper): number {
  const { control, kernel } = helper;
  noteFresh(helper);
  for (;;) {
    if (Atomics.load(control, CONTROL.grow) === 1) {
      park(helper);
    }
    if (Atomics.load(control, CONTROL.stop) === 1) {
      return 0;
    }
    if (helper.spare !== null) {
      return 1;
    }
    const next = Atomics.load(control, CONTROL.next);
    if (next + SEGMENT > Atomics.load(control, CONTROL.capacity)) {
      Atomics.store(control, CONTROL.grow, 1);
    } else if (Atomics.compareExchange(control, CONTROL.next, next, next + SEGMENT) === next) {
      helper.spare = { from: next, currentEnd: kernel.end.value };
      kernel.spare.value = next;
      kernel.spareEnd.value = next + SEGMENT;
      return 1;
    }
  }
}

/** Waits until the table has grown. */
function park(helper: Helper): void {
  const { control, transitions } = helper;
  const epoch = Atomics.load(control, CONTROL.epoch);
  noteFresh(helper);
  const message: Message = { kind: "parked", fresh: helper.fresh, transitions };
  parentPort?.postMessage(message);
  Atomics.wait(control, CONTROL.epoch, epoch);
  takeTable(helper);
}

function takeTable({ control, kernel }: Helper): void {
  pointTo(kernel, {
    table: Atomics.load(control, CONTROL.table) >>> 0,
    slots: Atomics.load(control, CONTROL.slots),
  });
}

const started: unknown = workerData;
if (
  !isMainThread &&
  typeof started === "object" &&
  started !== null &&
  "mdcheckWorker" in started
) {
  help(started as Start);
}
