import type { Expression } from "../core/expressions.ts";
import type { Type } from "../core/types.ts";
import { isSmall, type SetPacking, WORD_BITS, wordsOf } from "../model/packing.ts";
import { InternalError, present, unreachable } from "../support/internal-error.ts";
import { pushArithmetic, pushNegated } from "./arithmetic.ts";
import {
  convert,
  elementOf,
  emptyValue,
  hullOf,
  loopTo,
  pushElementBit,
  pushIsSome,
  pushMade,
  pushThe,
  toRank,
  writeSome,
} from "./convert.ts";
import { decided } from "./decided.ts";
import { type Bound, type Emitter, failIf, isOneWord, known, pushValue } from "./emitter.ts";
import { pushAt, pushDone, pushStatus, pushThreadElement, pushThreadLocal } from "./observe.ts";
import { isPlace, sourceOf } from "./places.ts";
import { equalFunction } from "./ranks.ts";
import { pushAppend, pushHead, pushLength, pushSequence, pushTail } from "./sequences.ts";
import { allOf, forEach, pushSet, setSource, writtenOut } from "./sets.ts";
import { canFail, sizeOf } from "./shape.ts";
import { elementAt, partAt, read, type Source, write } from "./sources.ts";
import { packingIn } from "./unit.ts";
import type { Local } from "./wasm.ts";

type Of<Kind> = Extract<Expression, { readonly kind: Kind }>;

/** Pushes the value of an expression as one of `type`; fails where it is none. */
export function pushAs(emitter: Emitter, expression: Expression, type: Type): void {
  push(emitter, expression);
  convert(emitter, expression.type, type);
}

/** Pushes the value of an expression; fails where it has none. */
export function push(emitter: Emitter, expression: Expression): void {
  const { code } = emitter;
  const constant = known(emitter, expression);
  if (constant !== null) {
    pushValue(emitter, constant.value, expression.type);
    return;
  }
  if (isPlace(expression)) {
    pushPlace(emitter, expression);
    return;
  }
  switch (expression.kind) {
    case "not":
      push(emitter, expression.of);
      code.op("i32.eqz");
      return;
    case "negate":
      pushNegated(emitter, expression);
      return;
    case "binary":
      pushBinary(emitter, expression);
      return;
    case "conditional":
      push(emitter, expression.condition);
      code.beginIf("i32");
      pushAs(emitter, expression.then, expression.type);
      code.otherwise();
      pushAs(emitter, expression.else, expression.type);
      code.end();
      return;
    case "let": {
      emitter.binders.set(expression.binder, evaluated(emitter, expression.value));
      pushAs(emitter, expression.body, expression.type);
      return;
    }
    case "apply":
      pushApply(emitter, expression);
      return;
    case "some":
      pushSome(emitter, expression);
      return;
    case "forall":
    case "exists":
      pushQuantifier(emitter, expression);
      return;
    case "count":
      pushCount(emitter, expression);
      return;
    case "set":
    case "range":
    case "universe":
    case "filter":
    case "image":
      pushSet(emitter, expression);
      return;
    case "map":
    case "mapLiteral":
      pushMap(emitter, expression);
      return;
    case "struct":
      pushStruct(emitter, expression);
      return;
    case "sequence":
      pushSequence(emitter, expression);
      return;
    case "append":
      pushAppend(emitter, expression);
      return;
    case "function":
      pushFunction(emitter, expression);
      return;
    case "threadElement":
      pushThreadElement(emitter, expression);
      return;
    case "at":
      pushAt(emitter, expression);
      return;
    case "done":
      pushDone(emitter, expression.of);
      return;
    case "blocked":
    case "enabledThread":
    case "enabledTransition":
      pushStatus(emitter, expression);
      return;
    case "boolean":
    case "integer":
    case "member":
    case "none":
    case "thread":
    case "self":
    case "constant":
      throw new InternalError(`a ${expression.kind} is not known beforehand`);
    default:
      unreachable(expression);
  }
}

/** A bound value is on the stack as it is; other places are read from where they are. */
function pushPlace(emitter: Emitter, expression: Parameters<typeof sourceOf>[1]): void {
  if (expression.kind === "bound") {
    const bound = present(emitter.binders.get(expression.binder), "a binder in force");
    pushBound(emitter, bound, expression.type);
    return;
  }
  if (expression.kind === "local" && emitter.tried?.slot === expression.slot) {
    pushBound(emitter, emitter.tried.element, expression.type);
    return;
  }
  if (expression.kind === "threadLocal") {
    pushThreadLocal(emitter, expression);
    return;
  }
  read(emitter, sourceOf(emitter, expression));
}

