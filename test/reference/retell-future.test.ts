import { describe, expect, test } from "vitest";
import type { SearchResult } from "../../src/outcome/outcome.ts";
import type { Sight, Sighting } from "../../src/outcome/sighting.ts";
import { retell } from "../../src/reference/retell.ts";
import { sightingsOf } from "../../src/reference/sightings.ts";
import { InternalError } from "../../src/support/internal-error.ts";
import { bothWays, searched, tampered } from "./retelling.ts";
import { build, options } from "./run.ts";

const DAEMON = "var beat: bool; thread daemon { loop { beat := !beat; } }";
const GROWING = `module m; ${DAEMON} var x: 0..1;
  thread a { await false; } thread b { x := 1; await false; }`;
const BOUND = `module m; var x: 0..1; thread a { await false; } thread b { x := 1; await false; }`;
const DOOMED = `module m; var z: 0..2; var x: 0..3; thread t { await x == 3; }
  thread u { x := 1; either { x := 2; } or { x := 3; } } thread v { z := 1; z := 2; }
  check c expect deadlock(t);`;
const LOST = `module m; var x: 0..3; thread t { x := 1; either { x := 2; } or { x := 3; } }
  recoverable low: x < 2; recoverable any: x < 4;`;
const DOOR = `module m; var open: bool; var got: bool; thread door { loop { open := !open; } }
  thread t { await open; got := true; } property p: eventually got; property q: eventually open;`;
const CHOICES = `module m; var last: 0..2; var beat: bool;
  fair transition put(i in 0..2, j in 0..1) when last != i { last := i; beat := !beat; }
  property p: always last != 2;`;
const LOCKS = `module m; type Mutex = struct { owner: Thread?; };
  proc take(m: ref Mutex) { atomic { await m.owner == none; m.owner := self; } }
  proc unlock(m: ref Mutex) { m.owner := none; }
  var a: Mutex; var b: Mutex; var gate: bool;
  thread t { take(a); take(b); unlock(b); unlock(a); gate := true; }
  thread u { await idle gate; take(b); take(a); unlock(a); unlock(b); }`;
const FLAG = `module m; var flag: bool; thread waker { flag := true; flag := false; flag := true; }
  thread waiter { await flag; } thread other { await strong flag; }
  var n: 0..1; thread late { n := 1; }`;

const SUSPICIONS = { suspicions: true };

/** What each of these specs has to tell, so that nothing is compared with nothing. */
const TOLD: readonly (readonly [string, string, readonly string[]])[] = [
  ["a hang", `module m; ${DAEMON} thread t { await false; }`, ["hung"]],
  [
    "a hang from which an escape could save",
    `module m; ${DAEMON} var x: 0..1; thread t { await x == 1; } escape thread e { x := 1; }`,
    ["hung"],
  ],
  [
    "a deadlock before which a step may fail",
    `${BOUND} thread e { atomic { await idle x == 0; x := 9; } } check c expect error;`,
    ["deadlock", "error"],
  ],
  [
    "a deadlock with another way to it that was not followed to its end",
    `${BOUND} var n: 0..1; thread v { atomic { await idle x == 0; n := 1; } }`,
    ["deadlock"],
  ],
  [
    "several of a kind",
    `module m; var x: 0..1; thread t { x := 1; } recoverable b: x == 0; recoverable a: x == 0;
     property q: always x == 0; property p: always x == 0;`,
    ["property", "property", "recoverable", "recoverable"],
  ],
  ["a hang that grows", `${GROWING} check c expect hung(a);`, ["hung", "hung"]],
  ["a deadlock that could not be helped", DOOMED, ["deadlock"]],
  ["what is never again", LOST, ["recoverable"]],
  ["a cycle", DOOR, ["property", "unstable"]],
  ["a cycle of choices", CHOICES, ["property"]],
  [
    "a behaviour that stops",
    "module m; var x: 0..1; thread t { x := 1; } property p: always x == 0;",
    ["property"],
  ],
  [
    "one that stops at once",
    "module m; var x: 0..1; unfair thread t { x := 1; } property p: eventually x == 1;",
    ["property"],
  ],
  ["an unstable wait", FLAG, ["unstable"]],
  [
    "an unstable retry, which is not told",
    FLAG.replace("await flag;", "while (!flag) { }"),
    ["unstable"],
  ],
  ["locks in both orders", LOCKS, ["order", "order"]],
  [
    "several pairs of locks",
    LOCKS.replace("var gate", "var c: Mutex; var gate")
      .replace("unlock(b); unlock(a); gate", "take(c); unlock(c); unlock(b); unlock(a); gate")
      .replace("take(b); take(a);", "take(c); take(b); take(a); unlock(c);"),
    ["order", "order", "order", "order", "order", "order"],
  ],
  [
    "predicates without value",
    "module m; var x: 0..1; thread t { x := 1; } property p: eventually 1 / (1 - x) == 0; recoverable r: 1 / (1 - x) == 1; check c expect error;",
    ["error", "property", "recoverable"],
  ],
];

