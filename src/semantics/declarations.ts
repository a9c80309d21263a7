import type * as core from "../core/expressions.ts";
import type {
  Agent,
  Fairness,
  Predicate,
  Property,
  Transition,
  Variable,
} from "../core/program.ts";
import type { Type } from "../core/types.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../support/did-you-mean.ts";
import type * as ast from "../syntax/ast.ts";
import { literal } from "../values/literals.ts";
import { firstValue, sameType, showType } from "../values/types.ts";
import { elaborateBody } from "./bodies.ts";
import { type BodyUnderWay, type Code, codeRules, declareLocal } from "./code.ts";
import {
  constantExpression,
  constantSetting,
  fittingValue,
  knownSize,
  ofThisRun,
  typeContext,
} from "./constants.ts";
import { type Context, fail } from "./context.ts";
import type { LinkedDeclaration } from "./declare.ts";
import { describeEntity, type TransitionEntity, type VarEntity } from "./entities.ts";
import { coerce, expectBool, inferAnyhow, inferSet } from "./expressions.ts";
import { firstValueProblem } from "./first-values.ts";
import { elaborateFormula } from "./formulas.ts";
import { CHOICES_MAX, dependsOnThreads } from "./limits.ts";
import type { ModuleIndex } from "./link.ts";
import { typeOfVariable } from "./names.ts";
import { fairnessOfEscape, noInitialValue, notConstant } from "./problems-constants.ts";
import { tooManyChoices } from "./problems-limits.ts";
import { nameNotDeclared, wrongKind } from "./problems-names.ts";
import { firstValueMissing } from "./problems-types.ts";
import {
  constantRules,
  emptySetting,
  find,
  isEntity,
  lookUp,
  type Rules,
  type Setting,
} from "./scopes.ts";
import { shellTemplate } from "./shell.ts";
import { threadTable } from "./threads.ts";
import { valuesChecked } from "./type-expressions.ts";
import { join } from "./type-relations.ts";
import { isClosed } from "./walk-core.ts";

/** A variable and how many initial values it has. */
export interface CountedVariable {
  readonly variable: Variable;
  readonly count: number;
}

/** A variable with its initial values; null where an error has been reported. */
export function elaborateVariable(context: Context, entity: VarEntity): CountedVariable | null {
  const { declaration, name, module } = entity;
  const setting = emptySetting(module, constantRules("an initial value"));
  const type = typeOfVariable(context, entity);
  if (type === null || !valuesChecked(context, type, declaration.type.span)) {
    elaborateInitialAnyhow(context, setting, declaration);
    return null;
  }
  const declared = { name: name.text, doc: declaration.doc, span: name.span, type };
  const place = { span: name.span, what: name.text };
  switch (declaration.initial.kind) {
    case "first": {
      const why = firstValueProblem(context, type);
      if (why !== null) {
        return fail(context, firstValueMissing(declaration.type.span, showType(type), why));
      }
      if (dependsOnThreads(type) && threadTable(context)?.sound !== true) {
        // What is wrong with the threads has been reported; there may be no first one.
        return null;
      }
      const types = typeContext(context);
      const value = literal(firstValue(type, types), type, declaration.type.span, types);
      return { variable: { ...declared, initial: { kind: "one", value } }, count: 1 };
    }
    case "one": {
      const { span } = declaration.initial.value;
      const text = declaration.initial.value;
      const typed = constantExpression(context, setting, text, type, setting.rules.place);
      const value =
        typed === null
          ? undefined
          : ofThisRun(context, () => fittingValue(context, typed, type, { ...place, span }));
      if (value === undefined) {
        return null;
      }
      const folded = literal(value, type, span, typeContext(context));
      return { variable: { ...declared, initial: { kind: "one", value: folded } }, count: 1 };
    }
    case "any": {
      const { set: text } = declaration.initial;
      const set = inferSet(context, setting, text, type);
      if (set === null) {
        return null;
      }
      if (!isClosed(set.expression, context.readers)) {
        return fail(context, notConstant(text.span, setting.rules.place));
      }
      const expression = coerce(context, set.expression, { kind: "set", of: type });
      const count = expression === null ? undefined : knownSize(context, expression);
      if (expression === null || count === undefined) {
        return null;
      }
      if (count === 0) {
        return fail(context, noInitialValue(text.span, name.text));
      }
      return isWithin(context, expression, type, { ...place, span: text.span })
        ? { variable: { ...declared, initial: { kind: "any", set: expression } }, count }
        : null;
    }
  }
}

/** Whether all elements of a closed set are values of `type`; reports it if not. */
function isWithin(
  context: Context,
  set: core.Expression,
  type: Type,
  place: { readonly span: Span; readonly what: string },
): boolean {
  const element = set.type.kind === "set" ? set.type.of : null;
  const isTight = set.kind === "range" || set.kind === "universe";
  const wider = isTight && element !== null ? join(element, type) : null;
  // The type of such a set is that of its elements, so that large ones need not be listed.
  if (wider !== null && sameType(wider, type)) {
    return true;
  }
  return fittingValue(context, set, { kind: "set", of: type }, place) !== undefined;
}

/** Finds the mistakes in an initial value whose type is wrong. */
function elaborateInitialAnyhow(
  context: Context,
  setting: Setting,
  { initial }: ast.VarDeclaration,
): void {
  if (initial.kind !== "first") {
    inferAnyhow(context, setting, initial.kind === "any" ? initial.set : initial.value);
  }
}

