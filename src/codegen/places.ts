import type { Expression } from "../core/expressions.ts";
import type { Place } from "../core/statements.ts";
import type { Type } from "../core/types.ts";
import type { BoundPlace, Field, Frame, KeptIndex, Storage } from "../model/frames.ts";
import { indexTypeOf } from "../model/make-frames.ts";
import { InternalError, present } from "../support/internal-error.ts";
import { misfit } from "../values/types.ts";
import { rankOf } from "../values/universe.ts";
import type { Value } from "../values/value.ts";
import { toRank } from "./convert.ts";
import { type Emitter, failIf, known, pushArea, pushValue, temporaryOf } from "./emitter.ts";
import { push, pushAs } from "./expressions.ts";
import { pushLength } from "./sequences.ts";
import { elementAt, memorySource, partAt, read, type Source, valueSource } from "./sources.ts";
import { packingIn } from "./unit.ts";
import type { Local } from "./wasm.ts";

/** An expression that says where a value is rather than how it is made. */
export type PlaceExpression = Extract<
  Expression,
  {
    readonly kind:
      | "variable"
      | "prime"
      | "local"
      | "bound"
      | "threadLocal"
      | "field"
      | "mapElement"
      | "sequenceElement";
  }
>;

/** Whether an expression says where a value is. */
export function isPlace(expression: Expression): expression is PlaceExpression {
  switch (expression.kind) {
    case "variable":
    case "prime":
    case "local":
    case "bound":
    case "threadLocal":
    case "field":
    case "mapElement":
    case "sequenceElement":
      return true;
    default:
      return false;
  }
}

/** Where the value of an expression is; fails where an index does not fit. */
export function sourceOf(emitter: Emitter, expression: PlaceExpression): Source {
  const { unit, state, next } = emitter;
  switch (expression.kind) {
    case "variable":
      return variableSource(emitter, state, expression.variable, expression.type);
    case "prime":
      return variableSource(
        emitter,
        present(next ?? undefined, "a step"),
        expression.variable,
        expression.type,
      );
    case "local":
      if (emitter.tried?.slot === expression.slot) {
        return computed(emitter, expression);
      }
      return localSource(emitter, present(emitter.frame ?? undefined, "a frame"), expression.slot);
    case "bound":
    case "threadLocal":
      return computed(emitter, expression);
    case "field": {
      const of = partOf(emitter, expression.of);
      const packing = packingIn(unit, expression.of.type);
      if (packing.kind !== "struct") {
        throw new InternalError("a field of what is no struct");
      }
      const field = packing.fields.find((one) => one.name === expression.field);
      const { offset, packing: part } = present(field, "a field");
      return partAt(emitter, of, offset, part.type);
    }
    default:
      return elementSource(emitter, partOf(emitter, expression.of), {
        constant: known(emitter, expression.index),
        push: (type) => pushAs(emitter, expression.index, type),
      });
  }
}

function variableSource(emitter: Emitter, state: Local, index: number, type: Type): Source {
  const { model } = emitter.unit;
  const field = model.layout.variables[index];
  if (field === null || field === undefined) {
    return constantSource(emitter, model.knowledge.fixed.get(index) as Value, type);
  }
  return memorySource(state, field.bit, field.packing.type);
}

function constantSource(emitter: Emitter, value: Value, type: Type): Source {
  pushValue(emitter, value, type);
  const local = emitter.code.local();
  emitter.code.set(local);
  return valueSource(emitter, local, type);
}

/** Where the whole is that a part is taken of. */
function partOf(emitter: Emitter, expression: Expression): Source {
  return isPlace(expression) && known(emitter, expression) === null
    ? sourceOf(emitter, expression)
    : computed(emitter, expression);
}

function computed(emitter: Emitter, expression: Expression): Source {
  push(emitter, expression);
  const local = emitter.code.local();
  emitter.code.set(local);
  return valueSource(emitter, local, expression.type);
}

/** An index, known or to be computed. */
interface Index {
  readonly constant: { readonly value: Value } | null;
  /** Pushes it as a value of the type of indices; for a sequence any integer will do. */
  push(type: Type): void;
}

