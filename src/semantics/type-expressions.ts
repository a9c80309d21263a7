import type { FieldType, Type } from "../core/types.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../support/did-you-mean.ts";
import { InternalError } from "../support/internal-error.ts";
import type * as ast from "../syntax/ast.ts";
import { cardinality, showType } from "../values/types.ts";
import { constantInteger, typeContext } from "./constants.ts";
import { type Context, fail } from "./context.ts";
import { describeEntity, type MemberEntity, type TypeEntity } from "./entities.ts";
import { interval } from "./intervals.ts";
import {
  dependsOnThreads,
  depthOf,
  MAP_KEYS_MAX,
  PARTS_MAX,
  partsOf,
  SET_UNIVERSE_MAX,
  TYPE_DEPTH_MAX,
} from "./limits.ts";
import {
  chainTooLong,
  mapTooLarge,
  setTypeTooLarge,
  symmetricTooLarge,
  typeTooLarge,
} from "./problems-limits.ts";
import { nameNotDeclared, wrongKind } from "./problems-names.ts";
import { fieldTwice, optionOfOption, rangeEmpty, symmetricNameless } from "./problems-types.ts";
import { emptySetting, find, isEntity, lookUp, type Setting } from "./scopes.ts";
import { enter } from "./under-way.ts";

/** The type that a type expression stands for; null where an error has been reported. */
export function resolveType(
  context: Context,
  setting: Setting,
  expression: ast.TypeExpression,
): Type | null {
  switch (expression.kind) {
    case "boolType":
      return { kind: "bool" };
    case "threadType":
      return { kind: "thread" };
    case "rangeType":
      return rangeType(context, setting, expression);
    case "enumType":
      return enumType(context, expression);
    case "symmetricType":
      return fail(context, symmetricNameless(expression.span));
    case "optionType": {
      const of = resolveType(context, setting, expression.of);
      if (of?.kind === "option") {
        return fail(context, optionOfOption(expression.of.span, showType(of)));
      }
      return of === null ? null : { kind: "option", of };
    }
    case "setType":
      return setType(context, setting, expression);
    case "mapType":
      return mapType(context, setting, expression);
    case "seqType": {
      const of = resolveType(context, setting, expression.of);
      const length = constantInteger(
        context,
        setting,
        expression.length,
        "the length of a sequence",
      );
      if (of === null || length === null) {
        return null;
      }
      if (length < 0) {
        return fail(context, rangeEmpty(expression.length.span, 0, length));
      }
      return sizeChecked(context, { kind: "seq", of, lengthMax: length }, expression.span);
    }
    case "structType":
      return structType(context, setting, expression, null);
    case "namedType":
      return namedType(context, setting, expression.name);
  }
}

/** The type that a `type` declaration declares; null where an error has been reported. */
export function typeOf(context: Context, entity: TypeEntity, span: Span): Type | null {
  const { text } = entity.name;
  const known = context.types.get(text);
  if (known !== undefined) {
    return known.value;
  }
  const item = { kind: "type", name: text, span: entity.name.span } as const;
  const value = enter(context, item, span, () => definedType(context, entity));
  context.types.set(text, { value });
  return value;
}

/** The type of a member of an enum. */
export function typeOfMember(context: Context, entity: MemberEntity): Type {
  return enumType(context, entity.definition);
}

function definedType(context: Context, entity: TypeEntity): Type | null {
  const { definition } = entity.declaration;
  const setting = emptySetting(entity.module);
  switch (definition.kind) {
    case "structType":
      return structType(context, setting, definition, entity.name.text);
    case "symmetricType":
      return symmetricType(context, setting, definition.of, entity.name.text);
    default:
      return resolveType(context, setting, definition);
  }
}

function namedType(context: Context, setting: Setting, name: ast.Name): Type | null {
  const found = find(context, setting, name.text);
  if (found === null) {
    // A type is meant, so only types are near.
    const near = didYouMean(name.text, typesInSight(context, setting));
    const hidden = context.declarations.names.has(name.text);
    if (!hidden && near !== null) {
      return fail(context, nameNotDeclared(name.span, name.text, near));
    }
    lookUp(context, setting, name);
    return null;
  }
  if (!isEntity(found)) {
    return found.kind === "type"
      ? found.type
      : fail(context, wrongKind(name.span, name.text, "a local", "a type"));
  }
  return found.kind === "type"
    ? typeOf(context, found, name.span)
    : fail(context, wrongKind(name.span, name.text, describeEntity(found), "a type"));
}

function* typesInSight(context: Context, setting: Setting): Generator<string> {
  yield "bool";
  yield "Thread";
  for (const [name, local] of setting.locals) {
    if (local.kind === "type") {
      yield name;
    }
  }
  for (const entity of context.declarations.entities) {
    if (entity.kind === "type" && find(context, setting, entity.name.text) === entity) {
      yield entity.name.text;
    }
  }
}

