import type { Span } from "../diagnostics/diagnostic.ts";
import { ValueError } from "./value-error.ts";

const LEAST = -(2 ** 31);
const GREATEST = 2 ** 31 - 1;

/** Which of two integers is the greater, as one of the four operators asks. */
export function compare(
  operator: "less" | "lessEqual" | "greater" | "greaterEqual",
  left: number,
  right: number,
): boolean {
  switch (operator) {
    case "less":
      return left < right;
    case "lessEqual":
      return left <= right;
    case "greater":
      return left > right;
    default:
      return left >= right;
  }
}

/** `left + right`; like all below, `ValueError` at `span` when 32 bits do not hold the result. */
export function add(left: number, right: number, span: Span): number {
  return inRange(left + right, span);
}

/** `left - right`. */
export function subtract(left: number, right: number, span: Span): number {
  return inRange(left - right, span);
}

/** `left * right`. */
export function multiply(left: number, right: number, span: Span): number {
  const result = left * right;
  // A product may be too large for its digits to be true.
  return Number.isSafeInteger(result)
    ? inRange(result, span)
    : misfit(BigInt(left) * BigInt(right), span);
}

/** `-of`. */
export function negate(of: number, span: Span): number {
  return inRange(-of, span);
}

/** `left / right`, truncated toward zero as in C. */
export function divide(left: number, right: number, span: Span): number {
  if (right === 0) {
    throw new ValueError(span, `division of ${left} by zero`);
  }
  return inRange(Math.trunc(left / right), span);
}

/** `left % right`: the sign is that of the dividend, as in C. */
export function remainder(left: number, right: number, span: Span): number {
  if (right === 0) {
    throw new ValueError(span, `remainder of ${left} by zero`);
  }
  return inRange(left % right, span);
}

function inRange(result: number, span: Span): number {
  if (result < LEAST || result > GREATEST) {
    misfit(result, span);
  }
  // Adding 0 turns -0, which JavaScript tells from 0, into 0.
  return result + 0;
}

function misfit(result: number | bigint, span: Span): never {
  throw new ValueError(span, `${result} does not fit 32 bits`);
}
