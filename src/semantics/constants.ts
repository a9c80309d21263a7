import type * as core from "../core/expressions.ts";
import type { Type } from "../core/types.ts";
import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";
import { present } from "../support/internal-error.ts";
import type * as ast from "../syntax/ast.ts";
import { constantContext, type EvaluationContext, evaluate } from "../values/evaluate.ts";
import { literal } from "../values/literals.ts";
import { cardinality, misfit, type TypeContext } from "../values/types.ts";
import type { SetValue, Value } from "../values/value.ts";
import { ValueError } from "../values/value-error.ts";
import { type Context, fail, type KnownConstant } from "./context.ts";
import type { ConstEntity } from "./entities.ts";
import { expectType, inferAnyhow } from "./expressions.ts";
import { anyValue } from "./first-values.ts";
import { ROUNDS_MAX } from "./limits.ts";
import { notConstant, noValue, valueMisfit } from "./problems-constants.ts";
import { workTooLong } from "./problems-limits.ts";
import { constantRules, emptySetting, type Setting } from "./scopes.ts";
import { compareConstant } from "./signatures.ts";
import { threadElement, threadNames } from "./threads.ts";
import { resolveType, valuesChecked } from "./type-expressions.ts";
import { INTEGER } from "./type-relations.ts";
import { enter } from "./under-way.ts";
import { isClosed } from "./walk-core.ts";

/** The instances that `Thread` ranges over, worked out only when they are asked for. */
export function typeContext(context: Context): TypeContext {
  return {
    get threads(): readonly string[] {
      return threadNames(context);
    },
  };
}

/** How an evaluation ends: with a value, or why there is none. */
type Evaluation =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "problem"; readonly problem: Diagnostic };

/** The value of a closed expression; undefined, with a report, where it has none. */
export function knownValue(context: Context, expression: core.Expression): Value | undefined {
  const evaluation = evaluateClosed(context, expression);
  if (evaluation.kind === "value") {
    return evaluation.value;
  }
  context.report(evaluation.problem);
  return undefined;
}

/** The value of a closed expression, or undefined without a word: for what is only nice to know. */
export function valueIfKnown(context: Context, expression: core.Expression): Value | undefined {
  const evaluation = isClosed(expression, context.readers)
    ? evaluateClosed(context, expression)
    : null;
  return evaluation?.kind === "value" ? evaluation.value : undefined;
}

/** Evaluates what is evaluated again in every run: it may ask for any constant. */
export function ofThisRun<T>(context: Context, evaluation: () => T): T {
  const { isOn } = context.consulted;
  context.consulted.isOn = false;
  const result = evaluation();
  context.consulted.isOn = isOn;
  return result;
}

function evaluateClosed(context: Context, expression: core.Expression): Evaluation {
  if (expression.kind === "integer") {
    // By far the most frequent: the bounds of types and ranges.
    return { kind: "value", value: expression.value };
  }
  try {
    return { kind: "value", value: evaluate(expression, evaluationContext(context)) };
  } catch (thrown) {
    if (!(thrown instanceof ValueError)) {
      throw thrown;
    }
    const problem =
      thrown.span === NO_SPAN
        ? workTooLong(expression.span, ROUNDS_MAX)
        : noValue(thrown.span, thrown.message);
    return { kind: "problem", problem };
  }
}

/**
 * What expressions over constants are evaluated in, at this point of the elaboration. Hostile
 * constants could take for ever, so that calls of defs and values bound are counted; too many are a
 * `ValueError` as well, told from others by its lack of a place.
 */
function evaluationContext(context: Context): EvaluationContext {
  const count = (): void => {
    context.work.rounds++;
    if (context.work.rounds > ROUNDS_MAX) {
      throw new ValueError(NO_SPAN, "too much work");
    }
  };
  const base = constantContext({
    threads: [],
    constant: (index) => {
      if (context.consulted.isOn) {
        context.consulted.constants.add(index);
      }
      return valueOfConstant(context, index);
    },
    def: (index) => {
      count();
      return present(context.defs[index], "the body of a def");
    },
    threadElement: (thread, index) => threadElement(context, thread, index),
  });
  const bind = base.binders.set.bind(base.binders);
  base.binders.set = (binder, value) => {
    count();
    return bind(binder, value);
  };
  // Asking for the threads elaborates their index sets, which may need this very constant.
  return Object.defineProperty(base, "threads", { get: () => threadNames(context) });
}

const NO_SPAN: Span = { file: "", start: 0, end: 0 };

/**
 * The value of a constant that an expression reads. As a rule it is known; a def that was elaborated
 * in an earlier run may read one that this run has not come to yet.
 */
