import { describe, expect, test } from "vitest";
import type { Finding, LassoParty, PropertyResult } from "../../src/outcome/outcome.ts";
import type { ExploreOptions } from "../../src/reference/explore.ts";
import { build, options, run, told } from "./run.ts";

const NO_LIMITS = options(new Map()).limits;
/** The temporal property alone is judged. */
const ALONE: Partial<ExploreOptions> = { deadlock: false, hung: false };

/** What became of property `p` of a spec. */
async function resultOf(text: string): Promise<PropertyResult["result"] | undefined> {
  const { properties } = await run(`module m; ${text}`, ALONE);
  return properties.find(({ name }) => name === "p")?.result;
}

/** How property `p` of a spec is violated. */
async function violation(text: string): Promise<Finding> {
  const { findings } = await run(`module m; ${text}`, ALONE);
  const found = findings.find((one) => one.kind === "violation" && one.name === "p");
  if (found === undefined) {
    throw new Error("p is not violated");
  }
  return found;
}

/** Who takes the steps; those of the cycle behind a stroke, or a full stop where there is none. */
function shape({ trace, lasso }: Finding): string {
  const agents = (trace?.steps ?? []).map(({ agent }) => agent);
  const start = lasso?.start ?? null;
  return start === null
    ? [...agents, "."].join(" ")
    : [...agents.slice(0, start), "|", ...agents.slice(start)].join(" ");
}

function party({ lasso }: Finding, agent: string): LassoParty | undefined {
  return lasso?.parties.find((one) => one.agent === agent);
}

const BEAT = "var beat: bool; thread daemon { loop { beat := !beat; } }";

describe("a thread", () => {
  const program = (qualifier: string): string =>
    `${BEAT} var x: 0..1; ${qualifier} thread t { x := 1; } property p: eventually x == 1;`;

  test("that could always take a step takes one", async () => {
    expect(await resultOf(program(""))).toBe("holds");
  });

  test("that is unfair may stop anywhere", async () => {
    const found = await violation(program("unfair"));
    expect(shape(found)).toBe("| daemon daemon");
    expect(found.lasso?.parties).toMatchObject([
      { agent: "daemon", isTransition: false, fairness: "weak", role: "moves", waiting: null },
      { agent: "t", isTransition: false, fairness: "none", role: "starved" },
    ]);
    expect(party(found, "t")?.waiting).toMatchObject({ thread: "t", status: "ready", waits: [] });
  });

  test("that is an escape may never come", async () => {
    expect(await resultOf(program("escape"))).toBe("violated");
  });

  test("whose step fails could take it", async () => {
    // For ever to beat would not be fair to t; and after its step there is nothing.
    const failing = (qualifier: string): string => `${BEAT} var x: 0..1;
      ${qualifier} thread t { assert x == 1; x := 1; } property p: eventually x == 1;
      check c expect assertion;`;
    expect(await resultOf(failing(""))).toBe("holds");
    expect(await resultOf(failing("unfair"))).toBe("violated");
  });

  test("whose step changes nothing could not", async () => {
    const text = `${BEAT} var x: 0..1; thread t { while (x == 0) { } } property p: eventually done(t);`;
    const found = await violation(text);
    expect(shape(found)).toBe("| daemon daemon");
    expect(party(found, "t")).toMatchObject({ role: "waits", waiting: { status: "blocked" } });
  });

  test("that nobody starts does nothing, and one that is started does", async () => {
    const text = `var x: 0..1; dormant thread s { x := 1; } property p: eventually x == 1;`;
    expect(await resultOf(`${text} thread t { start s; }`)).toBe("holds");
    const found = await violation(`${text} ${BEAT}`);
    expect(shape(found)).toBe("| daemon daemon");
    expect(party(found, "s")).toMatchObject({ role: "done", waiting: null, fairness: "weak" });
  });
});

