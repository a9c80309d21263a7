import { Set as ImmutableSet, is, List, Map as MapOf } from "immutable";
import type {
  Binder,
  ConstantIndex,
  DefIndex,
  Expression,
  SlotIndex,
  ThreadIndex,
  TransitionIndex,
  VariableIndex,
} from "../core/expressions.ts";
import type { Def } from "../core/program.ts";
import type { Type } from "../core/types.ts";
import { InternalError, present, unreachable } from "../support/internal-error.ts";
import { add, compare, divide, multiply, negate, remainder, subtract } from "./arithmetic.ts";
import { sortedElements } from "./order.ts";
import { checkFits, elementAt, firstOf, head, tail, the, valueOfKey } from "./parts.ts";
import { misfit, showType, structOf, type TypeContext } from "./types.ts";
import { universe } from "./universe.ts";
import type { ListValue, MapValue, SetValue, Value } from "./value.ts";
import { ValueError } from "./value-error.ts";

/**
 * What an expression is evaluated in. Threads are given by the names of their instances. Callbacks
 * for what cannot occur where the expression stands throw InternalError (`constantContext`).
 */
export interface EvaluationContext extends TypeContext {
  /** The values of binders in force; scratch of `evaluate`, never shared by two contexts. */
  readonly binders: Map<Binder, Value>;
  constant(index: ConstantIndex): Value;
  def(index: DefIndex): Def;
  /** The name of the instance of an indexed thread, or null when there is none of that index. */
  threadElement(thread: ThreadIndex, index: Value): string | null;
  variable(index: VariableIndex): Value;
  prime(index: VariableIndex): Value;
  local(slot: SlotIndex): Value;
  self(): string;
  threadLocal(thread: ThreadIndex, of: string, slot: SlotIndex): Value;
  at(of: string, proc: string | null, label: string | null): boolean;
  done(of: string): boolean;
  blocked(of: string): boolean;
  enabledThread(of: string): boolean;
  enabledTransition(transition: TransitionIndex): boolean;
}

/** A context for expressions over constants only. */
export function constantContext(
  parts: Pick<EvaluationContext, "threads" | "constant" | "def" | "threadElement">,
): EvaluationContext {
  const absent = (): never => {
    throw new InternalError("an expression over constants reads the state");
  };
  return {
    ...parts,
    binders: new Map(),
    variable: absent,
    prime: absent,
    local: absent,
    self: absent,
    threadLocal: absent,
    at: absent,
    done: absent,
    blocked: absent,
    enabledThread: absent,
    enabledTransition: absent,
  };
}

/**
 * The value of an expression. Sets are walked in canonical order; a quantifier stops at the element
 * that decides it. Throws `ValueError` where the expression has no value; the caller catches it.
 */
export function evaluate(expression: Expression, context: EvaluationContext): Value {
  switch (expression.kind) {
    case "variable":
      return context.variable(expression.variable);
    case "local":
      return context.local(expression.slot);
    case "binary":
      return evaluateBinary(expression, context);
    case "constant":
      return context.constant(expression.constant);
    case "boolean":
    case "integer":
    case "member":
      return expression.value;
    case "bound":
      return known(context.binders.get(expression.binder), "a binder in force");
    case "not":
      return !truth(expression.of, context);
    case "field":
      return entryOf(evaluate(expression.of, context), expression.field);
    case "mapElement":
      return mapElement(expression, context);
    case "none":
      return null;
    case "some":
      return evaluate(expression.of, context);
    case "thread":
      return present(context.threads[expression.instance], "an instance");
    case "threadElement":
      return threadElement(expression, context);
    case "self":
      return context.self();
    case "prime":
      return context.prime(expression.variable);
    case "conditional":
      return evaluate(
        truth(expression.condition, context) ? expression.then : expression.else,
        context,
      );
    case "apply":
      return apply(expression, context);
    case "let":
      context.binders.set(expression.binder, evaluate(expression.value, context));
      return evaluate(expression.body, context);
    case "forall":
      return !some(expression, false, context);
    case "exists":
      return some(expression, true, context);
    case "count":
      return count(expression, context);
    case "negate":
      return negate(integer(expression.of, context), expression.span);
    case "sequenceElement":
      return sequenceElement(expression, context);
    case "function":
      return callFunction(expression, context);
    case "append":
      return (evaluate(expression.of, context) as ListValue).push(
        evaluate(expression.element, context),
      );
    case "range":
    case "universe":
    case "filter":
      return ImmutableSet(elementsOf(expression, context));
    case "set":
      return ImmutableSet(expression.elements.map((element) => evaluate(element, context)));
    case "image":
      return image(expression, context);
    case "sequence":
      return List(expression.elements.map((element) => evaluate(element, context)));
    case "struct":
      return struct(expression, context);
    case "map":
    case "mapLiteral":
      return map(expression, context);
    case "threadLocal":
      return context.threadLocal(
        expression.thread,
        thread(expression.of, context),
        expression.slot,
      );
    case "at":
      return context.at(thread(expression.of, context), expression.proc, expression.label);
    case "done":
      return context.done(thread(expression.of, context));
    case "blocked":
      return context.blocked(thread(expression.of, context));
    case "enabledThread":
      return context.enabledThread(thread(expression.of, context));
    case "enabledTransition":
      return context.enabledTransition(expression.transition);
    default:
      return unreachable(expression);
  }
}

