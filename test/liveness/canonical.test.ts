import { describe, expect, test } from "vitest";
import type { Lasso } from "../../src/liveness/graph.ts";
import { graphOf, judgeNow, type Sketch } from "./build.ts";
import { dice, randomCase } from "./random.ts";

function shuffled<T>(list: readonly T[], roll: (sides: number) => number): T[] {
  const rest = [...list];
  return list.map(() => rest.splice(roll(rest.length), 1)[0] as T);
}

/** The same graph with state `s` called `names[s]`, and its edges and initial states in another order. */
function renamed(
  sketch: Sketch,
  names: readonly number[],
  roll: (sides: number) => number,
): Sketch {
  const name = (state: number): number => names[state] as number;
  const ranks: number[] = [];
  for (const [state, rank] of (sketch.ranks ?? []).entries()) {
    ranks[name(state)] = rank;
  }
  return {
    ...sketch,
    initial: shuffled((sketch.initial ?? [0]).map(name), roll),
    edges: shuffled(
      sketch.edges.map(([from, to, action]) => [name(from), name(to), action] as const),
      roll,
    ),
    holds: sketch.holds.map((where) => where.map(name)),
    alsoEnabled: (sketch.alsoEnabled ?? []).map(([state, action]) => [name(state), action]),
    frontier: (sketch.frontier ?? []).map(name),
    ranks,
  };
}

describe("the lasso shown", () => {
  test("does not depend on how states and edges are numbered", async () => {
    let shown = 0;
    let branching = 0;
    for (let seed = 0; seed < 3_000; seed++) {
      const roll = dice(5_000_000 + seed);
      const { sketch, formula, constraints } = randomCase(2_000_000 + seed, 10);
      const states = Array.from({ length: sketch.states }, (_, state) => state);
      const one: Sketch = { ...sketch, ranks: shuffled(states, roll) };
      const names = shuffled(states, roll);
      const other = renamed(one, names, roll);
      const first = await judgeNow(graphOf(one), formula, constraints);
      const second = await judgeNow(graphOf(other), formula, constraints);
      expect(second.kind).toBe(first.kind);
      if (first.kind === "violated" && second.kind === "violated") {
        const expected: Lasso = {
          ...first.lasso,
          path: first.lasso.path.map((state) => names[state] as number),
        };
        expect(second.lasso, `seed ${seed}`).toEqual(expected);
        shown += 1;
        branching += first.lasso.path.length > 3 ? 1 : 0;
      }
    }
    expect(shown).toBeGreaterThan(500);
    expect(branching).toBeGreaterThan(50);
  });

  test("enters its loop as early as it can", async () => {
    for (let seed = 0; seed < 1_000; seed++) {
      const { sketch, formula, constraints } = randomCase(3_000_000 + seed, 8);
      const judgement = await judgeNow(graphOf(sketch), formula, constraints);
      if (judgement.kind === "violated" && judgement.lasso.loop !== null) {
        const { path, actions, loop } = judgement.lasso;
        const last = path.length - 1;
        const rollsUp =
          loop > 0 && path[loop - 1] === path[last] && actions[loop - 1] === actions[last];
        expect(rollsUp, `seed ${seed}`).toBe(false);
      }
    }
  });
});
