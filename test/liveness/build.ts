import {
  type FairnessConstraint,
  type GraphFormula,
  type StateGraph,
  wordsFor,
} from "../../src/liveness/graph.ts";
import { type Judgement, judgeProperty } from "../../src/liveness/judge.ts";

/** A step of a small graph: from, to, action. */
export type Edge = readonly [from: number, to: number, action: number];

/** A small graph as it is written by hand. */
export interface Sketch {
  readonly states: number;
  /** None: state 0 alone. */
  readonly initial?: readonly number[];
  readonly edges: readonly Edge[];
  /** By predicate, the states where it holds. */
  readonly holds: readonly (readonly number[])[];
  /** States and actions that are possible there without a step of the graph. */
  readonly alsoEnabled?: readonly (readonly [state: number, action: number])[];
  /** Not expanded: their edges stay in the graph, where nobody may look at them. */
  readonly frontier?: readonly number[];
  readonly actions?: number;
  /** By state, its place in canonical order; none: the numbers. */
  readonly ranks?: readonly number[];
}

/** The graph of a sketch. */
export function graphOf(sketch: Sketch): StateGraph {
  const { states, initial = [0], holds, alsoEnabled = [], frontier = [] } = sketch;
  const { edges } = sketch;
  const used = [...edges.map(([, , action]) => action), ...alsoEnabled.map(([, action]) => action)];
  const actionCount = sketch.actions ?? Math.max(0, ...used.map((action) => action + 1));
  const sorted = [...edges].sort(([a], [b]) => a - b);
  const words = wordsFor(actionCount);
  const enabled = new Uint32Array(states * words);
  const set = (bits: Uint32Array, size: number, state: number, bit: number): void => {
    const at = state * size + (bit >>> 5);
    bits[at] = ((bits[at] as number) | (1 << (bit & 31))) >>> 0;
  };
  for (const [from, , action] of edges) {
    set(enabled, words, from, action);
  }
  for (const [state, action] of alsoEnabled) {
    set(enabled, words, state, action);
  }
  const truth = new Uint32Array(states * wordsFor(holds.length));
  for (const [predicate, where] of holds.entries()) {
    for (const state of where) {
      set(truth, wordsFor(holds.length), state, predicate);
    }
  }
  const ranks = sketch.ranks ?? Array.from({ length: states }, (_, state) => state);
  return {
    stateCount: states,
    initial,
    edgeStart: Uint32Array.from(
      { length: states + 1 },
      (_, state) => sorted.filter(([from]) => from < state).length,
    ),
    edgeTarget: Uint32Array.from(sorted, ([, to]) => to),
    edgeAction: Uint32Array.from(sorted, ([, , action]) => action),
    expanded: Uint8Array.from({ length: states }, (_, state) => (frontier.includes(state) ? 0 : 1)),
    actionCount,
    enabled,
    predicateCount: holds.length,
    holds: truth,
    compare: (a, b) => (ranks[a] as number) - (ranks[b] as number),
  };
}

/** Formulas as they are written by hand: predicates are numbers. */
export type Written = GraphFormula | number;

const formula = (written: Written): GraphFormula =>
  typeof written === "number" ? { kind: "predicate", predicate: written } : written;

/** `always f`. */
export const always = (of: Written): GraphFormula => ({ kind: "always", of: formula(of) });
/** `eventually f`. */
export const eventually = (of: Written): GraphFormula => ({ kind: "eventually", of: formula(of) });
/** `!f`. */
export const not = (of: Written): GraphFormula => ({ kind: "not", of: formula(of) });

type Connect = (left: Written, right: Written) => GraphFormula;

const binary =
  (kind: "and" | "or" | "implies" | "iff" | "leadsTo"): Connect =>
  (left, right) => ({
    kind,
    left: formula(left),
    right: formula(right),
  });

/** `f && g`. */
export const and: Connect = binary("and");
/** `f || g`. */
export const or: Connect = binary("or");
/** `f => g`. */
export const implies: Connect = binary("implies");
/** `f <=> g`. */
export const iff: Connect = binary("iff");
/** `f ~> g`. */
export const leadsTo: Connect = binary("leadsTo");

/** A weak constraint. */
export const weak = (...actions: number[]): FairnessConstraint => ({ strength: "weak", actions });
/** A strong constraint. */
export const strong = (...actions: number[]): FairnessConstraint => ({
  strength: "strong",
  actions,
});

/** Judges without pauses or limits. */
export async function judgeNow(
  graph: StateGraph,
  property: GraphFormula,
  constraints: readonly FairnessConstraint[] = [],
): Promise<Judgement> {
  return judgeProperty(graph, property, constraints, {
    clock: () => 0,
    pause: async () => {},
    shouldStop: () => false,
    memoryBytes: null,
  });
}
