import type { Expression, Formula } from "../core/expressions.ts";
import type { Property } from "../core/program.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { InternalError, present } from "../support/internal-error.ts";
import { type EvaluationContext, elementsOf } from "./evaluate.ts";
import { literal } from "./literals.ts";

/** A temporal formula whose predicates are numbered, and whose quantifiers are written out. */
export type GroundFormula =
  | { readonly kind: "predicate"; readonly span: Span; readonly predicate: number }
  | {
      readonly kind: "always" | "eventually" | "not";
      readonly span: Span;
      readonly of: GroundFormula;
    }
  | {
      readonly kind: "and" | "or" | "implies" | "iff" | "leadsTo";
      readonly span: Span;
      readonly left: GroundFormula;
      readonly right: GroundFormula;
    };

/** The temporal properties of a program under its constants. */
export interface GroundProperties {
  /** By property. */
  readonly formulas: readonly GroundFormula[];
  /**
   * By number, in order of declaration and from left to right: over states alone. The binders of
   * quantifiers over formulas are bound by `let` to each value of the set in turn.
   */
  readonly predicates: readonly Expression[];
}

/** Writes out the quantifiers over formulas and numbers the predicates; `constant` knows the constants. */
export function groundProperties(
  properties: readonly Property[],
  constant: EvaluationContext,
): GroundProperties {
  const predicates: Expression[] = [];
  const context: EvaluationContext = { ...constant, binders: new Map() };
  const grounding: Grounding = { predicates, context, bound: [] };
  return { formulas: properties.map(({ formula }) => ground(grounding, formula)), predicates };
}

interface Grounding {
  readonly predicates: Expression[];
  readonly context: EvaluationContext;
  /** The quantifiers around, outermost first, each with the value it stands at. */
  readonly bound: readonly { readonly binder: number; readonly value: Expression }[];
}

function ground(grounding: Grounding, formula: Formula): GroundFormula {
  const { kind, span } = formula;
  switch (kind) {
    case "predicate": {
      const predicate = grounding.predicates.length;
      grounding.predicates.push(closed(grounding, formula.expression));
      return { kind, span, predicate };
    }
    case "always":
    case "eventually":
    case "not":
      return { kind, span, of: ground(grounding, formula.of) };
    case "forall":
    case "exists":
      return quantified(grounding, formula);
    default:
      return {
        kind,
        span,
        left: ground(grounding, formula.left),
        right: ground(grounding, formula.right),
      };
  }
}

function closed({ bound }: Grounding, expression: Expression): Expression {
  return bound.reduceRight<Expression>(
    (body, { binder, value }) => ({
      kind: "let",
      binder,
      value,
      body,
      type: body.type,
      span: body.span,
    }),
    expression,
  );
}

function quantified(
  grounding: Grounding,
  formula: Formula & { readonly kind: "forall" | "exists" },
): GroundFormula {
  const { kind, span, binder, set, body } = formula;
  const { context, bound, predicates } = grounding;
  if (set.type.kind !== "set") {
    throw new InternalError("a quantifier over what is no set");
  }
  const { of } = set.type;
  const formulas = elementsOf(set, context).map((element) => {
    context.binders.set(binder, element);
    const value = literal(element, of, set.span, context);
    return ground({ ...grounding, bound: [...bound, { binder, value }] }, body);
  });
  context.binders.delete(binder);
  if (formulas.length === 0) {
    const predicate = predicates.length;
    predicates.push({ kind: "boolean", value: kind === "forall", type: { kind: "bool" }, span });
    return { kind: "predicate", span, predicate };
  }
  return joined(formulas, kind === "forall" ? "and" : "or", span);
}

/** Joins by halves: a chain of thousands would be too deep for those who walk down it. */
function joined(formulas: readonly GroundFormula[], kind: "and" | "or", span: Span): GroundFormula {
  if (formulas.length === 1) {
    return present(formulas[0], "a formula to join");
  }
  const middle = Math.ceil(formulas.length / 2);
  const left = joined(formulas.slice(0, middle), kind, span);
  return { kind, span, left, right: joined(formulas.slice(middle), kind, span) };
}

/** The numbers of the predicates of a formula, from left to right. */
export function predicatesIn(formula: GroundFormula): readonly number[] {
  switch (formula.kind) {
    case "predicate":
      return [formula.predicate];
    case "always":
    case "eventually":
    case "not":
      return predicatesIn(formula.of);
    default:
      return [...predicatesIn(formula.left), ...predicatesIn(formula.right)];
  }
}
