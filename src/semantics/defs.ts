import type * as core from "../core/expressions.ts";
import type { DefParameter } from "../core/program.ts";
import type { Type } from "../core/types.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { type Context, newBinder } from "./context.ts";
import type { DefEntity } from "./entities.ts";
import { expectType, inferAnyhow } from "./expressions.ts";
import { anyValue } from "./first-values.ts";
import { instanceKey, type TypeArguments, typeParameterSetting } from "./generics.ts";
import { heightOf } from "./heights.ts";
import type { DefInstance, InstanceParameter } from "./instances.ts";
import { HEIGHT_MAX } from "./limits.ts";
import { heightTooLarge } from "./problems-limits.ts";
import { newUses, type Rules, type Setting, withLocal } from "./scopes.ts";
import { signatureOf } from "./signatures.ts";
import { resolveType } from "./type-expressions.ts";
import { enter } from "./under-way.ts";

/** What a def uses its callers have to be allowed. */
const DEF_RULES: Rules = {
  place: "a def",
  state: true,
  self: true,
  observe: true,
  prime: false,
  code: false,
};

/** A def for these types, elaborated at its first use; null, with a report, if it uses itself. */
export function instantiateDef(
  context: Context,
  entity: DefEntity,
  types: TypeArguments,
  span: Span,
): DefInstance | null {
  const key = instanceKey(entity.name.text, types);
  const known = context.defInstances.get(key);
  if (known !== undefined) {
    return known;
  }
  // Of a generic def all instances are under way together: one that needs another never ends.
  const item = { kind: "def", name: entity.name.text, span: entity.name.span } as const;
  const instance = enter(context, item, span, () => elaborateDef(context, entity, types));
  if (instance !== null) {
    context.defInstances.set(key, instance);
  }
  return instance;
}

function elaborateDef(context: Context, entity: DefEntity, types: TypeArguments): DefInstance {
  const { declaration, name } = entity;
  // A generic def whose types nobody has chosen is looked at for its mistakes only.
  const isReal = [...types.values()].every((type) => type !== null);
  const index = !isReal ? -1 : entity.index >= 0 ? entity.index : context.defs.push(undefined) - 1;
  const uses = newUses();
  let setting = { ...typeParameterSetting(context, entity, types, DEF_RULES), uses };
  const parameters: InstanceParameter[] = [];
  const core: DefParameter[] = [];
  for (const parameter of declaration.parameters ?? []) {
    const type = resolveType(context, setting, parameter.type);
    const binder = newBinder(context);
    parameters.push({ name: parameter.name, byReference: false, type });
    if (type !== null) {
      core.push({ name: parameter.name.text, binder, type });
    }
    setting = withLocal(context, setting, parameter.name, {
      kind: "binder",
      binder,
      type,
      span: parameter.name.span,
    });
  }
  const result = resolveType(context, setting, declaration.result);
  const signature = signatureOf(context, entity, parameters, result);
  const body = elaborateDefBody(context, setting, entity, result);
  const height = body === null ? 0 : heightOf(body, context.heights);
  // Reported once, not again for all that use it.
  context.heights.defs.set(index, height > HEIGHT_MAX ? 0 : height);
  if (height > HEIGHT_MAX) {
    context.report(heightTooLarge(name.span, name.text, height, HEIGHT_MAX));
  }
  const isLow = height <= HEIGHT_MAX;
  const isWhole = body !== null && core.length === parameters.length;
  const sound = isReal && isLow && isWhole && signature.sound;
  if (sound && result !== null) {
    context.defs[index] = {
      name: name.text,
      doc: declaration.doc ?? entity.prototype?.declaration.doc ?? null,
      span: name.span,
      parameters: core,
      result,
      body,
    };
  }
  if (uses.state !== null || uses.self !== null || uses.observe !== null) {
    context.readers.add(index);
  }
  return { ...signature, index, uses, sound };
}

function elaborateDefBody(
  context: Context,
  setting: Setting,
  { declaration: { body }, name }: DefEntity,
  result: Type | null,
): core.Expression | null {
  if (body === null) {
    return result === null ? null : anyValue(context, result, name.span);
  }
  return result === null
    ? inferAnyhow(context, setting, body)
    : expectType(context, setting, body, result);
}