describe("a strong wait", () => {
  /** Somebody opens and closes again and again. */
  const DOOR = "var open: bool; thread door { loop { open := !open; } }";
  const program = (thread: string): string =>
    `${DOOR} const NEVER: bool = false; var got: bool; ${thread} property p: eventually got;`;

  test("is passed where it could be again and again, a plain one need not be", async () => {
    expect(await resultOf(program("thread t { await strong open; got := true; }"))).toBe("holds");
    const found = await violation(program("thread t { await open; got := true; }"));
    expect(shape(found)).toBe("| door door");
    expect(party(found, "t")).toMatchObject({
      fairness: "weak",
      role: "starved",
      waiting: { thread: "t", status: "blocked", waits: [{ kind: "plain", text: "open" }] },
    });
  });

  test("is none in an unfair thread", async () => {
    const text = program("unfair thread t { await strong open; got := true; }");
    expect(await resultOf(text)).toBe("violated");
    expect(party(await violation(text), "t")).toMatchObject({ fairness: "none", role: "starved" });
  });

  test("that never opens leaves its thread waiting, for all its strength", async () => {
    const text = program("thread t { await strong open && NEVER; got := true; }");
    expect(party(await violation(text), "t")).toMatchObject({ fairness: "strong", role: "waits" });
  });

  test("makes its thread strong wherever in the cycle it comes to it", async () => {
    const text = `var x: bool; thread t { loop { x := !x; await strong true; } }
      property p: eventually (x && !x);`;
    const found = await violation(text);
    expect(shape(found)).toBe("| t t t t");
    expect(party(found, "t")).toMatchObject({ fairness: "strong", role: "moves" });
  });

  test("is one of its instance alone", async () => {
    const text = `${DOOR} var got: map<0..1, bool>;
      thread t[i in 0..1] { choose strong k in {x in {i} where open} { got[k] := true; } }
      property p: forall i in 0..1: eventually got[i];`;
    expect(await resultOf(text)).toBe("holds");
    expect(await resultOf(text.replace("choose strong", "choose"))).toBe("violated");
  });

  const STRONG: readonly (readonly [string, string])[] = [
    ["in one branch", "either { await open; } or { await strong NEVER; }"],
    [
      "in a branch of a branch",
      "either { either { await NEVER; } or { await strong open; } } or { await NEVER; }",
    ],
    [
      "in code that constants keep it from",
      "atomic { await open; if (NEVER) { await strong NEVER; } }",
    ],
    ["behind a loop", "atomic { await open; while (NEVER) { skip; } await strong true; }"],
    ["behind a break", "atomic { loop { await open; break; } await strong true; }"],
    ["in a proc", "take();"],
    ["in a proc of a branch", "either { take(); } or { await NEVER; }"],
    [
      "behind a call that gives a value",
      "atomic { let v = look(); if (v) { await strong true; } await open; }",
    ],
    ["behind an else", "atomic { if (look()) { } else { await strong NEVER; } await open; }"],
    ["at a choose", "choose strong k in {x in {1} where open} { got := true; }"],
  ];

  test.each(STRONG)("counts anywhere in the step: %s", async (_, code) => {
    const procs = `proc take() { await strong open; } proc look(): bool { return open; }`;
    expect(await resultOf(program(`${procs} thread t { ${code} got := true; }`))).toBe("holds");
    // The same without the word is starved.
    const plain = `${procs} thread t { ${code} got := true; }`.replaceAll("strong ", "");
    expect(await resultOf(program(plain))).toBe("violated");
  });

  const WEAK: readonly (readonly [string, string])[] = [
    ["behind the next place of rest", "await open; await strong true;"],
    ["behind the end of the atomic", "atomic { await open; } await strong true;"],
    ["behind a return", "leave();"],
    ["behind a proc that is left from its atomic", "leave(); await strong true;"],
    ["behind a branch without a step", "choose k in {x in {1} where open} { } await strong true;"],
    ["behind a proc that is left from such a branch", "quit(); await strong true;"],
    ["behind a break", "loop { atomic { await open; break; await strong true; } }"],
    [
      "in the next round",
      "loop { either { await open; break; } or { await NEVER; } await strong true; }",
    ],
    [
      "behind the first step of a branch",
      "either { await open; await strong true; } or { await NEVER; }",
    ],
  ];

  test.each(WEAK)("does not count outside of the step: %s", async (_, code) => {
    const procs = `proc leave() { atomic { await open; return; await strong true; } }
      proc quit() { choose k in {x in {1} where open} { return; } }`;
    expect(await resultOf(program(`${procs} thread t { ${code} got := true; }`))).toBe("violated");
  });
});

