import type * as core from "../core/expressions.ts";
import type { IntegerType, Type } from "../core/types.ts";
import type * as ast from "../syntax/ast.ts";
import { valueIfKnown } from "./constants.ts";
import { type Context, fail } from "./context.ts";
import {
  coerce,
  expectBool,
  infer,
  inferAnyhow,
  inferPair,
  integerLiteral,
  optional,
  unified,
} from "./expressions.ts";
import { arithmetic, interval, negated } from "./intervals.ts";
import { EXPANSION_MAX } from "./limits.ts";
import { inferName, universe } from "./names.ts";
import { setTooLarge } from "./problems-limits.ts";
import { operandsDiffer, symmetricUse, typeMismatch } from "./problems-types.ts";
import type { Setting } from "./scopes.ts";
import { BOOL, describeFound, join } from "./type-relations.ts";
import { needsContext } from "./walk-tree.ts";

type Binary = ast.Expression & { readonly kind: "binary" };
type Unary = ast.Expression & { readonly kind: "unary" };

const LOGICAL = { "<=>": "iff", "=>": "implies", "||": "or", "&&": "and" } as const;
const COMPARING = { "<": "less", "<=": "lessEqual", ">": "greater", ">=": "greaterEqual" } as const;
const CALCULATING = { "+": "add", "*": "multiply", "/": "divide", "%": "remainder" } as const;

/** `!e` and `-e`. */
export function inferUnary(
  context: Context,
  setting: Setting,
  { operator, operand, span }: Unary,
): core.Expression | null {
  if (operator === "!") {
    const of = expectBool(context, setting, operand);
    return of === null ? null : { kind: "not", of, type: BOOL, span };
  }
  if (operand.kind === "integer") {
    return integerLiteral(-operand.value, span);
  }
  const of = inferInteger(context, setting, operand);
  return of === null ? null : { kind: "negate", of: of.expression, type: negated(of.type), span };
}

/** An expression with an operator between two others. */
export function inferBinary(
  context: Context,
  setting: Setting,
  expression: Binary,
  hint: Type | null,
): core.Expression | null {
  const { operator } = expression;
  switch (operator) {
    case "<=>":
    case "=>":
    case "||":
    case "&&":
      return inferLogical(context, setting, expression, LOGICAL[operator]);
    case "==":
    case "!=":
      return inferEquality(context, setting, expression);
    case "<":
    case "<=":
    case ">":
    case ">=":
      return inferComparison(context, setting, expression, COMPARING[operator]);
    case "in":
      return inferMembership(context, setting, expression);
    case "subset":
      return inferSubset(context, setting, expression);
    case "..":
      return inferRange(context, setting, expression, true);
    case "+":
    case "*":
    case "/":
    case "%":
      return inferArithmetic(context, setting, expression, CALCULATING[operator]);
    case "-":
    case "|":
    case "&":
      return inferSetOperation(context, setting, expression, hint);
  }
}

function inferLogical(
  context: Context,
  setting: Setting,
  { left, right, span }: Binary,
  operator: core.BinaryOperator,
): core.Expression | null {
  const first = expectBool(context, setting, left);
  const second = expectBool(context, setting, right);
  return first === null || second === null
    ? null
    : { kind: "binary", operator, left: first, right: second, type: BOOL, span };
}

function inferEquality(
  context: Context,
  setting: Setting,
  { operator, left, right, span }: Binary,
): core.Expression | null {
  const pair = inferPair(context, setting, left, right, null);
  if (pair === null) {
    return null;
  }
  const joined = unified(pair);
  if (joined === null) {
    const [first, second] = pair.map((one) => describeFound(one.type));
    return fail(context, operandsDiffer(span, operator, String(first), String(second)));
  }
  return {
    kind: "binary",
    operator: operator === "==" ? "equal" : "notEqual",
    left: joined.pair[0],
    right: joined.pair[1],
    type: BOOL,
    span,
  };
}

function inferComparison(
  context: Context,
  setting: Setting,
  { left, right, span }: Binary,
  operator: core.BinaryOperator,
): core.Expression | null {
  const first = inferInteger(context, setting, left);
  const second = inferInteger(context, setting, right);
  return first === null || second === null
    ? null
    : {
        kind: "binary",
        operator,
        left: first.expression,
        right: second.expression,
        type: BOOL,
        span,
      };
}

function inferArithmetic(
  context: Context,
  setting: Setting,
  { operator, left, right, span }: Binary,
  named: "add" | "subtract" | "multiply" | "divide" | "remainder",
): core.Expression | null {
  const hint = operator === "+" ? "the union of sets is written |" : null;
  const first = inferInteger(context, setting, left, hint);
  const second = inferInteger(context, setting, right, hint);
  return first === null || second === null ? null : calculated(named, first, second, span);
}

function calculated(
  operator: "add" | "subtract" | "multiply" | "divide" | "remainder",
  left: TypedInteger,
  right: TypedInteger,
  span: ast.Node["span"],
): core.Expression {
  return {
    kind: "binary",
    operator,
    left: left.expression,
    right: right.expression,
    type: arithmetic(operator, left.type, right.type),
    span,
  };
}

interface TypedInteger {
  readonly expression: core.Expression;
  readonly type: IntegerType;
}

/** As `infer`, for an integer; `setHint` is what to say if it is a set instead. */
export function inferInteger(
  context: Context,
  setting: Setting,
  expression: ast.Expression,
  setHint: string | null = null,
): TypedInteger | null {
  const typed = infer(context, setting, expression, null);
  return typed === null ? null : asInteger(context, typed, setHint);
}

