import type { Expression } from "../core/expressions.ts";
import type { Type } from "../core/types.ts";
import { isSmall, type SetPacking, wordsOf } from "../model/packing.ts";
import { InternalError, present } from "../support/internal-error.ts";
import { sortedElements } from "../values/order.ts";
import { cardinality } from "../values/types.ts";
import { universe } from "../values/universe.ts";
import type { SetValue, Value } from "../values/value.ts";
import { elementOf, emptyValue, fromRank, loopTo, pushMade, setBit, toRank } from "./convert.ts";
import { type Bound, type Emitter, known } from "./emitter.ts";
import { push, pushAs, pushBound } from "./expressions.ts";
import { canFail, sizeOf } from "./shape.ts";
import { type Source, valueSource } from "./sources.ts";
import { packingIn, WORD_BYTES } from "./unit.ts";
import type { Local } from "./wasm.ts";

/** What is done with an element; the value is as on the stack. */
export type Each = (element: Bound) => void;

/** Code for one element after the other is written out up to this many nodes in all. */
const WRITTEN_OUT_MAX = 400;
const ELEMENTS_WRITTEN_OUT_MAX = 64;
/** With all that is written out around it, up to this many. */
const NODES_MAX = 4000;

/**
 * Writes out code for each of some elements if that is not too much; returns whether it did.
 * `bodySize` is the size of the code for one, nothing in it being written out.
 */
export function writtenOut<Element>(
  { unit }: Pick<Emitter, "unit">,
  elements: readonly Element[],
  bodySize: number,
  each: (element: Element, index: number) => void,
): boolean {
  const { copies } = unit;
  if (copies * elements.length * bodySize > NODES_MAX) {
    return false;
  }
  unit.copies = copies * Math.max(1, elements.length);
  for (const [index, element] of elements.entries()) {
    each(element, index);
  }
  unit.copies = copies;
  return true;
}

/** Does something for each element of a set, in canonical order; `bodySize` is about how much. */
export function forEach(emitter: Emitter, set: Expression, bodySize: number, each: Each): void {
  const constant = known(emitter, set);
  if (constant !== null) {
    const type = elementOf(set.type);
    const elements = sortedElements(constant.value as SetValue, type, emitter.unit.model.types);
    if (
      elements.length <= ELEMENTS_WRITTEN_OUT_MAX &&
      elements.length * bodySize <= WRITTEN_OUT_MAX &&
      writtenOut(emitter, elements, bodySize, (value) => each({ kind: "constant", value, type }))
    ) {
      return;
    }
  }
  switch (set.kind) {
    case "range":
      forEachInRange(emitter, set, each);
      return;
    case "universe":
      forEachOfType(emitter, set.of, each);
      return;
    case "filter":
      // All of the filter is evaluated first, which shows only where it can fail.
      if (canFail(emitter, set.where) || canFail(emitter, set.set)) {
        if (isRankedAtOnce(emitter, elementOf(set.type))) {
          forEachOfValue(emitter, set, each);
          return;
        }
        forEach(emitter, set.set, sizeOf(emitter, set.where), (element) => {
          emitter.binders.set(set.binder, element);
          push(emitter, set.where);
          emitter.code.op("drop");
        });
      }
      forEach(emitter, set.set, bodySize + sizeOf(emitter, set.where), (element) => {
        emitter.binders.set(set.binder, element);
        push(emitter, set.where);
        emitter.code.beginIf();
        each(element);
        emitter.code.end();
      });
      return;
    default:
      forEachOfValue(emitter, set, each);
  }
}

/** Whether the rank of a value is worked out without a search for it. */
function isRankedAtOnce({ unit }: Emitter, type: Type): boolean {
  const packing = packingIn(unit, type);
  return packing.kind === "scalar" || (packing.kind === "option" && packing.isFlat);
}

function forEachInRange(
  emitter: Emitter,
  set: Extract<Expression, { kind: "range" }>,
  each: Each,
): void {
  const { code } = emitter;
  const [low, high] = [code.local(), code.local()];
  push(emitter, set.low);
  code.set(low);
  push(emitter, set.high);
  code.set(high);
  const end = code.begin("block");
  code.get(low);
  code.get(high);
  code.op("i32.gt_s");
  code.brIf(end);
  const loop = code.begin("loop");
  each({ kind: "local", local: low, type: elementOf(set.type) });
  code.get(low);
  code.get(high);
  code.op("i32.eq");
  code.brIf(end);
  code.get(low);
  code.i32(1);
  code.op("i32.add");
  code.set(low);
  code.br(loop);
  code.end();
  code.end();
}

