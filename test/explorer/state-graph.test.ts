import { expect, test } from "vitest";
import { buildGraph } from "../../src/explorer/state-graph.ts";
import { bitAt, wordsFor } from "../../src/liveness/graph.ts";
import {
  budgetOf,
  type MadeGraph,
  type MadeState,
  NO_HURRY,
  numbersFrom,
  surveyorOf,
} from "./random-graphs.ts";

const SKIPPED = 2;

function draw(seed: number): { readonly graph: MadeGraph; readonly levels: readonly number[][] } {
  const below = numbersFrom(seed);
  const count = 2 + below(40);
  const conditions = SKIPPED + 1 + below(50);
  const actions = 1 + below(40);
  const state = (): MadeState => ({
    blocked: [],
    ready: [],
    holds: [...Array(conditions).keys()].filter(() => below(2) === 0),
    edges: Array.from({ length: below(6) }, () => ({ to: below(count), action: below(actions) })),
  });
  const states = Array.from({ length: count }, () => (below(8) === 0 ? null : state()));
  const isEscape = Array.from({ length: actions }, () => false);
  // What a second level has found stands in front of and in a gap of the first; one index is free.
  const [a, b] = [below(count), below(count)].sort((x, y) => x - y) as [number, number];
  const levels = [
    [a, b],
    [0, a, Math.min(b + 1, count), count],
  ];
  return { graph: { states, threads: 3, conditions, isEscape }, levels };
}

test("a graph has the states that were expanded and their steps, wherever they stand", async () => {
  let edges = 0;
  for (let seed = 0; seed < 200; seed++) {
    const { graph: made, levels } = draw(seed);
    const budget = budgetOf(1e9);
    const built = await buildGraph({
      expanded: { surveyor: surveyorOf(made), levels, count: made.states.length, budget },
      conditionCount: made.conditions,
      skipped: SKIPPED,
      actionCount: made.isEscape.length,
      initial: [0],
      pace: NO_HURRY,
      compare: (a, b) => a - b,
    });
    if (typeof built === "string") throw new Error(built);
    const { graph, forget } = built;
    const [[a, b], [, , c]] = levels as [[number, number], [number, number, number]];
    const isExpanded = (state: number): boolean =>
      state < b || state >= c || (state >= a && state < b);
    const expected = made.states.map((state, index) => {
      const known = isExpanded(index) ? state : null;
      return {
        expanded: known === null ? 0 : 1,
        edges: new Set(known?.edges.map(({ to, action }) => `${to} by ${action}`)),
        enabled: new Set(known?.edges.map(({ action }) => action)),
        holds: new Set(known?.holds.filter((bit) => bit >= SKIPPED).map((bit) => bit - SKIPPED)),
      };
    });
    const bits = (of: Uint32Array, count: number, state: number) =>
      new Set([...Array(count).keys()].filter((bit) => bitAt(of, wordsFor(count), state, bit)));
    const found = made.states.map((_, state) => {
      const [from, to] = [graph.edgeStart[state] as number, graph.edgeStart[state + 1] as number];
      const at = Array.from({ length: to - from }, (_one, offset) => from + offset);
      edges += at.length;
      return {
        expanded: graph.expanded[state],
        edges: new Set(at.map((edge) => `${graph.edgeTarget[edge]} by ${graph.edgeAction[edge]}`)),
        enabled: bits(graph.enabled, graph.actionCount, state),
        holds: bits(graph.holds, graph.predicateCount, state),
      };
    });
    expect(found).toEqual(expected);
    expect(graph.edgeStart.length).toBe(graph.stateCount + 1);
    expect(graph.edgeTarget.length).toBe(graph.edgeStart.at(-1));
    forget();
    expect(budget.taken()).toBe(0);
  }
  // Where no state had steps, nothing were compared.
  expect(edges).toBeGreaterThan(1_000);
});
