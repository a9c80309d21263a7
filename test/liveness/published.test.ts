import { describe, expect, test } from "vitest";
import type { FairnessConstraint, GraphFormula, Lasso } from "../../src/liveness/graph.ts";
import { spelled, violatesByBruteForce } from "./brute-force.ts";
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

/** A property of a graph, and whether it holds. Why it does is said in the name. */
interface Case {
  readonly name: string;
  readonly graph: Sketch;
  readonly property: GraphFormula;
  readonly fair?: readonly FairnessConstraint[];
  readonly holds: boolean;
}

/** One step from 0 to 1, where p (predicate 0) holds. */
const STEP: Sketch = { states: 2, edges: [[0, 1, 0]], holds: [[1], []] };
/** Any of four values to any other, as in TLC's issue 604; p holds at none, q at each, r at value 0. */
const FREE: Sketch = {
  states: 4,
  edges: [0, 1, 2, 3].flatMap((from) =>
    [0, 1, 2, 3].filter((to) => to !== from).map((to) => [from, to, 0] as const),
  ),
  holds: [[], [0, 1, 2, 3], [0]],
};
/** 1 2 3 4 5 in steps, q (1) at the end, p (0) at the beginning. */
const COUNT: Sketch = {
  states: 5,
  edges: [0, 1, 2, 3].map((from) => [from, from + 1, 0] as const),
  holds: [[0], [4]],
};
/** x goes on and off: action 0 and 1. */
const SWITCH: Sketch = {
  states: 2,
  edges: [
    [0, 1, 0],
    [1, 0, 1],
  ],
  holds: [[1]],
};
/** Working 0, crashed 1, done 2: crash is action 0, recover 1, finish 2. */
const CHURN: Sketch = {
  states: 3,
  edges: [
    [0, 1, 0],
    [1, 0, 1],
    [0, 2, 2],
  ],
  holds: [[2], [0]],
};
/** A round 0 1 with an unfair way out to 2, where it goes on for ever between 2 and 3. */
const SEATS: Sketch = {
  states: 4,
  edges: [
    [0, 1, 0],
    [1, 0, 0],
    [1, 2, 1],
    [2, 3, 2],
    [3, 0, 2],
  ],
  holds: [[2], [0]],
};

const CONSTANTS: Case[] = [
  { property: eventually(1), holds: true },
  { property: eventually(or(2, not(2))), holds: true },
  { property: eventually(always(1)), holds: true },
  { property: eventually(0), holds: false },
  { property: eventually(always(0)), holds: false },
  { property: leadsTo(1, 0), holds: false },
  { property: leadsTo(or(2, not(2)), and(2, not(2))), holds: false },
  { property: leadsTo(0, 0), holds: true },
  { property: leadsTo(0, 1), holds: true },
  { property: leadsTo(and(2, not(2)), 2), holds: true },
  { property: always(leadsTo(0, 2)), holds: true },
  { property: leadsTo(1, 1), holds: true },
  { property: always(iff(2, 2)), holds: true },
  { property: always(iff(2, not(2))), holds: false },
].map((one, at) => ({
  ...one,
  name: `TLC 604, ${at}: a formula that is constant, or has a constant part`,
  graph: FREE,
  fair: [weak(0)],
}));

