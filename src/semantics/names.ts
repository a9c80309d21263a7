import type * as core from "../core/expressions.ts";
import type { Type } from "../core/types.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../support/did-you-mean.ts";
import type * as ast from "../syntax/ast.ts";
import { cardinality } from "../values/types.ts";
import { applyDef } from "./calls.ts";
import { constantOf, typeContext } from "./constants.ts";
import { type Context, fail } from "./context.ts";
import { declaredAs, describeEntity, type Entity, type VarEntity } from "./entities.ts";
import { dependsOnThreads, EXPANSION_MAX } from "./limits.ts";
import { setTooLarge } from "./problems-limits.ts";
import { wrongKind } from "./problems-names.ts";
import {
  notAllowedHere,
  parenthesesWrong,
  primeOfOther,
  symmetricUse,
  threadIndexMissing,
} from "./problems-types.ts";
import {
  emptySetting,
  find,
  isEntity,
  type LocalName,
  lookUp,
  type Setting,
  use,
} from "./scopes.ts";
import { instanceOf, threadTable } from "./threads.ts";
import { resolveType, typeOf, typeOfMember } from "./type-expressions.ts";
import { THREAD } from "./type-relations.ts";
import { enter } from "./under-way.ts";

/**
 * A name as an expression. `expand`: a type's name stands where the set of its values is gone
 * through, so that there may not be too many.
 */
export function inferName(
  context: Context,
  setting: Setting,
  name: ast.Name,
  expand = true,
): core.Expression | null {
  if (name.text === "Thread" && find(context, setting, name.text) === null) {
    return universe(context, THREAD, name.span, expand);
  }
  const found = lookUp(context, setting, name);
  if (found === null) {
    return null;
  }
  return isEntity(found)
    ? inferEntity(context, setting, name, found, expand)
    : inferLocal(context, name, found, expand);
}

function inferLocal(
  context: Context,
  { span }: ast.Name,
  local: LocalName,
  expand: boolean,
): core.Expression | null {
  const { type } = local;
  if (type === null) {
    return null;
  }
  switch (local.kind) {
    case "slot":
      return { kind: "local", slot: local.slot, type, span };
    case "binder":
      return { kind: "bound", binder: local.binder, type, span };
    case "type":
      return universe(context, type, span, expand);
  }
}

function inferEntity(
  context: Context,
  setting: Setting,
  name: ast.Name,
  entity: Entity,
  expand: boolean,
): core.Expression | null {
  const { span, text } = name;
  switch (entity.kind) {
    case "const": {
      context.usedConstants.add(entity.index);
      const known = constantOf(context, entity, span);
      return known === null
        ? null
        : { kind: "constant", constant: entity.index, type: known.constant.type, span };
    }
    case "type": {
      const type = typeOf(context, entity, span);
      return type === null ? null : universe(context, type, span, expand);
    }
    case "member": {
      const type = typeOfMember(context, entity);
      if (entity.symmetric !== null) {
        const hint = "a value comes from 'in', 'choose', a quantifier or a thread's index";
        return fail(context, symmetricUse(span, entity.symmetric, "written down", hint));
      }
      return { kind: "member", value: text, type, span };
    }
    case "var": {
      // Its type may need this very place, where no variable belongs anyway.
      const allowed = use(context, setting, "state", { span, what: `the variable '${text}'` });
      const type = allowed ? typeOfVariable(context, entity) : null;
      return type === null ? null : { kind: "variable", variable: entity.index, type, span };
    }
    case "def":
      return declaredAs(entity).parameters === null
        ? applyDef(context, setting, { entity, arguments: [], span, nameSpan: span }, null)
        : fail(context, parenthesesWrong(span, text, true));
    case "thread": {
      if (entity.declaration.index !== null) {
        return fail(context, threadIndexMissing(span, text));
      }
      const instance = instanceOf(context, entity.index, null);
      return instance === null ? null : { kind: "thread", instance, type: THREAD, span };
    }
    default:
      return fail(context, wrongKind(span, text, describeEntity(entity), "a value"));
  }
}

/** The declared type of a variable; null where an error has been reported. */
export function typeOfVariable(context: Context, entity: VarEntity): Type | null {
  const known = context.variableTypes.get(entity.index);
  if (known !== undefined) {
    return known.value;
  }
  const { name, declaration, module } = entity;
  const item = { kind: "var", name: name.text, span: name.span } as const;
  const value = enter(context, item, declaration.type.span, () =>
    resolveType(context, emptySetting(module), declaration.type),
  );
  context.variableTypes.set(entity.index, { value });
  return value;
}

/** The set of all values of a type. */
export function universe(
  context: Context,
  type: Type,
  span: Span,
  expand: boolean,
): core.Expression | null {
  if (dependsOnThreads(type) && threadTable(context) === null) {
    return null;
  }
  if (expand) {
    const count = cardinality(type, typeContext(context));
    if (count > EXPANSION_MAX) {
      return fail(context, setTooLarge(span, count, EXPANSION_MAX));
    }
  }
  return { kind: "universe", of: type, type: { kind: "set", of: type }, span };
}

/** `x'`. */
export function inferPrime(
  context: Context,
  setting: Setting,
  name: ast.Name,
  span: Span,
): core.Expression | null {
  if (!setting.rules.prime) {
    return fail(context, notAllowedHere(span, `${name.text}'`, setting.rules.place, null));
  }
  const found = lookUp(context, setting, name);
  if (found === null) {
    return null;
  }
  if (!isEntity(found) || found.kind !== "var") {
    const variables = context.declarations.entities.filter((one) => one.kind === "var");
    const near = didYouMean(
      name.text,
      variables.map((one) => one.name.text),
    );
    return fail(context, primeOfOther(name.span, name.text, near));
  }
  const type = typeOfVariable(context, found);
  return type === null ? null : { kind: "prime", variable: found.index, type, span };
}

/** The entity that a plain name stands for, if the expression is one. */
export function entityNamed(
  context: Context,
  setting: Setting,
  expression: ast.Expression,
): Entity | null {
  if (expression.kind !== "name") {
    return null;
  }
  const found = find(context, setting, expression.name.text);
  return isEntity(found) ? found : null;
}