type Of<Kind> = Extract<Expression, { readonly kind: Kind }>;

/** The value of a condition. Throws `ValueError` like `evaluate`. */
export function truth(expression: Expression, context: EvaluationContext): boolean {
  const value = evaluate(expression, context);
  if (typeof value !== "boolean") {
    throw new InternalError(`${String(value)} where a truth value belongs`);
  }
  return value;
}

/** The elements of a set expression in canonical order. Throws `ValueError` like `evaluate`. */
export function elementsOf(set: Expression, context: EvaluationContext): readonly Value[] {
  switch (set.kind) {
    case "range": {
      const low = integer(set.low, context);
      const high = integer(set.high, context);
      return Array.from({ length: Math.max(0, high - low + 1) }, (_, index) => low + index);
    }
    case "universe":
      return universe(set.of, context);
    case "filter": {
      const elements = elementsOf(set.set, context);
      return elements.filter((element) => {
        context.binders.set(set.binder, element);
        return truth(set.where, context);
      });
    }
    default:
      return sortedElements(
        evaluate(set, context) as SetValue,
        elementType(set.type, "set"),
        context,
      );
  }
}

function integer(expression: Expression, context: EvaluationContext): number {
  const value = evaluate(expression, context);
  if (typeof value !== "number") {
    throw new InternalError(`${String(value)} where an integer belongs`);
  }
  return value;
}

function thread(expression: Expression, context: EvaluationContext): string {
  const value = evaluate(expression, context);
  if (typeof value !== "string") {
    throw new InternalError(`${String(value)} where a thread belongs`);
  }
  return value;
}

function elementType(type: Type, kind: "set" | "seq"): Type {
  if (type.kind !== kind) {
    throw new InternalError(`${showType(type)} where a ${kind} belongs`);
  }
  return type.of;
}

function entryOf(of: Value, key: Value): Value {
  return known((of as MapValue).get(key), "a field");
}

/** Like `present`, but null is a value: `none`. */
function known(value: Value | undefined, what: string): Value {
  if (value === undefined) {
    throw new InternalError(`missing: ${what}`);
  }
  return value;
}

function evaluateBinary(expression: Of<"binary">, context: EvaluationContext): Value {
  const { operator, left, right, span } = expression;
  switch (operator) {
    case "and":
      return truth(left, context) && truth(right, context);
    case "or":
      return truth(left, context) || truth(right, context);
    case "implies":
      return !truth(left, context) || truth(right, context);
    case "iff":
      return truth(left, context) === truth(right, context);
    case "equal":
      return same(evaluate(left, context), evaluate(right, context));
    case "notEqual":
      return !same(evaluate(left, context), evaluate(right, context));
    case "less":
    case "lessEqual":
    case "greater":
    case "greaterEqual":
      return compare(operator, integer(left, context), integer(right, context));
    case "add":
      return add(integer(left, context), integer(right, context), span);
    case "subtract":
      return subtract(integer(left, context), integer(right, context), span);
    case "multiply":
      return multiply(integer(left, context), integer(right, context), span);
    case "divide":
      return divide(integer(left, context), integer(right, context), span);
    case "remainder":
      return remainder(integer(left, context), integer(right, context), span);
    case "union":
      return set(left, context).union(set(right, context));
    case "intersection":
      return set(left, context).intersect(set(right, context));
    case "difference":
      return set(left, context).subtract(set(right, context));
    case "subset":
      return set(left, context).isSubset(set(right, context));
    case "inSet":
      return isElement(evaluate(left, context), right, context);
    case "inSequence":
      return inSequence(left, right, context);
    default:
      return unreachable(operator);
  }
}

function same(a: Value, b: Value): boolean {
  return a === b || (typeof a === "object" && is(a, b));
}

function set(expression: Expression, context: EvaluationContext): SetValue {
  return evaluate(expression, context) as SetValue;
}

function isElement(value: Value, of: Expression, context: EvaluationContext): boolean {
  if (of.kind === "range") {
    const low = integer(of.low, context);
    const high = integer(of.high, context);
    return low <= Number(value) && Number(value) <= high;
  }
  return of.kind === "universe"
    ? misfit(value, of.of, context) === null
    : set(of, context).has(value);
}

