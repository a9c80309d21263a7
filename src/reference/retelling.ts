import type { Expression } from "../core/expressions.ts";
import type { PlainState, Sight } from "../outcome/sighting.ts";
import { InternalError } from "../support/internal-error.ts";
import type { Told } from "./findings.ts";
import type { Machine } from "./machine.ts";
import type { Observer } from "./observer.ts";
import type { SearchedPredicates } from "./predicates.ts";
import type { State, StateKey } from "./state.ts";
import type { Telling } from "./trace.ts";

/** What a sighting of another engine is judged with. */
export interface Retelling {
  readonly telling: Telling;
  readonly machine: Machine;
  readonly observer: Observer;
  readonly predicates: SearchedPredicates;
  /** Names of the properties that were searched for; null for all. */
  readonly properties: ReadonlySet<string> | null;
  /** By rank, from 1. */
  readonly conditions: readonly Expression[];
  /** Whether the other engine knew all states: then what it did not find is not there. */
  readonly isComplete: boolean;
  /** How many more states may be looked at to judge what can still happen. */
  readonly budget: { states: number };
  /** The states of paths that were replayed: paths begin alike, and may share their states. */
  readonly states: Map<PlainState, State>;
  /** The states that a step leads to from those. */
  readonly followers: Map<StateKey, ReadonlySet<StateKey>>;
}

/** A sight of one kind. */
export type SightOf<Kind extends Sight["kind"]> = Extract<Sight, { readonly kind: Kind }>;

/** What is told of a sight, besides its path. */
export type Retold = Pick<Told, "what" | "step"> & Partial<Pick<Told, "lasso">>;

/** What another engine saw is not what the reference sees there. */
export function disagreement(what: string): InternalError {
  return new InternalError(`the engines disagree: ${what}`);
}
