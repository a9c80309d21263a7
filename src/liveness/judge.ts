import { InternalError } from "../support/internal-error.ts";
import { automatonFor } from "./automaton.ts";
import { findFairComponents } from "./components.ts";
import { checkLasso } from "./evaluate.ts";
import { canAlwaysGoOn } from "./going-on.ts";
import type { FairnessConstraint, GraphFormula, Lasso, StateGraph } from "./graph.ts";
import { withFalseRights } from "./implications.ts";
import { findLasso } from "./lasso.ts";
import { letter } from "./letters.ts";
import { negationOf } from "./normal-form.ts";
import { comesFree, type ExploreOptions, exploreProduct, nearestStop } from "./product.ts";
import { shorten } from "./shorten.ts";
import { inSlices, type SliceOptions, type Slices } from "./slices.ts";

/** How a property is judged. */
export interface JudgeOptions extends SliceOptions {
  /** What the search may take beside the graph; null: any amount. */
  readonly memoryBytes: number | null;
}

/** What a graph says of a property. */
export type Judgement =
  | {
      readonly kind: "holds";
      /**
       * The implications (numbers into `implicationsOf`, ascending) with whose right side replaced by
       * `false` it would hold as well: their left side never matters. Where the time ran out after
       * the verdict, perhaps not all.
       */
      readonly vacuous: readonly number[];
    }
  | { readonly kind: "violated"; readonly lasso: Lasso }
  | { readonly kind: "unknown"; readonly why: "stopped" | "memory" };

/**
 * Judges a temporal property: looks for a fair behaviour of the graph that violates it. Behaviours are
 * the infinite paths from an initial state on which every constraint is kept, and the finite ones that
 * stop at an expanded state where no action of any constraint is enabled. Sound and complete for every
 * formula. The lasso is the same however the states of the graph are numbered.
 *
 * A graph without behaviours, as that of a search that was ended early may be, satisfies everything.
 */
export async function judgeProperty(
  graph: StateGraph,
  formula: GraphFormula,
  constraints: readonly FairnessConstraint[],
  options: JudgeOptions,
): Promise<Judgement> {
  const { memoryBytes } = options;
  const search = findCounterexample(graph, formula, constraints, memoryBytes);
  const done = await inSlices(withinRoom(search), options);
  if (done === null) {
    return { kind: "unknown", why: "stopped" };
  }
  if (done.value === "memory") {
    return { kind: "unknown", why: "memory" };
  }
  if (done.value !== null) {
    return { kind: "violated", lasso: done.value };
  }
  const vacuous: number[] = [];
  const stricter = [...withFalseRights(formula)];
  const closed = stricter.length === 0 ? null : canAlwaysGoOn(graph, constraints);
  const goesOn = closed === null ? null : await inSlices(closed, options);
  for (const [index, one] of stricter.entries()) {
    const how = { memoryBytes, goesOn: goesOn?.value === true };
    const search = withinRoom(isViolated(graph, one, constraints, how));
    const found = goesOn && (await inSlices(search, options));
    if (found === null) {
      break;
    }
    if (found.value === false) {
      vacuous.push(index);
    }
  }
  return { kind: "holds", vacuous };
}

/** Where the machine has no room for what is asked of it, that is too much memory. */
function* withinRoom<T>(search: Slices<T>): Slices<T | "memory"> {
  try {
    return yield* search;
  } catch (error) {
    if (error instanceof RangeError) {
      return "memory";
    }
    throw error;
  }
}

function* findCounterexample(
  graph: StateGraph,
  formula: GraphFormula,
  constraints: readonly FairnessConstraint[],
  memoryBytes: number | null,
): Slices<Lasso | null | "memory"> {
  const product = yield* productFor(graph, formula, { memoryBytes, untilFree: false });
  if (product === null) {
    return "memory";
  }
  const fair = yield* findFairComponents(product, constraints, "all");
  const lasso = yield* findLasso(product, fair, constraints);
  if (lasso === null) {
    return null;
  }
  const wrong = checkLasso(graph, lasso, formula, constraints);
  if (wrong !== null) {
    throw new InternalError(`a lasso that is no counterexample: ${wrong}`);
  }
  return shorten(lasso, (shorter) => checkLasso(graph, shorter, formula, constraints) === null);
}

/** As above, but without the lasso, which takes less where `goesOn`: see `canAlwaysGoOn`. */
function* isViolated(
  graph: StateGraph,
  formula: GraphFormula,
  constraints: readonly FairnessConstraint[],
  { memoryBytes, goesOn }: { readonly memoryBytes: number | null; readonly goesOn: boolean },
): Slices<boolean | "memory"> {
  const how = { memoryBytes, untilFree: goesOn };
  const product = yield* productFor(graph, formula, how);
  if (product === null) {
    return "memory";
  }
  if (goesOn && comesFree(product)) {
    return true;
  }
  if (nearestStop(product, constraints) !== null) {
    return true;
  }
  const fair = yield* findFairComponents(product, constraints, "any");
  return fair.count > 0;
}

function* productFor(
  graph: StateGraph,
  formula: GraphFormula,
  options: ExploreOptions,
): ReturnType<typeof exploreProduct> {
  const negation = negationOf(formula);
  const lettering = yield* letter(graph, negation.literals);
  const automaton = automatonFor(negation, lettering.letters);
  return yield* exploreProduct(graph, automaton, lettering, options);
}
