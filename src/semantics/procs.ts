import type { Argument, Body, Call, Statement, StatementNode } from "../core/statements.ts";
import type { Type } from "../core/types.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { present } from "../support/internal-error.ts";
import type * as ast from "../syntax/ast.ts";
import { sameType, showType } from "../values/types.ts";
import { elaborateBody } from "./bodies.ts";
import { argumentOf } from "./calls.ts";
import { type BodyUnderWay, type Code, codeRules, declareLocal } from "./code.ts";
import { type Context, fail } from "./context.ts";
import { declaredAs, type ProcEntity } from "./entities.ts";
import { anyValue } from "./first-values.ts";
import {
  inferTypeArguments,
  instanceKey,
  type KnownArgument,
  type TypeArguments,
  typeParameterSetting,
} from "./generics.ts";
import { heightOfBlock } from "./heights.ts";
import type { InstanceParameter, ProcInstance } from "./instances.ts";
import { HEIGHT_MAX } from "./limits.ts";
import { elaboratePlace } from "./places.ts";
import { resultMissing } from "./problems-code.ts";
import { heightTooLarge } from "./problems-limits.ts";
import { argumentCount, refTypeDiffers } from "./problems-types.ts";
import { find, isEntity, newUses, type Setting, useAll } from "./scopes.ts";
import { signatureOf } from "./signatures.ts";
import { resolveType } from "./type-expressions.ts";
import { enter, isRecursive } from "./under-way.ts";
import { canFallThrough } from "./ways-through.ts";

/** A call of a proc and what it yields. */
export interface TypedCall {
  readonly call: Call;
  readonly entity: ProcEntity;
  readonly result: Type | null;
}

/** The proc that a call names; null for any other expression. */
export function procCalled(
  context: Context,
  setting: Setting,
  expression: ast.Expression,
): ProcEntity | null {
  if (expression.kind !== "call") {
    return null;
  }
  const found = find(context, setting, expression.name.text);
  return isEntity(found) && found.kind === "proc" ? found : null;
}

/** A call of a proc; null where an error has been reported. */
export function elaborateCall(
  context: Context,
  code: Code,
  call: ast.CallExpression,
  entity: ProcEntity,
): TypedCall | null {
  const { parameters, typeParameters, name } = declaredAs(entity);
  const found = call.arguments.length;
  if (found !== parameters.length) {
    const wanted = parameters.length;
    return fail(context, argumentCount(call.span, name.text, wanted, found, name.span));
  }
  if (isRecursive(context, "proc", name.text, call.name.span)) {
    return null;
  }
  const known = call.arguments.map(
    (value, position): KnownArgument =>
      present(parameters[position], "a parameter").byReference
        ? { kind: "reference", place: elaboratePlace(context, code, value) }
        : { kind: "value", value, typed: undefined },
  );
  const types = inferTypeArguments(context, code, {
    callee: entity,
    typeParameters,
    parameters,
    known,
    result: { type: null, hint: null },
    span: call.name.span,
  });
  if (types === null) {
    return null;
  }
  const instance = instantiateProc(context, entity, types, call.name.span);
  const typed = call.arguments.map((value, position) =>
    elaborateArgument(
      context,
      code,
      value,
      instance?.parameters[position]?.type ?? null,
      present(known[position], "an argument"),
    ),
  );
  if (instance === null) {
    return null;
  }
  useAll(context, code, instance.uses, { span: call.name.span, what: `'${name.text}'` });
  const sound = typed.flatMap((one) => one ?? []);
  return sound.length < typed.length
    ? null
    : {
        call: { span: call.span, proc: instance.index, arguments: sound },
        entity,
        result: instance.result,
      };
}

function elaborateArgument(
  context: Context,
  code: Code,
  value: ast.Expression,
  type: Type | null,
  known: KnownArgument,
): Argument | null {
  if (known.kind === "value") {
    const typed = argumentOf(context, code, value, type, known);
    return typed === null ? null : { kind: "value", value: typed };
  }
  if (known.place === null || type === null) {
    return null;
  }
  return sameType(known.place.type, type)
    ? { kind: "reference", place: known.place }
    : fail(context, refTypeDiffers(value.span, showType(known.place.type), showType(type)));
}

