import { describe, expect, test } from "vitest";
import type { Expression } from "../../src/core/expressions.ts";
import type { Def } from "../../src/core/program.ts";
import { constantContext, evaluate } from "../../src/values/evaluate.ts";
import { showValue } from "../../src/values/show.ts";
import { ValueError } from "../../src/values/value-error.ts";
import {
  BOOL,
  bareContext,
  binary,
  bool,
  bound,
  call,
  int,
  intType,
  range,
  SPAN,
  sequenceOf,
  setOf,
} from "./build.ts";

function value(expression: Expression): unknown {
  return evaluate(expression, bareContext());
}

function problem(expression: Expression, context = bareContext()): string {
  try {
    return `no error but ${showValue(evaluate(expression, context))}`;
  } catch (thrown) {
    if (thrown instanceof ValueError) {
      return thrown.message;
    }
    throw thrown;
  }
}

const LEAST = int(-(2 ** 31));
const GREATEST = int(2 ** 31 - 1);
/** Fails when it is evaluated. */
const FAILING = binary(binary(int(1), "divide", int(0)), "equal", int(1), BOOL);

describe("arithmetic", () => {
  test.each([
    [-7, 2, -3, -1],
    [7, -2, -3, 1],
    [-7, -2, 3, -1],
    [0, -5, 0, 0],
  ])(
    "%i / %i truncates toward zero, and %% takes the sign of the dividend",
    (a, b, quotient, rest) => {
      expect(value(binary(int(a), "divide", int(b)))).toBe(quotient);
      expect(value(binary(int(a), "remainder", int(b)))).toBe(rest);
    },
  );

  test("there is no negative zero", () => {
    expect(Object.is(value(binary(int(0), "multiply", int(-1))), 0)).toBe(true);
    const negative: Expression = { kind: "negate", of: int(0), span: SPAN, type: intType(0, 0) };
    expect(Object.is(value(negative), 0)).toBe(true);
  });

  test("a result beyond 32 bits is an error, also on the way to a smaller one", () => {
    expect(problem(binary(GREATEST, "add", int(1)))).toBe("2147483648 does not fit 32 bits");
    expect(problem(binary(LEAST, "subtract", int(1)))).toBe("-2147483649 does not fit 32 bits");
    expect(problem(binary(GREATEST, "multiply", int(2)))).toContain("does not fit 32 bits");
    expect(problem(binary(LEAST, "divide", int(-1)))).toBe("2147483648 does not fit 32 bits");
    const back = binary(binary(GREATEST, "add", int(1)), "subtract", int(1));
    expect(problem(back)).toBe("2147483648 does not fit 32 bits");
  });

  test("dividing by zero is an error", () => {
    expect(problem(binary(int(4), "divide", int(0)))).toBe("division of 4 by zero");
    expect(problem(binary(int(4), "remainder", int(0)))).toBe("remainder of 4 by zero");
  });
});

describe("truth", () => {
  test.each([
    ["and", false],
    ["or", true],
    ["implies", false],
  ] as const)("%s does not evaluate its right side when the left decides", (operator, left) => {
    expect(value(binary(bool(left), operator, FAILING, BOOL))).toBe(operator !== "and");
  });

  test("of ?: only the side that is taken is evaluated", () => {
    const expression: Expression = {
      kind: "conditional",
      condition: bool(true),
      then: int(1),
      else: binary(int(1), "divide", int(0)),
      span: SPAN,
      type: intType(0, 1),
    };
    expect(value(expression)).toBe(1);
  });

  test("<=> evaluates both sides", () => {
    expect(problem(binary(bool(true), "iff", FAILING, BOOL))).toBe("division of 1 by zero");
  });

  test("a quantifier stops at the first element in canonical order that decides it", () => {
    // Of {2, 1, 0}: 1/0 fails at 0, which comes first; with 2 - x as divisor it comes last.
    const quantifier = (kind: "forall" | "exists", divisor: Expression): Expression => ({
      kind,
      binder: 1,
      set: setOf(intType(0, 2), int(2), int(1), int(0)),
      body: binary(binary(int(2), "divide", divisor), "equal", int(1), BOOL),
      span: SPAN,
      type: BOOL,
    });
    const fromTwo = binary(int(2), "subtract", bound(1));
    expect(problem(quantifier("exists", bound(1)))).toBe("division of 2 by zero");
    expect(value(quantifier("exists", fromTwo))).toBe(true);
    expect(problem(quantifier("forall", bound(1)))).toBe("division of 2 by zero");
  });

  test("count counts all elements", () => {
    const expression: Expression = {
      kind: "count",
      binder: 1,
      set: range(0, 9),
      body: binary(bound(1), "less", int(3), BOOL),
      span: SPAN,
      type: intType(0, 10),
    };
    expect(value(expression)).toBe(3);
  });
});

