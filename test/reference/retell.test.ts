import { readdirSync } from "node:fs";
import { Map as MapOf, Set as SetOf } from "immutable";
import { describe, expect, test } from "vitest";
import { prepare } from "../../src/check/prepare.ts";
import type { Program } from "../../src/core/program.ts";
import { nodeHost } from "../../src/index/node-host.ts";
import type { SearchResult } from "../../src/outcome/outcome.ts";
import type { Sighting, Sightings } from "../../src/outcome/sighting.ts";
import { explore } from "../../src/reference/explore.ts";
import { createMachine } from "../../src/reference/machine.ts";
import { plainOf, stateFrom } from "../../src/reference/plain.ts";
import { retell } from "../../src/reference/retell.ts";
import { sightingsOf } from "../../src/reference/sightings.ts";
import { decodeState, framesAt } from "../../src/reference/state.ts";
import { InternalError } from "../../src/support/internal-error.ts";
import type { SetValue, StructValue, Value } from "../../src/values/value.ts";
import { bothWays, searched, TIMELESS, tampered } from "./retelling.ts";
import { type Built, build, options } from "./run.ts";

/** What was found, in short: `error`, `violation low`. */
function kinds({ findings }: SearchResult): readonly string[] {
  return findings.map((one) => (one.kind === "violation" ? `violation ${one.name}` : one.kind));
}

/** The program of each check of a spec file. */
async function programsOf(file: string): Promise<readonly Built[]> {
  const { programs, sources } = await prepare(nodeHost(), file, {
    checks: null,
    constants: [],
    constantsOrigin: "<none>",
    constantsPrefix: "",
    properties: null,
  });
  return programs.map((program) => ({ program, sources }));
}

function specsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".spec"))
    .map((file) => `${folder}/${file}`);
}

const SMALL = [...specsIn("specs/examples"), ...specsIn("specs/lib/tests")];
/** Of each check only the first states are searched: test/differential compares the whole search. */
const LARGE = ["specs/dm-era.spec", "specs/raid10.spec"];
const STATES_OF_LARGE = 2_000;

describe("what a search saw is retold as the search itself tells it", { timeout: 300_000 }, () => {
  test.each(SMALL)("%s", async (file) => {
    const all = await programsOf(file);
    expect(all).not.toEqual([]);
    for (const built of all) {
      const { direct, retold } = await bothWays(built, { suspicions: true });
      expect(retold, built.program.check.name).toEqual(direct);
    }
  });

  test.each(LARGE)("%s", async (file) => {
    const all = await programsOf(file);
    expect(all).not.toEqual([]);
    for (const built of all) {
      const limits = { ...options(built.sources).limits, states: STATES_OF_LARGE };
      const { direct, retold } = await bothWays(built, { limits, suspicions: true });
      expect(retold, built.program.check.name).toEqual(direct);
    }
  });
});