function kindOf({ what }: Sighting): string {
  return what.kind;
}

describe("what can still happen is retold as the search itself tells it", () => {
  test.each(TOLD)("%s", async (_, text, kinds) => {
    const built = build(text);
    const { direct, retold } = await bothWays(built, SUSPICIONS);
    expect(retold).toEqual(direct);
    const sightings = sightingsOf(await searched(built, SUSPICIONS));
    const { seen } = sightings;
    // Whoever saw it may tell it in any order.
    const reversed = { ...sightings, seen: seen.toReversed() };
    expect(retell(built.program, reversed, { ...built, properties: null })).toEqual(direct);
    expect(seen.map(kindOf).sort()).toEqual(kinds);
  });

  test.each(TOLD)("%s, where the search was cut short", async (_, text) => {
    const built = build(text);
    for (const depth of [0, 1, 2, 3, 5]) {
      const limits = { ...options(built.sources).limits, depth };
      const { direct, retold } = await bothWays(built, { ...SUSPICIONS, limits });
      expect(retold).toEqual(direct);
    }
  });
});

/** Changes what was seen, and nothing else. */
function seen<Kind extends Sight["kind"]>(
  kind: Kind,
  change: (what: Extract<Sight, { readonly kind: Kind }>) => Partial<Sight>,
): (sighting: Sighting) => Partial<Sighting> {
  const isOf = (what: Sight): what is Extract<Sight, { readonly kind: Kind }> => what.kind === kind;
  return ({ what }) => (isOf(what) ? { what: { ...what, ...change(what) } } : {});
}

type Tampering = readonly [
  string,
  string,
  Sight["kind"],
  (sighting: Sighting) => Partial<Sighting>,
  RegExp,
];

async function expectRefused([, text, kind, change, message]: Tampering): Promise<void> {
  const retelling = await tampered(text, kind, change, SUSPICIONS);
  expect(retelling).toThrow(InternalError);
  expect(retelling).toThrow(message);
}

describe("engines that disagree about hangs", () => {
  const HANGS: readonly Tampering[] = [
    [
      "a thread that goes on",
      GROWING,
      "hung",
      seen("hung", () => ({ threads: [0, 1, 2] })),
      /\(daemon, a, b\) can go on/,
    ],
    [
      "only some of the threads",
      GROWING,
      "hung",
      seen("hung", () => ({ threads: [1] })),
      /\(a, b\) are hung, not only \(a\)/,
    ],
    ["no thread at all", GROWING, "hung", seen("hung", () => ({ threads: [] })), /no threads/],
    [
      "a state from which more can come",
      GROWING,
      "hung",
      ({ path }) => ({
        what: { kind: "hung", threads: [1] },
        path: path.slice(0, 1),
        length: 0,
        doomedAt: 0,
      }),
      /more than \(a\) can come to hang/,
    ],
    [
      "a thread that somebody can still save",
      `module m; ${DAEMON} var x: 0..1; thread t { await x == 1; } thread u { await idle beat; x := 1; }
       reachable begin: x == 0;`,
      "reachable",
      () => ({ what: { kind: "hung", threads: [1] } }),
      /\(t\) can go on/,
    ],
    [
      "a way out of the constraint",
      `module m; var x: 0..3; thread t { await false; } thread u { loop { atomic { x := 3 - x; } } }
       constraint x == 0; reachable begin: x == 0;`,
      "reachable",
      () => ({ what: { kind: "hung", threads: [0] } }),
      /or leave the constraint/,
    ],
    [
      "doom that comes too early",
      DOOMED,
      "deadlock",
      () => ({ doomedAt: 1 }),
      /\(t\) can still be saved at step 1/,
    ],
    ["doom that came before", DOOMED, "deadlock", () => ({ doomedAt: 3 }), /doomed before step 3/],
    ["doom behind the end", DOOMED, "deadlock", () => ({ doomedAt: 9 }), /a state of the path/],
    [
      "doom of nobody",
      `${GROWING} invariant i: x == 0; check c expect violation(i), hung;`,
      "invariant",
      () => ({ doomedAt: 0 }),
      /nobody is doomed in a sight of invariant/,
    ],
  ];

  test.each(HANGS)("%s", async (...tampering) => {
    await expectRefused(tampering);
  });

  test("trust each other beyond some thousands of states", async () => {
    /** Thread t is saved after so many rounds of two steps. */
    const text = (saved: number): string => `module m; var n: 0..9999 = 0;
      thread t { await n == ${saved}; }
      thread up { loop { atomic { await n < 9999; n := n + 1; } } } reachable begin: n == 0;
      check c expect hung;`;
    const change = (): Partial<Sighting> => ({ what: { kind: "hung", threads: [0] } });
    const limits = { ...options(new Map()).limits, depth: 1 };
    const nearby = await tampered(text(2_000), "reachable", change, { limits });
    expect(nearby).toThrow(/\(t\) can go on/);
    const faraway = await tampered(text(9_000), "reachable", change, { limits });
    expect(faraway().findings).toMatchObject([{ kind: "hung", threads: ["t"] }]);
  });
});

