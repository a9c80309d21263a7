import {
  bitAt,
  type FairnessConstraint,
  type GraphFormula,
  type Lasso,
  type StateGraph,
  wordsFor,
} from "../../src/liveness/graph.ts";

/**
 * Judging by brute force, without an automaton and without the code that is tested.
 *
 * Why this is complete: let a behaviour be given, and I the states that it visits infinitely often (for
 * one that stops, the last state). From some point on it visits only I, and each state of I again and
 * again. From there on, whether a formula holds depends on the state and on I alone, by induction:
 * `eventually f` holds where f holds at some state of I, `always f` where it does at all of them. In
 * front of that point, what holds at a position follows from what holds at the next one: `eventually f`
 * where f holds now or `eventually f` holds next, and so on. So all that can hold at an initial state
 * is found by starting from each possible I and going back along edges, with the set of subformulas
 * that hold as memory, until nothing new is found. An I is possible where it is strongly connected and
 * some way round it is fair; the way that takes all the edges inside I is the fairest.
 */
export function violatesByBruteForce(
  graph: StateGraph,
  formula: GraphFormula,
  constraints: readonly FairnessConstraint[],
): boolean {
  const parts = partsOf(formula);
  const { stateCount, edgeStart, edgeTarget, expanded, initial } = graph;
  const seen = new Set<string>();
  const open: { state: number; truth: boolean[] }[] = [];
  const add = (state: number, truth: boolean[]): void => {
    const key = `${state} ${truth.map(Number).join("")}`;
    if (!seen.has(key)) {
      seen.add(key);
      open.push({ state, truth });
    }
  };
  for (const end of possibleEnds(graph, constraints)) {
    for (const [state, truth] of truthInTheEnd(graph, parts, end)) {
      add(state, truth);
    }
  }
  let violates = false;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { state, truth } = next;
    violates ||= initial.includes(state) && truth[parts.length - 1] === false;
    for (let before = 0; before < stateCount; before++) {
      for (
        let edge = edgeStart[before] as number;
        edge < (edgeStart[before + 1] as number);
        edge++
      ) {
        if (edgeTarget[edge] === state && expanded[before] === 1) {
          add(before, truthBefore(graph, parts, before, truth));
        }
      }
    }
  }
  return violates;
}

/** All sets of states that a fair behaviour can visit infinitely often. */
export function possibleEnds(
  graph: StateGraph,
  constraints: readonly FairnessConstraint[],
): number[][] {
  const { stateCount, edgeStart, edgeTarget, edgeAction, expanded } = graph;
  const words = wordsFor(graph.actionCount);
  const ends: number[][] = [];
  for (let set = 1; set < 2 ** stateCount; set++) {
    const states = Array.from({ length: stateCount }, (_, state) => state).filter(
      (state) => (set >> state) & 1,
    );
    const inside: { from: number; to: number; action: number }[] = [];
    for (const from of states) {
      for (let edge = edgeStart[from] as number; edge < (edgeStart[from + 1] as number); edge++) {
        const to = edgeTarget[edge] as number;
        if (expanded[from] === 1 && states.includes(to)) {
          inside.push({ from, to, action: edgeAction[edge] as number });
        }
      }
    }
    const isPossible = (state: number, { actions }: FairnessConstraint): boolean =>
      actions.some((action) => bitAt(graph.enabled, words, state, action));
    const [only] = states;
    const stops =
      states.length === 1 &&
      expanded[only as number] === 1 &&
      !constraints.some((one) => isPossible(only as number, one));
    const goesRound =
      inside.length > 0 &&
      states.every((from) => reach(from, inside).size === states.length) &&
      constraints.every(
        (one) =>
          inside.some(({ action }) => one.actions.includes(action)) ||
          !(one.strength === "weak"
            ? states.every((state) => isPossible(state, one))
            : states.some((state) => isPossible(state, one))),
      );
    if (stops || goesRound) {
      ends.push(states);
    }
  }
  return ends;
}