/** A spec for each kind of finding, with what is found in it. */
const FOUND: readonly (readonly [string, readonly string[], string])[] = [
  [
    "a start that fails",
    ["error"],
    `var x: 0..2 in 1..2; var y: 0..9;
     thread t { let q = 1; if (q == 1) { assert q > 0; } var v: 0..1 = 2 / q; x := v; }`,
  ],
  [
    "a start that fails an assertion",
    ["assertion"],
    "var x: 0..2; thread t { let q = 1; assert q == 2; x := 1; }",
  ],
  [
    "a step that fails, the second of its agent",
    ["error"],
    `var x: 0..3; var m: map<0..1, 0..1>;
     thread t { x := 1; choose i in 0..3 { m[i] := 1; } }
     thread u { x := 2; }`,
  ],
  [
    "an error and an assertion, each behind the other",
    ["error", "assertion"],
    `var x: 0..3; thread t { choose i in 0..1 { atomic { assert i > 0; x := 4 * i; } } }
     thread u { choose i in 0..1 { atomic { x := 4 * i; assert i > 0; } } }`,
  ],
  [
    "an assertion inside atomic",
    ["assertion"],
    "var x: 0..3; thread t { x := 1; atomic { either { x := 2; } or { x := 3; } assert x < 3; } }",
  ],
  [
    "a constraint without value",
    ["error"],
    "var x: 0..3; var q: seq<0..1, 2>; thread t { x := 1; } constraint x == 0 || head(q) == 0;",
  ],
  [
    "an invariant without value, and one that is violated",
    ["error", "violation low"],
    `var x: 0..3; var o: 0..3?; thread t { while (x < 3) { x := x + 1; } }
     invariant low: x < 2; invariant some: x < 2 || the(o) == 1;`,
  ],
  [
    "an invariant that is violated outside of the constraint",
    ["violation low"],
    "var x: 0..3; thread t { while (x < 3) { x := x + 1; } } constraint x < 2; invariant low: x < 2;",
  ],
  [
    "a step property without value",
    ["error"],
    `var x: 0..3; var y: 0..1; thread t { x := 1; either { y := 1; } or { x := 2; } }
     step even: x' % x' == 0 && 3 / (3 - x') > 0; thread u { choose i in 0..3 { x := i; } }`,
  ],
  [
    "a step property that is violated by the second way",
    ["violation grows"],
    "var x: 0..3 = 1; thread t { choose i in {3, 0} { x := i; } } step grows: x' >= x;",
  ],
  [
    "a reachable without value",
    ["error"],
    "var x: 0..3; thread t { x := 2; x := 1; } reachable r: x > 0 && 4 / (2 - x) == 1;",
  ],
  [
    "a final without value",
    ["error"],
    "var x: 0..3; transition up when x < 2 { x := x + 1; } final: 1 / (x - 2) == 1;",
  ],
  [
    "a deadlock without threads",
    ["deadlock"],
    "var x: 0..3; transition put(i in 0..1, j in 0..2) when x < 2 { x := i + j; } final: x == 2;",
  ],
  [
    "two deadlocks and a reachable that is not reached",
    ["deadlock", "deadlock", "violation never"],
    `var x: 0..2; thread t { either { x := 1; } or { x := 2; } await x != 1; }
     thread u { await idle x == 1; x := 1; await x != 1; }
     thread v { await x == 1; }
     check c expect deadlock states 9; reachable never: x == 1 && done(t);
     reachable one: x == 1; reachable begin: x == 0;`,
  ],
  [
    "a command that belongs to a later step",
    ["violation low"],
    `var x: 0..3; @sh("run") thread t { @sh("first") proc_like(x); @sh("set") x := 3; }
     proc proc_like(r: ref 0..3) { r := 1; } invariant low: x < 3;`,
  ],
];

const THROUGH_CALLS = `
  type Pair = struct { left: 0..3; right: 0..3; };
  var table: map<0..1, seq<Pair, 2>> = [k in 0..1 -> [Pair { left: 0, right: 0 }, Pair { left: 1, right: 1 }]];
  var i: 0..1 = 1;
  proc bump(value: ref 0..3, by: 0..1): bool { value := value + by; await value > 0; return true; }
  proc second(pair: ref Pair, own: ref 0..3) {
    let done = bump(pair.right, 1);
    if (bump(own, 1)) { pair.left := own; }
  }
  proc first(row: ref seq<Pair, 2>, n: 0..1) { var own: 0..3; second(row[1 - n], own); i := 0; }
  thread t[k in 0..1] { first(table[i], k); }
  thread u { i := 0; }
  invariant left: forall k in 0..1: table[k][0].left == 0;`;