describe("engines that disagree about behaviours", () => {
  const BEHAVIOURS: readonly Tampering[] = [
    [
      "a condition that can be satisfied again",
      LOST,
      "recoverable",
      seen("recoverable", () => ({ index: 1 })),
      /any can be satisfied again/,
    ],
    [
      "a state from which it can be satisfied",
      LOST,
      "recoverable",
      ({ path }) => ({ path: path.slice(0, 1), length: 0 }),
      /low can be satisfied again/,
    ],
    [
      "a condition that may be satisfied outside of the constraint",
      `module m; var x: 0..3; thread t { x := 1; x := 2; } recoverable low: x == 0;
       constraint x < 2; reachable one: x == 1;`,
      "reachable",
      () => ({ what: { kind: "recoverable", index: 0 } }),
      /low can be satisfied again/,
    ],
    [
      "a condition that an escape may satisfy",
      `module m; var x: 0..3; thread t { x := 1; } escape thread e { await x == 1; x := 0; }
       recoverable low: x == 0; reachable one: x == 1;`,
      "reachable",
      () => ({ what: { kind: "recoverable", index: 0 } }),
      /low can be satisfied again/,
    ],
    [
      "a step that changes nothing",
      `module m; ${DAEMON} var x: 0..1; thread t { while (x == 0) { } } property p: eventually done(t);`,
      "property",
      ({ what, path }) => ({
        what: { ...what, loop: 0, steps: [{ agent: 1, choice: null }] } as Sight,
        path: path.slice(0, 1),
        length: 1,
      }),
      /step 0 is none of agent 1/,
    ],
    [
      "a property that holds",
      DOOR,
      "property",
      seen("property", () => ({ index: 1 })),
      /no violation of q: the formula holds/,
    ],
    [
      "a step of somebody else",
      DOOR,
      "property",
      seen("property", ({ steps }) => ({ steps: steps.with(0, { agent: 1, choice: null }) })),
      /step 0 is none of agent 1/,
    ],
    [
      "a choice of somebody who has none",
      DOOR,
      "property",
      seen("property", ({ steps }) => ({ steps: steps.with(0, { agent: 0, choice: 0 }) })),
      /step 0 is none of agent 0/,
    ],
    [
      "another choice",
      CHOICES,
      "property",
      seen("property", ({ steps }) => ({
        steps: steps.map(({ agent, choice }) => ({ agent, choice: ((choice ?? 0) + 2) % 6 })),
      })),
      /is none of agent 0/,
    ],
    [
      "no choice of somebody who has one",
      CHOICES,
      "property",
      seen("property", ({ steps }) => ({
        steps: steps.with(0, { agent: steps[0]?.agent ?? -1, choice: null }),
      })),
      /step 0 is none of agent 0/,
    ],
    [
      "a step too many",
      DOOR,
      "property",
      seen("property", ({ steps }) => ({ steps: [...steps, ...steps] })),
      /4 steps, not 2/,
    ],
    [
      "a cycle that does not close",
      DOOR,
      "property",
      ({ what, path, length }) => ({
        what: { ...what, loop: 0, steps: [{ agent: 0, choice: null }] } as Sight,
        path: path.slice(0, 1),
        length: length - 1,
      }),
      /step 0 is none of agent 0 that changes the state/,
    ],
    [
      "a loop that begins nowhere",
      DOOR,
      "property",
      seen("property", () => ({ loop: 7 })),
      /a loop/,
    ],
    [
      "a behaviour that stops where somebody goes on",
      DOOR,
      "property",
      ({ what, path }) => ({
        what: { ...what, loop: null, steps: [] } as Sight,
        path: path.slice(0, 1),
        length: 0,
      }),
      /no violation of p: stops where/,
    ],
    [
      "a cycle that is not fair to a strong wait",
      DOOR.replace("await open; got := true;", "await strong open; await false; got := true;"),
      "property",
      ({ what, path }) => {
        const first = path.slice(0, 1);
        const second = path.filter((one) => one.variables[0] === true).slice(0, 1);
        const step = { agent: 0, choice: null };
        return {
          what: { ...what, loop: 0, steps: [step, step] } as Sight,
          path: [...first, ...second],
          length: 2,
        };
      },
      /no violation of p: the loop never takes a step of constraint/,
    ],
    [
      "a cycle that is not fair to a thread",
      `module m; ${DAEMON} var x: 0..1; thread t { x := 1; } property p: always x == 0;
       property q: eventually x == 1;`,
      "property",
      ({ what, path }) => {
        const [first] = path;
        const step = { agent: 0, choice: null };
        const second = { ...first, variables: [true, 0] };
        return {
          what: { ...what, index: 1, loop: 0, steps: [step, step] } as Sight,
          path: [first, second] as Sighting["path"],
          length: 2,
        };
      },
      /no violation of q: the loop never takes a step of constraint/,
    ],
  ];

  test.each(BEHAVIOURS)("%s", async (...tampering) => {
    await expectRefused(tampering);
  });

  test.each([
    ["recoverable", LOST, /recoverable low was not asked for/],
    ["property", DOOR, /property p was not asked for/],
  ])("a %s that nobody asked for", async (_, text, message) => {
    const built = build(text);
    const sightings = sightingsOf(await searched(built));
    const retelling = (): SearchResult =>
      retell(built.program, sightings, { ...built, properties: new Set(["any", "q"]) });
    expect(retelling).toThrow(message);
  });
});