const CASES: Case[] = [
  ...CONSTANTS,
  {
    // stateright/stateright#3
    name: "Stateright 3: a cycle on which p never holds violates eventually p",
    graph: {
      states: 3,
      edges: [
        [0, 1, 0],
        [1, 2, 0],
        [2, 1, 0],
      ],
      holds: [[]],
    },
    property: eventually(0),
    fair: [weak(0)],
    holds: false,
  },
  {
    name: "Stateright 3: a state met with p behind it and again without it counts for both",
    graph: {
      states: 4,
      edges: [
        [0, 1, 0],
        [0, 2, 0],
        [1, 3, 0],
        [2, 3, 0],
      ],
      holds: [[1]],
    },
    property: eventually(0),
    fair: [weak(0)],
    holds: false,
  },
  {
    // fabracht/tla-rs#62
    name: "tla-rs 62: nothing makes an unfair step happen",
    graph: STEP,
    property: eventually(0),
    holds: false,
  },
  {
    name: "tla-rs 62: a fair step happens",
    graph: STEP,
    property: eventually(0),
    fair: [weak(0)],
    holds: true,
  },
  {
    name: "tla-rs 62: eventually always p is not the same as always eventually p",
    graph: SWITCH,
    property: implies(always(eventually(0)), eventually(always(0))),
    fair: [weak(0), weak(1)],
    holds: false,
  },
  {
    // fabracht/tla-rs#63: the self-loop of a fair action is no edge, and does not enable it.
    name: "tla-rs 63: a fair action that can also change nothing has to change something",
    graph: {
      states: 4,
      edges: [
        [0, 1, 0],
        [1, 2, 0],
        [2, 3, 0],
      ],
      holds: [[3]],
    },
    property: eventually(0),
    fair: [weak(0)],
    holds: true,
  },
  {
    // tlaplus/tlaplus#871
    name: "TLC 871: a strong action that changes nothing any more lets the behaviour stop",
    graph: { states: 2, edges: [[0, 1, 0]], holds: [[]], actions: 2 },
    property: eventually(0),
    fair: [strong(0), strong(1)],
    holds: false,
  },
  {
    // fabracht/tla-rs#59
    name: "tla-rs 59: an unfair cycle is no behaviour, so it violates nothing",
    graph: { ...SEATS, edges: [...SEATS.edges, [0, 2, 1]] },
    property: leadsTo(1, 0),
    fair: [weak(0), weak(1), weak(2)],
    holds: true,
  },
  {
    name: "tla-rs 59: the round inside is unfair though the whole component is fair",
    graph: SEATS,
    property: eventually(0),
    fair: [strong(1), weak(0)],
    holds: true,
  },
  {
    name: "tla-rs 59: weak fairness does not force a way out that is shut in between",
    graph: SEATS,
    property: eventually(0),
    fair: [weak(1), weak(0)],
    holds: false,
  },
  {
    // tlaplus/tlaplus#1037 and pull request 1348
    name: "TLC 1037: p => eventually always q needs the whole path",
    graph: COUNT,
    property: implies(0, eventually(always(1))),
    fair: [weak(0)],
    holds: true,
  },
  {
    name: "TLC 1037: without fairness the behaviour may stop on the way",
    graph: COUNT,
    property: implies(0, eventually(always(1))),
    holds: false,
  },
  {
    // tlaplus/tlaplus#710 and #971
    name: "TLC 710: on at most once, by nested always",
    graph: SWITCH,
    property: always(implies(0, always(implies(not(0), always(not(0)))))),
    holds: false,
  },
  {
    // tlaplus/tlaplus#201: the steps of a component count, not those between any two of its states.
    name: "TLC 201: a round in the other direction takes no step of the fair action",
    graph: {
      states: 3,
      edges: [
        [0, 1, 0],
        [1, 2, 0],
        [2, 0, 0],
        [1, 0, 1],
        [2, 1, 1],
        [0, 2, 1],
      ],
      holds: [[1], [2]],
    },
    property: eventually(always(not(1))),
    fair: [weak(0)],
    holds: false,
  },
  {
    name: "TLC 201: where only the other direction goes round in it, it is not fair",
    graph: {
      states: 3,
      edges: [
        [0, 1, 0],
        [1, 2, 1],
        [2, 1, 1],
      ],
      holds: [[]],
      alsoEnabled: [
        [1, 0],
        [2, 0],
      ],
    },
    property: eventually(0),
    fair: [weak(0)],
    holds: true,
  },
  {
    // diffblue/hw-cbmc#2007
    name: "EBMC 2007: with two things that must recur, what never happens still never happens",
    graph: SWITCH,
    property: implies(
      and(always(eventually(0)), always(eventually(not(0)))),
      eventually(and(0, not(0))),
    ),
    holds: false,
  },
  {
    // nimble-code/Spin#38: n is 0, or what P (action 0) or Q (action 1) wrote last; 3 and 4 are both done.
    name: "SPIN 38: eventually always n == 1 fails where Q writes last, fair or not",
    graph: {
      states: 5,
      edges: [
        [0, 1, 0],
        [0, 2, 1],
        [1, 4, 1],
        [2, 3, 0],
      ],
      holds: [[1, 3]],
    },
    property: eventually(always(0)),
    fair: [weak(0), weak(1)],
    holds: false,
  },
  {
    // ymm-oss/fsl#639
    name: "FSL 639: weak fairness does not get through where a crash comes in between",
    graph: CHURN,
    property: leadsTo(1, 0),
    fair: [weak(1), weak(2)],
    holds: false,
  },
  {
    name: "FSL 639: strong fairness does",
    graph: CHURN,
    property: leadsTo(1, 0),
    fair: [weak(1), strong(2)],
    holds: true,
  },
];

