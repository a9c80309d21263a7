import { bitAt, type GraphFormula, type StateGraph, wordsFor } from "./graph.ts";
import type { Literal } from "./normal-form.ts";
import { SLICE_STEPS, type Slices } from "./slices.ts";

/** What the literals of a formula say of each state. */
export interface Lettering {
  /** By state, its letter. Which number a letter has means nothing. */
  readonly letterOf: Uint32Array;
  /** By letter, the literals that hold: bit `l` for literal `l`. */
  readonly letters: readonly bigint[];
}

/** How many predicates are looked at together; with the number of a class they must fit into 53 bits. */
const CHUNK = 20;

/** Sorts the states of a graph by which literals hold. */
export function* letter(graph: StateGraph, literals: readonly Literal[]): Slices<Lettering> {
  const { stateCount } = graph;
  const used = [...new Set(literals.flatMap(({ condition }) => predicatesOf(condition)))];
  // States that agree on all predicates used are of one class; several classes may share a letter.
  const classOf = new Uint32Array(stateCount);
  for (let at = 0; at < used.length; at += CHUNK) {
    const known = new Map<number, number>();
    const predicates = used.slice(at, at + CHUNK);
    for (let from = 0; from < stateCount; from += SLICE_STEPS) {
      refine(graph, predicates, known, classOf.subarray(from, from + SLICE_STEPS), from);
      yield;
    }
  }
  const letterOfClass: number[] = [];
  const letters: bigint[] = [];
  const letterFor = new Map<bigint, number>();
  for (let state = 0; state < stateCount; state++) {
    const found = classOf[state] as number;
    if (letterOfClass[found] === undefined) {
      const holding = holdingAt(graph, literals, state);
      const known = letterFor.get(holding) ?? letters.push(holding) - 1;
      letterFor.set(holding, known);
      letterOfClass[found] = known;
    }
    classOf[state] = letterOfClass[found];
    if (state % SLICE_STEPS === 0) {
      yield;
    }
  }
  return { letterOf: classOf, letters };
}

/** Splits the classes of some states, from state `first` on, by a few predicates. */
function refine(
  { holds, predicateCount }: StateGraph,
  predicates: readonly number[],
  known: Map<number, number>,
  classOf: Uint32Array,
  first: number,
): void {
  const words = wordsFor(predicateCount);
  let keyLast = -1;
  let foundLast = 0;
  for (let at = 0; at < classOf.length; at++) {
    let bits = 0;
    for (const predicate of predicates) {
      const word = holds[(first + at) * words + (predicate >>> 5)] as number;
      bits = (bits << 1) | ((word >>> (predicate & 31)) & 1);
    }
    const key = (classOf[at] as number) * 2 ** CHUNK + bits;
    if (key !== keyLast) {
      keyLast = key;
      foundLast = classFor(known, key);
    }
    classOf[at] = foundLast;
  }
}

/** Whether a formula without temporal operators holds at a state. */
export function holdsAt(graph: StateGraph, formula: GraphFormula, state: number): boolean {
  switch (formula.kind) {
    case "predicate":
      return bitAt(graph.holds, wordsFor(graph.predicateCount), state, formula.predicate);
    case "not":
      return !holdsAt(graph, formula.of, state);
    // At a single state, these say what they are about.
    case "always":
    case "eventually":
      return holdsAt(graph, formula.of, state);
    default: {
      const left = holdsAt(graph, formula.left, state);
      const right = holdsAt(graph, formula.right, state);
      return combine(formula.kind, left, right);
    }
  }
}

/** What a connective makes of two truths. */
export function combine(
  kind: "and" | "or" | "implies" | "iff" | "leadsTo",
  left: boolean,
  right: boolean,
): boolean {
  switch (kind) {
    case "and":
      return left && right;
    case "or":
      return left || right;
    case "iff":
      return left === right;
    default:
      return !left || right;
  }
}

function classFor(known: Map<number, number>, key: number): number {
  const found = known.get(key) ?? known.size;
  if (found === known.size) {
    known.set(key, found);
  }
  return found;
}

function holdingAt(graph: StateGraph, literals: readonly Literal[], state: number): bigint {
  return literals.reduce(
    (set, { condition, isNegated }, index) =>
      holdsAt(graph, condition, state) === isNegated ? set : set | (1n << BigInt(index)),
    0n,
  );
}

function predicatesOf(formula: GraphFormula): readonly number[] {
  switch (formula.kind) {
    case "predicate":
      return [formula.predicate];
    case "not":
    case "always":
    case "eventually":
      return predicatesOf(formula.of);
    default:
      return [...predicatesOf(formula.left), ...predicatesOf(formula.right)];
  }
}
