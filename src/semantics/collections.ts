import type * as core from "../core/expressions.ts";
import type { StructType, Type } from "../core/types.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import type * as ast from "../syntax/ast.ts";
import { sortedElements } from "../values/order.ts";
import { cardinality } from "../values/types.ts";
import type { SetValue } from "../values/value.ts";
import { typeContext, valueIfKnown } from "./constants.ts";
import { type Context, fail, newBinder } from "./context.ts";
import { fieldOf } from "./elements.ts";
import { describeEntity } from "./entities.ts";
import {
  coerce,
  expectBool,
  expectType,
  infer,
  inferAnyhow,
  inferSet,
  lacksType,
  optional,
} from "./expressions.ts";
import { INTEGER_MAX, interval } from "./intervals.ts";
import { wrongKind } from "./problems-names.ts";
import {
  contextMissing,
  fieldsMissing,
  fieldTwice,
  keysNotAType,
  typeMismatch,
} from "./problems-types.ts";
import { isEntity, lookUp, type Setting, withLocal } from "./scopes.ts";
import { keysChecked, typeOf } from "./type-expressions.ts";
import { BOOL, describeFound, describeType, join } from "./type-relations.ts";
import { needsContext } from "./walk-tree.ts";

type Of<Kind> = ast.Expression & { readonly kind: Kind };

/** `{a, b}`. */
export function inferSetLiteral(
  context: Context,
  setting: Setting,
  { elements, span }: Of<"set">,
  hint: Type | null,
): core.Expression | null {
  const wished = plain(hint);
  if (elements.length === 0) {
    return wished?.kind === "set"
      ? { kind: "set", elements: [], type: wished, span }
      : typeless(context, setting, span, wished, EMPTY_SET);
  }
  const joined = inferElements(
    context,
    setting,
    elements,
    wished?.kind === "set" ? wished.of : null,
  );
  return joined === null
    ? null
    : { kind: "set", elements: joined.elements, type: { kind: "set", of: joined.type }, span };
}

/** `[a, b]`. */
export function inferSequence(
  context: Context,
  setting: Setting,
  { elements, span }: Of<"sequence">,
  hint: Type | null,
): core.Expression | null {
  const wished = plain(hint);
  if (elements.length === 0) {
    return wished?.kind === "seq"
      ? { kind: "sequence", elements: [], type: wished, span }
      : typeless(context, setting, span, wished, EMPTY_SEQUENCE);
  }
  const joined = inferElements(
    context,
    setting,
    elements,
    wished?.kind === "seq" ? wished.of : null,
  );
  return joined === null
    ? null
    : {
        kind: "sequence",
        elements: joined.elements,
        type: { kind: "seq", of: joined.type, lengthMax: elements.length },
        span,
      };
}

/** A literal that takes its type from the context: how to name it, and what to do without. */
interface Typeless {
  readonly found: string;
  readonly what: string;
  readonly hint: string;
}

const EMPTY_SET: Typeless = {
  found: "an empty set",
  what: "'{}'",
  hint: "write what kind of set it is: var s: set<T> = {}",
};
const EMPTY_SEQUENCE: Typeless = {
  found: "an empty sequence",
  what: "'[]'",
  hint: "write what kind of sequence it is: var q: seq<T, N> = []",
};
const NAMELESS_STRUCT: Typeless = {
  found: "a struct",
  what: "a struct without a name",
  hint: "write its type before the brace: Name { … }",
};

/** Reports a literal for which the context gives no type, or one of another kind. */
function typeless(
  context: Context,
  setting: Setting,
  span: Span,
  wished: Type | null,
  { found, what, hint }: Typeless,
): null {
  return wished === null
    ? lacksType(context, setting, contextMissing(span, what, hint))
    : fail(context, typeMismatch(span, found, describeType(wished)));
}

/** What is wished of a literal that may become optional afterwards. */
function plain(hint: Type | null): Type | null {
  return hint?.kind === "option" ? hint.of : hint;
}