/** Pushes a value that was bound, as one of `type`; fails where it is none. */
export function pushBound(emitter: Emitter, bound: Bound, type: Type): void {
  if (bound.kind === "local") {
    emitter.code.get(bound.local);
  } else {
    pushValue(emitter, bound.value, bound.type);
  }
  convert(emitter, bound.type, type);
}

/** Evaluates an expression now, to be used later. */
export function evaluated(emitter: Emitter, expression: Expression, type?: Type): Bound {
  const wanted = type ?? expression.type;
  const constant = known(emitter, expression);
  if (constant !== null && (type === undefined || expression.type === type)) {
    return { kind: "constant", value: constant.value, type: wanted };
  }
  pushAs(emitter, expression, wanted);
  const local = emitter.code.local();
  emitter.code.set(local);
  return { kind: "local", local, type: wanted };
}

function pushApply(emitter: Emitter, expression: Of<"apply">): void {
  const def = present(emitter.unit.model.program.defs[expression.def], "a def");
  // All arguments first: one of them may be a call of the same def, with the same binders.
  const values = expression.arguments.map((argument, index) =>
    evaluated(emitter, argument, present(def.parameters[index], "a parameter").type),
  );
  for (const [index, { binder }] of def.parameters.entries()) {
    emitter.binders.set(binder, present(values[index], "an argument"));
  }
  pushAs(emitter, def.body, def.result);
  convert(emitter, def.result, expression.type);
}

function pushSome(emitter: Emitter, expression: Of<"some">): void {
  const { type, of } = expression;
  if (type.kind !== "option") {
    throw new InternalError("a value where an option belongs");
  }
  const target = emptyValue(emitter, type);
  pushAs(emitter, of, type.of);
  writeSome(emitter, target);
  pushMade(emitter, target);
}

function pushBinary(emitter: Emitter, expression: Of<"binary">): void {
  const { code } = emitter;
  const { operator, left, right } = expression;
  switch (operator) {
    case "and":
    case "or":
    case "implies":
      pushShort(emitter, expression, operator);
      return;
    case "iff":
      push(emitter, left);
      push(emitter, right);
      code.op("i32.eq");
      return;
    case "equal":
    case "notEqual":
      pushEqual(emitter, left, right);
      if (operator === "notEqual") {
        code.op("i32.eqz");
      }
      return;
    case "less":
    case "lessEqual":
    case "greater":
    case "greaterEqual":
      push(emitter, left);
      push(emitter, right);
      code.op(COMPARISONS[operator]);
      return;
    case "add":
    case "subtract":
    case "multiply":
    case "divide":
    case "remainder":
      pushArithmetic(emitter, { operator, left, right });
      return;
    case "union":
    case "intersection":
    case "difference":
    case "subset":
      pushSetOperation(emitter, { ...expression, operator });
      return;
    case "inSet":
      pushInSet(emitter, left, right);
      return;
    case "inSequence":
      pushInSequence(emitter, left, right);
      return;
    default:
      unreachable(operator);
  }
}

const COMPARISONS = {
  less: "i32.lt_s",
  lessEqual: "i32.le_s",
  greater: "i32.gt_s",
  greaterEqual: "i32.ge_s",
} as const;

/** The right side is evaluated only as far as needed. */
function pushShort(
  emitter: Emitter,
  { left, right }: Of<"binary">,
  operator: "and" | "or" | "implies",
): void {
  const { code } = emitter;
  const first = decided(emitter, left);
  if (first !== null) {
    // The left side decides, or it does not matter.
    const goesOn = first !== (operator === "or");
    if (goesOn) {
      push(emitter, right);
    } else {
      code.i32(operator === "and" ? 0 : 1);
    }
    return;
  }
  const second = decided(emitter, right);
  if (second !== null) {
    // Then the left side decides alone, or only has to have a value.
    push(emitter, left);
    if (operator === "implies") {
      code.op("i32.eqz");
    }
    if (second !== (operator === "and")) {
      code.i32(second ? 1 : 0);
      code.op(second ? "i32.or" : "i32.and");
    }
    return;
  }
  push(emitter, left);
  if (isCheap(emitter, right)) {
    if (operator === "implies") {
      code.op("i32.eqz");
    }
    push(emitter, right);
    code.op(operator === "and" ? "i32.and" : "i32.or");
    return;
  }
  code.beginIf("i32");
  if (operator === "or") {
    code.i32(1);
  } else {
    push(emitter, right);
  }
  code.otherwise();
  if (operator === "or") {
    push(emitter, right);
  } else {
    code.i32(operator === "and" ? 0 : 1);
  }
  code.end();
}

