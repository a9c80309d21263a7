import { expect, test } from "vitest";
import type { Formula } from "../../src/core/expressions.ts";
import { groundProperties, predicatesIn } from "../../src/values/temporal.ts";
import { bareContext, bool, range, SPAN } from "./build.ts";

test("a quantifier over thousands of values is written out, in order, and not too deep to walk", () => {
  const body: Formula = { kind: "predicate", span: SPAN, expression: bool(true) };
  const set = range(1, 20_000);
  const formula: Formula = { kind: "forall", span: SPAN, binder: 0, set, body };
  const property = { name: "p", formula, span: SPAN, doc: null };
  const { formulas, predicates } = groundProperties([property], bareContext());
  expect(predicates).toHaveLength(20_000);
  expect(formulas.map(predicatesIn)).toEqual([[...predicates.keys()]]);
});
