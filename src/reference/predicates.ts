import type { Expression } from "../core/expressions.ts";
import type { Predicate, Program } from "../core/program.ts";

/** What is asked of states and steps. */
export interface SearchedPredicates {
  readonly invariants: readonly Predicate[];
  readonly steps: readonly Predicate[];
  readonly reachables: readonly Predicate[];
}

/** The predicates of `program` that are searched for: those named by `properties`, or all for null. */
export function searchedPredicates(
  program: Program,
  properties: ReadonlySet<string> | null,
): SearchedPredicates {
  const searched = (predicates: readonly Predicate[]): readonly Predicate[] =>
    predicates.filter(({ name }) => properties?.has(name) ?? true);
  return {
    invariants: searched(program.invariants),
    steps: searched(program.steps),
    reachables: searched(program.reachables),
  };
}

/**
 * Everything that a program may ask of a state or step, in the order in which it is judged. The
 * place of a condition plus 1 is the rank of an error in it, whatever is searched for.
 */
export function rankedConditions(program: Program): readonly Expression[] {
  const { constraints, invariants, steps, reachables, finals } = program;
  const predicates = [...invariants, ...steps, ...reachables].map(({ condition }) => condition);
  return [...constraints, ...predicates, ...finals];
}