function forEachOfType(emitter: Emitter, type: Type, each: Each): void {
  const { code, unit } = emitter;
  const count = cardinality(type, unit.model.types);
  const value = code.local();
  loopTo(
    emitter,
    () => code.i32(count),
    (rank) => {
      code.get(rank);
      fromRank(emitter, type);
      code.set(value);
      each({ kind: "local", local: value, type });
    },
  );
}

/** Walks the bits of a set that is computed first. */
function forEachOfValue(emitter: Emitter, set: Expression, each: Each): void {
  const { code, unit } = emitter;
  const type = elementOf(set.type);
  const packing = packingIn(unit, set.type) as SetPacking;
  const value = code.local();
  push(emitter, set);
  code.set(value);
  if (isSmall(packing)) {
    const bits = code.local();
    code.get(value);
    code.set(bits);
    forEachBit(emitter, bits, () => {}, type, each);
    return;
  }
  // The set may change while its elements are used, so it is walked word by word.
  const bits = code.local();
  loopTo(
    emitter,
    () => code.i32(wordsOf(packing)),
    (word) => {
      code.get(word);
      code.i32(Math.log2(WORD_BYTES));
      code.op("i32.shl");
      code.get(value);
      code.op("i32.add");
      code.access("i32.load");
      code.set(bits);
      const addWord = (): void => {
        code.get(word);
        code.i32(5);
        code.op("i32.shl");
        code.op("i32.add");
      };
      forEachBit(emitter, bits, addWord, type, each);
    },
  );
}

function forEachBit(
  emitter: Emitter,
  bits: Local,
  addWord: () => void,
  type: Type,
  each: Each,
): void {
  const { code } = emitter;
  const element = code.local();
  const end = code.begin("block");
  const loop = code.begin("loop");
  code.get(bits);
  code.op("i32.eqz");
  code.brIf(end);
  code.get(bits);
  code.op("i32.ctz");
  addWord();
  fromRank(emitter, type);
  code.set(element);
  code.get(bits);
  code.get(bits);
  code.i32(1);
  code.op("i32.sub");
  code.op("i32.and");
  code.set(bits);
  each({ kind: "local", local: element, type });
  code.br(loop);
  code.end();
  code.end();
}

/** Pushes a set of type `type` made of what `addAll` adds: each time a value of the element type. */
function pushBuilt(emitter: Emitter, type: Type, addAll: (add: () => void) => void): void {
  const target: Source = emptyValue(emitter, type);
  const element = elementOf(type);
  addAll(() => {
    toRank(emitter, element);
    setBit(emitter, target);
  });
  pushMade(emitter, target);
}

/** Pushes the value of a set expression of one of these kinds. */
export function pushSet(
  emitter: Emitter,
  set: Extract<
    Expression,
    { kind: "set" | "sequence" | "range" | "universe" | "filter" | "image" }
  >,
): void {
  const { code } = emitter;
  const element = elementOf(set.type);
  switch (set.kind) {
    case "set":
      pushBuilt(emitter, set.type, (add) => {
        for (const one of set.elements) {
          pushAs(emitter, one, element);
          add();
        }
      });
      return;
    case "range":
    case "universe":
      pushBuilt(emitter, set.type, (add) => {
        forEach(emitter, set, WRITTEN_OUT_MAX, (one) => {
          pushBound(emitter, one, element);
          add();
        });
      });
      return;
    case "filter":
      pushBuilt(emitter, set.type, (add) => {
        forEach(emitter, set.set, sizeOf(emitter, set.where), (one) => {
          emitter.binders.set(set.binder, one);
          push(emitter, set.where);
          code.beginIf();
          pushBound(emitter, one, element);
          add();
          code.end();
        });
      });
      return;
    case "sequence":
      throw new InternalError("a sequence where a set belongs");
    default: {
      const { where } = set;
      const size = sizeOf(emitter, set.element) + (where === null ? 0 : sizeOf(emitter, where));
      pushBuilt(emitter, set.type, (add) => {
        forEach(emitter, set.set, size, (one) => {
          emitter.binders.set(set.binder, one);
          if (where !== null) {
            push(emitter, where);
            code.beginIf();
          }
          pushAs(emitter, set.element, element);
          add();
          if (where !== null) {
            code.end();
          }
        });
      });
    }
  }
}

/** All values of a type, in canonical order. */
export function allOf(emitter: Emitter, type: Type): readonly Value[] {
  return universe(type, emitter.unit.model.types);
}

/** A set as it is on the stack, put into a local, as a source. */
export function setSource(emitter: Emitter, type: Type): Source {
  const { code } = emitter;
  const local = code.local();
  code.set(local);
  return present(valueSource(emitter, local, type), "a source");
}
