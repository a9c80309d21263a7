import type { InstanceIndex, SlotIndex, VariableIndex } from "../core/expressions.ts";
import type { Block, Body, Statement } from "../core/statements.ts";
import type { Type } from "../core/types.ts";
import type { Value } from "../values/value.ts";
import type { Packing } from "./packing.ts";

/**
 * One call path of one agent, known before anything runs: procs are not recursive, so each agent has
 * a finite tree of frames.
 */
export interface Frame {
  /** Unique in the model. */
  readonly id: number;
  readonly kind: "thread" | "proc" | "transition";
  /** Index into the list of `Program` for its kind. */
  readonly index: number;
  readonly name: string;
  readonly parent: Frame | null;
  /** The statement of `parent` whose call this is. */
  readonly call: Statement | null;
  readonly body: Body;
  /** What a proc gives back. */
  readonly result: Type | null;
  /** The thread that runs; null in a transition. */
  readonly instance: InstanceIndex | null;
  /** Whether all of it happens within one step. */
  readonly isAtomic: boolean;
  /** By slot. */
  readonly storages: readonly Storage[];
  /** What each block of the body adds to the state, the parameters being outside of its block. */
  readonly scopes: ReadonlyMap<Block, Scope>;
  readonly outermost: Scope;
}

/** Where a local is. */
export type Storage =
  | { readonly kind: "constant"; readonly value: Value }
  /** In the state. */
  | FieldStorage
  /** Lives only within a step; where, is up to the code that runs. */
  | TemporaryStorage
  | { readonly kind: "reference"; readonly place: BoundPlace };

/** A local or kept index that is part of the state. */
export interface FieldStorage {
  readonly kind: "field";
  readonly field: Field;
}

/** A local or kept index that lives only within a step. */
export interface TemporaryStorage {
  readonly kind: "temporary";
  readonly packing: Packing;
}

/**
 * Bits of a state. `bit` counts from its first word; it is given when all fields are known, and
 * stays -1 for what turns out never to outlive a step.
 */
export interface Field {
  readonly packing: Packing;
  bit: number;
}

/** Fields that are in use together; children are in use at different times, so they share bits. */
export interface Scope {
  readonly fields: Field[];
  readonly children: Scope[];
}

/** What a `ref` is bound to, all the way to a variable or to a local that is no `ref`. */
export interface BoundPlace {
  readonly root:
    | { readonly kind: "variable"; readonly variable: VariableIndex }
    | { readonly kind: "local"; readonly frame: Frame; readonly slot: SlotIndex };
  readonly path: readonly BoundStep[];
}

/** One step of a bound place; an index that is not known beforehand was kept at the call. */
export type BoundStep =
  | { readonly kind: "field"; readonly field: string; readonly of: Type }
  | {
      readonly kind: "element";
      readonly of: Type;
      readonly index: KeptIndex;
    };

/** An index as it was at the call. */
export type KeptIndex =
  | { readonly kind: "constant"; readonly value: Value }
  | FieldStorage
  | TemporaryStorage;

/** The frames from the outermost to this one. */
export function chainOf(frame: Frame): readonly Frame[] {
  const chain: Frame[] = [];
  for (let one: Frame | null = frame; one !== null; one = one.parent) {
    chain.unshift(one);
  }
  return chain;
}
