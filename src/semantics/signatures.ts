import type { Type } from "../core/types.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { present } from "../support/internal-error.ts";
import type * as ast from "../syntax/ast.ts";
import { sameType, showType } from "../values/types.ts";
import { type Context, newBinder } from "./context.ts";
import type { ConstEntity, DefEntity, ProcEntity } from "./entities.ts";
import type { InstanceParameter } from "./instances.ts";
import type { ModuleIndex } from "./link.ts";
import { definitionDiffers } from "./problems-prototypes.ts";
import { emptySetting, withLocal } from "./scopes.ts";
import { resolveType } from "./type-expressions.ts";

/** A parameter, a result or the type of a constant. */
interface Part {
  /** "parameter 2". */
  readonly what: string;
  readonly span: Span;
  readonly byReference: boolean;
  /** Null where an error has been reported; undefined for the result of a proc that has none. */
  readonly type: Type | null | undefined;
}

/** Whether a constant has the type of its prototype, if it has one; reports it if not. */
export function compareConstant(context: Context, entity: ConstEntity, type: Type | null): boolean {
  const { declaration, prototype } = entity;
  if (prototype === null) {
    return true;
  }
  const { type: text } = prototype.declaration;
  const there = resolveType(context, emptySetting(prototype.module), text);
  const part = { what: "the type", byReference: false };
  return comparePart(
    context,
    entity,
    { ...part, span: declaration.type.span, type },
    { ...part, span: text.span, type: there },
  );
}

/** What the callers of a def or proc go by. */
export interface Signature {
  readonly parameters: readonly InstanceParameter[];
  readonly hasResult: boolean;
  readonly result: Type | null;
  /** Whether the definition is as its prototype, so that calls of the one fit the other. */
  readonly sound: boolean;
}

/**
 * The signature of a def or proc: that of its prototype, if it has one. Reports where the definition,
 * with these parameters and result, is not as the prototype.
 */
export function signatureOf(
  context: Context,
  entity: DefEntity | ProcEntity,
  parameters: readonly InstanceParameter[],
  result: Type | null,
): Signature {
  const { declaration, prototype, name } = entity;
  if (prototype === null) {
    return { parameters, hasResult: declaration.result !== null, result, sound: true };
  }
  const other = prototype.declaration;
  const there = signatureOfPrototype(context, prototype.module, other);
  const shape = [shapeOf(declaration), shapeOf(other)] as const;
  if (shape[0] !== shape[1]) {
    const { span } = name;
    context.report(definitionDiffers(span, name.text, "what it takes", shape, other.name.span));
    return { ...there, sound: false };
  }
  const partsThere = partsOf(other, there.parameters, there.result);
  const same = partsOf(declaration, parameters, result).map((part, position) =>
    comparePart(context, entity, part, present(partsThere[position], "a part of a prototype")),
  );
  return { ...there, sound: same.every((one) => one) };
}

type Callable = ast.DefDeclaration | ast.ProcDeclaration;

/** What a prototype says, with the mistakes of its parameters, which no body looks for. */
function signatureOfPrototype(
  context: Context,
  module: ModuleIndex,
  { typeParameters, parameters: texts, result: resultText }: Callable,
): Omit<Signature, "sound"> {
  let setting = emptySetting(module);
  // They have been refused; what they stand for is not known.
  for (const name of typeParameters) {
    setting = withLocal(context, setting, name, { kind: "type", type: null, span: name.span });
  }
  const parameters: InstanceParameter[] = [];
  for (const { name, byReference, type: text } of texts ?? []) {
    const type = resolveType(context, setting, text);
    parameters.push({ name, byReference, type });
    const binder = newBinder(context);
    setting = withLocal(context, setting, name, { kind: "binder", binder, type, span: name.span });
  }
  const hasResult = resultText !== null;
  const result = hasResult ? resolveType(context, setting, resultText) : null;
  return { parameters, hasResult, result };
}

function partsOf(
  { parameters: texts, result: text, name }: Callable,
  parameters: readonly InstanceParameter[],
  result: Type | null,
): readonly Part[] {
  const taken = parameters.map(
    ({ byReference, type }, position): Part => ({
      what: `parameter ${position + 1}`,
      span: present(texts?.[position], "a parameter").span,
      byReference,
      type,
    }),
  );
  const span = text?.span ?? name.span;
  const type = text === null ? undefined : result;
  return [...taken, { what: "the result", span, byReference: false, type }];
}

function shapeOf({ typeParameters, parameters }: Callable): string {
  const count = parameters?.length ?? 0;
  const some = count === 1 ? "1 parameter" : `${count} parameters`;
  const all = parameters === null ? "nothing, without parentheses" : some;
  return typeParameters.length === 0 ? all : `${all} and type parameters`;
}

function comparePart(
  context: Context,
  { name }: ConstEntity | DefEntity | ProcEntity,
  here: Part,
  there: Part,
): boolean {
  if (here.type === null || there.type === null || isSame(here, there)) {
    return true;
  }
  const texts = [textOf(here), textOf(there)] as const;
  context.report(definitionDiffers(here.span, name.text, here.what, texts, there.span));
  return false;
}

function isSame(a: Part, b: Part): boolean {
  return a.type && b.type
    ? a.byReference === b.byReference && sameType(a.type, b.type)
    : a.type === b.type;
}

function textOf({ byReference, type }: Part): string {
  return type ? `${byReference ? "ref " : ""}${showType(type)}` : "nothing";
}
