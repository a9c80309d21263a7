import type { BinaryOperator, Expression, FunctionName } from "../../src/core/expressions.ts";
import type { EnumType, IntegerType, Type } from "../../src/core/types.ts";
import type { Span } from "../../src/diagnostics/diagnostic.ts";
import { constantContext, type EvaluationContext } from "../../src/values/evaluate.ts";

/** Where hand-made expressions stand. */
export const SPAN: Span = { file: "test.spec", start: 0, end: 1 };

export const BOOL: Type = { kind: "bool" };
export const COLOUR: EnumType = { kind: "enum", id: "Colour", members: ["RED", "GREEN", "BLUE"] };

export function intType(low: number, high: number): IntegerType {
  return { kind: "int", low, high };
}

const WIDE = intType(-(2 ** 31), 2 ** 31 - 1);

export function int(value: number): Expression {
  return { kind: "integer", value, span: SPAN, type: intType(value, value) };
}

export function bool(value: boolean): Expression {
  return { kind: "boolean", value, span: SPAN, type: BOOL };
}

export function binary(
  left: Expression,
  operator: BinaryOperator,
  right: Expression,
  type: Type = WIDE,
): Expression {
  return { kind: "binary", operator, left, right, span: SPAN, type };
}

export function setOf(type: Type, ...elements: Expression[]): Expression {
  return { kind: "set", elements, span: SPAN, type: { kind: "set", of: type } };
}

export function sequenceOf(type: Type, ...elements: Expression[]): Expression {
  const seq: Type = { kind: "seq", of: type, lengthMax: elements.length };
  return { kind: "sequence", elements, span: SPAN, type: seq };
}

export function call(name: FunctionName, of: Expression, type: Type = WIDE): Expression {
  return { kind: "function", function: name, of, span: SPAN, type };
}

export function range(low: number, high: number): Expression {
  const type: Type = { kind: "set", of: intType(low, high) };
  return { kind: "range", low: int(low), high: int(high), span: SPAN, type };
}

export function bound(binder: number, type: Type = WIDE): Expression {
  return { kind: "bound", binder, span: SPAN, type };
}

/** A context in which nothing is declared. */
export function bareContext(more: Partial<EvaluationContext> = {}): EvaluationContext {
  const none = (): never => {
    throw new Error("nothing is declared");
  };
  return {
    ...constantContext({ threads: [], constant: none, def: none, threadElement: none }),
    ...more,
  };
}
