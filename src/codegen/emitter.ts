import type { Binder, Expression } from "../core/expressions.ts";
import type { Type } from "../core/types.ts";
import type { Field, Frame, TemporaryStorage } from "../model/frames.ts";
import { foldIn } from "../model/knowledge.ts";
import { isSmall } from "../model/packing.ts";
import type { Value } from "../values/value.ts";
import { constantWords, packedWords, packingIn, reserve, type Unit } from "./unit.ts";
import type { FunctionWriter, Label, Local } from "./wasm.ts";

/**
 * Writes code that computes with values. On the stack a value of at most 32 bits is one i32 (an
 * integer as it is, anything else packed); a wider one is the address of its packed words, which
 * stay as they are until the statement is over.
 */
export interface Emitter {
  readonly unit: Unit;
  readonly code: FunctionWriter;
  /** Address of the state that is read, and by statements written. */
  readonly state: Local;
  /** Address of the state after the step, for `x'`. */
  readonly next: Local | null;
  /** Where the code stands; null in properties. */
  readonly frame: Frame | null;
  readonly binders: Map<Binder, Bound>;
  /** What is computed has no value: goes there, leaving nothing on the stack. */
  readonly fail: Label;
  /** Locals of the code that are no part of the state. */
  readonly temporaries: Map<TemporaryStorage | Field, Temporary>;
  /** The element that a `choose` tries: what its slot is while `where` is evaluated. */
  readonly tried: { readonly slot: number; readonly element: Bound } | null;
}

/** The value of a binder in force. */
export type Bound =
  | { readonly kind: "constant"; readonly value: Value; readonly type: Type }
  | { readonly kind: "local"; readonly local: Local; readonly type: Type };

/** Where a local that is no part of the state is kept: as on the stack, or packed in memory. */
export type Temporary =
  | { readonly kind: "local"; readonly local: Local }
  /** Offset from the worker's area. */
  | { readonly kind: "memory"; readonly offset: number };

/** Whether values of a type are one i32 on the stack. */
export function isOneWord({ unit }: Pick<Emitter, "unit">, type: Type): boolean {
  return isSmall(packingIn(unit, type));
}

/** The value of an expression if it is known while the code is written. */
export function known(emitter: Emitter, expression: Expression): { readonly value: Value } | null {
  const binders = new Map<Binder, Value>();
  for (const [binder, bound] of emitter.binders) {
    if (bound.kind === "constant") {
      binders.set(binder, bound.value);
    }
  }
  const { knowledge } = emitter.unit.model;
  return foldIn(expression, { knowledge, frame: emitter.frame, binders });
}

/** Pushes a value that is known while the code is written. */
export function pushValue({ unit, code }: Emitter, value: Value, type: Type): void {
  if (type.kind === "int") {
    code.i32(value as number);
    return;
  }
  const words = packedWords(unit, value, type);
  code.i32(isSmall(packingIn(unit, type)) ? (words[0] as number) : constantWords(unit, words));
}

/** Pushes the address of a part of the worker's area. */
export function pushArea({ unit, code }: Pick<Emitter, "unit" | "code">, offset: number): void {
  code.getGlobal(unit.base);
  if (offset !== 0) {
    code.i32(offset);
    code.op("i32.add");
  }
}

/** A local with the address of words that are this code's own. */
export function ownWords(emitter: Emitter, count: number): Local {
  const { code, unit } = emitter;
  const address = code.local();
  pushArea(emitter, reserve(unit, count * 4));
  code.set(address);
  return address;
}

/** Where a local that is no part of the state is kept: scalars in a local, the rest in memory. */
export function temporaryOf(emitter: Emitter, storage: TemporaryStorage | Field): Temporary {
  let temporary = emitter.temporaries.get(storage);
  if (temporary === undefined) {
    const { packing } = storage;
    temporary =
      packing.kind === "scalar" || (packing.kind === "option" && packing.isFlat)
        ? { kind: "local", local: emitter.code.lasting() }
        : { kind: "memory", offset: reserve(emitter.unit, Math.ceil(packing.bits / 32) * 4) };
    emitter.temporaries.set(storage, temporary);
  }
  return temporary;
}

/** Goes to `fail` if the i32 on the stack is not 0. */
export function failIf({ code, fail }: Emitter): void {
  code.brIf(fail);
}