function reach(from: number, edges: readonly { from: number; to: number }[]): Set<number> {
  const reached = new Set<number>();
  const open = edges.filter((edge) => edge.from === from).map(({ to }) => to);
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (!reached.has(state)) {
      reached.add(state);
      open.push(...edges.filter((edge) => edge.from === state).map(({ to }) => to));
    }
  }
  return reached;
}

/** All subformulas, each behind its own parts, the whole formula last. */
function partsOf(formula: GraphFormula): GraphFormula[] {
  if (formula.kind === "predicate") return [formula];
  if ("of" in formula) return [...partsOf(formula.of), formula];
  return [...partsOf(formula.left), ...partsOf(formula.right), formula];
}

function connect(kind: string, left: boolean, right: boolean): boolean {
  if (kind === "and") return left && right;
  if (kind === "or") return left || right;
  if (kind === "iff") return left === right;
  return !left || right;
}

/** What holds of each state in a behaviour that visits exactly these states again and again. */
function truthInTheEnd(
  graph: StateGraph,
  parts: readonly GraphFormula[],
  states: readonly number[],
): Map<number, boolean[]> {
  const truths = new Map(states.map((state) => [state, [] as boolean[]]));
  const value = (state: number, part: GraphFormula): boolean =>
    truths.get(state)?.[parts.indexOf(part)] as boolean;
  for (const part of parts) {
    const found = states.map((state): boolean => {
      switch (part.kind) {
        case "predicate":
          return bitAt(graph.holds, wordsFor(graph.predicateCount), state, part.predicate);
        case "not":
          return !value(state, part.of);
        case "always":
          return states.every((other) => value(other, part.of));
        case "eventually":
          return states.some((other) => value(other, part.of));
        case "leadsTo":
          return states.every(
            (asked) => !value(asked, part.left) || states.some((other) => value(other, part.right)),
          );
        default:
          return connect(part.kind, value(state, part.left), value(state, part.right));
      }
    });
    for (const [at, state] of states.entries()) {
      truths.get(state)?.push(found[at] as boolean);
    }
  }
  return truths;
}

/** What holds at a state from which the behaviour goes to where `next` holds. */
function truthBefore(
  graph: StateGraph,
  parts: readonly GraphFormula[],
  state: number,
  next: readonly boolean[],
): boolean[] {
  const truth: boolean[] = [];
  const now = (part: GraphFormula): boolean => truth[parts.indexOf(part)] as boolean;
  for (const [at, part] of parts.entries()) {
    const later = next[at] as boolean;
    switch (part.kind) {
      case "predicate":
        truth.push(bitAt(graph.holds, wordsFor(graph.predicateCount), state, part.predicate));
        break;
      case "not":
        truth.push(!now(part.of));
        break;
      case "always":
        truth.push(now(part.of) && later);
        break;
      case "eventually":
        truth.push(now(part.of) || later);
        break;
      case "leadsTo": {
        // `eventually right` is no part of its own, so what holds next does not tell: see `spelled`.
        throw new Error("leadsTo must be spelled out");
      }
      default:
        truth.push(connect(part.kind, now(part.left), now(part.right)));
    }
  }
  return truth;
}

/** The formula with `~>` written as what it means. */
export function spelled(formula: GraphFormula): GraphFormula {
  if (formula.kind === "predicate") return { ...formula };
  if ("of" in formula) return { kind: formula.kind, of: spelled(formula.of) };
  const left = spelled(formula.left);
  const right = spelled(formula.right);
  return formula.kind === "leadsTo"
    ? {
        kind: "always",
        of: { kind: "implies", left, right: { kind: "eventually", of: right } },
      }
    : { kind: formula.kind, left, right };
}

/**
 * The formula once for each implication in positive position, its right side `false`; from left to
 * right, the whole before its parts. `false` is `f && !f` here.
 */