describe("sets", () => {
  const low = setOf(intType(0, 3), int(0), int(1), int(1));
  const high = setOf(intType(0, 3), int(1), int(2));

  test.each([
    ["union", "{0, 1, 2}"],
    ["intersection", "{1}"],
    ["difference", "{0}"],
  ] as const)("%s", (operator, shown) => {
    expect(showValue(evaluate(binary(low, operator, high, low.type), bareContext()))).toBe(shown);
  });

  test("a range with its bounds the wrong way round is empty", () => {
    expect(value(call("size", range(3, 1)))).toBe(0);
    expect(value(binary(int(2), "inSet", range(3, 1), BOOL))).toBe(false);
  });

  test("equality is by elements", () => {
    const other = setOf(intType(0, 3), int(1), int(0));
    expect(value(binary(low, "equal", other, BOOL))).toBe(true);
    expect(value(binary(low, "subset", other, BOOL))).toBe(true);
    expect(value(binary(high, "subset", other, BOOL))).toBe(false);
  });

  test("an image has each value once", () => {
    const image: Expression = {
      kind: "image",
      binder: 1,
      set: range(0, 9),
      where: binary(bound(1), "greater", int(3), BOOL),
      element: binary(bound(1), "remainder", int(3)),
      span: SPAN,
      type: { kind: "set", of: intType(0, 2) },
    };
    expect(showValue(evaluate(image, bareContext()))).toBe("{0, 1, 2}");
  });

  test("min and max go by canonical order and fail on the empty set", () => {
    expect(value(call("min", high))).toBe(1);
    expect(value(call("max", high))).toBe(2);
    expect(problem(call("min", setOf(BOOL)))).toBe("min of an empty set");
    expect(problem(call("max", setOf(BOOL)))).toBe("max of an empty set");
  });
});

describe("maps, sequences and optional values", () => {
  const byKey: Expression = {
    kind: "map",
    binder: 1,
    value: binary(bound(1), "multiply", int(2)),
    span: SPAN,
    type: { kind: "map", key: intType(0, 2), value: intType(0, 4) },
  };
  const element = (of: Expression, index: Expression): Expression => ({
    kind: of.type.kind === "map" ? "mapElement" : "sequenceElement",
    of,
    index,
    span: SPAN,
    type: intType(0, 9),
  });
  const queue = sequenceOf(intType(0, 9), int(4), int(5));

  test("a map has a value for each key, and no other key", () => {
    expect(value(element(byKey, int(2)))).toBe(4);
    expect(problem(element(byKey, int(3)))).toBe("3 does not fit 0..2 (key of a map)");
  });

  test("an index is one of the sequence as it is", () => {
    expect(value(element(queue, int(1)))).toBe(5);
    expect(problem(element(queue, int(2)))).toBe("index 2 is outside 0..1 (index of a sequence)");
    expect(problem(element(queue, int(-1)))).toContain("index -1");
    expect(problem(element(sequenceOf(BOOL), int(0)))).toBe("index 0 of an empty sequence");
  });

  test("head and tail need an element", () => {
    expect(value(call("head", queue))).toBe(4);
    expect(value(call("length", call("tail", queue, queue.type)))).toBe(1);
    expect(problem(call("head", sequenceOf(BOOL)))).toBe("head of an empty sequence");
    expect(problem(call("tail", sequenceOf(BOOL)))).toBe("tail of an empty sequence");
  });

  test("none has no value", () => {
    const none: Expression = { kind: "none", span: SPAN, type: { kind: "option", of: BOOL } };
    expect(problem(call("the", none, BOOL))).toBe("the value of none");
    const some: Expression = { kind: "some", of: int(3), span: SPAN, type: none.type };
    expect(value(call("the", some))).toBe(3);
  });
});

describe("defs", () => {
  const twice: Def = {
    name: "twice",
    doc: null,
    span: SPAN,
    parameters: [{ name: "x", binder: 7, type: intType(0, 4) }],
    result: intType(0, 6),
    body: binary(bound(7), "add", bound(7)),
  };
  const context = bareContext({ def: () => twice });
  const apply = (argument: Expression): Expression => ({
    kind: "apply",
    def: 0,
    arguments: [argument],
    span: SPAN,
    type: twice.result,
  });

  test("may be called in an argument of their own", () => {
    expect(evaluate(apply(apply(int(1))), context)).toBe(4);
    expect(evaluate(binary(apply(int(1)), "add", apply(int(2))), context)).toBe(6);
  });

  test("check parameter and result", () => {
    expect(problem(apply(int(5)), context)).toBe("5 does not fit 0..4 (parameter x of twice)");
    expect(problem(apply(int(4)), context)).toBe("8 does not fit 0..6 (result of twice)");
  });
});

test("an expression over constants cannot reach the state", () => {
  const none = (): never => {
    throw new Error("nothing is declared");
  };
  const context = constantContext({ threads: [], constant: none, def: none, threadElement: none });
  const variable: Expression = { kind: "variable", variable: 0, span: SPAN, type: BOOL };
  expect(() => evaluate(variable, context)).toThrow("reads the state");
});