describe("every kind of finding is retold", () => {
  test.each(FOUND)("%s", async (_, found, text) => {
    const { direct, retold } = await bothWays(build(`module m; ${text}`));
    expect(kinds(direct)).toEqual(found);
    expect(retold).toEqual(direct);
  });

  test("with refs whose indices were kept, through two calls", async () => {
    const { direct, retold } = await bothWays(build(`module m; ${THROUGH_CALLS}`));
    expect(kinds(direct)).toEqual(["violation left"]);
    expect(direct.findings[0]?.trace?.steps.some(({ procs }) => procs.length === 3)).toBe(true);
    expect(retold).toEqual(direct);
  });

  test.each([
    ["constraint", 1],
    ["invariant", 2],
    ["step", 3],
    ["reachable", 4],
    ["recoverable", 5],
    ["property", 6],
    ["final", 7],
  ])("an error in the %s has rank %i, its place among them", async (kind, rank) => {
    const bad = (one: string, x = "x"): string =>
      one === kind ? `1 / (1 - ${x}) >= 0` : `${x} <= 3`;
    const built = build(`module m; var x: 0..3;
      transition up when x < 1 { x := x + 1; }
      property p: always ${bad("property")}; recoverable v: ${bad("recoverable")};
      final: ${bad("final")}; reachable r: ${bad("reachable")}; step s: ${bad("step", "x'")};
      invariant i: ${bad("invariant")}; constraint ${bad("constraint")};`);
    const { direct, retold } = await bothWays(built);
    expect(kinds(direct)).toEqual(["error"]);
    expect(retold).toEqual(direct);
    const ranks = sightingsOf(await searched(built)).seen.map(({ what }) =>
      what.kind === "error" ? what.rank : what.kind,
    );
    expect(ranks).toContain(rank);
  });

  test("where only some properties are searched for", async () => {
    const built = build(`module m; var x: 0..3; thread t { while (x < 3) { x := x + 1; } }
      invariant a: x < 1; invariant b: 1 / (2 - x) >= 0; reachable c: x == 2; reachable d: x == 3;`);
    const properties = new Set(["b", "d"]);
    const { direct, retold } = await bothWays(built, { properties });
    expect(kinds(direct)).toEqual(["error"]);
    expect(retold).toEqual(direct);
    const { seen } = sightingsOf(await searched(built, { properties }));
    // Behind the failing step (0) comes `a` (1), although nobody asked for it.
    expect(seen.map(({ what }) => what)).toEqual([{ kind: "error", rank: 2 }]);
  });
});

describe("a state in plain values", () => {
  test("is told in the reference's own values, in whatever order a set was filled", async () => {
    const { program, sources } = build(`module m; var s: set<0..3>;
      thread t { s := {3, 1}; s := s | {2}; } reachable three: size(s) == 3;`);
    const asked = { ...options(sources), ...TIMELESS };
    const sightings = sightingsOf(await searched({ program, sources }));
    const told = ({ witnesses }: SearchResult): unknown =>
      witnesses[0]?.trace.steps.map(({ state }) => {
        const value = state?.variables.get("s");
        return SetOf.isSet(value) ? value.toArray() : value;
      });
    const retold = retell(program, changed(sightings, reversed), asked);
    const own = told(await explore(program, asked));
    expect(own).toEqual([expect.any(Array), expect.any(Array)]);
    expect(told(retold)).toEqual(own);
    expect(told(retell(program, sightings, asked))).toEqual(own);
  });

  test("with a struct whose fields are in no order is none of the program's", async () => {
    const built = build(`module m; type P = struct { b: 0..3; a: 0..3; }; var p: P;
      thread t { p.a := 1; } reachable one: p.a == 1;`);
    const sightings = sightingsOf(await searched(built));
    expect(() =>
      retell(built.program, changed(sightings, unordered), { ...built, properties: null }),
    ).toThrow(/begins nowhere/);
  });

  test("is the same state again, with all that its refs are bound to", async () => {
    const built = build(`module m; ${THROUGH_CALLS} check all expect violation(left);`);
    const { machine, store } = await searched(built);
    const instances = [...built.program.instances.keys()];
    let references = 0;
    for (const key of store.keys) {
      const state = decodeState(key);
      // On a machine that has met no state, nothing of the frames can come from its tables.
      const fresh = createMachine(built.program);
      const again = stateFrom(fresh, plainOf(machine, state));
      for (const instance of instances) {
        const frames = framesAt(machine.table, state, instance);
        expect(shape(framesAt(fresh.table, again, instance))).toEqual(shape(frames));
        references += frames.flatMap((one) => one.references).filter((one) => one !== null).length;
      }
      expect(plainOf(fresh, again)).toEqual(plainOf(machine, state));
      expect(stateFrom(machine, plainOf(machine, state)).key).toBe(key);
    }
    expect(references).toBeGreaterThan(0);
  });
});

/** Sightings whose variables another engine has built in its way. */
function changed(sightings: Sightings, value: (value: Value) => Value): Sightings {
  const seen = sightings.seen.map((one) => ({
    ...one,
    path: one.path.map((state) => ({ ...state, variables: state.variables.map(value) })),
  }));
  return { ...sightings, seen };
}

/** A small set iterates in the order in which it was filled. */
function reversed(value: Value): Value {
  return SetOf((value as SetValue).toArray().reverse());
}

/** A struct as a map that knows no order. */
function unordered(value: Value): Value {
  return MapOf(value as StructValue);
}