const OURS: Case[] = [
  {
    name: "a tautological left side asks for p again and again",
    graph: SWITCH,
    property: leadsTo(or(0, not(0)), 0),
    fair: [weak(0), weak(1)],
    holds: true,
  },
  {
    name: "... and where a behaviour may stop without p, it is violated",
    graph: SWITCH,
    property: leadsTo(or(0, not(0)), 0),
    fair: [weak(1)],
    holds: false,
  },
  {
    name: "p ~> q is met by a q at once",
    graph: { states: 2, edges: [[0, 1, 0]], holds: [[0], [0]] },
    property: leadsTo(0, 1),
    fair: [weak(0)],
    holds: true,
  },
  {
    name: "a q before p does not meet p ~> q",
    graph: { states: 2, edges: [[0, 1, 0]], holds: [[1], [0]] },
    property: leadsTo(0, 1),
    fair: [weak(0)],
    holds: false,
  },
  {
    name: "a behaviour cannot stop where a fair step is sure to fail",
    graph: { states: 2, edges: [[0, 1, 0]], holds: [[]], alsoEnabled: [[1, 0]] },
    property: eventually(0),
    fair: [weak(0)],
    holds: true,
  },
  {
    name: "a cycle on which a step that fails is owed for ever is unfair",
    graph: {
      ...SWITCH,
      alsoEnabled: [
        [0, 2],
        [1, 2],
      ],
      holds: [[]],
    },
    property: eventually(0),
    fair: [weak(2)],
    holds: true,
  },
  {
    name: "... unless it is not possible all the time, and only weak",
    graph: { ...SWITCH, alsoEnabled: [[0, 2]], holds: [[]] },
    property: eventually(0),
    fair: [weak(2)],
    holds: false,
  },
  {
    // tlaplus/tlaplus#839 asks what a state constraint means for liveness.
    name: "what comes to a state outside the constraint may go on well",
    graph: { states: 2, edges: [[0, 1, 0]], holds: [[]], frontier: [1] },
    property: eventually(0),
    fair: [weak(0)],
    holds: true,
  },
  {
    name: "... but who need not go there has a behaviour inside",
    graph: { states: 2, edges: [[0, 1, 0]], holds: [[]], frontier: [1] },
    property: eventually(0),
    holds: false,
  },
  {
    name: "a fair step that leads outside the constraint keeps from going round inside",
    graph: {
      ...SWITCH,
      alsoEnabled: [
        [0, 2],
        [1, 2],
      ],
      holds: [[]],
    },
    property: always(0),
    fair: [weak(0), weak(1), strong(2)],
    holds: true,
  },
  {
    name: "a state whose only steps change nothing is one where a behaviour stops",
    graph: { states: 1, edges: [], holds: [[]], actions: 1 },
    property: eventually(0),
    fair: [strong(0)],
    holds: false,
  },
  {
    name: "an unfair agent may rest while the others go round",
    graph: CHURN,
    property: eventually(0),
    fair: [weak(0), weak(1)],
    holds: false,
  },
  {
    // 4 is avoided for action 1, then 3 for action 2, whose only step leads to 4: 0 and 1 remain.
    name: "strong constraints forbid states one after the other, and a round remains",
    graph: {
      states: 5,
      edges: [
        [0, 1, 0],
        [1, 0, 0],
        [1, 3, 0],
        [3, 0, 0],
        [3, 4, 2],
        [4, 0, 0],
      ],
      holds: [[]],
      alsoEnabled: [[4, 1]],
    },
    property: eventually(0),
    fair: [strong(1), strong(2), weak(0)],
    holds: false,
  },
  {
    name: "strong constraints forbid states one after the other, and none remains",
    graph: {
      states: 5,
      edges: [
        [0, 1, 0],
        [1, 3, 0],
        [3, 0, 0],
        [3, 4, 2],
        [4, 0, 0],
      ],
      holds: [[]],
      alsoEnabled: [[4, 1]],
    },
    property: eventually(0),
    fair: [strong(1), strong(2), weak(0)],
    holds: true,
  },
  {
    name: "a constraint over two actions is kept by either of them",
    graph: CHURN,
    property: eventually(0),
    fair: [strong(1, 2), weak(0)],
    holds: false,
  },
  {
    name: "nested: always p, or else q again and again",
    graph: SWITCH,
    property: or(eventually(always(0)), always(eventually(not(0)))),
    holds: true,
  },
];