/** Elements and their common type; null where one has an error. */
function inferElements(
  context: Context,
  setting: Setting,
  elements: readonly ast.Expression[],
  hint: Type | null,
): { readonly elements: readonly core.Expression[]; readonly type: Type } | null {
  // Those with a type of their own first: they may give the others theirs.
  const typed = new Map<ast.Expression, core.Expression | null>();
  let type: Type | null = hint;
  let sound = true;
  for (const element of [
    ...elements.filter((one) => !needsContext(one)),
    ...elements.filter(needsContext),
  ]) {
    if (needsContext(element) && type === null && !sound) {
      continue;
    }
    const inferred = infer(context, setting, element, type);
    const one = inferred === null || hint === null ? inferred : coerce(context, inferred, hint);
    typed.set(element, one);
    if (one === null) {
      sound = false;
    } else if (hint === null) {
      const wider: Type | null = type === null ? one.type : join(type, one.type);
      if (wider === null) {
        const wanted = type === null ? "" : describeType(type);
        context.report(typeMismatch(element.span, describeFound(one.type), wanted));
        sound = false;
      } else {
        type = wider;
      }
    }
  }
  const found = elements.flatMap((element) => typed.get(element) ?? []);
  if (!sound || type === null || found.length < elements.length) {
    return null;
  }
  const whole = type;
  const same = found.map((one) => optional(one, whole));
  // With a hint the elements' own bounds are the tighter type.
  const least = same.reduce<Type | null>(
    (all, one) => all && join(all, one.type),
    same[0]?.type ?? null,
  );
  return { elements: same, type: least ?? whole };
}

/** A binding and the setting in which its name is in sight. */
interface Bound {
  readonly set: core.Expression | null;
  readonly binder: core.Binder;
  readonly inner: Setting;
}

function bind(
  context: Context,
  setting: Setting,
  { name, set }: ast.Binding,
  hint: Type | null,
): Bound {
  const typed = inferSet(context, setting, set, hint);
  const binder = newBinder(context);
  const local = { kind: "binder", binder, type: typed?.element ?? null, span: name.span } as const;
  return {
    set: typed?.expression ?? null,
    binder,
    inner: withLocal(context, setting, name, local),
  };
}

/** `{x in S where P}`. */
export function inferFilter(
  context: Context,
  setting: Setting,
  { binding, where, span }: Of<"filter">,
  hint: Type | null,
): core.Expression | null {
  const wished = plain(hint);
  const { set, binder, inner } = bind(
    context,
    setting,
    binding,
    wished?.kind === "set" ? wished.of : null,
  );
  const condition = expectBool(context, inner, where);
  return set === null || condition === null
    ? null
    : { kind: "filter", binder, set, where: condition, type: set.type, span };
}

/** `{e for x in S where P}`. */
export function inferImage(
  context: Context,
  setting: Setting,
  { binding, where, element, span }: Of<"image">,
  hint: Type | null,
): core.Expression | null {
  const { set, binder, inner } = bind(context, setting, binding, null);
  const condition = where === null ? null : expectBool(context, inner, where);
  const wished = plain(hint);
  const of = wished?.kind === "set" ? wished.of : null;
  const typed = infer(context, inner, element, of);
  const one = typed === null || of === null ? typed : coerce(context, typed, of);
  if (set === null || one === null || (where !== null && condition === null)) {
    return null;
  }
  return {
    kind: "image",
    binder,
    set,
    where: condition,
    element: one,
    type: { kind: "set", of: one.type },
    span,
  };
}

/** `forall x in S: P` and the like. */
export function inferQuantifier(
  context: Context,
  setting: Setting,
  { quantifier, binding, body, span }: Of<"quantifier">,
): core.Expression | null {
  const { set, binder, inner } = bind(context, setting, binding, null);
  const condition = expectBool(context, inner, body);
  if (set === null || condition === null) {
    return null;
  }
  return {
    kind: quantifier,
    binder,
    set,
    body: condition,
    type: quantifier === "count" ? countType(context, set) : BOOL,
    span,
  };
}