function elementSource(emitter: Emitter, of: Source, index: Index): Source {
  const { unit, code } = emitter;
  const packing = packingIn(unit, of.type);
  const { types } = unit.model;
  const indices = indexTypeOf(of.type);
  const { constant } = index;
  if (packing.kind === "map") {
    const { stride, value } = packing;
    if (constant !== null && misfit(constant.value, indices, types) === null) {
      const rank = rankOf(constant.value, indices, types);
      return partAt(emitter, of, rank * stride, value.type);
    }
    index.push(indices);
    toRank(emitter, indices);
    return elementAt(emitter, of, { offset: 0, stride, type: value.type });
  }
  if (packing.kind !== "seq") {
    throw new InternalError("an element of what has none");
  }
  index.push(ANY_INTEGER);
  const at = code.local();
  code.tee(at);
  pushLength(emitter, of);
  // A negative index is a large one when it counts as unsigned.
  code.op("i32.ge_u");
  failIf(emitter);
  code.get(at);
  const { offset, stride, of: element } = packing;
  return elementAt(emitter, of, { offset, stride, type: element.type });
}

const ANY_INTEGER: Type = { kind: "int", low: -(2 ** 31), high: 2 ** 31 - 1 };

/** Where a local of a frame is. */
export function localSource(emitter: Emitter, frame: Frame, slot: number): Source {
  const storage = present(frame.storages[slot], "a local");
  const { type } = present(frame.body.locals[slot], "a local");
  switch (storage.kind) {
    case "constant":
      return constantSource(emitter, storage.value, type);
    case "reference":
      return boundSource(emitter, storage.place);
    default:
      return storageSource(emitter, storage);
  }
}

/** Where a local or kept index is that is no constant. */
export function storageSource(
  emitter: Emitter,
  storage: Extract<Storage | KeptIndex, { kind: "field" | "temporary" }>,
): Source {
  if (storage.kind === "field") {
    const { field } = storage;
    return field.bit >= 0
      ? memorySource(emitter.state, field.bit, field.packing.type)
      : temporarySource(emitter, field);
  }
  return temporarySource(emitter, storage);
}

function temporarySource(
  emitter: Emitter,
  storage: Field | Extract<Storage, { kind: "temporary" }>,
): Source {
  const { type } = storage.packing;
  const temporary = temporaryOf(emitter, storage);
  if (temporary.kind === "local") {
    return { kind: "local", type, local: temporary.local, shift: 0, dynamic: null };
  }
  const address = emitter.code.local();
  pushArea(emitter, temporary.offset);
  emitter.code.set(address);
  return memorySource(address, 0, type);
}

/** What a `ref` is bound to, with the indices that it kept. */
function boundSource(emitter: Emitter, { root, path }: BoundPlace): Source {
  let source =
    root.kind === "variable"
      ? variableSource(
          emitter,
          emitter.state,
          root.variable,
          present(emitter.unit.model.program.variables[root.variable], "a variable").type,
        )
      : localSource(emitter, root.frame, root.slot);
  for (const step of path) {
    if (step.kind === "field") {
      source = fieldSource(emitter, source, step.field);
    } else {
      const { index } = step;
      source = elementSource(emitter, source, {
        constant: index.kind === "constant" ? { value: index.value } : null,
        push: (type) => pushKept(emitter, index, type),
      });
    }
  }
  return source;
}

function pushKept(emitter: Emitter, index: KeptIndex, type: Type): void {
  if (index.kind === "constant") {
    pushValue(emitter, index.value, type);
  } else {
    read(emitter, storageSource(emitter, index));
  }
}

function fieldSource(emitter: Emitter, source: Source, name: string): Source {
  const packing = packingIn(emitter.unit, source.type);
  if (packing.kind !== "struct") {
    throw new InternalError("a field of what is no struct");
  }
  const { offset, packing: part } = present(
    packing.fields.find((one) => one.name === name),
    "a field",
  );
  return partAt(emitter, source, offset, part.type);
}

/** Where a value goes; indices are evaluated now. */
export function targetOf(emitter: Emitter, place: Place): Source {
  const frame = present(emitter.frame ?? undefined, "a frame");
  const { root } = place;
  let source =
    root.kind === "variable"
      ? variableSource(
          emitter,
          emitter.state,
          root.variable,
          present(emitter.unit.model.program.variables[root.variable], "a variable").type,
        )
      : localSource(emitter, frame, root.slot);
  for (const step of place.path) {
    source =
      step.kind === "field"
        ? fieldSource(emitter, source, step.field)
        : elementSource(emitter, source, {
            constant: known(emitter, step.index),
            push: (type) => pushAs(emitter, step.index, type),
          });
  }
  return source;
}