function rangeType(
  context: Context,
  setting: Setting,
  { low, high, span }: ast.TypeExpression & { readonly kind: "rangeType" },
): Type | null {
  const least = constantInteger(context, setting, low, "the bound of a type");
  const most = constantInteger(context, setting, high, "the bound of a type");
  if (least === null || most === null) {
    return null;
  }
  return least > most ? fail(context, rangeEmpty(span, least, most)) : interval(least, most);
}

function enumType(
  context: Context,
  definition: ast.TypeExpression & { readonly kind: "enumType" },
): Type {
  const known = context.enums.get(definition);
  if (known !== undefined) {
    return known;
  }
  const members = definition.members.map((member) => member.text);
  const name = context.declarations.enumNames.get(definition);
  const type: Type = {
    kind: "enum",
    id: name ?? `enum { ${members.join(", ")} }`,
    members: [...new Set(members)],
  };
  context.enums.set(definition, type);
  return type;
}

function symmetricType(
  context: Context,
  setting: Setting,
  of: ast.TypeExpression,
  id: string,
): Type | null {
  const type = resolveType(context, setting, of);
  if (type === null) {
    return null;
  }
  if (type.kind === "enum" && of.kind === "enumType") {
    return { kind: "symmetric", id, values: type.members };
  }
  if (type.kind !== "int") {
    throw new InternalError(`a symmetric ${showType(type)}, which the grammar does not have`);
  }
  const count = type.high - type.low + 1;
  if (count > SET_UNIVERSE_MAX) {
    return fail(context, symmetricTooLarge(of.span, count, SET_UNIVERSE_MAX));
  }
  const values = Array.from({ length: count }, (_, position) => type.low + position);
  return { kind: "symmetric", id, values };
}

function setType(
  context: Context,
  setting: Setting,
  expression: ast.TypeExpression & { readonly kind: "setType" },
): Type | null {
  const of = resolveType(context, setting, expression.of);
  if (of === null) {
    return null;
  }
  if (!dependsOnThreads(of)) {
    const count = cardinality(of, typeContext(context));
    if (count > SET_UNIVERSE_MAX) {
      return fail(context, setTypeTooLarge(expression.of.span, count, SET_UNIVERSE_MAX));
    }
  }
  return { kind: "set", of };
}

function mapType(
  context: Context,
  setting: Setting,
  expression: ast.TypeExpression & { readonly kind: "mapType" },
): Type | null {
  const key = resolveType(context, setting, expression.key);
  const value = resolveType(context, setting, expression.value);
  if (key === null || !keysChecked(context, key, expression.key.span) || value === null) {
    return null;
  }
  return sizeChecked(context, { kind: "map", key, value }, expression.span);
}

/** Whether values of a type can be made, now that the threads are known; reports it if not. */
export function valuesChecked(context: Context, type: Type, span: Span): boolean {
  const parts = dependsOnThreads(type) ? partsOf(type, typeContext(context)) : 0;
  if (parts > PARTS_MAX) {
    context.report(typeTooLarge(span, parts, PARTS_MAX));
  }
  return parts <= PARTS_MAX;
}

/** Whether a map may have all values of `type` as its keys; reports it if not. */
export function keysChecked(context: Context, type: Type, span: Span): boolean {
  if (dependsOnThreads(type)) {
    return true;
  }
  const count = cardinality(type, typeContext(context));
  if (count > MAP_KEYS_MAX) {
    context.report(mapTooLarge(span, count, MAP_KEYS_MAX));
    return false;
  }
  return true;
}

const ONE_THREAD = { threads: ["thread"] };

function sizeChecked(context: Context, type: Type, span: Span): Type | null {
  if (depthOf(type) > TYPE_DEPTH_MAX) {
    return fail(context, chainTooLong(span));
  }
  // How many threads there are may need this very type; with one, a type has the fewest parts.
  const types = dependsOnThreads(type) ? ONE_THREAD : typeContext(context);
  const parts = partsOf(type, types);
  return parts > PARTS_MAX ? fail(context, typeTooLarge(span, parts, PARTS_MAX)) : type;
}

function structType(
  context: Context,
  setting: Setting,
  expression: ast.TypeExpression & { readonly kind: "structType" },
  name: string | null,
): Type | null {
  const first = new Map<string, Span>();
  const fields: FieldType[] = [];
  let sound = true;
  for (const field of expression.fields) {
    const { text, span } = field.name;
    const other = first.get(text);
    if (other !== undefined) {
      context.report(fieldTwice(span, other, text));
    }
    first.set(text, span);
    const type = resolveType(context, setting, field.type);
    sound = sound && type !== null && other === undefined;
    if (type !== null) {
      fields.push({ name: text, type });
    }
  }
  if (!sound) {
    return null;
  }
  // A struct written in place is known by what it contains, so that two alike are the same type.
  const parts = fields.map((field) => `${field.name}: ${showType(field.type)};`);
  const id = name ?? `struct { ${parts.join(" ")} }`;
  return sizeChecked(context, { kind: "struct", id, fields }, expression.span);
}
