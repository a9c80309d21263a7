import type { Type } from "../core/types.ts";
import type { Model } from "../model/model.ts";
import { type Packing, pack, packingOf as packingOfType, wordsOf } from "../model/packing.ts";
import { showType } from "../values/types.ts";
import { universe } from "../values/universe.ts";
import type { Value } from "../values/value.ts";
import { createModule, type Func, type Global, type ModuleWriter } from "./wasm.ts";

/** Bytes of a word. */
export const WORD_BYTES = 4;

/** Where the constants of a module begin; address 0 stays unused. */
const DATA_START = 1024;

/** A module under construction, and what its functions share. */
export interface Unit {
  readonly model: Model;
  readonly module: ModuleWriter;
  /** Address of what belongs to one worker: the buffers below. */
  readonly base: Global;
  readonly memory: MemoryPlan;
  /** Helper functions by name, made when first asked for. */
  readonly helpers: Map<string, Func>;
  /** Status of an agent at a state: `(agent, address) → status`; for `enabled` and `blocked`. */
  statusOf: Func | null;
  /** How often the code being written is written out: once for each element of the sets around it. */
  copies: number;
}

/** Where the parts of memory are; constants first, then the area of each worker. */
export interface MemoryPlan {
  /** End of the constants so far. */
  dataEnd: number;
  /** Bytes of a worker's area so far. */
  areaBytes: number;
  readonly literals: Map<string, number>;
}

/** An empty module for a model. */
export function createUnit(model: Model): Unit {
  const module = createModule();
  return {
    model,
    module,
    base: module.importGlobal("base"),
    memory: { dataEnd: DATA_START, areaBytes: 64, literals: new Map() },
    helpers: new Map(),
    statusOf: null,
    copies: 1,
  };
}

/** The packing of a type in the unit's model. */
export function packingIn(unit: Unit, type: Type): Packing {
  return packingOfType(type, unit.model.types);
}

/** Reserves bytes in each worker's area, aligned to 8; the offset from its base. */
export function reserve(unit: Unit, bytes: number): number {
  const offset = unit.memory.areaBytes;
  unit.memory.areaBytes += Math.ceil(bytes / 8) * 8;
  return offset;
}

/** Puts words into the constants; equal ones once. Returns their address. */
export function constantWords(unit: Unit, words: Uint32Array): number {
  const key = words.join();
  let address = unit.memory.literals.get(key);
  if (address === undefined) {
    address = unit.memory.dataEnd;
    unit.module.data(address, new Uint8Array(words.buffer, words.byteOffset, words.byteLength));
    unit.memory.dataEnd += Math.ceil((words.length * WORD_BYTES) / 8) * 8;
    unit.memory.literals.set(key, address);
  }
  return address;
}

/** The packed words of a value. */
export function packedWords(unit: Unit, value: Value, type: Type): Uint32Array {
  const packing = packingIn(unit, type);
  const words = new Uint32Array(Math.max(1, wordsOf(packing)));
  pack(packing, value, { words, bit: 0 }, unit.model.types);
  return words;
}

/** Address of a table of all values of a type, packed, by rank; each takes whole words. */
export function valueTable(unit: Unit, type: Type): number {
  const { memory, module, model } = unit;
  const key = `table ${showType(type)}`;
  let address = memory.literals.get(key);
  if (address === undefined) {
    const packing = packingIn(unit, type);
    const values = universe(type, model.types);
    const count = Math.max(1, wordsOf(packing));
    const words = new Uint32Array(values.length * count);
    for (const [rank, value] of values.entries()) {
      pack(packing, value, { words, bit: rank * count * WORD_BYTES * 8 }, model.types);
    }
    address = memory.dataEnd;
    module.data(address, new Uint8Array(words.buffer));
    memory.dataEnd += Math.ceil(words.byteLength / 8) * 8;
    memory.literals.set(key, address);
  }
  return address;
}