function valueOfConstant(context: Context, index: core.ConstantIndex): Value {
  const known = context.constants.get(index)?.value;
  if (known !== null && known !== undefined) {
    return known.value;
  }
  const entity = present(
    context.declarations.entities.find(
      (one): one is ConstEntity => one.kind === "const" && one.index === index,
    ),
    "a constant",
  );
  const found = constantOf(context, entity, entity.name.span);
  if (found === null) {
    throw new ValueError(entity.name.span, `'${entity.name.text}' has no value`);
  }
  return found.value;
}

/**
 * How many elements a closed set has; undefined, with a report, where it has no value. Ranges and
 * types, of which large sets are made, are counted without listing them.
 */
export function knownSize(context: Context, set: core.Expression): number | undefined {
  if (set.kind === "universe") {
    return cardinality(set.of, typeContext(context));
  }
  if (set.kind === "range") {
    const low = knownValue(context, set.low);
    const high = knownValue(context, set.high);
    return low === undefined || high === undefined
      ? undefined
      : Math.max(0, Number(high) - Number(low) + 1);
  }
  const value = knownValue(context, set);
  return value === undefined ? undefined : (value as SetValue).size;
}

/** The same place, but only constants may be read there; `place` as in `Rules`. */
export function constantSetting(setting: Setting, place: string): Setting {
  return { ...setting, rules: constantRules(place) };
}

/** An integer known before the search; null, with a report, where it is none. */
export function constantInteger(
  context: Context,
  setting: Setting,
  expression: ast.Expression,
  place: string,
): number | null {
  const typed = constantExpression(context, setting, expression, INTEGER, place);
  const value = typed === null ? undefined : knownValue(context, typed);
  return value === undefined ? null : Number(value);
}

/** An expression over constants; null, with a report, where it is none. */
export function constantExpression(
  context: Context,
  setting: Setting,
  expression: ast.Expression,
  type: Type,
  place: string,
): core.Expression | null {
  const typed = expectType(context, constantSetting(setting, place), expression, type);
  if (typed !== null && !isClosed(typed, context.readers)) {
    return fail(context, notConstant(expression.span, place));
  }
  return typed;
}

/** A constant with its value; null where an error has been reported. */
export function constantOf(
  context: Context,
  entity: ConstEntity,
  span: Span,
): KnownConstant | null {
  const known = context.constants.get(entity.index);
  if (known !== undefined) {
    return known.value;
  }
  const item = { kind: "const", name: entity.name.text, span: entity.name.span } as const;
  const value = enter(context, item, span, () => elaborateConstant(context, entity));
  context.constants.set(entity.index, { value });
  return value;
}

function elaborateConstant(context: Context, entity: ConstEntity): KnownConstant | null {
  const { declaration, module, name } = entity;
  const setting = emptySetting(module, constantRules("a constant"));
  const declaredType = resolveType(context, setting, declaration.type);
  const type =
    declaredType !== null && valuesChecked(context, declaredType, declaration.type.span)
      ? declaredType
      : null;
  const isAsPrototype = compareConstant(context, entity, declaredType);
  const given = context.settings.get(name.text);
  // Looked at even when it does not count, so that its mistakes show in every run.
  const declared = declaredValue(context, setting, entity, type);
  const chosen =
    type === null || given === undefined
      ? declared
      : expectType(context, rootSetting(context), given.value, type);
  if (type === null || chosen === null || declared === null || !isAsPrototype) {
    return null;
  }
  const span = given?.value.span ?? declaration.value?.span ?? name.span;
  const value = ofThisRun(context, () =>
    fittingValue(context, chosen, type, { span, what: name.text }),
  );
  if (value === undefined) {
    return null;
  }
  return {
    value,
    constant: {
      name: name.text,
      doc: declaration.doc ?? entity.prototype?.declaration.doc ?? null,
      span: name.span,
      type,
      value: literal(value, type, span, typeContext(context)),
      overridden: given !== undefined,
    },
  };
}

function declaredValue(
  context: Context,
  setting: Setting,
  { declaration: { value }, name }: ConstEntity,
  type: Type | null,
): core.Expression | null {
  if (value === null) {
    return type === null ? null : anyValue(context, type, name.span);
  }
  return type === null
    ? inferAnyhow(context, setting, value)
    : expectType(context, setting, value, type);
}

/** The names of the root file, for what the command line says. */
export function rootSetting(context: Context): Setting {
  return emptySetting(context.spec.modules.length - 1, constantRules("a constant"));
}

/** The value of a closed expression if it fits its type; undefined, with a report, otherwise. */
export function fittingValue(
  context: Context,
  expression: core.Expression,
  type: Type,
  place: { readonly span: Span; readonly what: string },
): Value | undefined {
  const value = knownValue(context, expression);
  if (value === undefined) {
    return undefined;
  }
  const why = misfit(value, type, typeContext(context));
  if (why !== null) {
    context.report(valueMisfit(place.span, why, place.what));
    return undefined;
  }
  return value;
}