describe("a transition", () => {
  const TOGGLE = "var x: 0..1; var got: bool; fair transition toggle { x := 1 - x; }";
  const program = (jump: string): string =>
    `${TOGGLE} ${jump} when x == 0 && !got { got := true; } property p: eventually got;`;

  test("promises nothing, or to be taken where it always could be, or again and again", async () => {
    expect(shape(await violation(program("transition jump")))).toBe("| toggle toggle");
    expect(shape(await violation(program("fair transition jump")))).toBe("| toggle toggle");
    expect(await resultOf(program("strong transition jump"))).toBe("holds");
  });

  test("is told with the parties that something is promised of", async () => {
    const found = await violation(program("fair transition jump"));
    expect(found.lasso?.parties).toEqual([
      { agent: "toggle", isTransition: true, fairness: "weak", role: "moves", waiting: null },
      { agent: "jump", isTransition: true, fairness: "weak", role: "starved", waiting: null },
    ]);
    const plain = await violation(program("transition jump"));
    expect(plain.lasso?.parties.map(({ agent }) => agent)).toEqual(["toggle"]);
  });

  test("promises it for each choice of its parameters", async () => {
    const text = `var last: 0..2; fair transition put(i in 0..2) { last := i; }
      property p: always eventually last == 2;`;
    expect(await resultOf(text)).toBe("holds");
    const together = text.replace("fair transition", "transition");
    const found = await violation(`${together} fairness weak(put);`);
    expect(shape(found)).toBe("| put(1) put(0)");
    expect(found.lasso?.parties).toMatchObject([
      { agent: "put(0)", fairness: "weak", role: "moves" },
      { agent: "put(1)", fairness: "weak", role: "moves" },
      { agent: "put(2)", fairness: "weak", role: "starved" },
    ]);
  });

  test("waits with a choice that is never possible", async () => {
    const text = `var last: 0..2; fair transition put(i in 0..2) when i < 2 && last < 2 { last := i; }
      property p: eventually last == 2;`;
    expect((await violation(text)).lasso?.parties).toMatchObject([
      { agent: "put(0)", role: "moves" },
      { agent: "put(1)", role: "moves" },
      { agent: "put(2)", role: "waits" },
    ]);
  });

  test("of several parameters promises it for each tuple of them", async () => {
    const text = `var a: 0..1; var b: 0..1; fair transition put(i in 0..1, j in 0..1) { a := i; b := j; }
      property p: always eventually (a == 1 && b == 1);`;
    expect(await resultOf(text)).toBe("holds");
    // Strong or not, the choices inside of the step are not told apart.
    const inside = `var a: 0..1; var b: 0..1;
      fair transition put(i in 0..1) { a := i; choose j in 0..1 { b := j; } }
      property p: always eventually (a == 1 && b == 1);`;
    expect(await resultOf(inside)).toBe("violated");
  });
});

describe("a fairness declaration", () => {
  const TOGGLE = "var x: 0..1; var got: bool; fair transition toggle { x := 1 - x; }";
  const TWO = `${TOGGLE} transition a when x == 0 && !got { got := true; }
    transition b when x == 1 && !got { got := true; } property p: eventually got;`;

  test("takes its agents together as one action", async () => {
    expect(await resultOf(`${TWO} fairness weak(a, b);`)).toBe("holds");
    expect(await resultOf(`${TWO} fairness weak(a); fairness weak(b);`)).toBe("violated");
    expect(await resultOf(`${TWO} fairness strong(b);`)).toBe("holds");
    expect(await resultOf(TWO)).toBe("violated");
  });

  test("may be about threads, and holds for an unfair one too", async () => {
    const text = `${BEAT} var x: 0..1; unfair thread t { x := 1; } property p: eventually x == 1;`;
    expect(await resultOf(text)).toBe("violated");
    expect(await resultOf(`${text} fairness weak(t);`)).toBe("holds");
    expect(await resultOf(`${text} fairness weak(daemon);`)).toBe("violated");
  });

  test("that is strong makes a party strong", async () => {
    const text = `${BEAT} var x: 0..1; thread t { await beat && x == 1; } property p: eventually done(t);
      fairness strong(t);`;
    expect(party(await violation(text), "t")).toMatchObject({ fairness: "strong", role: "waits" });
  });
});

