import type { Type } from "../core/types.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { InternalError } from "../support/internal-error.ts";
import { misfit, type TypeContext } from "./types.ts";
import type { ListValue, MapValue, Value } from "./value.ts";
import { ValueError } from "./value-error.ts";

/** Throws `ValueError` with the reason when `value` does not fit `type`; `what` names the place. */
export function checkFits(
  value: Value,
  type: Type,
  place: { readonly span: Span; readonly what: string },
  context: TypeContext,
): void {
  const found = misfit(value, type, context);
  if (found !== null) {
    throw new ValueError(place.span, `${found} (${place.what})`);
  }
}

/** `m[k]`; `ValueError` unless the map has the key. `at.type` is the map's type, for the message. */
export function valueOfKey(
  map: MapValue,
  key: Value,
  at: { readonly type: Type; readonly span: Span },
  context: TypeContext,
): Value {
  const found = map.get(key);
  if (found === undefined) {
    const keys = at.type.kind === "map" ? at.type.key : at.type;
    const why = misfit(key, keys, context) ?? `there is no key ${String(key)}`;
    throw new ValueError(at.span, `${why} (key of a map)`);
  }
  return found;
}

/** `q[i]`; `ValueError` unless the sequence is longer than that. */
export function elementAt(list: ListValue, index: number, span: Span): Value {
  checkIndex(index, list.size, span);
  return there(list.get(index));
}

/** Throws `ValueError` unless `index` is one of a sequence of `length` elements. */
export function checkIndex(index: number, length: number, span: Span): void {
  if (index < 0 || index >= length) {
    throw new ValueError(
      span,
      length === 0
        ? `index ${index} of an empty sequence`
        : `index ${index} is outside 0..${length - 1} (index of a sequence)`,
    );
  }
}

/** `head(q)`; `ValueError` when it is empty. */
export function head(list: ListValue, span: Span): Value {
  return there(nonEmpty(list, "head", span).first());
}

/** `tail(q)`; `ValueError` when it is empty. */
export function tail(list: ListValue, span: Span): Value {
  return nonEmpty(list, "tail", span).rest();
}

/** `the(x)`; `ValueError` when it is none. */
export function the(value: Value, span: Span): Value {
  if (value === null) {
    throw new ValueError(span, "the value of none");
  }
  return value;
}

/** The first of some elements; `ValueError` when there is none. `name` says who asks. */
export function firstOf(elements: readonly Value[], name: string, span: Span): Value {
  const [first] = elements;
  if (first === undefined) {
    throw new ValueError(span, `${name} of an empty set`);
  }
  return first;
}

function nonEmpty(list: ListValue, name: string, span: Span): ListValue {
  if (list.isEmpty()) {
    throw new ValueError(span, `${name} of an empty sequence`);
  }
  return list;
}

/** Like `present`, but null is a value: `none`. */
function there(value: Value | undefined): Value {
  if (value === undefined) {
    throw new InternalError("missing: an element");
  }
  return value;
}
