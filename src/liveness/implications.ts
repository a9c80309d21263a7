import type { GraphFormula } from "./graph.ts";

/** An implication: `=>` or `~>`. */
export interface Implication {
  readonly kind: "implies" | "leadsTo";
  readonly left: GraphFormula;
  readonly right: GraphFormula;
}

/**
 * The implications of a formula that can hold vacuously: those under no negation, left side of an
 * implication or `<=>`, or under an even number of the first two. Depth first, left to right, the
 * whole before its parts. `vacuous` of a judgement counts them in this order, from 0. They are the very
 * objects of the formula, so whoever built it can look up where they come from.
 */
export function implicationsOf(formula: GraphFormula): readonly Implication[] {
  const found: Implication[] = [];
  walk(formula, true, (implication) => {
    found.push(implication);
    return null;
  });
  return found;
}

/**
 * By implication, what has to hold, beside the formula itself, with `false` on its right side: the
 * whole formula with that, or where it stands in one part of a conjunction, that part.
 */
export function* withFalseRights(formula: GraphFormula): Generator<GraphFormula, void, undefined> {
  if (formula.kind === "and") {
    yield* withFalseRights(formula.left);
    yield* withFalseRights(formula.right);
    return;
  }
  for (const wanted of implicationsOf(formula).keys()) {
    let count = 0;
    yield walk(formula, true, ({ kind, left }) => {
      count += 1;
      if (count - 1 !== wanted) {
        return null;
      }
      const never: GraphFormula = { kind: "not", of: left };
      return kind === "implies" ? never : { kind: "always", of: never };
    });
  }
}

/** Rebuilds a formula; `replace` gives what stands for an implication, null: itself. */
function walk(
  formula: GraphFormula,
  isPositive: boolean,
  replace: (implication: Implication) => GraphFormula | null,
): GraphFormula {
  switch (formula.kind) {
    case "predicate":
    case "iff":
      return formula;
    case "not":
      return { kind: "not", of: walk(formula.of, !isPositive, replace) };
    case "always":
    case "eventually":
      return { kind: formula.kind, of: walk(formula.of, isPositive, replace) };
    case "implies":
    case "leadsTo": {
      const { kind } = formula;
      const replaced = isPositive ? replace(formula as Implication) : null;
      if (replaced !== null) {
        return replaced;
      }
      const left = walk(formula.left, !isPositive, replace);
      return { kind, left, right: walk(formula.right, isPositive, replace) };
    }
    default: {
      const left = walk(formula.left, isPositive, replace);
      return { kind: formula.kind, left, right: walk(formula.right, isPositive, replace) };
    }
  }
}
