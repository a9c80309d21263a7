import type { Expression } from "../core/expressions.ts";
import type { Type } from "../core/types.ts";
import type { SeqPacking } from "../model/packing.ts";
import { InternalError } from "../support/internal-error.ts";
import { convert, emptyValue, loopTo, pushMade } from "./convert.ts";
import { type Emitter, failIf } from "./emitter.ts";
import { evaluated, push, pushAs, pushBound } from "./expressions.ts";
import { setSource } from "./sets.ts";
import { elementAt, partAt, read, readPacked, type Source, write, writePacked } from "./sources.ts";
import { packingIn } from "./unit.ts";

/** The packing of a sequence type. */
export function seqPacking({ unit }: Pick<Emitter, "unit">, type: Type): SeqPacking {
  const packing = packingIn(unit, type);
  if (packing.kind !== "seq") {
    throw new InternalError(`${type.kind} where a sequence belongs`);
  }
  return packing;
}

/** Pushes the length of the sequence at a source. */
export function pushLength(emitter: Emitter, sequence: Source): void {
  readPacked(emitter, sequence, seqPacking(emitter, sequence.type).lengthBits);
}

/** Pushes `[a, b]`. */
export function pushSequence(
  emitter: Emitter,
  { type, elements }: Extract<Expression, { kind: "set" | "sequence" }>,
): void {
  const packing = seqPacking(emitter, type);
  const target = emptyValue(emitter, type);
  emitter.code.i32(elements.length);
  writePacked(emitter, target, packing.lengthBits);
  for (const [index, element] of elements.entries()) {
    pushAs(emitter, element, packing.of.type);
    const offset = packing.offset + index * packing.stride;
    write(emitter, partAt(emitter, target, offset, packing.of.type));
  }
  pushMade(emitter, target);
}

/** Pushes `append(q, x)`; the type of the result has room for one more. */
export function pushAppend(
  emitter: Emitter,
  { of, element, type }: Extract<Expression, { kind: "append" }>,
): void {
  const { code } = emitter;
  const from = seqPacking(emitter, of.type);
  const packing = seqPacking(emitter, type);
  push(emitter, of);
  const old = setSource(emitter, of.type);
  const added = evaluated(emitter, element, packing.of.type);
  const target = emptyValue(emitter, type);
  copyElements(emitter, { old, target, skip: 0 }, () => pushLength(emitter, old));
  pushLength(emitter, old);
  const { offset, stride } = packing;
  const slot = elementAt(emitter, target, { offset, stride, type: packing.of.type });
  pushBound(emitter, added, packing.of.type);
  write(emitter, slot);
  pushLength(emitter, old);
  code.i32(1);
  code.op("i32.add");
  writePacked(emitter, target, packing.lengthBits);
  pushMade(emitter, target);
  if (packing.lengthMax <= from.lengthMax) {
    throw new InternalError("the result of append has no room for one more");
  }
}

/** Copies elements of `old` from `skip` on to the beginning of `target`. */
function copyElements(
  emitter: Emitter,
  { old, target, skip }: { readonly old: Source; readonly target: Source; readonly skip: number },
  pushCount: () => void,
): void {
  const { code } = emitter;
  const [a, b] = [seqPacking(emitter, old.type), seqPacking(emitter, target.type)];
  loopTo(emitter, pushCount, (index) => {
    code.get(index);
    const slot = elementAt(emitter, target, {
      offset: b.offset,
      stride: b.stride,
      type: b.of.type,
    });
    code.get(index);
    const offset = a.offset + skip * a.stride;
    read(emitter, elementAt(emitter, old, { offset, stride: a.stride, type: a.of.type }));
    convert(emitter, a.of.type, b.of.type);
    write(emitter, slot);
  });
}

/** Pushes the first element; fails when there is none. */
export function pushHead(emitter: Emitter, of: Expression): void {
  const packing = seqPacking(emitter, of.type);
  push(emitter, of);
  const sequence = setSource(emitter, of.type);
  failIfEmpty(emitter, sequence);
  read(emitter, partAt(emitter, sequence, packing.offset, packing.of.type));
}

/** Pushes all but the first element; fails when there is none. */
export function pushTail(emitter: Emitter, of: Expression, type: Type): void {
  const { code } = emitter;
  push(emitter, of);
  const old = setSource(emitter, of.type);
  failIfEmpty(emitter, old);
  const target = emptyValue(emitter, type);
  const pushRest = (): void => {
    pushLength(emitter, old);
    code.i32(1);
    code.op("i32.sub");
  };
  copyElements(emitter, { old, target, skip: 1 }, pushRest);
  pushRest();
  writePacked(emitter, target, seqPacking(emitter, type).lengthBits);
  pushMade(emitter, target);
}

function failIfEmpty(emitter: Emitter, sequence: Source): void {
  pushLength(emitter, sequence);
  emitter.code.op("i32.eqz");
  failIf(emitter);
}
