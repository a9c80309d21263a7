import type { Kernel, KernelExports } from "../codegen/kernel.ts";
import type { Arena } from "./arena.ts";
import { WASM, type WasmModule } from "./webassembly.ts";

/** What a kernel calls; see `FOUND` for what is found. */
export interface KernelImports {
  found(kind: number, id: number, address: number): void;
  makeRoom(count: number): number;
  lap(phase: number): void;
}

/** Makes an instance of a kernel that works in one of the areas of an arena. */
export function instantiate(
  module: WasmModule,
  { memory, store }: Pick<Arena, "memory" | "store">,
  area: number,
  imports: KernelImports,
): KernelExports {
  const env = { memory, base: area, ...imports };
  const { exports } = new WASM.Instance(module, { env });
  const kernel = exports as KernelExports;
  kernel.store.value = store;
  kernel.reset();
  return kernel;
}

/** Tells an instance where the table is. */
export function pointTo(
  { table, mask }: KernelExports,
  arena: Pick<Arena, "table" | "slots">,
): void {
  table.value = arena.table;
  mask.value = arena.slots - 1;
}

/** The words of a state in memory; addresses beyond 2³¹ come as negative numbers. */
export function stateAt(
  { memory }: Pick<Arena, "memory">,
  words: number,
  address: number,
): Uint32Array {
  return new Uint32Array(memory.buffer, address >>> 0, words);
}

/** The words of a state of the store, by its index. */
export function storedState(
  arena: Pick<Arena, "memory" | "store">,
  words: number,
  index: number,
): Uint32Array {
  return stateAt(arena, words, arena.store + index * words * 4);
}

/** How many statements and transitions the kernel counts; 0 where it does not count. */
export function countersOf(
  kernel: Kernel,
  { memory }: Pick<Arena, "memory">,
  area: number,
): BigUint64Array {
  return kernel.countersOffset === null
    ? new BigUint64Array(0)
    : new BigUint64Array(memory.buffer, area + kernel.countersOffset, kernel.counterCount);
}