/** A proc for these types, elaborated at its first call; null, with a report, if it calls itself. */
export function instantiateProc(
  context: Context,
  entity: ProcEntity,
  types: TypeArguments,
  span: Span,
): ProcInstance | null {
  const key = instanceKey(entity.name.text, types);
  const known = context.procInstances.get(key);
  if (known !== undefined) {
    return known;
  }
  const item = { kind: "proc", name: entity.name.text, span: entity.name.span } as const;
  const instance = enter(context, item, span, () => elaborateProc(context, entity, types));
  if (instance !== null) {
    context.procInstances.set(key, instance);
  }
  return instance;
}

function elaborateProc(context: Context, entity: ProcEntity, types: TypeArguments): ProcInstance {
  const { declaration, name } = entity;
  // A generic proc that nobody calls is looked at for its mistakes only.
  const isReal = [...types.values()].every((type) => type !== null);
  const index = !isReal ? -1 : entity.index >= 0 ? entity.index : context.procs.push(undefined) - 1;
  const rules = codeRules("code", true);
  const setting = { ...typeParameterSetting(context, entity, types, rules), uses: newUses() };
  const hasResult = declaration.result !== null;
  const result = hasResult ? resolveType(context, setting, declaration.result) : null;
  const body: BodyUnderWay = {
    kind: "proc",
    name,
    locals: [],
    unknown: new Set(),
    labels: new Map(),
    hasResult,
    result,
  };
  let code: Code = { ...setting, body, inLoop: false, atomic: null };
  const parameters: InstanceParameter[] = [];
  let sound = isReal;
  for (const parameter of declaration.parameters) {
    const type = resolveType(context, setting, parameter.type);
    sound = sound && type !== null;
    const role = parameter.byReference ? "reference" : "parameter";
    parameters.push({ name: parameter.name, byReference: parameter.byReference, type });
    code = declareLocal(context, code, parameter.name, role, type).code;
  }
  const signature = signatureOf(context, entity, parameters, result);
  sound = sound && signature.sound;
  const elaborated =
    declaration.body === null
      ? bodyOfPrototype(context, body, name.span)
      : elaborateBody(context, code, declaration.body);
  if (elaborated !== null && hasResult && canFallThrough(elaborated.block)) {
    context.report(resultMissing(name.span, name.text));
  }
  const height = elaborated === null ? 0 : heightOfBlock(elaborated.block, context.heights);
  // Reported once, not again for all that use it.
  context.heights.procs.set(index, height > HEIGHT_MAX ? 0 : height);
  if (height > HEIGHT_MAX) {
    context.report(heightTooLarge(name.span, name.text, height, HEIGHT_MAX));
    sound = false;
  }
  if (sound && elaborated !== null) {
    context.procs[index] = {
      name: name.text,
      doc: declaration.doc ?? entity.prototype?.declaration.doc ?? null,
      span: name.span,
      parameterCount: parameters.length,
      result,
      body: elaborated,
    };
  }
  return { ...signature, index, uses: code.uses };
}

/** What stands for the body of a proc that nothing defines: one step, and any result. */
function bodyOfPrototype(context: Context, under: BodyUnderWay, span: Span): Body | null {
  const { locals, hasResult, result } = under;
  const statement = (): StatementNode => ({
    id: context.next.statement++,
    span,
    doc: null,
    shell: null,
    label: null,
  });
  const statements: Statement[] = [{ ...statement(), kind: "skip" }];
  if (hasResult) {
    const value = result === null ? null : anyValue(context, result, span);
    if (value === null) {
      return null;
    }
    const source = { kind: "expression", expression: value } as const;
    statements.push({ ...statement(), kind: "return", value: source });
  }
  return { locals, block: { span, statements, slots: [] } };
}