const CHEAP_SIZE = 8;

/** Whether it is quicker to evaluate both sides than to branch. */
function isCheap(emitter: Emitter, expression: Expression): boolean {
  switch (expression.kind) {
    case "forall":
    case "exists":
    case "count":
    case "blocked":
    case "enabledThread":
    case "enabledTransition":
      return false;
    default:
      return sizeOf(emitter, expression) <= CHEAP_SIZE && !canFail(emitter, expression);
  }
}

/** Pushes whether two values, of types that differ in bounds at most, are equal. */
function pushEqual(emitter: Emitter, left: Expression, right: Expression): void {
  const type = hullOf(left.type, right.type);
  pushAs(emitter, left, type);
  pushAs(emitter, right, type);
  pushSame(emitter, type);
}

/** Replaces two values of a type on the stack by whether they are the same. */
export function pushSame(emitter: Emitter, type: Type): void {
  const { code, unit } = emitter;
  if (isOneWord(emitter, type)) {
    code.op("i32.eq");
  } else {
    code.call(equalFunction(unit, wordsOf(packingIn(unit, type))));
  }
}

function pushSetOperation(
  emitter: Emitter,
  {
    operator,
    left,
    right,
    type: result,
  }: Of<"binary"> & { readonly operator: "union" | "intersection" | "difference" | "subset" },
): void {
  const { code, unit } = emitter;
  const type = hullOf(left.type, right.type);
  const packing = packingIn(unit, type);
  pushAs(emitter, left, type);
  pushAs(emitter, right, type);
  const combine = (): void => {
    if (operator === "difference" || operator === "subset") {
      code.i32(-1);
      code.op("i32.xor");
    }
    code.op(operator === "union" ? "i32.or" : "i32.and");
  };
  if (isSmall(packing)) {
    combine();
    if (operator === "subset") {
      code.op("i32.eqz");
    } else {
      convert(emitter, type, result);
    }
    return;
  }
  const [a, b] = [code.local(), code.local()];
  code.set(b);
  code.set(a);
  if (operator === "subset") {
    code.i32(0);
    for (let word = 0; word < wordsOf(packing); word++) {
      code.get(a);
      code.access("i32.load", word * 4);
      code.get(b);
      code.access("i32.load", word * 4);
      combine();
      code.op("i32.or");
    }
    code.op("i32.eqz");
    return;
  }
  const target = emptyValue(emitter, type);
  if (target.kind !== "memory") {
    throw new InternalError("a wide set in a local");
  }
  loopTo(
    emitter,
    () => code.i32(wordsOf(packing)),
    (word) => {
      const offset = code.local();
      code.get(word);
      code.i32(2);
      code.op("i32.shl");
      code.set(offset);
      const pushWord = (address: Local): void => {
        code.get(address);
        code.get(offset);
        code.op("i32.add");
      };
      pushWord(target.address);
      pushWord(a);
      code.access("i32.load");
      pushWord(b);
      code.access("i32.load");
      combine();
      code.access("i32.store");
    },
  );
  pushMade(emitter, target);
  convert(emitter, type, result);
}

function pushInSet(emitter: Emitter, left: Expression, right: Expression): void {
  pushMember(emitter, evaluated(emitter, left), right);
}

/** Pushes whether a value is in a set, which is evaluated but not always made. */
function pushMember(emitter: Emitter, value: Bound, set: Expression): void {
  const { code } = emitter;
  const element = elementOf(set.type);
  if (known(emitter, set) !== null && isSmall(packingIn(emitter.unit, set.type))) {
    pushIsElement(emitter, value, set);
    return;
  }
  switch (set.kind) {
    case "range": {
      const type = hullOf(value.type, element);
      pushBound(emitter, value, type);
      push(emitter, set.low);
      code.op("i32.ge_s");
      pushBound(emitter, value, type);
      push(emitter, set.high);
      code.op("i32.le_s");
      code.op("i32.and");
      return;
    }
    case "universe":
      pushFits(emitter, value, set.of, () => {
        code.op("drop");
        code.i32(1);
      });
      return;
    case "set":
      code.i32(0);
      for (const one of set.elements) {
        pushIsSame(emitter, value, one);
        code.op("i32.or");
      }
      return;
    case "image":
      pushIsImage(emitter, value, set);
      return;
    case "conditional":
      push(emitter, set.condition);
      code.beginIf("i32");
      pushMember(emitter, value, set.then);
      code.otherwise();
      pushMember(emitter, value, set.else);
      code.end();
      return;
    case "binary":
      if (set.operator === "union") {
        pushMember(emitter, value, set.left);
        pushMember(emitter, value, set.right);
        code.op("i32.or");
        return;
      }
      pushIsElement(emitter, value, set);
      return;
    default:
      pushIsElement(emitter, value, set);
  }
}