describe.each([
  { title: "what other checkers got wrong once", cases: CASES },
  { title: "what is easy to get wrong", cases: OURS },
])("$title", ({ cases }) => {
  test.each(cases)("$name", async ({ graph, property, fair = [], holds }) => {
    const { kind } = await judgeNow(graphOf(graph), property, fair);
    expect(kind).toBe(holds ? "holds" : "violated");
    expect(violatesByBruteForce(graphOf(graph), spelled(property), fair)).toBe(!holds);
  });
});

async function lassoIn(
  graph: Sketch,
  property: GraphFormula,
  ...fair: FairnessConstraint[]
): Promise<Lasso | null> {
  const judgement = await judgeNow(graphOf(graph), property, fair);
  return judgement.kind === "violated" ? judgement.lasso : null;
}

describe("a lasso", () => {
  test("goes along steps, though its component is larger (tla-rs 64)", async () => {
    const round: Sketch = {
      states: 3,
      edges: [
        [0, 1, 0],
        [1, 2, 0],
        [2, 0, 0],
      ],
      holds: [[1, 2]],
    };
    expect(await lassoIn(round, eventually(always(0)), weak(0))).toEqual({
      path: [0, 1, 2],
      actions: [0, 0, 0],
      loop: 0,
    });
  });

  test("ends where nothing fair is left to do, without a stutter", async () => {
    expect(await lassoIn(SWITCH, eventually(always(0)))).toEqual({
      path: [0],
      actions: [],
      loop: null,
    });
  });

  test("is as short as TLC 710 wished: off, on, off, on, and it may stop there", async () => {
    const once = always(implies(0, always(implies(not(0), always(not(0))))));
    expect(await lassoIn(SWITCH, once)).toEqual({
      path: [0, 1, 0, 1],
      actions: [0, 1, 0],
      loop: null,
    });
  });

  test("takes the least of several ways", async () => {
    const fork: Sketch = {
      states: 4,
      edges: [
        [0, 1, 0],
        [0, 2, 1],
        [1, 3, 0],
        [2, 3, 1],
        [2, 3, 0],
      ],
      holds: [[3]],
      ranks: [0, 3, 2, 1],
    };
    expect(await lassoIn(fork, always(not(0)), weak(0, 1))).toEqual({
      path: [0, 2, 3],
      actions: [1, 0],
      loop: null,
    });
  });
});