describe("a behaviour that stops", () => {
  test("stops where no fair step is possible", async () => {
    const text = "var x: 0..2; thread t { x := 1; } property p: eventually x == 2;";
    const found = await violation(text);
    expect(shape(found)).toBe("t .");
    expect(found.lasso).toEqual({
      start: null,
      parties: [{ agent: "t", isTransition: false, fairness: "weak", role: "done", waiting: null }],
    });
  });

  test("may stop at once, before a plain transition or an escape", async () => {
    const text =
      "var x: 0..1; transition up when x == 0 { x := 1; } property p: eventually x == 1;";
    expect(shape(await violation(text))).toBe(".");
    expect(await resultOf(text.replace("transition", "fair transition"))).toBe("holds");
    expect(shape(await violation(text.replace("transition", "escape transition")))).toBe(".");
  });

  test("is told with what its threads wait for", async () => {
    const text =
      "var x: 0..1; thread u { x := 1; } thread t { await x == 0; } property p: eventually done(t);";
    const found = await violation(text);
    expect(shape(found)).toBe("u .");
    expect(party(found, "t")).toMatchObject({
      role: "waits",
      waiting: { thread: "t", status: "blocked", waits: [{ text: "x == 0" }] },
    });
  });

  test("does not stop where a step fails or leaves the constraint", async () => {
    const text = "var x: 0..2; thread t { x := 1; x := 2; } property p: eventually x == 2;";
    expect(await resultOf(text)).toBe("holds");
    expect(await resultOf(`${text} constraint x < 2;`)).toBe("holds");
    // With nobody who promises anything it may stop, whatever is behind.
    expect(
      await resultOf(`unfair ${text}`.replace("unfair var x: 0..2;", "var x: 0..2; unfair")),
    ).toBe("violated");
  });
});

describe("a formula", () => {
  test.each([
    ["always x < 2", "holds"],
    ["always x == 0", "violated"],
    ["eventually always x == 1", "holds"],
    ["always eventually x == 0", "violated"],
    ["!(eventually x == 2)", "holds"],
    ["x == 0 ~> x == 1", "holds"],
    ["x == 1 ~> x == 0", "violated"],
    ["(eventually x == 1) && x == 0", "holds"],
    ["always x == 0 || eventually always x == 1", "holds"],
    ["eventually x == 1 <=> always x == 0", "violated"],
    ["forall i in 0..1: eventually x == i", "holds"],
    ["forall i in 0..2: eventually x == i", "violated"],
    ["exists i in 1..2: eventually x == i", "holds"],
    ["exists i in {0, 2}: eventually always x == i", "violated"],
    ["forall i in {j in 0..2 where j > 5}: eventually x == i", "holds"],
    ["always (t@here => enabled(t))", "holds"],
    ["eventually enabled(t) => eventually done(t)", "holds"],
    ["always (!done(t) => blocked(t))", "violated"],
    ["eventually t@there", "holds"],
    ["always eventually t@there", "violated"],
  ])("%s: %s", async (formula, result) => {
    const text = "var x: 0..2; thread t { here: x := 1; there: skip; }";
    expect(await resultOf(`${text} property p: ${formula};`)).toBe(result);
  });

  test("without value at some state is an error there", async () => {
    const text =
      "module m; var x: 0..1; thread t { x := 1; } property p: eventually 1 / (1 - x) == 0;";
    const result = await run(text);
    expect(told(result)).toContain("error after 1: division of 1 by zero");
    expect(result.findings[0]).toMatchObject({ kind: "error" });
  });
});

