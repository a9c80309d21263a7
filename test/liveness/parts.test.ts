import { describe, expect, test } from "vitest";
import { automatonFor, transitionsOf } from "../../src/liveness/automaton.ts";
import { checkLasso } from "../../src/liveness/evaluate.ts";
import type { GraphFormula, Lasso, StateGraph } from "../../src/liveness/graph.ts";
import { implicationsOf } from "../../src/liveness/implications.ts";
import { type JudgeOptions, judgeProperty } from "../../src/liveness/judge.ts";
import { negationOf } from "../../src/liveness/normal-form.ts";
import { shorten } from "../../src/liveness/shorten.ts";
import { holdsFrom, isFairBehaviour, lassosOf } from "./brute-force.ts";
import {
  always,
  and,
  eventually,
  graphOf,
  iff,
  implies,
  judgeNow,
  leadsTo,
  not,
  or,
  type Sketch,
  strong,
  weak,
} from "./build.ts";
import { dice, randomCase } from "./random.ts";

/** How many states the automaton for the negation has, over all letters. */
function automatonSize(formula: GraphFormula): number {
  const negation = negationOf(formula);
  const letters = Array.from({ length: 2 ** negation.literals.length }, (_, bits) => BigInt(bits));
  const automaton = automatonFor(negation, letters);
  for (let state = 0; state < automaton.states.length; state++) {
    for (let letter = 0; letter < letters.length; letter++) {
      transitionsOf(automaton, state, letter);
    }
  }
  return automaton.states.length;
}

describe("the automaton for the negation", () => {
  test("is as small as the states of mind that a reader needs", () => {
    // "p is still to come", "never q from here on".
    expect(automatonSize(leadsTo(0, 1))).toBe(2);
    // "not p is still to come", "anything".
    expect(automatonSize(always(0))).toBe(2);
    // "never p".
    expect(automatonSize(eventually(0))).toBe(1);
    // "never p from somewhere on is still to come", "never p".
    expect(automatonSize(always(eventually(0)))).toBe(2);
    // "not p again and again", and the same for two.
    expect(automatonSize(eventually(always(0)))).toBe(1);
    expect(automatonSize(or(eventually(always(0)), eventually(always(1))))).toBe(1);
    // The same, for what is already about the end.
    expect(automatonSize(always(eventually(always(eventually(0)))))).toBe(2);
    expect(automatonSize(always(or(always(eventually(0)), eventually(always(1)))))).toBe(3);
    // One for what is still to come, one for each thing that may never come.
    const served = [0, 2, 4].map((p) => leadsTo(p, p + 1));
    expect(automatonSize(served.reduce((all, one) => and(all, one)))).toBe(4);
  });
});

describe("checkLasso", () => {
  test("agrees with the definitions on all short lassos, right and wrong ones", () => {
    let right = 0;
    let wrong = 0;
    for (let seed = 0; seed < 400; seed++) {
      const roll = dice(7_000_000 + seed);
      const { sketch, formula, constraints } = randomCase(6_000_000 + seed, 4);
      const graph = graphOf(sketch);
      for (const lasso of lassosOf(graph, 4)) {
        const state = roll(sketch.states);
        const at = roll(lasso.path.length);
        const spoiled: Lasso[] = [
          { ...lasso, path: lasso.path.with(at, state) },
          { ...lasso, actions: lasso.actions.slice(1) },
          { ...lasso, actions: lasso.actions.map((action) => (action + 1) % 3) },
          { ...lasso, loop: at },
        ];
        for (const one of [lasso, ...spoiled]) {
          const isGood =
            isFairBehaviour(graph, one, constraints) && !holdsFrom(graph, formula, one, 0);
          const said = checkLasso(graph, one, formula, constraints);
          expect(said === null, `seed ${seed}: ${said} ${JSON.stringify(one)}`).toBe(isGood);
          right += isGood ? 1 : 0;
          wrong += isGood ? 0 : 1;
        }
      }
    }
    expect(Math.min(right, wrong)).toBeGreaterThan(1_000);
  });

  test("follows no steps from a state that was not expanded", () => {
    const sketch: Sketch = { states: 2, edges: [[0, 1, 0]], holds: [[]] };
    const lasso: Lasso = { path: [0, 1], actions: [0], loop: null };
    expect(checkLasso(graphOf(sketch), lasso, always(0), [])).toBeNull();
    for (const frontier of [[0], [1]]) {
      expect(checkLasso(graphOf({ ...sketch, frontier }), lasso, always(0), [])).not.toBeNull();
    }
  });

  test("finds no behaviour in an empty path, or a loop outside of it", () => {
    const graph = graphOf({ states: 1, edges: [], holds: [[]] });
    expect(checkLasso(graph, { path: [], actions: [], loop: null }, always(0), [])).not.toBeNull();
    for (const loop of [-1, 1, 0.5]) {
      expect(checkLasso(graph, { path: [0], actions: [0], loop }, always(0), [])).not.toBeNull();
    }
  });
});

