import { describe, expect, test } from "vitest";
import { hungSets } from "../../src/explorer/hung-sets.ts";
import {
  type MaskPlan,
  type MaskProblem,
  maskWords,
  type Tuning,
  threadBits,
  workOutMasks,
} from "../../src/explorer/masks.ts";
import type { Ranges } from "../../src/explorer/ranges.ts";
import type { Surveyor } from "../../src/explorer/surveys.ts";
import {
  budgetOf,
  type MadeGraph,
  type MadeState,
  NO_HURRY,
  numbersFrom,
  surveyorOf,
} from "./random-graphs.ts";

/** A graph, how it was searched, and what is asked of it. */
interface Case {
  readonly graph: MadeGraph;
  /** The states that were expanded; the others are the frontier. */
  readonly levels: readonly Ranges[];
  readonly recoverables: readonly number[];
}

/** Mostly blocked threads and few edges, so that much hangs together and much comes down late. */
function draw(seed: number, threads: number): Case {
  const below = numbersFrom(seed);
  const count = 1 + below(60);
  const conditions = below(4);
  const actions = 1 + below(4);
  const isEscape = Array.from({ length: actions }, () => below(4) === 0);
  const dense = 2 + below(6);
  const loose = below(3) === 0 ? 4 : 60;
  const some = (of: number, isIn: () => boolean): number[] => [...Array(of).keys()].filter(isIn);
  const state = (): MadeState => ({
    blocked: some(threads, () => below(loose) > 0),
    ready: [],
    holds: some(conditions, () => below(40) === 0),
    edges: Array.from({ length: below(dense) }, () => ({
      to: below(count),
      action: below(actions),
    })),
  });
  const states = Array.from({ length: count }, () => (below(30) === 0 ? null : state()));
  const levels: Ranges[] = [];
  for (let from = 0; from < count; ) {
    const to = Math.min(count, from + 1 + below(20));
    const middle = from + below(to - from);
    // Two ranges, and sometimes an index between them that no state has.
    levels.push(below(2) === 0 ? [from, to] : [from, middle, middle + below(2), to]);
    from = to;
  }
  const expanded = below(3) === 0 ? levels.slice(0, -1) : levels;
  const recoverables = some(conditions, () => below(2) === 0);
  return { graph: { states, threads, conditions, isEscape }, levels: expanded, recoverables };
}

const indices = (levels: readonly Ranges[]): number[] =>
  levels.flatMap((ranges) =>
    ranges.flatMap((from, at) =>
      at % 2 === 0
        ? Array.from({ length: (ranges[at + 1] as number) - from }, (_, offset) => from + offset)
        : [],
    ),
  );

/** By state, the bits of its mask: the definition, applied until nothing changes. */
function naive({ graph, levels, recoverables }: Case): readonly ReadonlySet<number>[] {
  const { states, threads, isEscape } = graph;
  const expanded = new Set(indices(levels));
  const all = [...Array(threads + recoverables.length).keys()];
  const masks = states.map((state, index) => {
    if (state === null || !expanded.has(index)) return new Set<number>();
    const holds = (bit: number): boolean =>
      bit < threads
        ? state.blocked.includes(bit)
        : !state.holds.includes(recoverables[bit - threads] as number);
    return new Set(all.filter(holds));
  });
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const [index, mask] of masks.entries()) {
      for (const { to, action } of states[index]?.edges ?? []) {
        for (const bit of [...mask]) {
          const counts = bit >= threads || isEscape[action] !== true;
          if (counts && masks[to]?.has(bit) !== true) {
            mask.delete(bit);
            isChanged = true;
          }
        }
      }
    }
  }
  return masks;
}

function problemOf(
  { graph, levels, recoverables }: Case,
  tuning: Tuning,
  surveyor: Surveyor = surveyorOf(graph),
): MaskProblem & { readonly plan: MaskPlan } {
  const isEscape = Uint8Array.from(graph.isEscape, (is) => (is ? 1 : 0));
  const plan = { threads: graph.threads, recoverables, isEscape };
  const budget = budgetOf(Number.POSITIVE_INFINITY);
  const count = graph.states.length;
  return { plan, surveyor, levels, count, budget, pace: NO_HURRY, tuning };
}

/** Keep all edges or none at first; go on with sweeps or with the worklist; sketch first or not. */
const TUNINGS: readonly Tuning[] = [
  { edgesKept: 1e9, sweepsPay: 0, isSketched: false },
  { edgesKept: 1e9, sweepsPay: 1e9, isSketched: false },
  { edgesKept: 0, sweepsPay: 1e9, isSketched: false },
  { edgesKept: 10, sweepsPay: 1 / 4, isSketched: false },
  { edgesKept: 1e9, sweepsPay: 1 / 8, isSketched: true },
  { edgesKept: 0, sweepsPay: 1e9, isSketched: true },
];

const SEEDS = [...Array(150).keys()];

async function masksOf(problem: MaskProblem) {
  const masks = await workOutMasks(problem);
  if (typeof masks === "string") throw new Error(masks);
  return masks;
}