export function withFalseRights(formula: GraphFormula, isPositive = true): GraphFormula[] {
  if (formula.kind === "predicate" || formula.kind === "iff") return [];
  if ("of" in formula) {
    const { kind, of } = formula;
    return withFalseRights(of, isPositive === (kind !== "not")).map((part) => ({ kind, of: part }));
  }
  const { kind, left, right } = formula;
  const isArrow = kind === "implies" || kind === "leadsTo";
  const never: GraphFormula = { kind: "and", left, right: { kind: "not", of: left } };
  return [
    ...(isArrow && isPositive ? [{ kind, left, right: never }] : []),
    ...withFalseRights(left, isPositive !== isArrow).map((part) => ({ kind, left: part, right })),
    ...withFalseRights(right, isPositive).map((part) => ({ kind, left, right: part })),
  ];
}

/** Whether a formula holds of a lasso from a position on: the definition, word by word. */
export function holdsFrom(
  graph: StateGraph,
  formula: GraphFormula,
  lasso: Lasso,
  position: number,
): boolean {
  const { path, loop } = lasso;
  const last = path.length - 1;
  const begin = Math.min(position, loop ?? last);
  const later = path.map((_, at) => at).slice(begin);
  const holds = (part: GraphFormula, at: number): boolean => holdsFrom(graph, part, lasso, at);
  switch (formula.kind) {
    case "predicate":
      return bitAt(
        graph.holds,
        wordsFor(graph.predicateCount),
        path[position] as number,
        formula.predicate,
      );
    case "not":
      return !holds(formula.of, position);
    case "always":
      return later.every((at) => holds(formula.of, at));
    case "eventually":
      return later.some((at) => holds(formula.of, at));
    case "leadsTo":
      return holds(spelled(formula), position);
    default:
      return connect(formula.kind, holds(formula.left, position), holds(formula.right, position));
  }
}

/** Whether a lasso is a fair behaviour of the graph: the definition, word by word. */
export function isFairBehaviour(
  graph: StateGraph,
  { path, actions, loop }: Lasso,
  constraints: readonly FairnessConstraint[],
): boolean {
  const { edgeStart, edgeTarget, edgeAction, expanded, enabled } = graph;
  const words = wordsFor(graph.actionCount);
  const next = [...path.slice(1), ...(loop === null ? [] : [path[loop] as number])];
  const isPath =
    graph.initial.includes(path[0] as number) &&
    actions.length === next.length &&
    next.every((to, at) => {
      const from = path[at] as number;
      const edges = Array.from({ length: edgeTarget.length }, (_, edge) => edge).slice(
        edgeStart[from],
        edgeStart[from + 1],
      );
      const goes = (edge: number): boolean =>
        edgeTarget[edge] === to && edgeAction[edge] === actions[at];
      return expanded[from] === 1 && edges.some(goes);
    });
  const forEver = path.slice(loop ?? path.length - 1);
  const taken = loop === null ? [] : actions.slice(loop);
  return (
    isPath &&
    expanded[forEver[0] as number] === 1 &&
    constraints.every((constraint) => {
      const possible = forEver.map((state) =>
        constraint.actions.some((action) => bitAt(enabled, words, state, action)),
      );
      const isOwed =
        constraint.strength === "weak" ? possible.every(Boolean) : possible.some(Boolean);
      return !isOwed || taken.some((action) => constraint.actions.includes(action));
    })
  );
}

/** All lassos of a graph with at most so many states on the path, fair or not. */
export function* lassosOf(graph: StateGraph, lengthMax: number): Generator<Lasso> {
  const { edgeStart, edgeTarget, edgeAction, expanded } = graph;
  const open: { path: number[]; actions: number[] }[] = graph.initial.map((state) => ({
    path: [state],
    actions: [],
  }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path, actions } = next;
    const from = path[path.length - 1] as number;
    yield { path, actions, loop: null };
    const end = expanded[from] === 1 ? (edgeStart[from + 1] as number) : 0;
    for (let edge = edgeStart[from] as number; edge < end; edge++) {
      const to = edgeTarget[edge] as number;
      const more = [...actions, edgeAction[edge] as number];
      for (const [loop, state] of path.entries()) {
        if (state === to) {
          yield { path, actions: more, loop };
        }
      }
      if (path.length < lengthMax) {
        open.push({ path: [...path, to], actions: more });
      }
    }
  }
}