describe("the trace of a lasso", () => {
  test("begins with the steps before the cycle and ends with the one that closes it", async () => {
    const found = await violation(
      `${BEAT} var x: 0..1; thread t { x := 1; } property p: always x == 0;`,
    );
    expect(shape(found)).toBe("t | daemon daemon");
    const { steps } = found.trace ?? { steps: [] };
    expect(steps.at(-1)?.state).toEqual(steps[0]?.state);
    expect(steps.map(({ text }) => text)).toEqual(["x := 1", "beat := !beat", "beat := !beat"]);
  });

  test("takes the steps of those who take them, though others lead there as well", async () => {
    // Only b promises nothing: a fair behaviour takes the step of b, that of a would end the cycle.
    const text = `var x: 0..1; var idle_turn: bool;
      fair transition back when x == 1 { x := 0; }
      transition a(i in 0..1) when x == 0 { x := 1; }
      strong transition c(i in 0..1) when x == 0 { x := 1; }
      property p: eventually idle_turn;`;
    const found = await violation(text);
    // Each choice of c is promised to be taken again and again; a could do the same without a promise.
    const agents = found.trace?.steps.slice(found.lasso?.start ?? 0).map(({ agent }) => agent);
    expect(new Set(agents)).toEqual(new Set(["back", "c(0)", "c(1)"]));
  });
});

describe("a property that holds", () => {
  const spans = async (text: string): Promise<readonly string[]> => {
    const source = `module m; ${text}`;
    const { properties } = await run(source, ALONE);
    const { sources } = build(source);
    return properties.flatMap(({ vacuous }) =>
      vacuous.map(({ file, start, end }) => sources.get(file)?.slice(start, end) ?? ""),
    );
  };

  test("is told with the left sides that never happen", async () => {
    const program = "var x: 0..3; thread t { x := 2; }";
    expect(await spans(`${program} property p: x == 1 ~> x == 3;`)).toEqual(["x == 1"]);
    expect(await spans(`${program} property p: x == 0 ~> x == 2;`)).toEqual([]);
    expect(await spans(`${program} property p: always (x == 1 => eventually x == 3);`)).toEqual([
      "x == 1",
    ]);
    expect(await spans(`${program} property p: (x == 0 ~> x == 2) && (x == 3 ~> x == 1);`)).toEqual(
      ["x == 3"],
    );
  });

  test("is not told with one that happens for some value of a quantifier", async () => {
    const program = "var x: 0..3; thread t { x := 2; }";
    expect(await spans(`${program} property p: forall i in 0..1: (x == i ~> x == 2);`)).toEqual([]);
    expect(await spans(`${program} property p: forall i in {1, 3}: (x == i ~> x == 2);`)).toEqual([
      "x == i",
    ]);
  });

  test("tells nothing of it where it is violated, or not known to hold", async () => {
    const program = "var x: 0..3; thread t { x := 2; }";
    const violated = "property p: (x == 1 ~> x == 3) && eventually x == 3;";
    expect(await spans(`${program} ${violated}`)).toEqual([]);
    const limits = { ...NO_LIMITS, depth: 0 };
    const { properties } = await run(`module m; ${program} property p: x == 1 ~> x == 3;`, {
      ...ALONE,
      limits,
    });
    expect(properties).toMatchObject([{ result: "unknown", vacuous: [] }]);
  });
});

describe("a search cut short", () => {
  const TEXT = `module m; var n: 0..9; var beat: bool;
    thread t { either { loop { beat := !beat; } } or { n := 1; while (n < 9) { n := n + 1; } } }
    property p: eventually n == 9;`;

  test("finds a cycle that lies in what was searched", async () => {
    const result = await run(TEXT, { ...ALONE, limits: { ...NO_LIMITS, depth: 3 } });
    expect(result).toMatchObject({ incomplete: "depth", properties: [{ result: "violated" }] });
    expect(result.findings.map(shape)).toEqual(["t | t t"]);
    const none = await run(TEXT, { ...ALONE, limits: { ...NO_LIMITS, depth: 1 } });
    expect(none).toMatchObject({ findings: [], properties: [{ result: "unknown" }] });
  });

  test("is not judged where nobody asks", async () => {
    const two = `${TEXT} property q: always n == 0;`;
    const one = await run(two, { ...ALONE, properties: new Set(["q"]) });
    expect(told(one).map((text) => text.slice(0, 1))).toEqual(["q"]);
    const result = await run(TEXT, { ...ALONE, properties: new Set() });
    expect(result).toMatchObject({ findings: [], properties: [] });
  });
});
