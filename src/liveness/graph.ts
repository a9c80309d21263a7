/**
 * The reachable states and the steps between them, as an engine saw them: what temporal properties are
 * judged on. States are counted from 0 in any order; whatever is chosen among them is chosen by `compare`.
 */
export interface StateGraph {
  readonly stateCount: number;
  /** In any order, without repetition. */
  readonly initial: readonly number[];
  /**
   * The steps from state `s` that change it stand at `edgeStart[s]` up to `edgeStart[s + 1]`; those that
   * fail, and those that lead out of what was searched, are left out. `stateCount + 1` entries.
   */
  readonly edgeStart: Uint32Array;
  readonly edgeTarget: Uint32Array;
  /** By edge, the action that the step belongs to: see `FairnessConstraint`. */
  readonly edgeAction: Uint32Array;
  /**
   * By state, not 0 where all steps from it are known. Others break a constraint or were not reached by
   * a limited search: whatever comes to one of them may go on well, so nothing is shown to stop there,
   * and edges from there, if any are told, are not followed.
   */
  readonly expanded: Uint8Array;
  /** How many bits of `enabled` each state has. */
  readonly actionCount: number;
  /**
   * `wordsFor(actionCount)` words a state, bit `a` of them (from the lowest of the first word) set where
   * a step of action `a` is possible that changes the state, fails, or leads out of what was searched.
   */
  readonly enabled: Uint32Array;
  /** How many bits of `holds` each state has. */
  readonly predicateCount: number;
  /** `wordsFor(predicateCount)` words a state, bit `p` of them set where predicate `p` holds. */
  readonly holds: Uint32Array;
  /** Canonical order of two states: below 0 where the first comes first, 0 only for the same state. */
  compare(a: number, b: number): number;
}

/** How many words of 32 bits hold so many bits. */
export function wordsFor(bits: number): number {
  return Math.ceil(bits / 32);
}

/** Whether bit `bit` of state `state` is set, where each state has `words` words. */
export function bitAt(bits: Uint32Array, words: number, state: number, bit: number): boolean {
  return (((bits[state * words + (bit >>> 5)] as number) >>> (bit & 31)) & 1) === 1;
}

/**
 * A promise of the scheduler (docs/language.md section 8) about the steps of some actions together.
 * `weak`: where from some point on one is always possible, one is taken again and again. `strong`:
 * where one is possible again and again, one is taken again and again.
 */
export interface FairnessConstraint {
  readonly strength: "weak" | "strong";
  /** Without repetition. */
  readonly actions: readonly number[];
}

/**
 * A temporal formula over the predicates of a graph. Without next and until; `leadsTo` is
 * `always (left => eventually right)`.
 */
export type GraphFormula =
  | { readonly kind: "predicate"; readonly predicate: number }
  | { readonly kind: "always" | "eventually" | "not"; readonly of: GraphFormula }
  | {
      readonly kind: "and" | "or" | "implies" | "iff" | "leadsTo";
      readonly left: GraphFormula;
      readonly right: GraphFormula;
    };

/**
 * A fair behaviour that violates a formula: the states `path[0]` (initial) to the last one, each reached
 * by a step from the one before, and then for ever either the steps from `path[loop]` on again, or none.
 */
export interface Lasso {
  readonly path: readonly number[];
  /**
   * By step, its action: the step to `path[i + 1]` at `i`, and last, where there is a loop, the step
   * from the last state back to `path[loop]`.
   */
  readonly actions: readonly number[];
  /** Null: the behaviour stops at the last state, where no fair step is possible. */
  readonly loop: number | null;
}