describe("a lasso that nothing can be left out of", () => {
  const asItIs = (path: number[], actions: number[], loop: number | null): Lasso =>
    shorten({ path, actions, loop }, () => false);
  test("begins its loop as early as it can", () => {
    const early = { path: [0, 1, 2], actions: [5, 6, 7], loop: 1 };
    expect(asItIs([0, 1, 2, 1], [5, 6, 7, 6], 2)).toEqual(early);
    expect(asItIs([0, 1, 2, 1, 2, 1], [5, 6, 7, 6, 7, 6], 4)).toEqual(early);
  });

  test("goes round once", () => {
    const once = { path: [0, 1, 2], actions: [5, 6, 7], loop: 1 };
    expect(asItIs([0, 1, 2, 1, 2, 1, 2], [5, 6, 7, 6, 7, 6, 7], 1)).toEqual(once);
  });

  test("is the same where other actions make the difference", () => {
    const twice = { path: [0, 1, 2, 1, 2], actions: [5, 6, 7, 6, 8], loop: 1 };
    expect(asItIs(twice.path, twice.actions, 1)).toEqual(twice);
  });
});

describe("a lasso with more than it needs", () => {
  /** Good is whatever still comes to state 9, and says that it loops or not. */
  const shortened = (path: number[], loop: number | null): Lasso =>
    shorten(
      { path, actions: path.slice(loop === null ? 1 : 0).map(() => 0), loop },
      (one) => one.path.includes(9) && (one.loop === null) === (loop === null),
    );
  test("loses rounds in front of the loop, in the loop, and across", () => {
    expect(shortened([1, 2, 3, 2, 9], null).path).toEqual([1, 2, 9]);
    expect(shortened([1, 2, 1, 9, 4], 3)).toMatchObject({ path: [1, 9, 4], loop: 1 });
    expect(shortened([1, 2, 9, 2, 3], 0)).toMatchObject({ path: [1, 2, 9], loop: 1 });
    expect(shortened([1, 2, 3, 9, 2, 4], 2).path.length).toBeLessThan(6);
  });

  test("begins its loop as early as it then can", () => {
    const long = { path: [0, 2, 1, 5, 1, 2], actions: [0, 0, 0, 0, 0, 0], loop: 4 };
    const isGood = (one: Lasso): boolean => one.loop !== null && one.path.length === 4;
    expect(shorten(long, isGood)).toMatchObject({ path: [0, 2, 1], loop: 1 });
  });
});

describe("implications", () => {
  const IN = implies(0, 1);
  test("are counted the whole before its parts, left to right", () => {
    const inner = leadsTo(0, 1);
    const whole = implies(2, inner);
    const last = implies(1, 0);
    expect(implicationsOf(and(whole, always(last)))).toEqual([whole, inner, last]);
    expect(implicationsOf(and(whole, always(last)))[1]).toBe(inner);
  });

  test("under a negation, on a left side or in an equivalence are not", () => {
    expect(implicationsOf(not(IN))).toEqual([]);
    expect(implicationsOf(iff(IN, IN))).toEqual([]);
    const outer = leadsTo(IN, 2);
    expect(implicationsOf(outer)).toEqual([outer]);
    expect(implicationsOf(not(not(IN)))).toEqual([IN]);
    const left = leadsTo(not(IN), 2);
    expect(implicationsOf(left)).toEqual([left, IN]);
  });

  test("hold vacuously where the left side never comes, or its coming is impossible to survive", async () => {
    const vacuous = async (sketch: Sketch, property: GraphFormula): Promise<unknown> =>
      judgeNow(graphOf(sketch), property, [weak(0)]);
    const steps: Sketch = {
      states: 3,
      edges: [
        [0, 1, 0],
        [1, 2, 0],
      ],
      holds: [[1], [2], []],
    };
    // p comes and q follows; r never comes.
    expect(await vacuous(steps, leadsTo(0, 1))).toEqual({ kind: "holds", vacuous: [] });
    expect(await vacuous(steps, leadsTo(2, 1))).toEqual({ kind: "holds", vacuous: [0] });
    const both = and(leadsTo(0, 1), leadsTo(2, 1));
    expect(await vacuous(steps, both)).toEqual({ kind: "holds", vacuous: [1] });
    expect(await vacuous(steps, implies(always(0), eventually(2)))).toMatchObject({
      vacuous: [0],
    });
    // All behaviours that come to p leave what was searched.
    expect(await vacuous({ ...steps, frontier: [2] }, leadsTo(0, 2))).toMatchObject({
      vacuous: [0],
    });
  });
});

