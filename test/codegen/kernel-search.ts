import { compileKernel } from "../../src/codegen/compile.ts";
import type { Kernel, KernelExports, Sharing } from "../../src/codegen/kernel.ts";
import { type Arena, createArena, growArena } from "../../src/explorer/arena.ts";
import { instantiate, pointTo, stateAt } from "../../src/explorer/instance.ts";
import { WASM } from "../../src/explorer/webassembly.ts";
import { packVariables } from "../../src/model/decode.ts";
import type { Model } from "../../src/model/model.ts";
import { present } from "../../src/support/internal-error.ts";
import type { Value } from "../../src/values/value.ts";

/** Something that a kernel reported, with a copy of the state. */
export interface Found {
  readonly kind: number;
  readonly id: number;
  readonly state: Uint32Array;
}

/** Indices `[from, to)`. */
type Range = readonly [number, number];

/** States that a kernel has searched, without an explorer around it. */
export interface KernelSearch {
  readonly model: Model;
  readonly kernel: Kernel;
  readonly arena: Arena;
  /** The instance in the first area. */
  readonly main: KernelExports;
  /** Where all states are. */
  readonly ranges: readonly Range[];
  readonly found: readonly Found[];
}

/** How to search. */
export interface HowToSearch {
  readonly sharing: Sharing;
  /** How many instances take turns; each has indices of its own, most of which stay unused. */
  readonly instances: number;
  /** Each instance has room for so many states. */
  readonly statesMax: number;
  /** States that an instance expands before it is another's turn. */
  readonly turn: number;
  readonly properties: ReadonlySet<string> | null;
  readonly survey: boolean;
}

/** Searches and judges all states of a model; null where there are too many. */
export function searchKernel(model: Model, how: HowToSearch): KernelSearch | null {
  const { sharing, instances, statesMax, turn } = how;
  const kernel = compileKernel(model, {
    sharing,
    pagesMax: 65_536,
    properties: how.properties,
    deadlock: true,
    survey: how.survey,
    statements: 0,
  });
  const arena = present(createArena(kernel, sharing, instances) ?? undefined, "memory");
  while (arena.capacity < instances * statesMax) {
    growArena(arena, 0, null);
  }
  const module = new WASM.Module(kernel.bytes);
  const found: Found[] = [];
  const workers = arena.areas.map((area, index) => {
    const worker = instantiate(module, arena, area, {
      found: (kind, id, address) =>
        found.push({ kind, id, state: stateAt(arena, kernel.words, address).slice() }),
      makeRoom: () => 1,
      lap: () => {},
    });
    pointTo(worker, arena);
    worker.next.value = index * statesMax;
    worker.end.value = (index + 1) * statesMax;
    return worker;
  });
  const main = present(workers[0], "a worker");
  admitAll(model, kernel, arena, main);
  const ends = workers.map((worker) => worker.next.value);
  const ranges: Range[] = [];
  ends[0] = 0;
  for (;;) {
    const level = workers.map((worker, index): Range => {
      worker.flush();
      const from = present(ends[index], "an end");
      ends[index] = worker.next.value;
      worker.judge(from, worker.next.value);
      return [from, worker.next.value];
    });
    if (workers.some(({ stopped }) => stopped.value !== 0)) {
      return null;
    }
    if (level.every(([from, to]) => from === to)) {
      return { model, kernel, arena, main, ranges, found };
    }
    ranges.push(...level);
    expandInTurns(workers, level, turn);
  }
}

function expandInTurns(
  workers: readonly KernelExports[],
  level: readonly Range[],
  turn: number,
): void {
  let next = 0;
  for (const [from, to] of level) {
    for (let at = from; at < to; at += turn) {
      present(workers[next], "a worker").expand(at, Math.min(to, at + turn));
      next = (next + 1) % workers.length;
    }
  }
}

function admitAll(model: Model, kernel: Kernel, arena: Arena, main: KernelExports): void {
  const address = present(arena.areas[0], "an area") + kernel.initialOffset;
  const choices = model.initial.reduce<readonly (readonly Value[])[]>(
    (all, values) => all.flatMap((tuple) => values.map((value) => [...tuple, value])),
    [[]],
  );
  for (const values of choices) {
    const words = stateAt(arena, kernel.words, address);
    words.fill(0);
    packVariables(model, values, words);
    main.admit(address);
  }
}
