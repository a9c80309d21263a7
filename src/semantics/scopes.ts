import { Map as ImmutableMap } from "immutable";
import type * as core from "../core/expressions.ts";
import type { Local } from "../core/statements.ts";
import type { Type } from "../core/types.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../support/did-you-mean.ts";
import { present } from "../support/internal-error.ts";
import type { Name } from "../syntax/ast.ts";
import { type Context, fail } from "./context.ts";
import type { Entity } from "./entities.ts";
import type { ModuleIndex } from "./link.ts";
import { nameHidden, nameNotDeclared, nameNotImported } from "./problems-names.ts";
import { notAllowedHere } from "./problems-types.ts";

/** What a local name stands for; `type` is null where an error has been reported. */
export type LocalName = { readonly span: Span; readonly type: Type | null } & (
  | { readonly kind: "slot"; readonly slot: core.SlotIndex; readonly role: Local["kind"] }
  | { readonly kind: "binder"; readonly binder: core.Binder }
  /** A type parameter; a null `type` is one that nobody has chosen (a generic proc not called). */
  | { readonly kind: "type" }
);

/** What the text at some place may use besides constants, and how to name that place. */
export interface Rules {
  /** "a constant", "the code of a thread": after "… may not be used in". */
  readonly place: string;
  readonly state: boolean;
  readonly self: boolean;
  /** `enabled`, `blocked` and `@`. */
  readonly observe: boolean;
  readonly prime: boolean;
  /** Whether statements stand here, so that a proc can be called. */
  readonly code: boolean;
}

/** What a def or proc uses: first place of each. Its callers need the same rights. */
export interface Uses {
  state: Use | null;
  self: Use | null;
  observe: Use | null;
}

/** One place where something is used that not every place allows. */
export interface Use {
  readonly span: Span;
  /** As written: "the variable 'x'", "'self'". */
  readonly what: string;
}

/** Where an expression stands: what it sees and what it may do. */
export interface Setting {
  readonly module: ModuleIndex;
  readonly locals: ImmutableMap<string, LocalName>;
  readonly rules: Rules;
  readonly uses: Uses;
  /** Whether the destination is in error already, so that what lacks a type is no mistake. */
  readonly untyped?: boolean;
}

/** No use of anything yet. */
export function newUses(): Uses {
  return { state: null, self: null, observe: null };
}

/** What a name stands for in sight of `setting`, or null without a word. */
export function find(context: Context, setting: Setting, name: string): LocalName | Entity | null {
  const local = setting.locals.get(name);
  if (local !== undefined) {
    return local;
  }
  const entity = context.declarations.names.get(name);
  return entity !== undefined && isVisible(context, setting.module, entity) ? entity : null;
}

/** Whether a name of a module is one. */
export function isEntity(found: LocalName | Entity | null): found is Entity {
  return found !== null && "module" in found;
}

/** As `find`; a name that is not in sight is reported. `others`: words that could be meant as well. */
export function lookUp(
  context: Context,
  setting: Setting,
  name: Name,
  others: readonly string[] = [],
): LocalName | Entity | null {
  const found = find(context, setting, name.text);
  if (found !== null) {
    return found;
  }
  const hidden = context.declarations.names.get(name.text);
  if (hidden !== undefined) {
    const declared = ("prototype" in hidden ? hidden.prototype : null) ?? hidden;
    const { tree } = present(context.spec.modules[declared.module], "module of a name");
    const at = "name" in declared ? declared.name : declared.declaration.name;
    return fail(context, nameNotImported(name.span, name.text, at.span, tree.name.text));
  }
  const near = didYouMean(name.text, [...namesInSight(context, setting), ...others]);
  return fail(context, nameNotDeclared(name.span, name.text, near));
}

/** All names that could have been meant, innermost first. */
export function* namesInSight(context: Context, setting: Setting): Generator<string> {
  yield* setting.locals.keys();
  for (const entity of context.declarations.entities) {
    if (isVisible(context, setting.module, entity)) {
      yield entity.name.text;
    }
  }
}

/** The setting in which a local is in sight as well; a local may not hide another name. */
export function withLocal<S extends Setting>(
  context: Context,
  setting: S,
  name: Name,
  local: LocalName,
): S {
  const other = find(context, setting, name.text);
  // The name of a check means nothing inside a spec, so hiding it takes nothing away.
  if (other !== null && !(isEntity(other) && other.kind === "check")) {
    const span = isEntity(other) ? other.name.span : other.span;
    context.report(nameHidden(name.span, span, name.text));
  }
  return { ...setting, locals: setting.locals.set(name.text, local) };
}

function isVisible(context: Context, module: ModuleIndex, entity: Entity): boolean {
  const { visible } = present(context.spec.modules[module], "module");
  const prototype = "prototype" in entity ? entity.prototype : null;
  return visible.has(entity.module) || (prototype !== null && visible.has(prototype.module));
}

/** Nothing but constants. */
export function constantRules(place: string): Rules {
  return { place, state: false, self: false, observe: false, prime: false, code: false };
}

/** A place in a module where only constants may be read and no local is in sight. */
export function emptySetting(module: ModuleIndex, rules: Rules = constantRules("a type")): Setting {
  return { module, locals: ImmutableMap<string, LocalName>(), rules, uses: newUses() };
}

/** Notes that something is used at `span`; reports it where the rules of the place forbid it. */
export function use(
  context: Context,
  setting: Setting,
  kind: keyof Uses,
  { span, what }: Use,
  inside: Use | null = null,
): boolean {
  if (!setting.rules[kind]) {
    context.report(notAllowedHere(span, what, setting.rules.place, inside));
    return false;
  }
  setting.uses[kind] ??= { span, what };
  return true;
}

/** Notes that a def or proc is used which itself uses `uses`. */
export function useAll(context: Context, setting: Setting, uses: Uses, at: Use): boolean {
  let allowed = true;
  for (const kind of ["state", "self", "observe"] as const) {
    const inside = uses[kind];
    if (inside !== null) {
      allowed = use(context, setting, kind, at, inside) && allowed;
    }
  }
  return allowed;
}
