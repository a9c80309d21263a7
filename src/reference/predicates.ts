import type { Expression } from "../core/expressions.ts";
import type { Predicate, Program } from "../core/program.ts";
import { present } from "../support/internal-error.ts";
import { type GroundProperties, groundProperties, predicatesIn } from "../values/temporal.ts";
import type { Machine } from "./machine.ts";

/** What is asked of states and steps. */
export interface SearchedPredicates {
  readonly invariants: readonly Predicate[];
  readonly steps: readonly Predicate[];
  readonly reachables: readonly Predicate[];
  readonly recoverables: readonly Predicate[];
  /** What the formulas of the properties are made of. */
  readonly formulas: readonly Expression[];
}

/** The predicates of a program that are searched for: those named by `properties`, or all for null. */
export function searchedPredicates(
  machine: Machine,
  properties: ReadonlySet<string> | null,
): SearchedPredicates {
  const { program } = machine;
  const isSearched = ({ name }: { readonly name: string }): boolean =>
    properties?.has(name) ?? true;
  const ground = groundOf(machine);
  return {
    invariants: program.invariants.filter(isSearched),
    steps: program.steps.filter(isSearched),
    reachables: program.reachables.filter(isSearched),
    recoverables: program.recoverables.filter(isSearched),
    formulas: program.properties.flatMap((property, index) =>
      isSearched(property)
        ? predicatesIn(present(ground.formulas[index], "a formula")).map((predicate) =>
            present(ground.predicates[predicate], "a predicate"),
          )
        : [],
    ),
  };
}

const GROUND = new WeakMap<Program, GroundProperties>();

/** The temporal properties with quantifiers written out; the same object each time. */
export function groundOf({ program, constant }: Machine): GroundProperties {
  let ground = GROUND.get(program);
  if (ground === undefined) {
    ground = groundProperties(program.properties, constant);
    GROUND.set(program, ground);
  }
  return ground;
}

/**
 * Everything that a program may ask of a state or step, in the order in which it is judged. The
 * place of a condition plus 1 is the rank of an error in it, whatever is searched for.
 */
export function rankedConditions(machine: Machine): readonly Expression[] {
  const { constraints, invariants, steps, reachables, recoverables, finals } = machine.program;
  const predicates = [...invariants, ...steps, ...reachables, ...recoverables];
  return [
    ...constraints,
    ...predicates.map(({ condition }) => condition),
    ...groundOf(machine).predicates,
    ...finals,
  ];
}