describe("a judgement", () => {
  const OPTIONS: JudgeOptions = {
    clock: () => 0,
    pause: async () => {},
    shouldStop: () => false,
    memoryBytes: null,
  };
  /** A long round; p at one state, q just before it. */
  const length = 200_000;
  const long = graphOf({ states: 1, edges: [], holds: [[], []] });
  const ring = {
    ...long,
    stateCount: length,
    edgeStart: Uint32Array.from({ length: length + 1 }, (_, at) => at),
    edgeTarget: Uint32Array.from({ length }, (_, at) => (at + 1) % length),
    edgeAction: new Uint32Array(length),
    expanded: new Uint8Array(length).fill(1),
    actionCount: 1,
    enabled: new Uint32Array(length).fill(1),
    holds: new Uint32Array(length).with(10, 1).with(9, 2),
  };

  test("holds or not on a path longer than any stack", async () => {
    expect(await judgeProperty(ring, leadsTo(0, 1), [weak(0)], OPTIONS)).toEqual({
      kind: "holds",
      vacuous: [],
    });
    const judged = await judgeProperty(ring, eventually(always(0)), [weak(0)], OPTIONS);
    expect(judged).toMatchObject({ kind: "violated", lasso: { loop: 0 } });
  });

  test("finds the one fair component among very many", async () => {
    // Pairs of states that go to and fro, each with a way to the next pair.
    const pairs = 45_000;
    const odd = 3;
    const chain = (fairPair: number): StateGraph => ({
      ...ring,
      stateCount: pairs * 2,
      edgeStart: Uint32Array.from({ length: pairs * 2 + 1 }, (_, at) => at + ((at + 1) >> 1)),
      edgeTarget: Uint32Array.from({ length: pairs * 3 }, (_, at) => {
        const first = Math.floor(at / 3) * 2;
        return [first + 1, Math.min(first + 2, pairs * 2 - 1), first][at % 3] as number;
      }),
      edgeAction: new Uint32Array(pairs * 3),
      expanded: new Uint8Array(pairs * 2).fill(1),
      actionCount: 2,
      // At the second state of each other pair a strong action 1 fails.
      enabled: Uint32Array.from({ length: pairs * 2 }, (_, at) =>
        at % 2 === 1 && at >> 1 !== fairPair ? 3 : 1,
      ),
      holds: new Uint32Array(pairs * 2),
    });
    const constraints = [weak(0), strong(1)];
    const never = await judgeProperty(chain(-1), eventually(0), constraints, OPTIONS);
    expect(never.kind).toBe("holds");
    const once = await judgeProperty(chain(odd), eventually(0), constraints, OPTIONS);
    const path = Array.from({ length: odd + 1 }, (_, pair) => pair * 2).concat(odd * 2 + 1);
    const actions = path.map(() => 0);
    expect(once).toEqual({ kind: "violated", lasso: { path, actions, loop: odd } });
    // The left side never comes true, with a fair behaviour or without any.
    const vacuous = implies(eventually(0), eventually(1));
    for (const [fairPair, where] of [
      [-1, [0]],
      [odd, [0]],
    ] as const) {
      const judged = await judgeProperty(chain(fairPair), vacuous, constraints, OPTIONS);
      expect(judged).toEqual({ kind: "holds", vacuous: where });
    }
    // This left side is true of the one fair behaviour.
    const other = await judgeProperty(
      chain(odd),
      implies(not(0), always(not(1))),
      constraints,
      OPTIONS,
    );
    expect(other).toEqual({ kind: "holds", vacuous: [] });
  });

  test("pauses by the clock, and gives up when told to", async () => {
    let now = 0;
    let pauses = 0;
    let asked = 0;
    const options: JudgeOptions = {
      ...OPTIONS,
      clock: () => {
        now += 30;
        return now;
      },
      pause: async () => {
        pauses += 1;
      },
      shouldStop: () => {
        asked += 1;
        return asked > 5;
      },
    };
    const judged = await judgeProperty(ring, leadsTo(0, 1), [weak(0)], options);
    expect(judged).toEqual({ kind: "unknown", why: "stopped" });
    expect(asked).toBe(6);
    expect(pauses).toBeGreaterThan(0);
  });

  test("says where the memory does not suffice", async () => {
    const judged = await judgeProperty(ring, leadsTo(0, 1), [], {
      ...OPTIONS,
      memoryBytes: 1_000_000,
    });
    expect(judged).toEqual({ kind: "unknown", why: "memory" });
  });

  test("reads as many predicates as a formula names", async () => {
    // Each of 70 predicates holds at one of 70 states in a row, and comes after the one before.
    const count = 70;
    const states = Array.from({ length: count }, (_, at) => at);
    const row: Sketch = {
      states: count,
      edges: states.slice(1).map((to) => [to - 1, to, 0] as const),
      holds: states.map((state) => [state]),
    };
    const chain = states.slice(1).map((at) => leadsTo(at - 1, at));
    const all = chain.reduce((rest, one) => and(rest, one));
    expect(await judgeNow(graphOf(row), all, [weak(0)])).toEqual({ kind: "holds", vacuous: [] });
    for (const at of [5, 25, 45, 65]) {
      const holds = row.holds.with(at, []);
      const judged = await judgeNow(graphOf({ ...row, holds }), all, [weak(0)]);
      expect(judged.kind).toBe("violated");
    }
  });
});
