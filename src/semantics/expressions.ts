import type * as core from "../core/expressions.ts";
import type { Type } from "../core/types.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import type * as ast from "../syntax/ast.ts";
import { showType } from "../values/types.ts";
import { inferCall } from "./calls.ts";
import {
  inferFilter,
  inferImage,
  inferMap,
  inferQuantifier,
  inferSequence,
  inferSetLiteral,
  inferStruct,
} from "./collections.ts";
import { type Context, fail, newBinder } from "./context.ts";
import { inferElement, inferField } from "./elements.ts";
import { interval } from "./intervals.ts";
import { inferName, inferPrime, universe } from "./names.ts";
import { inferBinary, inferUnary } from "./operators.ts";
import { contextMissing, neverFitting, symmetricUse, typeMismatch } from "./problems-types.ts";
import { type Setting, use, withLocal } from "./scopes.ts";
import { inferAt } from "./thread-expressions.ts";
import {
  BOOL,
  describeFound,
  describeType,
  join,
  neverFits,
  sameShape,
  THREAD,
} from "./type-relations.ts";
import { needsContext } from "./walk-tree.ts";

/**
 * The typed form of an expression; null where an error has been reported. `hint` is the type that
 * the context would like: it gives `none`, `{}`, `[]` and nameless structs their type, and is no
 * more than a wish for everything else.
 */
export function infer(
  context: Context,
  setting: Setting,
  expression: ast.Expression,
  hint: Type | null,
): core.Expression | null {
  context.depth.now++;
  const typed = inferKind(context, setting, expression, hint);
  context.depth.now--;
  return typed;
}

function inferKind(
  context: Context,
  setting: Setting,
  expression: ast.Expression,
  hint: Type | null,
): core.Expression | null {
  const { span } = expression;
  switch (expression.kind) {
    case "integer":
      return integerLiteral(expression.value, span);
    case "boolean":
      return { kind: "boolean", value: expression.value, type: BOOL, span };
    case "none":
      return hint?.kind === "option"
        ? { kind: "none", type: hint, span }
        : hint === null
          ? lacksType(context, setting, contextMissing(span, "'none'", NONE_HINT))
          : fail(context, noneProblem(span, hint));
    case "self":
      return use(context, setting, "self", { span, what: "'self'" })
        ? { kind: "self", type: THREAD, span }
        : null;
    case "name":
      return inferName(context, setting, expression.name);
    case "boolSet":
      return universe(context, BOOL, span, true);
    case "unary":
      return inferUnary(context, setting, expression);
    case "binary":
      return inferBinary(context, setting, expression, hint);
    case "conditional":
      return inferConditional(context, setting, expression, hint);
    case "field":
      return inferField(context, setting, expression);
    case "index":
      return inferElement(context, setting, expression);
    case "prime":
      return inferPrime(context, setting, expression.name, span);
    case "at":
      return inferAt(context, setting, expression);
    case "call":
      return inferCall(context, setting, expression, hint);
    case "set":
      return inferSetLiteral(context, setting, expression, hint);
    case "filter":
      return inferFilter(context, setting, expression, hint);
    case "image":
      return inferImage(context, setting, expression, hint);
    case "quantifier":
      return inferQuantifier(context, setting, expression);
    case "map":
      return inferMap(context, setting, expression, hint);
    case "sequence":
      return inferSequence(context, setting, expression, hint);
    case "struct":
      return inferStruct(context, setting, expression, hint);
    case "let":
      return inferLet(context, setting, expression, hint);
  }
}

/** As `infer`, for a place that takes values of `type`; a `T` becomes a `T?` here. */
export function expectType(
  context: Context,
  setting: Setting,
  expression: ast.Expression,
  type: Type,
): core.Expression | null {
  const typed = infer(context, setting, expression, type);
  return typed === null ? null : coerce(context, typed, type);
}

/**
 * Finds the mistakes in an expression whose destination is in error already: what has no type of its
 * own is no mistake there.
 */
export function inferAnyhow(context: Context, setting: Setting, expression: ast.Expression): null {
  infer(context, { ...setting, untyped: true }, expression, null);
  return null;
}

/** Reports that nothing gives an expression its type, unless that is the fault of something else. */
export function lacksType(
  context: Context,
  setting: Setting,
  problem: ReturnType<typeof contextMissing>,
): null {
  return setting.untyped === true ? null : fail(context, problem);
}

/** As `infer`, for a condition. */
export function expectBool(
  context: Context,
  setting: Setting,
  expression: ast.Expression,
): core.Expression | null {
  return expectType(context, setting, expression, BOOL);
}

/** A set expression and the type of its elements. */
export interface TypedSet {
  readonly expression: core.Expression;
  readonly element: Type;
}

/** As `infer`, for a set; `hint` is the type that the context would like its elements to have. */
export function inferSet(
  context: Context,
  setting: Setting,
  expression: ast.Expression,
  hint: Type | null,
): TypedSet | null {
  const wished: Type | null = hint === null ? null : { kind: "set", of: hint };
  const typed = infer(context, setting, expression, wished);
  if (typed === null) {
    return null;
  }
  return typed.type.kind === "set"
    ? { expression: typed, element: typed.type.of }
    : fail(context, typeMismatch(expression.span, describeFound(typed.type), "a set"));
}

