import type * as core from "../core/expressions.ts";
import type { Type } from "../core/types.ts";
import { InternalError } from "../support/internal-error.ts";
import type * as ast from "../syntax/ast.ts";
import { countType } from "./collections.ts";
import { type Context, fail } from "./context.ts";
import { coerce, expectType, infer, optional } from "./expressions.ts";
import { interval } from "./intervals.ts";
import { entityNamed } from "./names.ts";
import { argumentCount, symmetricUse, typeMismatch } from "./problems-types.ts";
import { type Setting, use } from "./scopes.ts";
import { BOOL, describeFound, join, THREAD } from "./type-relations.ts";
import { needsContext } from "./walk-tree.ts";

/** A call of a function of the language. */
export function inferBuiltIn(
  context: Context,
  setting: Setting,
  call: ast.CallExpression,
  hint: Type | null,
): core.Expression | null {
  const { text, span } = call.name;
  const wanted = text === "append" ? 2 : 1;
  const [first, second] = call.arguments;
  if (first === undefined || call.arguments.length !== wanted) {
    return fail(context, argumentCount(call.span, text, wanted, call.arguments.length, null));
  }
  switch (text) {
    case "size":
    case "min":
    case "max":
      return ofSet(context, setting, call, first, text);
    case "len":
    case "head":
    case "tail":
      return ofSequence(context, setting, call, first, text);
    case "append":
      return second === undefined ? null : append(context, setting, call, [first, second], hint);
    case "the":
      return valueOfOption(context, setting, call, first);
    case "done":
    case "blocked":
    case "enabled":
      return ofThread(context, setting, call, first, text);
    default:
      throw new InternalError(`no function ${text} at ${span.start}`);
  }
}

function ofSet(
  context: Context,
  setting: Setting,
  { span }: ast.CallExpression,
  argument: ast.Expression,
  name: "size" | "min" | "max",
): core.Expression | null {
  const of = infer(context, setting, argument, null);
  if (of === null) {
    return null;
  }
  if (of.type.kind !== "set") {
    const hint =
      of.type.kind === "seq" && name === "size" ? "the length of a sequence is len(…)" : null;
    return fail(context, typeMismatch(argument.span, describeFound(of.type), "a set", hint));
  }
  if (name === "size") {
    return { kind: "function", function: "size", of, type: countType(context, of), span };
  }
  const element = of.type.of;
  switch (element.kind) {
    case "int":
    case "enum":
    case "bool":
      return { kind: "function", function: name, of, type: element, span };
    case "symmetric":
      return fail(
        context,
        symmetricUse(span, element.id, "ordered", "choose one with 'choose' or a quantifier"),
      );
    default:
      return fail(
        context,
        typeMismatch(argument.span, describeFound(of.type), "a set of integers or of an enum"),
      );
  }
}

function ofSequence(
  context: Context,
  setting: Setting,
  { span }: ast.CallExpression,
  argument: ast.Expression,
  name: "len" | "head" | "tail",
): core.Expression | null {
  const of = infer(context, setting, argument, null);
  if (of === null) {
    return null;
  }
  const { type } = of;
  if (type.kind !== "seq") {
    const hint = type.kind === "set" && name === "len" ? "the number of elements is size(…)" : null;
    return fail(context, typeMismatch(argument.span, describeFound(type), "a sequence", hint));
  }
  switch (name) {
    case "len":
      return { kind: "function", function: "length", of, type: interval(0, type.lengthMax), span };
    case "head":
      return { kind: "function", function: "head", of, type: type.of, span };
    case "tail": {
      const shorter: Type = { ...type, lengthMax: Math.max(0, type.lengthMax - 1) };
      return { kind: "function", function: "tail", of, type: shorter, span };
    }
  }
}

function append(
  context: Context,
  setting: Setting,
  { span }: ast.CallExpression,
  [sequence, element]: readonly [ast.Expression, ast.Expression],
  hint: Type | null,
): core.Expression | null {
  const of = infer(context, setting, sequence, hint);
  if (of !== null && of.type.kind !== "seq") {
    return fail(context, typeMismatch(sequence.span, describeFound(of.type), "a sequence"));
  }
  if (of === null && needsContext(element)) {
    return null;
  }
  const wished = of?.type.kind === "seq" ? of.type.of : null;
  const one = infer(context, setting, element, wished);
  if (of === null || one === null || of.type.kind !== "seq" || wished === null) {
    return null;
  }
  const type = join(wished, one.type);
  if (type === null || (type.kind === "option" && wished.kind !== "option")) {
    coerce(context, one, wished);
    return null;
  }
  return {
    kind: "append",
    of,
    element: optional(one, type),
    type: { kind: "seq", of: type, lengthMax: of.type.lengthMax + 1 },
    span,
  };
}

function valueOfOption(
  context: Context,
  setting: Setting,
  { span }: ast.CallExpression,
  argument: ast.Expression,
): core.Expression | null {
  const of = infer(context, setting, argument, null);
  if (of === null) {
    return null;
  }
  return of.type.kind === "option"
    ? { kind: "function", function: "the", of, type: of.type.of, span }
    : fail(
        context,
        typeMismatch(argument.span, describeFound(of.type), "an optional value", "use it as it is"),
      );
}

function ofThread(
  context: Context,
  setting: Setting,
  { span }: ast.CallExpression,
  argument: ast.Expression,
  name: "done" | "blocked" | "enabled",
): core.Expression | null {
  const right = name === "done" ? "state" : "observe";
  const allowed = use(context, setting, right, { span, what: `'${name}'` });
  const entity = entityNamed(context, setting, argument);
  if (name === "enabled" && entity?.kind === "transition") {
    return allowed
      ? { kind: "enabledTransition", transition: entity.index, type: BOOL, span }
      : null;
  }
  const of = expectType(context, setting, argument, THREAD);
  if (of === null || !allowed) {
    return null;
  }
  return { kind: name === "enabled" ? "enabledThread" : name, of, type: BOOL, span };
}