/** Pushes whether a value is in a set that is made first. */
function pushIsElement(emitter: Emitter, value: Bound, expression: Expression): void {
  push(emitter, expression);
  const set = setSource(emitter, expression.type);
  const element = elementOf(expression.type);
  pushFits(emitter, value, element, () => {
    toRank(emitter, element);
    pushElementBit(emitter, set);
  });
}

/** Pushes whether a value is that of an expression, which may differ in bounds. */
function pushIsSame(emitter: Emitter, value: Bound, expression: Expression): void {
  const type = hullOf(value.type, expression.type);
  pushBound(emitter, value, type);
  pushAs(emitter, expression, type);
  pushSame(emitter, type);
}

/** All of the image is evaluated, for it may fail; but it is not made. */
function pushIsImage(emitter: Emitter, value: Bound, image: Of<"image">): void {
  const { code } = emitter;
  const { binder, set, where, element } = image;
  const found = code.local();
  code.i32(0);
  code.set(found);
  const size = sizeOf(emitter, element) + (where === null ? 0 : sizeOf(emitter, where));
  forEach(emitter, set, size, (one) => {
    emitter.binders.set(binder, one);
    if (where !== null) {
      push(emitter, where);
      code.beginIf();
    }
    pushIsSame(emitter, value, element);
    code.get(found);
    code.op("i32.or");
    code.set(found);
    if (where !== null) {
      code.end();
    }
  });
  code.get(found);
}

/** Pushes 0 where a value does not fit a type, else what `then` makes of it. */
function pushFits(emitter: Emitter, value: Bound, type: Type, then: () => void): void {
  const { code } = emitter;
  const result = code.local();
  code.i32(0);
  code.set(result);
  const misfit = code.begin("block");
  pushBound({ ...emitter, fail: misfit }, value, type);
  then();
  code.set(result);
  code.end();
  code.get(result);
}

function pushInSequence(emitter: Emitter, left: Expression, right: Expression): void {
  const { code, unit } = emitter;
  const packing = packingIn(unit, right.type);
  if (packing.kind !== "seq") {
    throw new InternalError("`in` of what is neither a set nor a sequence");
  }
  const type = hullOf(left.type, packing.of.type);
  const sought = evaluated(emitter, left, type);
  push(emitter, right);
  const sequence = setSource(emitter, right.type);
  const found = code.local();
  code.i32(0);
  code.set(found);
  loopTo(
    emitter,
    () => pushLength(emitter, sequence),
    (index) => {
      code.get(index);
      const { offset, stride, of } = packing;
      read(emitter, elementAt(emitter, sequence, { offset, stride, type: of.type }));
      convert(emitter, of.type, type);
      pushBound(emitter, sought, type);
      pushSame(emitter, type);
      code.get(found);
      code.op("i32.or");
      code.set(found);
    },
  );
  code.get(found);
}

function pushQuantifier(
  emitter: Emitter,
  { kind, binder, set, body }: Of<"forall" | "exists" | "count">,
): void {
  const { code } = emitter;
  const result = code.local();
  const isExists = kind === "exists";
  code.i32(isExists ? 1 : 0);
  code.set(result);
  const settled = code.begin("block");
  forEach(emitter, set, sizeOf(emitter, body), (element) => {
    emitter.binders.set(binder, element);
    if (decided(emitter, body) === !isExists) {
      return;
    }
    push(emitter, body);
    if (!isExists) {
      code.op("i32.eqz");
    }
    code.brIf(settled);
  });
  code.i32(isExists ? 0 : 1);
  code.set(result);
  code.end();
  code.get(result);
}

function pushCount(
  emitter: Emitter,
  { binder, set, body }: Of<"forall" | "exists" | "count">,
): void {
  const { code } = emitter;
  const found = code.local();
  code.i32(0);
  code.set(found);
  forEach(emitter, set, sizeOf(emitter, body), (element) => {
    emitter.binders.set(binder, element);
    push(emitter, body);
    code.get(found);
    code.op("i32.add");
    code.set(found);
  });
  code.get(found);
}