/** From zero to the number of values that the elements of a set can have. */
export function countType(context: Context, set: core.Expression): Type {
  const most =
    set.type.kind === "set" ? cardinality(set.type.of, typeContext(context)) : INTEGER_MAX;
  return interval(0, most);
}

/** `[k in K -> e]`. */
export function inferMap(
  context: Context,
  setting: Setting,
  { binding, value, span }: Of<"map">,
  hint: Type | null,
): core.Expression | null {
  const wished = plain(hint);
  const { set, binder, inner } = bind(context, setting, binding, null);
  const key = set === null ? null : keyType(context, set);
  const of = wished?.kind === "map" ? wished.value : null;
  const typed = infer(context, inner, value, of);
  const one = typed === null || of === null ? typed : coerce(context, typed, of);
  return key === null || one === null
    ? null
    : { kind: "map", binder, value: one, type: { kind: "map", key, value: one.type }, span };
}

/** The type of which a set holds all values; null, with a report, where it does not. */
function keyType(context: Context, set: core.Expression): Type | null {
  const type = set.kind === "universe" ? set.of : typeOfAll(context, set);
  if (type === null) {
    return fail(context, keysNotAType(set.span));
  }
  return keysChecked(context, type, set.span) ? type : null;
}

function typeOfAll(context: Context, set: core.Expression): Type | null {
  const value = valueIfKnown(context, set);
  if (value === undefined || set.type.kind !== "set") {
    return null;
  }
  const elements = sortedElements(value as SetValue, set.type.of, typeContext(context));
  const [first] = elements;
  const last = elements.at(-1);
  if (typeof first === "number" && typeof last === "number") {
    return last - first + 1 === elements.length ? interval(first, last) : null;
  }
  return elements.length === cardinality(set.type.of, typeContext(context)) ? set.type.of : null;
}

/** `Msg { cmd: a }`, or without the name where the context gives the type. */
export function inferStruct(
  context: Context,
  setting: Setting,
  { name, fields, span }: Of<"struct">,
  hint: Type | null,
): core.Expression | null {
  const type =
    name === null
      ? wishedStruct(context, setting, span, hint)
      : namedStruct(context, setting, name);
  if (type === null) {
    for (const { value } of fields) {
      inferAnyhow(context, setting, value);
    }
    return null;
  }
  const first = new Map<string, Span>();
  const values = new Map<string, core.Expression | null>();
  for (const field of fields) {
    const { text } = field.name;
    const other = first.get(text);
    if (other !== undefined) {
      context.report(fieldTwice(field.name.span, other, text));
    }
    first.set(text, field.name.span);
    const declared = fieldOf(context, type, field.name, span);
    if (declared !== null) {
      values.set(text, expectType(context, setting, field.value, declared.type));
    }
  }
  const missing = type.fields.filter((field) => !first.has(field.name));
  if (missing.length > 0) {
    const names = missing.map((field) => field.name);
    return fail(context, fieldsMissing(name?.span ?? span, describeType(type), names));
  }
  const inOrder = type.fields.flatMap((field) => values.get(field.name) ?? []);
  return inOrder.length < type.fields.length || values.size < fields.length
    ? null
    : { kind: "struct", values: inOrder, type, span };
}

function wishedStruct(
  context: Context,
  setting: Setting,
  span: Span,
  hint: Type | null,
): StructType | null {
  const wished = plain(hint);
  return wished?.kind === "struct"
    ? wished
    : typeless(context, setting, span, wished, NAMELESS_STRUCT);
}

function namedStruct(context: Context, setting: Setting, name: ast.Name): StructType | null {
  const found = lookUp(context, setting, name);
  if (found === null) {
    return null;
  }
  const type = isEntity(found)
    ? found.kind === "type"
      ? typeOf(context, found, name.span)
      : fail(context, wrongKind(name.span, name.text, describeEntity(found), "a struct type"))
    : found.kind === "type"
      ? found.type
      : fail(context, wrongKind(name.span, name.text, "a local", "a struct type"));
  if (type === null || type.kind === "struct") {
    return type;
  }
  return fail(context, wrongKind(name.span, name.text, describeType(type), "a struct type"));
}
