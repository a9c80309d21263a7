import { Map as ImmutableMap } from "immutable";
import type * as core from "../core/expressions.ts";
import type { Place } from "../core/statements.ts";
import type { Type } from "../core/types.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import type * as ast from "../syntax/ast.ts";
import { showType } from "../values/types.ts";
import { type Context, fail } from "./context.ts";
import type { DefEntity, ProcEntity } from "./entities.ts";
import { infer } from "./expressions.ts";
import { typeParameterUnknown } from "./problems-types.ts";
import { emptySetting, type LocalName, type Rules, type Setting, withLocal } from "./scopes.ts";
import { resolveType } from "./type-expressions.ts";
import { join } from "./type-relations.ts";
import { needsContext } from "./walk-tree.ts";

/** The types chosen for type parameters; null: not known because of an error, or not chosen. */
export type TypeArguments = ReadonlyMap<string, Type | null>;

/** An argument and what is known of it so far; `typed` is undefined until it has been looked at. */
export type KnownArgument =
  | { readonly kind: "reference"; readonly place: Place | null }
  | {
      readonly kind: "value";
      readonly value: ast.Expression;
      typed: core.Expression | null | undefined;
    };

/** A call whose type parameters are sought. */
export interface GenericCall {
  readonly callee: DefEntity | ProcEntity;
  readonly typeParameters: readonly ast.Name[];
  readonly parameters: readonly ast.Parameter[];
  /** One for each parameter; those by value get their type noted on the way. */
  readonly known: readonly KnownArgument[];
  /** What the call yields, and what the context would like it to be. */
  readonly result: { readonly type: ast.TypeExpression | null; readonly hint: Type | null };
  /** Of the name in the call. */
  readonly span: Span;
}

/**
 * The type parameters of a call: first from the places passed by reference, which fix them, then
 * from the values, where integers widen to the least interval for all of them, last from what the
 * context would like. Null, with a report, where one stays unknown.
 */
export function inferTypeArguments(
  context: Context,
  setting: Setting,
  call: GenericCall,
): TypeArguments | null {
  const names = new Set(call.typeParameters.map((name) => name.text));
  if (names.size === 0) {
    return new Map();
  }
  const fixed = new Map<string, Type>();
  let sound = true;
  call.known.forEach((argument, position) => {
    const pattern = call.parameters[position]?.type;
    if (argument.kind === "reference" && pattern !== undefined) {
      sound = sound && argument.place !== null;
      if (argument.place !== null) {
        match(pattern, argument.place.type, (name, type) => {
          if (names.has(name) && !fixed.has(name)) {
            fixed.set(name, type);
          }
        });
      }
    }
  });
  const widened = new Map<string, Type>();
  call.known.forEach((argument, position) => {
    const pattern = call.parameters[position]?.type;
    if (argument.kind !== "value" || pattern === undefined || needsContext(argument.value)) {
      return;
    }
    const hint = patternType(context, call, pattern, new Map([...widened, ...fixed]));
    argument.typed = infer(context, setting, argument.value, hint);
    sound = sound && argument.typed !== null;
    if (argument.typed !== null) {
      match(pattern, argument.typed.type, (name, type) => {
        const before = widened.get(name);
        if (names.has(name)) {
          widened.set(name, before === undefined ? type : (join(before, type) ?? before));
        }
      });
    }
  });
  const chosen = new Map([...widened, ...fixed]);
  const { type: pattern, hint } = call.result;
  if (pattern !== null && hint !== null) {
    match(pattern, hint, (name, type) => {
      if (names.has(name) && !chosen.has(name)) {
        chosen.set(name, type);
      }
    });
  }
  return complete(context, call, chosen, sound);
}

function complete(
  context: Context,
  call: GenericCall,
  chosen: ReadonlyMap<string, Type>,
  sound: boolean,
): TypeArguments | null {
  const missing = call.typeParameters.filter((name) => !chosen.has(name.text));
  const [first] = missing;
  if (first !== undefined) {
    return sound
      ? fail(context, typeParameterUnknown(call.span, first.text, call.callee.name.text))
      : null;
  }
  return chosen;
}

/** The type that a parameter's type expression stands for if its type parameters are known already. */
function patternType(
  context: Context,
  call: GenericCall,
  pattern: ast.TypeExpression,
  chosen: ReadonlyMap<string, Type>,
): Type | null {
  const { callee, typeParameters } = call;
  // The pattern stands where the callee is declared, which may be apart from its definition.
  const { module } = callee.prototype ?? callee;
  const setting = withTypeParameters(context, emptySetting(module), typeParameters, chosen);
  return resolveType(context, setting, pattern);
}

/** Where the types of a def's or proc's parameters stand: its type parameters are in sight. */
export function typeParameterSetting(
  context: Context,
  callee: DefEntity | ProcEntity,
  chosen: TypeArguments,
  rules?: Rules,
): Setting {
  const setting = emptySetting(callee.module, rules);
  return withTypeParameters(context, setting, callee.declaration.typeParameters, chosen);
}

function withTypeParameters(
  context: Context,
  setting: Setting,
  names: readonly ast.Name[],
  chosen: TypeArguments,
): Setting {
  return names.reduce((outer, name) => {
    const type = chosen.get(name.text) ?? null;
    const local: LocalName = { kind: "type", type, span: name.span };
    return withLocal(context, outer, name, local);
  }, setting);
}

/** Calls `found` for each name in the pattern with the part of the type that stands in its place. */
function match(
  pattern: ast.TypeExpression,
  type: Type,
  found: (name: string, type: Type) => void,
): void {
  switch (pattern.kind) {
    case "namedType":
      found(pattern.name.text, type);
      break;
    case "optionType":
      match(pattern.of, type.kind === "option" ? type.of : type, found);
      break;
    case "setType":
    case "seqType":
      if (type.kind === "set" || type.kind === "seq") {
        match(pattern.of, type.of, found);
      }
      break;
    case "mapType":
      if (type.kind === "map") {
        match(pattern.key, type.key, found);
        match(pattern.value, type.value, found);
      }
      break;
  }
}

/** Tells the instances of a generic def or proc apart. */
export function instanceKey(name: string, chosen: TypeArguments): string {
  const types = [...ImmutableMap(chosen).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, type]) => (type === null ? "?" : showType(type)));
  return types.length === 0 ? name : `${name}<${types.join(", ")}>`;
}
