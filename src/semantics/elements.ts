import type * as core from "../core/expressions.ts";
import { didYouMean } from "../support/did-you-mean.ts";
import type * as ast from "../syntax/ast.ts";
import { type Context, fail } from "./context.ts";
import { expectType, infer, inferAnyhow } from "./expressions.ts";
import { entityNamed } from "./names.ts";
import { inferInteger } from "./operators.ts";
import { fieldNotDeclared } from "./problems-names.ts";
import { fieldsOfNothing, nothingToIndex, threadUnspecific } from "./problems-types.ts";
import type { Setting } from "./scopes.ts";
import { inferThreadElement, inferThreadLocal, threadNamedBy } from "./thread-expressions.ts";
import { describeType } from "./type-relations.ts";

/** `s.f` of a struct, or `t.x`, a local of a thread. */
export function inferField(
  context: Context,
  setting: Setting,
  expression: ast.Expression & { readonly kind: "field" },
): core.Expression | null {
  const { of, name, span } = expression;
  const thread = threadNamedBy(context, setting, of);
  if (thread !== null) {
    return inferThreadLocal(context, setting, expression, thread);
  }
  const struct = infer(context, setting, of, null);
  if (struct === null) {
    return null;
  }
  const { type } = struct;
  if (type.kind === "thread") {
    return fail(context, threadUnspecific(of.span));
  }
  const field = fieldOf(context, type, name, of.span);
  return field === null
    ? null
    : { kind: "field", of: struct, field: name.text, type: field.type, span };
}

/** The field of a struct type with this name; null, with a report, where there is none. */
export function fieldOf(
  context: Context,
  type: core.Typed["type"],
  name: ast.Name,
  span: ast.Node["span"],
): { readonly type: core.Typed["type"] } | null {
  if (type.kind !== "struct") {
    return fail(context, fieldsOfNothing(span, name.text, describeType(type)));
  }
  const field = type.fields.find((one) => one.name === name.text);
  if (field !== undefined) {
    return field;
  }
  const near = didYouMean(
    name.text,
    type.fields.map((one) => one.name),
  );
  return fail(context, fieldNotDeclared(name.span, name.text, describeType(type), near));
}

/** `m[k]`, `q[i]`, or `t[i]`, an instance of an indexed thread. */
export function inferElement(
  context: Context,
  setting: Setting,
  expression: ast.Expression & { readonly kind: "index" },
): core.Expression | null {
  const { of, index, span } = expression;
  const entity = entityNamed(context, setting, of);
  if (entity?.kind === "thread") {
    return inferThreadElement(context, setting, { thread: entity, index, span, of });
  }
  const container = infer(context, setting, of, null);
  if (container === null) {
    return inferAnyhow(context, setting, index);
  }
  const position = inferIndex(context, setting, container.type, index, of.span);
  return position === null
    ? null
    : {
        kind: position.kind,
        of: container,
        index: position.index,
        type: position.type,
        span,
      };
}

/** What stands between the brackets after a map or sequence, and the type of the element there. */
export function inferIndex(
  context: Context,
  setting: Setting,
  type: core.Typed["type"],
  index: ast.Expression,
  span: ast.Node["span"],
): {
  readonly kind: "mapElement" | "sequenceElement";
  readonly index: core.Expression;
  readonly type: core.Typed["type"];
} | null {
  if (type.kind === "map") {
    const key = expectType(context, setting, index, type.key);
    return key === null ? null : { kind: "mapElement", index: key, type: type.value };
  }
  if (type.kind === "seq") {
    const position = inferInteger(context, setting, index);
    return position === null
      ? null
      : { kind: "sequenceElement", index: position.expression, type: type.of };
  }
  return fail(context, nothingToIndex(span, describeType(type)));
}
