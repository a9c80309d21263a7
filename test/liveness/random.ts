import type { FairnessConstraint, GraphFormula } from "../../src/liveness/graph.ts";
import type { Edge, Sketch } from "./build.ts";

/** Numbers that look random and are the same in every run: mulberry32. */
export function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * sides);
  };
}

/** A case: a graph, a formula, constraints. */
export interface Case {
  readonly sketch: Sketch;
  readonly formula: GraphFormula;
  readonly constraints: readonly FairnessConstraint[];
}

/** A case with up to so many states. */
export function randomCase(seed: number, statesMax: number): Case {
  const roll = dice(seed);
  // Every other graph is one where strong constraints forbid much of a few large components.
  const isForStrong = roll(2) === 0;
  const states = isForStrong ? statesMax - roll(3) : 1 + roll(statesMax);
  const actions = isForStrong ? 3 + roll(4) : 1 + roll(4);
  const list = <T>(count: number, make: (at: number) => T): T[] =>
    Array.from({ length: count }, (_, at) => make(at));
  const edgeCount = isForStrong ? states + roll(states) : roll(states * 2 + 2);
  const edges = list(edgeCount, (): Edge => [roll(states), roll(states), roll(actions)]);
  const predicates = 2 + roll(2);
  const density = 1 + roll(4);
  const sketch: Sketch = {
    states,
    initial: [...new Set([0, ...list(roll(2), () => roll(states))])],
    edges: edges.filter(([from, to]) => from !== to),
    holds: list(predicates, () => list(states, (state) => state).filter(() => roll(5) < density)),
    alsoEnabled: list(
      isForStrong || roll(4) === 0 ? roll(3) : 0,
      () => [roll(states), roll(actions)] as const,
    ),
    frontier: roll(4) === 0 ? [roll(states)] : [],
    actions,
  };
  const constraints = list(isForStrong ? 1 + roll(3) : roll(4), (): FairnessConstraint => {
    const first = roll(actions);
    const some = [...new Set([first, ...list(isForStrong ? 0 : roll(3), () => roll(actions))])];
    return { strength: roll(isForStrong ? 4 : 2) === 0 ? "weak" : "strong", actions: some };
  });
  const depth = 1 + roll(isForStrong ? 2 : 4);
  return { sketch, formula: randomFormula(roll, depth, predicates), constraints };
}

/** A formula of up to that depth. */
export function randomFormula(
  roll: (sides: number) => number,
  depth: number,
  predicates: number,
): GraphFormula {
  const part = (): GraphFormula => randomFormula(roll, depth - 1, predicates);
  if (depth === 0 || roll(8) === 0) {
    return { kind: "predicate", predicate: roll(predicates) };
  }
  const unary = (["always", "eventually", "always", "eventually", "not"] as const)[roll(11)];
  if (unary !== undefined) {
    return { kind: unary, of: part() };
  }
  const kind = (["and", "or", "implies", "iff", "leadsTo", "leadsTo"] as const)[roll(6)] ?? "and";
  return { kind, left: part(), right: part() };
}