function inSequence(left: Expression, right: Expression, context: EvaluationContext): boolean {
  const element = evaluate(left, context);
  return (evaluate(right, context) as ListValue).includes(element);
}

function mapElement(
  expression: Of<"mapElement" | "sequenceElement">,
  context: EvaluationContext,
): Value {
  const { of, index } = expression;
  const map = evaluate(of, context) as MapValue;
  return valueOfKey(map, evaluate(index, context), { type: of.type, span: index.span }, context);
}

function sequenceElement(
  expression: Of<"mapElement" | "sequenceElement">,
  context: EvaluationContext,
): Value {
  const { of, index } = expression;
  const list = evaluate(of, context) as ListValue;
  return elementAt(list, integer(index, context), index.span);
}

function threadElement(expression: Of<"threadElement">, context: EvaluationContext): Value {
  const index = evaluate(expression.index, context);
  const name = context.threadElement(expression.thread, index);
  if (name === null) {
    throw new ValueError(expression.index.span, `there is no thread of index ${String(index)}`);
  }
  return name;
}

function apply(expression: Of<"apply">, context: EvaluationContext): Value {
  const def = context.def(expression.def);
  // All arguments first: one of them may be a call of the same def, with the same binders.
  const values = expression.arguments.map((argument, index) => {
    const parameter = present(def.parameters[index], "a parameter");
    const value = evaluate(argument, context);
    checkFits(
      value,
      parameter.type,
      { span: argument.span, what: `parameter ${parameter.name} of ${def.name}` },
      context,
    );
    return value;
  });
  for (const [index, parameter] of def.parameters.entries()) {
    context.binders.set(parameter.binder, values[index] as Value);
  }
  const result = evaluate(def.body, context);
  const place = { span: expression.span, what: `result of ${def.name}` };
  checkFits(result, def.result, place, context);
  return result;
}

/** Whether some element makes the body `sought`. */
function some(
  expression: Of<"forall" | "exists" | "count">,
  sought: boolean,
  context: EvaluationContext,
): boolean {
  for (const element of elementsOf(expression.set, context)) {
    context.binders.set(expression.binder, element);
    if (truth(expression.body, context) === sought) {
      return true;
    }
  }
  return false;
}

function count(expression: Of<"forall" | "exists" | "count">, context: EvaluationContext): number {
  let found = 0;
  for (const element of elementsOf(expression.set, context)) {
    context.binders.set(expression.binder, element);
    found += truth(expression.body, context) ? 1 : 0;
  }
  return found;
}

function image(expression: Of<"image">, context: EvaluationContext): Value {
  const values: Value[] = [];
  for (const element of elementsOf(expression.set, context)) {
    context.binders.set(expression.binder, element);
    if (expression.where === null || truth(expression.where, context)) {
      values.push(evaluate(expression.element, context));
    }
  }
  return ImmutableSet(values);
}

function struct(expression: Of<"struct">, context: EvaluationContext): Value {
  const { type, values } = expression;
  if (type.kind !== "struct") {
    throw new InternalError("a struct without a struct type");
  }
  return structOf(
    type.fields.map((field) => field.name),
    values.map((value, index) => {
      const field = present(type.fields[index], "a field");
      const found = evaluate(value, context);
      checkFits(found, field.type, { span: value.span, what: `field ${field.name}` }, context);
      return found;
    }),
  );
}

function map(expression: Of<"map" | "mapLiteral">, context: EvaluationContext): Value {
  const type = expression.type;
  if (type.kind !== "map") {
    throw new InternalError("a map without a map type");
  }
  const entries = universe(type.key, context).map((key, index): [Value, Value] => {
    if (expression.kind === "mapLiteral") {
      return [key, evaluate(present(expression.values[index], "a value"), context)];
    }
    context.binders.set(expression.binder, key);
    return [key, evaluate(expression.value, context)];
  });
  return MapOf<Value, Value>(entries);
}

function callFunction(expression: Of<"function">, context: EvaluationContext): Value {
  const { of, span } = expression;
  switch (expression.function) {
    case "size":
      return of.kind === "range" || of.kind === "universe" || of.kind === "filter"
        ? elementsOf(of, context).length
        : set(of, context).size;
    case "min":
      return firstOf(elementsOf(of, context), "min", span);
    case "max":
      return firstOf([...elementsOf(of, context)].reverse(), "max", span);
    case "length":
      return (evaluate(of, context) as ListValue).size;
    case "head":
      return head(evaluate(of, context) as ListValue, span);
    case "tail":
      return tail(evaluate(of, context) as ListValue, span);
    case "the":
      return the(evaluate(of, context), span);
    default:
      return unreachable(expression.function);
  }
}
