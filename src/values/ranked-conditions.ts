import type { Expression } from "../core/expressions.ts";
import type { Program } from "../core/program.ts";
import { type GroundProperties, predicatesIn } from "./temporal.ts";

/** What a condition is asked for. `predicate`: it occurs in a temporal property. */
export type ConditionKind =
  | "constraint"
  | "invariant"
  | "step"
  | "reachable"
  | "recoverable"
  | "predicate"
  | "final";

/** Something that a program may ask of a state or step. */
export interface RankedCondition {
  readonly kind: ConditionKind;
  /** Among those of its kind: into the list of `Program`, or `GroundProperties.predicates`. */
  readonly index: number;
  /** Of the declaration by which it is asked for; null for constraints and finals, which always are. */
  readonly name: string | null;
  readonly condition: Expression;
  /** Of an error in it, whatever is searched for: see `Sight`. Counted from 1. */
  readonly rank: number;
}

/** All conditions of a program in the order in which they are judged, which is that of their ranks. */
export function rankedConditions(
  program: Program,
  { formulas, predicates }: GroundProperties,
): readonly RankedCondition[] {
  const { constraints, invariants, steps, reachables, recoverables, properties, finals } = program;
  const owners = new Map<number, string>();
  for (const [index, formula] of formulas.entries()) {
    for (const predicate of predicatesIn(formula)) {
      owners.set(predicate, properties[index]?.name ?? "");
    }
  }
  const unnamed = (kind: ConditionKind, list: readonly Expression[]) =>
    list.map((condition, index) => ({ kind, index, name: null, condition }));
  const named = (kind: ConditionKind, list: Program["invariants"]) =>
    list.map(({ name, condition }, index) => ({ kind, index, name, condition }));
  return [
    ...unnamed("constraint", constraints),
    ...named("invariant", invariants),
    ...named("step", steps),
    ...named("reachable", reachables),
    ...named("recoverable", recoverables),
    ...predicates.map((condition, index) => ({
      kind: "predicate" as const,
      index,
      name: owners.get(index) ?? null,
      condition,
    })),
    ...unnamed("final", finals),
  ].map((one, position) => ({ ...one, rank: position + 1 }));
}
