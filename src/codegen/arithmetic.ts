import type { Expression } from "../core/expressions.ts";
import type { IntegerType, Type } from "../core/types.ts";
import { InternalError } from "../support/internal-error.ts";
import { type Emitter, failIf } from "./emitter.ts";
import { push } from "./expressions.ts";

const LEAST = -(2 ** 31);
const GREATEST = 2 ** 31 - 1;

/** An operation on two integers. */
export interface Arithmetic {
  readonly operator: "add" | "subtract" | "multiply" | "divide" | "remainder";
  readonly left: Expression;
  readonly right: Expression;
}

/** Pushes the result; fails where it does not fit 32 bits, and on division by zero. */
export function pushArithmetic(emitter: Emitter, { operator, left, right }: Arithmetic): void {
  const { code } = emitter;
  const [a, b] = [intervalOf(left.type), intervalOf(right.type)];
  if (operator === "divide" || operator === "remainder") {
    push(emitter, left);
    push(emitter, right);
    divide(emitter, operator, a, b);
    return;
  }
  if (staysInside(operator, a, b)) {
    push(emitter, left);
    push(emitter, right);
    code.op(operator === "add" ? "i32.add" : operator === "subtract" ? "i32.sub" : "i32.mul");
    return;
  }
  push(emitter, left);
  code.op("i64.extend_i32_s");
  push(emitter, right);
  code.op("i64.extend_i32_s");
  code.op(operator === "add" ? "i64.add" : operator === "subtract" ? "i64.sub" : "i64.mul");
  const result = code.local("i64");
  code.tee(result);
  code.op("i32.wrap_i64");
  code.op("i64.extend_i32_s");
  code.get(result);
  code.op("i64.ne");
  failIf(emitter);
  code.get(result);
  code.op("i32.wrap_i64");
}

function divide(
  emitter: Emitter,
  operator: "divide" | "remainder",
  a: IntegerType,
  b: IntegerType,
): void {
  const { code } = emitter;
  const [dividend, divisor] = [code.local(), code.local()];
  code.set(divisor);
  code.set(dividend);
  if (b.low <= 0 && b.high >= 0) {
    code.get(divisor);
    code.op("i32.eqz");
    failIf(emitter);
  }
  if (operator === "divide" && a.low === LEAST && b.low <= -1 && b.high >= -1) {
    code.get(dividend);
    code.i32(LEAST);
    code.op("i32.eq");
    code.get(divisor);
    code.i32(-1);
    code.op("i32.eq");
    code.op("i32.and");
    failIf(emitter);
  }
  code.get(dividend);
  code.get(divisor);
  code.op(operator === "divide" ? "i32.div_s" : "i32.rem_s");
}

function staysInside(
  operator: "add" | "subtract" | "multiply",
  a: IntegerType,
  b: IntegerType,
): boolean {
  const ends =
    operator === "add"
      ? [a.low + b.low, a.high + b.high]
      : operator === "subtract"
        ? [a.low - b.high, a.high - b.low]
        : [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
  return Math.min(...ends) >= LEAST && Math.max(...ends) <= GREATEST;
}

/** Pushes `-of`. */
export function pushNegated(emitter: Emitter, { of }: { readonly of: Expression }): void {
  const { code } = emitter;
  const value = code.local();
  push(emitter, of);
  code.set(value);
  if (intervalOf(of.type).low === LEAST) {
    code.get(value);
    code.i32(LEAST);
    code.op("i32.eq");
    failIf(emitter);
  }
  code.i32(0);
  code.get(value);
  code.op("i32.sub");
}

function intervalOf(type: Type): IntegerType {
  if (type.kind !== "int") {
    throw new InternalError(`${type.kind} where an integer belongs`);
  }
  return type;
}
