import type { Formula } from "../core/expressions.ts";
import type { Program } from "../core/program.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { createMachine } from "../reference/machine.ts";
import { groundProperties } from "../values/temporal.ts";
import { tooManyFormulas } from "./problems.ts";

/** Quantifiers over formulas are written out; with more predicates than this an automaton takes minutes. */
const PREDICATES_MAX = 500;

/** The temporal properties whose quantifiers are too large to be written out. */
export function formulasTooLarge(program: Program): readonly Diagnostic[] {
  const quantified = program.properties.filter(({ formula }) => hasQuantifier(formula));
  if (quantified.length === 0) {
    return [];
  }
  const { constant } = createMachine(program);
  return quantified.flatMap((property) => {
    const { predicates } = groundProperties([property], constant);
    return predicates.length > PREDICATES_MAX
      ? [tooManyFormulas(property.span, property.name, predicates.length, PREDICATES_MAX)]
      : [];
  });
}

function hasQuantifier(formula: Formula): boolean {
  switch (formula.kind) {
    case "forall":
    case "exists":
      return true;
    case "predicate":
      return false;
    case "always":
    case "eventually":
    case "not":
      return hasQuantifier(formula.of);
    default:
      return hasQuantifier(formula.left) || hasQuantifier(formula.right);
  }
}