describe("engines that disagree about suspicions", () => {
  const SUSPECTED: readonly Tampering[] = [
    [
      "a wait of another thread",
      FLAG,
      "unstable",
      seen("unstable", () => ({ thread: 0 })),
      /nobody keeps thread 0 from going on/,
    ],
    [
      "a wait that is served in turn",
      FLAG,
      "unstable",
      seen("unstable", () => ({ thread: 2 })),
      /nobody keeps thread 2 from going on/,
    ],
    [
      "a wait of another statement",
      FLAG,
      "unstable",
      seen("unstable", ({ statement }) => ({ statement: statement + 1 })),
      /nobody keeps thread 1 from going on at statement/,
    ],
    [
      "a state at which nothing is taken away",
      FLAG,
      "unstable",
      ({ path }) => ({ path: path.slice(0, 1), length: 1 }),
      /nobody keeps thread 1/,
    ],
    [
      "locks the other way round",
      LOCKS,
      "order",
      seen("order", ({ first, second }) => ({ first: second, second: first })),
      /does not take the second lock there/,
    ],
    [
      "a lock of another thread",
      LOCKS,
      "order",
      seen("order", ({ thread }) => ({ thread: 1 - thread })),
      /does not take the second lock there/,
    ],
  ];

  test.each(SUSPECTED)("%s", async (...tampering) => {
    await expectRefused(tampering);
  });

  test("one order without the other", async () => {
    const built = build(LOCKS);
    const sightings = sightingsOf(await searched(built, SUSPICIONS));
    const one = sightings.seen.findIndex(({ what }) => what.kind === "order");
    const seenLess = { ...sightings, seen: sightings.seen.toSpliced(one, 1) };
    expect(() => retell(built.program, seenLess, { ...built, properties: null })).toThrow(
      /orders of locks that do not come in pairs/,
    );
  });
});