/** A transition; null where an error has been reported. */
export function elaborateTransition(context: Context, entity: TransitionEntity): Transition | null {
  const { declaration, name, module } = entity;
  const body: BodyUnderWay = {
    kind: "transition",
    name,
    locals: [],
    unknown: new Set(),
    labels: new Map(),
    hasResult: false,
    result: null,
  };
  const rules = codeRules("a transition", false);
  let code: Code = {
    ...emptySetting(module, rules),
    body,
    inLoop: false,
    atomic: "in a transition",
  };
  const sets: core.Expression[] = [];
  let choices = 1;
  for (const { name: parameter, set: text } of declaration.parameters) {
    const place = "the set of a transition's parameter";
    // The parameters before this one are in sight but have no value yet.
    const set = inferSet(context, constantSetting(code, place), text, null);
    if (set !== null && isClosed(set.expression, context.readers)) {
      // A set that has no value at all is reported now, not in the middle of a search.
      const size = knownSize(context, set.expression);
      if (size !== undefined) {
        sets.push(set.expression);
        choices *= size;
      }
    } else if (set !== null) {
      context.report(notConstant(text.span, place));
    }
    code = declareLocal(context, code, parameter, "choice", set?.element ?? null).code;
  }
  if (choices > CHOICES_MAX) {
    context.report(tooManyChoices(name.span, choices, CHOICES_MAX));
  }
  const shell = declaration.shell === null ? null : shellTemplate(context, code, declaration.shell);
  const when = declaration.when === null ? null : expectBool(context, code, declaration.when);
  const elaborated = elaborateBody(context, code, declaration.body);
  const { qualifiers } = declaration;
  const promised = qualifiers.find((one) => one !== "escape");
  if (promised !== undefined && qualifiers.includes("escape")) {
    context.report(fairnessOfEscape(name.span, name.text, promised));
  }
  if (elaborated === null || sets.length < declaration.parameters.length) {
    return null;
  }
  return {
    name: name.text,
    doc: declaration.doc,
    span: name.span,
    fairness: qualifiers.includes("strong")
      ? "strong"
      : qualifiers.includes("fair")
        ? "weak"
        : "none",
    escape: qualifiers.includes("escape"),
    shell,
    parameterSets: sets,
    when,
    body: elaborated,
  };
}

function predicateRules(place: string, prime: boolean): Rules {
  return { place, state: true, self: false, observe: true, prime, code: false };
}

const PLACES = {
  invariant: "an invariant",
  step: "a step property",
  reachable: "a reachable property",
  recoverable: "a recoverable property",
} as const;

/** An invariant, step, reachable or recoverable property; null where an error has been reported. */
export function elaboratePredicate(
  context: Context,
  module: ModuleIndex,
  declaration: ast.PredicateDeclaration,
): Predicate | null {
  const { kind, name, doc } = declaration;
  const setting = emptySetting(module, predicateRules(PLACES[kind], kind === "step"));
  const condition = expectBool(context, setting, declaration.condition);
  return condition === null ? null : { name: name.text, doc, span: name.span, condition };
}

/** A temporal property; null where an error has been reported. */
export function elaborateProperty(
  context: Context,
  module: ModuleIndex,
  { name, doc, formula: text }: ast.PropertyDeclaration,
): Property | null {
  const setting = emptySetting(module, predicateRules("a property", false));
  const formula = elaborateFormula(context, setting, text);
  return formula === null ? null : { name: name.text, doc, span: name.span, formula };
}

/** The condition of `final` or `constraint`; null where an error has been reported. */
export function elaborateUnnamed(
  context: Context,
  module: ModuleIndex,
  { kind, condition }: ast.UnnamedDeclaration,
): core.Expression | null {
  const setting = emptySetting(module, predicateRules(`'${kind}'`, false));
  return expectBool(context, setting, condition);
}

/** The agents that a `fairness` declaration takes together; null where an error has been reported. */
export function elaborateFairness(
  context: Context,
  { module, declaration }: LinkedDeclaration & { readonly declaration: ast.FairnessDeclaration },
): Fairness | null {
  const setting = emptySetting(module);
  const agents = declaration.names.map((name) => agentsNamed(context, setting, name));
  const sound = agents.flatMap((one) => (one === null ? [] : [one]));
  return sound.length < agents.length
    ? null
    : { span: declaration.span, strength: declaration.strength, agents: sound.flat() };
}

function agentsNamed(context: Context, setting: Setting, name: ast.Name): readonly Agent[] | null {
  const found = find(context, setting, name.text);
  if (isEntity(found) && (found.kind === "thread" || found.kind === "transition")) {
    const { qualifiers } = found.declaration;
    if (qualifiers.some((one) => one === "escape")) {
      context.report(fairnessOfEscape(name.span, name.text, "fair"));
    }
    return found.kind === "transition"
      ? [{ kind: "transition", transition: found.index }]
      : instancesOf(context, found.index);
  }
  if (isEntity(found)) {
    const kind = describeEntity(found);
    return fail(context, wrongKind(name.span, name.text, kind, "a thread or transition"));
  }
  const agents = context.declarations.entities
    .filter((one) => one.kind === "thread" || one.kind === "transition")
    .map((one) => one.name.text);
  const near = didYouMean(name.text, agents);
  if (near !== null) {
    return fail(context, nameNotDeclared(name.span, name.text, near));
  }
  lookUp(context, setting, name);
  return null;
}

function instancesOf(context: Context, thread: core.ThreadIndex): readonly Agent[] {
  const instances = threadTable(context)?.instances ?? [];
  return [...instances.keys()]
    .filter((instance) => instances[instance]?.thread === thread)
    .map((instance) => ({ kind: "thread", instance }));
}