/** Frames without the text of the code they are of. */
function shape(frames: ReturnType<typeof framesAt>): unknown {
  return frames.map(({ code, at, locals, references }) => ({
    code: code.name,
    at: at.id,
    locals,
    references,
  }));
}

describe("engines that disagree", () => {
  const WRONG = `module m; var x: 0..3;
    thread t { x := 1; x := 2; either { await x == 0; } or { x := 3; await false; } }
    thread u { await idle x == 0; await false; }
    constraint x < 3; invariant low: x < 2; invariant holds: x < 4;
    step small: x' < x + 1; step fine: x' >= 0; reachable two: x == 2; reachable none_of_it: x == 3;
    check c expect deadlock, violation(low), violation(small);`;

  const OTHERS: readonly (readonly [
    string,
    Sighting["what"]["kind"],
    (sighting: Sighting) => Partial<Sighting>,
    RegExp,
  ])[] = [
    [
      "a state that is left out",
      "invariant",
      ({ path, length }) => ({ path: path.toSpliced(1, 1), length: length - 1 }),
      /no step leads from state 0 to 1/,
    ],
    [
      "a path that begins in the middle",
      "invariant",
      ({ path, length }) => ({ path: path.slice(1), length: length - 1 }),
      /begins nowhere/,
    ],
    [
      "a length that is not that of the path",
      "invariant",
      ({ length }) => ({ length: length + 1 }),
      /3 states on the way to invariant, not 4/,
    ],
    [
      "an invariant that holds",
      "invariant",
      () => ({ what: { kind: "invariant", index: 1 } }),
      /invariant holds is not violated/,
    ],
    [
      "a step property that holds",
      "step",
      () => ({ what: { kind: "step", index: 1 } }),
      /step fine is not violated/,
    ],
    [
      "a reachable that is not reached",
      "reachable",
      () => ({ what: { kind: "reachable", index: 1 } }),
      /reachable none_of_it is not reached/,
    ],
    [
      "a state that is no deadlock",
      "reachable",
      () => ({ what: { kind: "deadlock", threads: [0] } }),
      /no deadlock where one of \(t\) was seen/,
    ],
    [
      "a step that does not fail",
      "step",
      () => ({ what: { kind: "assertion" } }),
      /no step fails with assertion/,
    ],
    [
      "a start that does not fail",
      "reachable",
      () => ({ what: { kind: "error", rank: 0 }, path: [], length: 0 }),
      /no start fails with error/,
    ],
    [
      "a condition that has a value",
      "reachable",
      () => ({ what: { kind: "error", rank: 2 } }),
      /condition 2 has a value/,
    ],
  ];

  test.each(OTHERS)("%s", async (_, kind, change, message) => {
    const retelling = await tampered(WRONG, kind, change);
    expect(retelling).toThrow(InternalError);
    expect(retelling).toThrow(message);
  });

  test("a deadlock of other threads", async () => {
    const text = "module m; thread t { await false; } thread u { await idle false; }";
    const change = (): Partial<Sighting> => ({ what: { kind: "deadlock", threads: [0, 1] } });
    expect(await tampered(text, "deadlock", change)).toThrow(
      /a deadlock of \(t\) where one of \(t, u\) was seen/,
    );
  });

  test("a final without value where it is not asked for, as a step is left", async () => {
    const text = `module m; var x: 0..3; transition up when x < 2 { x := x + 1; }
      final: 1 / (x - 1) >= 0; reachable one: x == 1;`;
    const change = (): Partial<Sighting> => ({ what: { kind: "error", rank: 2 } });
    expect(await tampered(text, "reachable", change)).toThrow(/is not asked for there/);
  });

  test("a path that goes on outside of the constraint", async () => {
    const text = (constraint: string): string =>
      `module m; var x: 0..3; thread t { while (x < 3) { x := x + 1; } }
       ${constraint} invariant low: x < 3;`;
    const free = build(text(""));
    const bound: Program = build(text("constraint x < 1;")).program;
    const sightings = sightingsOf(await searched(free));
    const retelling = (): SearchResult => retell(bound, sightings, { ...free, properties: null });
    expect(retelling).toThrow(/outside of the constraint/);
  });

  test("a property that nobody asked for", async () => {
    const built = build(WRONG);
    const sightings = sightingsOf(await searched(built));
    const properties = new Set(["holds"]);
    expect(() => retell(built.program, sightings, { ...built, properties })).toThrow(
      /was not asked for/,
    );
  });
});