/** An expression as a value of `type`, made optional where needed; null, with a report, if it is none. */
export function coerce(
  context: Context,
  expression: core.Expression,
  type: Type,
): core.Expression | null {
  const { span } = expression;
  const found = expression.type;
  if (sameShape(found, type)) {
    if (neverFits(found, type)) {
      const value = found.kind === "int" && found.low === found.high ? String(found.low) : null;
      context.report(
        neverFitting(span, value ?? `an integer in ${showType(found)}`, showType(type)),
      );
    }
    return expression;
  }
  if (type.kind === "option" && found.kind !== "option" && sameShape(found, type.of)) {
    return { kind: "some", of: expression, type: { kind: "option", of: found }, span };
  }
  const plain = type.kind === "option" ? type.of : type;
  if (plain.kind === "symmetric" && (found.kind === "int" || found.kind === "enum")) {
    const hint = "a value comes from 'in', 'choose', a quantifier or a thread's index";
    return fail(context, symmetricUse(span, plain.id, "written down", hint));
  }
  const hint =
    found.kind === "option" && sameShape(found.of, type) ? "write the(…) for its value" : null;
  return fail(context, typeMismatch(span, describeFound(found), describeType(type), hint));
}

/**
 * Two expressions that have to have one type: one without a type of its own takes the other's.
 * Null where either has an error. `widen`: `none` beside a `T` makes both a `T?`.
 */
export function inferPair(
  context: Context,
  setting: Setting,
  left: ast.Expression,
  right: ast.Expression,
  hint: Type | null,
  widen = false,
): readonly [core.Expression, core.Expression] | null {
  const rightFirst = needsContext(left) && !needsContext(right);
  const [first, second] = rightFirst ? [right, left] : [left, right];
  const one = infer(context, setting, first, hint);
  if (one === null && needsContext(second)) {
    return null;
  }
  const wish = one === null ? hint : wishAfter(one.type, hint, widen && second.kind === "none");
  const other = infer(context, setting, second, wish);
  if (one === null || other === null) {
    return null;
  }
  return rightFirst ? [other, one] : [one, other];
}

/** A hint that is optional stays so: with a `T?` expected, a `T` on one side leaves `none` possible. */
function wishAfter(type: Type, hint: Type | null, widen: boolean): Type {
  if (type.kind === "option") {
    return type;
  }
  if (hint?.kind === "option") {
    return hint;
  }
  return widen ? { kind: "option", of: type } : type;
}

/** Both expressions as values of their common type; null where there is none. */
export function unified(
  pair: readonly [core.Expression, core.Expression],
): { readonly type: Type; readonly pair: readonly [core.Expression, core.Expression] } | null {
  const [left, right] = pair;
  const type = join(left.type, right.type);
  if (type === null) {
    return null;
  }
  const first = optional(left, type);
  const second = optional(right, type);
  return { type, pair: [first, second] };
}

/** Makes a `T` a `T?` if `type` is one; shapes are known to agree. */
export function optional(expression: core.Expression, type: Type): core.Expression {
  return type.kind === "option" && expression.type.kind !== "option"
    ? {
        kind: "some",
        of: expression,
        type: { kind: "option", of: expression.type },
        span: expression.span,
      }
    : expression;
}

/** An integer as written; the parser has seen to it that it fits 32 bits. */
export function integerLiteral(value: number, span: Span): core.Expression {
  return { kind: "integer", value, type: interval(value, value), span };
}

const NONE_HINT = "declare what it goes into with its type: var x: T? = none";

function noneProblem(span: Span, hint: Type): ReturnType<typeof typeMismatch> {
  return typeMismatch(span, "none", describeType(hint), "only an optional type, T?, has 'none'");
}

function inferConditional(
  context: Context,
  setting: Setting,
  expression: ast.Expression & { readonly kind: "conditional" },
  hint: Type | null,
): core.Expression | null {
  const condition = expectBool(context, setting, expression.condition);
  const branches = inferPair(context, setting, expression.then, expression.else, hint, true);
  if (branches === null || condition === null) {
    return null;
  }
  const joined = unified(branches);
  if (joined === null) {
    const [first, second] = branches;
    return fail(
      context,
      typeMismatch(expression.else.span, describeFound(second.type), describeType(first.type)),
    );
  }
  return {
    kind: "conditional",
    condition,
    then: joined.pair[0],
    else: joined.pair[1],
    type: joined.type,
    span: expression.span,
  };
}

function inferLet(
  context: Context,
  setting: Setting,
  expression: ast.Expression & { readonly kind: "let" },
  hint: Type | null,
): core.Expression | null {
  const value = infer(context, setting, expression.value, null);
  const binder = newBinder(context);
  const inner = withLocal(context, setting, expression.name, {
    kind: "binder",
    binder,
    type: value?.type ?? null,
    span: expression.name.span,
  });
  const body = infer(context, inner, expression.body, hint);
  return value === null || body === null
    ? null
    : { kind: "let", binder, value, body, type: body.type, span: expression.span };
}