function pushMap(emitter: Emitter, expression: Of<"map" | "mapLiteral">): void {
  const { code, unit } = emitter;
  const packing = packingIn(unit, expression.type);
  if (packing.kind !== "map" || expression.type.kind !== "map") {
    throw new InternalError("a map without a map type");
  }
  const { key: keyType } = expression.type;
  const value = packing.value.type;
  const target = emptyValue(emitter, expression.type);
  if (expression.kind === "mapLiteral") {
    for (const [index, one] of expression.values.entries()) {
      pushAs(emitter, one, value);
      write(emitter, partAt(emitter, target, index * packing.stride, value));
    }
    pushMade(emitter, target);
    return;
  }
  const { binder, value: body } = expression;
  const keys: Expression = {
    kind: "universe",
    of: keyType,
    type: { kind: "set", of: keyType },
    span: expression.span,
  };
  const isWrittenOut =
    packing.count <= WORD_BITS &&
    writtenOut(emitter, allOf(emitter, keyType), sizeOf(emitter, body), (key, rank) => {
      emitter.binders.set(binder, { kind: "constant", value: key, type: keyType });
      pushAs(emitter, body, value);
      write(emitter, partAt(emitter, target, rank * packing.stride, value));
    });
  if (!isWrittenOut) {
    const rank = code.local();
    code.i32(0);
    code.set(rank);
    forEach(emitter, keys, sizeOf(emitter, body), (key) => {
      emitter.binders.set(binder, key);
      pushAs(emitter, body, value);
      const made = code.local();
      code.set(made);
      code.get(rank);
      const element = elementAt(emitter, target, {
        offset: 0,
        stride: packing.stride,
        type: value,
      });
      code.get(made);
      write(emitter, element);
      code.get(rank);
      code.i32(1);
      code.op("i32.add");
      code.set(rank);
    });
  }
  pushMade(emitter, target);
}

function pushStruct(emitter: Emitter, { type, values }: Of<"struct">): void {
  const packing = packingIn(emitter.unit, type);
  if (packing.kind !== "struct") {
    throw new InternalError("a struct without a struct type");
  }
  const target: Source = emptyValue(emitter, type);
  for (const [index, { offset, packing: field }] of packing.fields.entries()) {
    pushAs(emitter, present(values[index], "a field"), field.type);
    write(emitter, partAt(emitter, target, offset, field.type));
  }
  pushMade(emitter, target);
}

function pushFunction(emitter: Emitter, expression: Of<"function">): void {
  const { of } = expression;
  switch (expression.function) {
    case "size":
      pushSize(emitter, of);
      return;
    case "min":
    case "max":
      pushExtreme(emitter, expression, expression.function);
      return;
    case "length":
      push(emitter, of);
      pushLength(emitter, setSource(emitter, of.type));
      return;
    case "head":
      pushHead(emitter, of);
      return;
    case "tail":
      pushTail(emitter, of, expression.type);
      return;
    case "the": {
      push(emitter, of);
      const option = setSource(emitter, of.type);
      pushIsSome(emitter, option);
      emitter.code.op("i32.eqz");
      failIf(emitter);
      pushThe(emitter, option);
      return;
    }
    default:
      unreachable(expression.function);
  }
}

function pushSize(emitter: Emitter, set: Expression): void {
  const { code, unit } = emitter;
  if (set.kind === "range" || set.kind === "filter" || set.kind === "universe") {
    const size = code.local();
    code.i32(0);
    code.set(size);
    forEach(emitter, set, 1, () => {
      code.get(size);
      code.i32(1);
      code.op("i32.add");
      code.set(size);
    });
    code.get(size);
    return;
  }
  const packing = packingIn(unit, set.type) as SetPacking;
  push(emitter, set);
  if (isSmall(packing)) {
    code.op("i32.popcnt");
    return;
  }
  const address = code.local();
  code.set(address);
  const size = code.local();
  code.i32(0);
  code.set(size);
  loopTo(
    emitter,
    () => code.i32(wordsOf(packing)),
    (word) => {
      code.get(word);
      code.i32(2);
      code.op("i32.shl");
      code.get(address);
      code.op("i32.add");
      code.access("i32.load");
      code.op("i32.popcnt");
      code.get(size);
      code.op("i32.add");
      code.set(size);
    },
  );
  code.get(size);
}

/** The first or last element in canonical order. */
function pushExtreme(emitter: Emitter, { of, type }: Of<"function">, which: "min" | "max"): void {
  const { code } = emitter;
  const [found, isFound] = [code.local(), code.local()];
  code.i32(0);
  code.set(isFound);
  const end = code.begin("block");
  forEach(emitter, of, 1, (element) => {
    pushBound(emitter, element, type);
    code.set(found);
    code.i32(1);
    code.set(isFound);
    if (which === "min") {
      code.br(end);
    }
  });
  code.end();
  code.get(isFound);
  code.op("i32.eqz");
  failIf(emitter);
  code.get(found);
}
