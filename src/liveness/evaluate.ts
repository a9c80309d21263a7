import {
  bitAt,
  type FairnessConstraint,
  type GraphFormula,
  type Lasso,
  type StateGraph,
  wordsFor,
} from "./graph.ts";
import { combine } from "./letters.ts";

/**
 * What is wrong with a lasso that is to be a fair behaviour of a graph and to violate a formula; null:
 * nothing. Goes by the definitions alone and shares nothing with the search for lassos.
 */
export function checkLasso(
  graph: StateGraph,
  lasso: Lasso,
  formula: GraphFormula,
  constraints: readonly FairnessConstraint[],
): string | null {
  const wrong = whyNoBehaviour(graph, lasso) ?? whyUnfair(graph, lasso, constraints);
  if (wrong !== null) {
    return wrong;
  }
  const words = wordsFor(graph.predicateCount);
  const holds = (predicate: number, at: number): boolean =>
    bitAt(graph.holds, words, lasso.path[at] as number, predicate);
  return truths(formula, lasso, holds)[0] === true ? "the formula holds" : null;
}

/** Whether a formula holds from each position of a lasso on; `holds` tells of a predicate there. */
export function truths(
  formula: GraphFormula,
  lasso: Lasso,
  holds: (predicate: number, at: number) => boolean,
): boolean[] {
  const of = (part: GraphFormula): boolean[] => truths(part, lasso, holds);
  switch (formula.kind) {
    case "predicate":
      return lasso.path.map((_, at) => holds(formula.predicate, at));
    case "not":
      return of(formula.of).map((value) => !value);
    case "always":
      return fromHereOn(of(formula.of), lasso, (values) => values.every(Boolean));
    case "eventually":
      return fromHereOn(of(formula.of), lasso, (values) => values.some(Boolean));
    case "leadsTo": {
      const served = fromHereOn(of(formula.right), lasso, (values) => values.some(Boolean));
      const answered = of(formula.left).map((asked, at) => !asked || served[at] === true);
      return fromHereOn(answered, lasso, (values) => values.every(Boolean));
    }
    default: {
      const { kind } = formula;
      const right = of(formula.right);
      return of(formula.left).map((left, at) => combine(kind, left, right[at] === true));
    }
  }
}

/** By position, what `judge` says of the values from there on, which come again in the loop. */
function fromHereOn(
  values: readonly boolean[],
  { path, loop }: Lasso,
  judge: (values: readonly boolean[]) => boolean,
): boolean[] {
  const again = judge(values.slice(loop ?? path.length - 1));
  const found: boolean[] = [];
  let later = again;
  for (let at = path.length - 1; at >= 0; at--) {
    later = judge([values[at] === true, later]);
    found[at] = later;
  }
  return found;
}

function whyNoBehaviour(graph: StateGraph, { path, actions, loop }: Lasso): string | null {
  const { initial, edgeStart, edgeTarget, edgeAction, expanded } = graph;
  const last = path.length - 1;
  if (last < 0 || !initial.includes(path[0] as number)) {
    return "the path does not begin at an initial state";
  }
  if (loop !== null && !(Number.isInteger(loop) && loop >= 0 && loop <= last)) {
    return "the loop begins at no position of the path";
  }
  const targets = [...path.slice(1), ...(loop === null ? [] : [path[loop] as number])];
  if (actions.length !== targets.length) {
    return `${actions.length} actions for ${targets.length} steps`;
  }
  for (const [at, target] of targets.entries()) {
    const from = path[at] as number;
    const goesThere = (edge: number): boolean =>
      edgeTarget[edge] === target && edgeAction[edge] === actions[at];
    let edge = edgeStart[from] as number;
    while (edge < (edgeStart[from + 1] as number) && !goesThere(edge)) {
      edge += 1;
    }
    if (expanded[from] === 0 || edge === edgeStart[from + 1]) {
      return `no step from state ${from} to ${target} by action ${actions[at]}`;
    }
  }
  return null;
}

function whyUnfair(
  graph: StateGraph,
  { path, actions, loop }: Lasso,
  constraints: readonly FairnessConstraint[],
): string | null {
  const words = wordsFor(graph.actionCount);
  const isPossible = (state: number, constraint: FairnessConstraint): boolean =>
    constraint.actions.some((action) => bitAt(graph.enabled, words, state, action));
  const last = path[path.length - 1] as number;
  if (loop === null) {
    if (graph.expanded[last] === 0) {
      return `state ${last} was not expanded, so nothing is known to stop there`;
    }
    const owed = constraints.findIndex((constraint) => isPossible(last, constraint));
    return owed < 0 ? null : `stops where constraint ${owed} has a step`;
  }
  const round = path.slice(loop);
  const taken = actions.slice(loop);
  const owed = constraints.findIndex((constraint) => {
    const isOwed =
      constraint.strength === "weak"
        ? round.every((state) => isPossible(state, constraint))
        : round.some((state) => isPossible(state, constraint));
    return isOwed && !taken.some((action) => constraint.actions.includes(action));
  });
  return owed < 0 ? null : `the loop never takes a step of constraint ${owed}`;
}
