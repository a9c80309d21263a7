import type { Predicate, Program, Property } from "../core/program.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import type { GraphFormula } from "../liveness/graph.ts";
import { type Implication, implicationsOf } from "../liveness/implications.ts";
import type { PropertyKind, PropertyResult } from "../outcome/outcome.ts";
import { present } from "../support/internal-error.ts";
import { truth } from "../values/evaluate.ts";
import type { GroundFormula } from "../values/temporal.ts";
import type { Findings } from "./findings.ts";
import type { Machine } from "./machine.ts";
import { readsState } from "./mentions.ts";
import { groundOf } from "./predicates.ts";

/** What became of each property that was searched for, in the order of the text. */
export function propertyResults({
  machine,
  properties,
  byKey,
  statistics: { states, complete: isComplete },
  vacuous,
}: Findings): readonly PropertyResult[] {
  const { program } = machine;
  const hasErrors = byKey.has("error");
  const hasFailures = hasErrors || byKey.has("assertion");
  const resultOf = (property: PropertyKind, name: string): PropertyResult["result"] => {
    const isFound = byKey.has(`${property} ${name}`);
    switch (property) {
      case "reachable":
        return isFound ? "reached" : isComplete ? "unreached" : "unknown";
      default:
        // Where some predicate has no value, or no state could be made, it is not known to hold.
        return isFound ? "violated" : isComplete && !hasErrors && states > 0 ? "holds" : "unknown";
    }
  };
  const list = (property: PropertyKind, declared: readonly (Predicate | Property)[]) =>
    declared
      .filter(({ name }) => properties?.has(name) ?? true)
      .map(({ name, span }) => ({ name, property, span, result: resultOf(property, name) }));
  const all = [
    ...list("invariant", program.invariants),
    ...list("step", program.steps),
    ...list("reachable", program.reachables),
    ...list("recoverable", program.recoverables),
    ...list("property", program.properties),
  ];
  return inTextOrder(program, all).map((result) => ({
    ...result,
    // What ends in a step that fails is no behaviour: perhaps there are none, and all holds of none.
    vacuous:
      result.result === "holds" && !hasFailures ? vacuousSpans(machine, vacuous, result) : [],
  }));
}

/**
 * The left sides of a temporal property that never happen. One that a quantifier writes out several
 * times is told only if this is so each time. One that reads constants alone is a switch: where it is
 * off, neither it nor what it switches is told.
 */
function vacuousSpans(
  machine: Machine,
  vacuous: readonly (readonly number[])[],
  { name, property }: Pick<PropertyResult, "name" | "property">,
): readonly Span[] {
  const index = machine.program.properties.findIndex((one) => one.name === name);
  const formula = groundOf(machine).formulas[index];
  if (property !== "property" || formula === undefined) {
    return [];
  }
  const implications = implicationsOf(formula);
  const isVacuous = implications.map((_, number) => vacuous[index]?.includes(number) === true);
  const off = implications.filter(
    ({ left }, number) => isVacuous[number] === true && isAlwaysFalse(machine, left),
  );
  const told = implications.filter(
    (one) => !off.includes(one) && !off.some(({ right }) => implicationsOf(right).includes(one)),
  );
  const spans = spansIn(formula);
  const spanOf = ({ left }: Implication): Span => present(spans.get(left), "a left side");
  const happens = implications.filter((_, number) => isVacuous[number] !== true).map(spanOf);
  const never = told.map(spanOf).filter((span) => !happens.includes(span));
  return [...new Set(never)];
}

/** Of a formula that reads constants alone. */
function isAlwaysFalse(machine: Machine, formula: GraphFormula): boolean {
  if (formula.kind !== "predicate") {
    return false;
  }
  const predicate = present(groundOf(machine).predicates[formula.predicate], "a predicate");
  return !readsState(predicate, machine.program.defs) && !truth(predicate, machine.constant);
}

function spansIn(formula: GroundFormula): ReadonlyMap<GraphFormula, Span> {
  switch (formula.kind) {
    case "predicate":
      return new Map([[formula, formula.span]]);
    case "always":
    case "eventually":
    case "not":
      return new Map([...spansIn(formula.of), [formula, formula.span]]);
    default:
      return new Map([
        ...spansIn(formula.left),
        ...spansIn(formula.right),
        [formula, formula.span],
      ]);
  }
}

/** Imported modules first, then the file itself, each in the order of its text. */
function inTextOrder<Result extends { readonly span: Span }>(
  program: Program,
  results: readonly Result[],
): readonly Result[] {
  const files = [...new Set(results.map(({ span }) => span.file))];
  const fileRank = (file: string): number =>
    file === program.file ? files.length : files.indexOf(file);
  return [...results].sort(
    (a, b) => fileRank(a.span.file) - fileRank(b.span.file) || a.span.start - b.span.start,
  );
}