function asInteger(
  context: Context,
  expression: core.Expression,
  setHint: string | null,
): TypedInteger | null {
  const { type, span } = expression;
  switch (type.kind) {
    case "int":
      return { expression, type };
    case "symmetric":
      return fail(
        context,
        symmetricUse(span, type.id, "ordered or calculated with", "only == and != compare them"),
      );
    case "option":
      return fail(
        context,
        typeMismatch(
          span,
          describeFound(type),
          "an integer",
          type.of.kind === "int" ? "write the(…) for its value" : null,
        ),
      );
    default:
      return fail(
        context,
        typeMismatch(span, describeFound(type), "an integer", type.kind === "set" ? setHint : null),
      );
  }
}

/** `a - b` of integers or sets, and what only sets have. */
function inferSetOperation(
  context: Context,
  setting: Setting,
  expression: Binary,
  hint: Type | null,
): core.Expression | null {
  const { operator, left, right, span } = expression;
  const wished = hint?.kind === "set" ? hint : null;
  const pair = inferPair(context, setting, left, right, wished);
  if (pair === null) {
    return null;
  }
  const [first, second] = pair;
  if (operator === "-" && first.type.kind !== "set" && second.type.kind !== "set") {
    const minuend = asInteger(context, first, null);
    const subtrahend = asInteger(context, second, null);
    return minuend === null || subtrahend === null
      ? null
      : calculated("subtract", minuend, subtrahend, span);
  }
  const joined = unified(pair);
  if (joined === null || joined.type.kind !== "set") {
    const [one, other] = pair.map((each) => describeFound(each.type));
    const advice =
      first.type.kind === "bool" ? `write ${operator}${operator} for truth values` : null;
    return fail(context, operandsDiffer(span, operator, String(one), String(other), advice));
  }
  return {
    kind: "binary",
    operator: operator === "-" ? "difference" : operator === "|" ? "union" : "intersection",
    left: first,
    right: second,
    // What is left of a set is a part of it; a union can hold the elements of both.
    type: operator === "-" ? first.type : joined.type,
    span,
  };
}

function inferSubset(
  context: Context,
  setting: Setting,
  { operator, left, right, span }: Binary,
): core.Expression | null {
  const pair = inferPair(context, setting, left, right, null);
  if (pair === null) {
    return null;
  }
  const joined = unified(pair);
  if (joined === null || joined.type.kind !== "set") {
    const [one, other] = pair.map((each) => describeFound(each.type));
    return fail(context, operandsDiffer(span, operator, String(one), String(other)));
  }
  return { kind: "binary", operator: "subset", left: pair[0], right: pair[1], type: BOOL, span };
}

/** `x in S` of a set or a sequence; of a type's name or range only the bounds count. */
function inferMembership(
  context: Context,
  setting: Setting,
  { left, right, span }: Binary,
): core.Expression | null {
  if (needsContext(right)) {
    const element = infer(context, setting, left, null);
    const of =
      element === null ? null : infer(context, setting, right, { kind: "set", of: element.type });
    return element === null || of === null ? null : membership(context, element, of, span);
  }
  const of = inferContainer(context, setting, right);
  if (of === null) {
    return inferAnyhow(context, setting, left);
  }
  if (of.type.kind !== "set" && of.type.kind !== "seq") {
    return fail(context, typeMismatch(right.span, describeFound(of.type), "a set or sequence"));
  }
  const element = infer(context, setting, left, of.type.of);
  return element === null ? null : membership(context, element, of, span);
}

function membership(
  context: Context,
  element: core.Expression,
  of: core.Expression,
  span: ast.Node["span"],
): core.Expression | null {
  if (of.type.kind !== "set" && of.type.kind !== "seq") {
    return null;
  }
  const wanted = of.type.of;
  const type = join(element.type, wanted);
  if (type === null || (type.kind === "option" && wanted.kind !== "option")) {
    return coerce(context, element, wanted) === null
      ? null
      : fail(
          context,
          operandsDiffer(span, "in", describeFound(element.type), describeFound(of.type)),
        );
  }
  return {
    kind: "binary",
    operator: of.type.kind === "set" ? "inSet" : "inSequence",
    left: optional(element, type),
    right: of,
    type: BOOL,
    span,
  };
}

function inferContainer(
  context: Context,
  setting: Setting,
  expression: ast.Expression,
): core.Expression | null {
  if (expression.kind === "binary" && expression.operator === "..") {
    return inferRange(context, setting, expression, false);
  }
  if (expression.kind === "name") {
    return inferName(context, setting, expression.name, false);
  }
  return expression.kind === "boolSet"
    ? universe(context, BOOL, expression.span, false)
    : infer(context, setting, expression, null);
}

/** `low..high`; `expand`: its elements are gone through, so that there may not be too many. */
function inferRange(
  context: Context,
  setting: Setting,
  { left, right, span }: Binary,
  expand: boolean,
): core.Expression | null {
  const low = inferInteger(context, setting, left);
  const high = inferInteger(context, setting, right);
  if (low === null || high === null) {
    return null;
  }
  const element = elementOfRange(context, low, high);
  const count = element.high - element.low + 1;
  if (expand && count > EXPANSION_MAX) {
    return fail(context, setTooLarge(span, count, EXPANSION_MAX));
  }
  return {
    kind: "range",
    low: low.expression,
    high: high.expression,
    type: { kind: "set", of: element },
    span,
  };
}

/** Where the elements lie: between the bounds themselves if they are constant. */
function elementOfRange(context: Context, low: TypedInteger, high: TypedInteger): IntegerType {
  const least = valueIfKnown(context, low.expression);
  const most = valueIfKnown(context, high.expression);
  const from = typeof least === "number" ? least : low.type.low;
  const to = typeof most === "number" ? most : high.type.high;
  // A range that is empty for certain still needs a type; nothing is of it.
  return interval(from, Math.max(from, to));
}
