import type { IntegerType } from "../core/types.ts";

/** The least and greatest integer of the language. */
export const INTEGER_MIN: number = -(2 ** 31);
/** See `INTEGER_MIN`. */
export const INTEGER_MAX: number = 2 ** 31 - 1;

/** The interval from `low` to `high`, cut to 32 bits: beyond them there are no values, only errors. */
export function interval(low: number, high: number): IntegerType {
  return { kind: "int", low: clip(low), high: clip(high) };
}

function clip(value: number): number {
  // Adding 0 turns the −0 of a product into 0.
  return Math.min(INTEGER_MAX, Math.max(INTEGER_MIN, value)) + 0;
}

/** The least interval that contains all of `values`. */
function around(values: readonly number[]): IntegerType {
  return interval(Math.min(...values), Math.max(...values));
}

/** The least interval that contains both. */
export function hull(a: IntegerType, b: IntegerType): IntegerType {
  return interval(Math.min(a.low, b.low), Math.max(a.high, b.high));
}

/** Whether no integer lies in both. */
export function disjoint(a: IntegerType, b: IntegerType): boolean {
  return a.high < b.low || b.high < a.low;
}

/** Where −x lies when x lies in `of`. */
export function negated(of: IntegerType): IntegerType {
  return interval(-of.high, -of.low);
}

/** Where the result of an operation lies when its operands lie in `a` and `b`. */
export function arithmetic(
  operator: "add" | "subtract" | "multiply" | "divide" | "remainder",
  a: IntegerType,
  b: IntegerType,
): IntegerType {
  switch (operator) {
    case "add":
      return interval(a.low + b.low, a.high + b.high);
    case "subtract":
      return interval(a.low - b.high, a.high - b.low);
    case "multiply":
      return around([a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high]);
    case "divide":
      return quotient(a, b);
    case "remainder":
      return rest(a, b);
  }
}

/** The quotient is extreme where the divisor is extreme or next to zero. */
function quotient(a: IntegerType, b: IntegerType): IntegerType {
  const divisors = [b.low, b.high, -1, 1].filter(
    (divisor) => divisor !== 0 && b.low <= divisor && divisor <= b.high,
  );
  return divisors.length === 0
    ? interval(0, 0)
    : around(
        divisors.flatMap((divisor) => [Math.trunc(a.low / divisor), Math.trunc(a.high / divisor)]),
      );
}

/** Smaller than the divisor, no larger than the dividend, and of the dividend's sign. */
function rest(a: IntegerType, b: IntegerType): IntegerType {
  const most = Math.max(0, Math.abs(b.low) - 1, Math.abs(b.high) - 1);
  return interval(a.low < 0 ? Math.max(a.low, -most) : 0, a.high > 0 ? Math.min(a.high, most) : 0);
}
