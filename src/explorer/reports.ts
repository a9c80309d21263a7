import { FOUND, type Kernel } from "../codegen/kernel.ts";
import { stateAt } from "./instance.ts";
import type { WasmMemory } from "./webassembly.ts";

/** What a kernel reported: see `FOUND`. */
export interface Report {
  readonly kind: number;
  readonly id: number;
  /** Of the state. */
  readonly depth: number;
  readonly state: Uint32Array;
  /** Of all agents at the state, where it is a deadlock; else null. */
  readonly statuses: Int32Array | null;
}

/** Reads a report while it is made: what it refers to still lies in memory, and is not copied. */
export function reportAt(
  { kernel, memory, area }: ReportingKernel,
  { kind, id, address, depth }: { kind: number; id: number; address: number; depth: number },
): Report {
  const statuses =
    kind === FOUND.deadlock
      ? new Int32Array(memory.buffer, area + kernel.statusesOffset, kernel.agentCount)
      : null;
  return { kind, id, depth, state: stateAt({ memory }, kernel.words, address), statuses };
}

/** A kernel that works in an area of a memory. */
export interface ReportingKernel {
  readonly kernel: Pick<Kernel, "words" | "statusesOffset" | "agentCount">;
  readonly memory: WasmMemory;
  readonly area: number;
}
