import type * as core from "../core/expressions.ts";
import type { Type } from "../core/types.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { present } from "../support/internal-error.ts";
import type * as ast from "../syntax/ast.ts";
import { inferBuiltIn } from "./built-in-functions.ts";
import { BUILT_IN_FUNCTIONS, isBuiltInFunction } from "./built-in-names.ts";
import { type Context, fail } from "./context.ts";
import { instantiateDef } from "./defs.ts";
import { type DefEntity, declaredAs, describeEntity } from "./entities.ts";
import { coerce, expectType, inferAnyhow } from "./expressions.ts";
import { inferTypeArguments, type KnownArgument } from "./generics.ts";
import { callInExpression, callOutsideCode } from "./problems-code.ts";
import { wrongKind } from "./problems-names.ts";
import { argumentCount, parenthesesWrong } from "./problems-types.ts";
import { isEntity, lookUp, type Setting, useAll } from "./scopes.ts";
import { isRecursive } from "./under-way.ts";

/** A call inside an expression: of a function of the language or of a def. */
export function inferCall(
  context: Context,
  setting: Setting,
  call: ast.CallExpression,
  hint: Type | null,
): core.Expression | null {
  const { text, span } = call.name;
  if (isBuiltInFunction(text)) {
    return inferBuiltIn(context, setting, call, hint);
  }
  const found = lookUp(context, setting, call.name, BUILT_IN_FUNCTIONS);
  if (found === null) {
    return inferArgumentsOnly(context, setting, call);
  }
  if (!isEntity(found)) {
    context.report(wrongKind(span, text, "a local", "a function"));
    return inferArgumentsOnly(context, setting, call);
  }
  switch (found.kind) {
    case "def":
      return declaredAs(found).parameters === null
        ? fail(context, parenthesesWrong(span, text, false))
        : applyDef(
            context,
            setting,
            { entity: found, arguments: call.arguments, span: call.span, nameSpan: span },
            hint,
          );
    case "proc":
      return fail(
        context,
        setting.rules.code
          ? callInExpression(call.span, text)
          : callOutsideCode(call.span, text, setting.rules.place),
      );
    default:
      context.report(wrongKind(span, text, describeEntity(found), "a function"));
      return inferArgumentsOnly(context, setting, call);
  }
}

/** Finds the mistakes in the arguments of a call that is wrong itself. */
function inferArgumentsOnly(context: Context, setting: Setting, call: ast.CallExpression): null {
  for (const argument of call.arguments) {
    inferAnyhow(context, setting, argument);
  }
  return null;
}

/** A use of a def, with the place of its name. */
export interface DefUse {
  readonly entity: DefEntity;
  readonly arguments: readonly ast.Expression[];
  readonly span: Span;
  readonly nameSpan: Span;
}

/** A use of a def; null where an error has been reported. */
export function applyDef(
  context: Context,
  setting: Setting,
  { entity, arguments: values, span, nameSpan }: DefUse,
  hint: Type | null,
): core.Expression | null {
  const declaration = declaredAs(entity);
  const { name } = declaration;
  const parameters = declaration.parameters ?? [];
  if (values.length !== parameters.length) {
    return fail(
      context,
      argumentCount(span, name.text, parameters.length, values.length, name.span),
    );
  }
  if (isRecursive(context, "def", name.text, nameSpan)) {
    return null;
  }
  const known: KnownArgument[] = values.map((value) => ({
    kind: "value",
    value,
    typed: undefined,
  }));
  const types = inferTypeArguments(context, setting, {
    callee: entity,
    typeParameters: declaration.typeParameters,
    parameters,
    known,
    result: { type: declaration.result, hint },
    span: nameSpan,
  });
  if (types === null) {
    return null;
  }
  const instance = instantiateDef(context, entity, types, nameSpan);
  const typed = values.map((value, position) =>
    argumentOf(
      context,
      setting,
      value,
      instance?.parameters[position]?.type ?? null,
      present(known[position], "an argument"),
    ),
  );
  if (instance === null) {
    return null;
  }
  const at = { span: nameSpan, what: `'${name.text}'` };
  const allowed = useAll(context, setting, instance.uses, at);
  const sound = typed.flatMap((one) => one ?? []);
  if (!allowed || !instance.sound || instance.result === null || sound.length < typed.length) {
    return null;
  }
  return { kind: "apply", def: instance.index, arguments: sound, type: instance.result, span };
}

/** An argument by value; one that has been typed to find out the type parameters is not typed again. */
export function argumentOf(
  context: Context,
  setting: Setting,
  value: ast.Expression,
  type: Type | null,
  known: KnownArgument,
): core.Expression | null {
  if (known.kind === "value" && known.typed !== undefined) {
    return known.typed === null || type === null ? null : coerce(context, known.typed, type);
  }
  return type === null
    ? inferAnyhow(context, setting, value)
    : expectType(context, setting, value, type);
}