describe.each([1, 5, 31, 40])("with %i threads", (threads) => {
  test.each(TUNINGS)("masks are the greatest fixpoint (%o)", async (tuning) => {
    let set = 0;
    for (const seed of SEEDS) {
      const drawn = draw(seed, threads);
      const problem = problemOf(drawn, tuning);
      const { words } = await masksOf(problem);
      const perState = maskWords(problem.plan);
      const found = drawn.graph.states.map((_, state) => {
        const bits = [...Array(perState * 32).keys()];
        return bits.filter(
          (bit) => (((words[state * perState + (bit >>> 5)] as number) >>> (bit & 31)) & 1) === 1,
        );
      });
      expect(found).toEqual(naive(drawn).map((mask) => [...mask].sort((a, b) => a - b)));
      set += found.flat().length;
    }
    // Where all came to nothing, nothing was compared.
    expect(set).toBeGreaterThan(100);
  });

  test("hung sets are those that do not grow, and those that are expected", async () => {
    let sets = 0;
    let added = 0;
    for (const seed of SEEDS) {
      const drawn = draw(seed, threads);
      const problem = problemOf(drawn, TUNINGS[seed % TUNINGS.length] as Tuning);
      const { words, unsettled } = await masksOf(problem);
      const { budget, levels, count, pace } = problem;
      const below = numbersFrom(seed);
      const order = drawn.graph.states.map(() => below(1_000_000));
      const compare = (a: number, b: number): number => (order[a] as number) - (order[b] as number);
      const hung = naive(drawn).map((mask) => [...mask].filter((bit) => bit < threads));
      const drawSet = (): number[] => hung[below(count)] ?? [];
      const [deadlocks, expected] = [[drawSet()], [drawSet(), drawSet()]];
      const masks = {
        words,
        perState: maskWords(problem.plan),
        bits: threadBits(problem.plan),
        unsettled,
      };
      const found = await hungSets({
        masks,
        levels,
        count,
        deadlocks,
        expected,
        budget,
        pace,
        compare,
      });
      const shown = naiveSets(drawn, hung, { deadlocks, expected, compare });
      if (typeof found === "string") throw new Error(found);
      expect(new Set(found)).toEqual(new Set(shown.all));
      sets += shown.all.length;
      added += shown.added;
    }
    expect(sets).toBeGreaterThan(10);
    // A single thread is hung with nobody, so that nobody joins it.
    expect(added > 0).toBe(threads > 1);
  });
});

/** The hung sets that are shown, by their definition. */
function naiveSets(
  { graph, levels }: Case,
  hung: readonly (readonly number[])[],
  {
    deadlocks,
    expected,
    compare,
  }: {
    readonly deadlocks: readonly (readonly number[])[];
    readonly expected: readonly (readonly number[])[];
    compare(a: number, b: number): number;
  },
) {
  const key = (state: number): string => (hung[state] ?? []).join();
  const reached = (from: number): ReadonlySet<number> => {
    const seen = new Set([from]);
    for (const state of seen) {
      for (const { to, action } of graph.states[state]?.edges ?? []) {
        if (graph.isEscape[action] !== true) seen.add(to);
      }
    }
    return seen;
  };
  const ordered = levels.flatMap((ranges, depth) =>
    indices([ranges])
      .sort(compare)
      .map((state) => ({ state, depth })),
  );
  const leastBy = (isWanted: (state: number) => boolean) => {
    const least = new Map<string, { state: number; depth: number }>();
    for (const one of ordered) {
      if (isWanted(one.state) && !least.has(key(one.state))) least.set(key(one.state), one);
    }
    return least;
  };
  const known = deadlocks.map((threads) => threads.join());
  const wanted = expected.map((threads) => threads.join());
  const isHung = (state: number): boolean => key(state) !== "" && !known.includes(key(state));
  const stable = leastBy(
    (state) => isHung(state) && [...reached(state)].every((other) => key(other) === key(state)),
  );
  const others = leastBy((state) => isHung(state) && wanted.includes(key(state)));
  const all = [...new Map([...others, ...stable])].map(([, { state, depth }]) => ({
    threads: hung[state],
    state,
    depth,
  }));
  return { all, added: all.length - stable.size };
}

describe("without room", () => {
  test("masks are given up, and what was taken is given back", async () => {
    let ends = 0;
    for (const seed of SEEDS) {
      const drawn = draw(seed, 5);
      for (const bytes of [0, 100, 5_000, 20_000]) {
        const budget = budgetOf(bytes);
        const problem = { ...problemOf(drawn, TUNINGS[0] as Tuning), budget };
        const masks = await workOutMasks(problem);
        if (masks === "memory") {
          ends += 1;
          expect(budget.taken()).toBe(0);
        }
      }
    }
    expect(ends).toBeGreaterThan(SEEDS.length);
  });

  test("a state that does not fit into the words of a survey ends it", async () => {
    const edges = Array.from({ length: 200 }, () => ({ to: 0, action: 0 }));
    const state = { blocked: [0], ready: [], holds: [], edges };
    const graph = { states: [state], threads: 1, conditions: 0, isEscape: [false] };
    const drawn = { graph, levels: [[0, 1]], recoverables: [] };
    expect(await workOutMasks(problemOf(drawn, TUNINGS[0] as Tuning))).toBe("memory");
  });
});
