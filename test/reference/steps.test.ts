import { describe, expect, test } from "vitest";
import { run } from "./run.ts";

/** States, transitions and depth of a module with these declarations. */
async function count(declarations: string): Promise<readonly [number, number, number]> {
  const { statistics } = await run(`module m; ${declarations} check c expect ok states 0;`);
  expect(statistics.complete).toBe(true);
  return [statistics.states, statistics.transitions, statistics.depth];
}

/** What becomes of the `reachable` called `goal`. */
async function reaches(declarations: string): Promise<boolean> {
  const { properties } = await run(`module m; ${declarations} check c expect ok states 0;`);
  return properties.find(({ name }) => name === "goal")?.result === "reached";
}

describe("rule 1, places of rest", () => {
  test("local statements join the step before them, at the start the initial state", async () => {
    // At `x := 1` with i = 1, then done.
    expect(await count("var x: 0..1; thread t { var i: 0..3; i := 1; x := 1; i := 2; }")).toEqual([
      2, 1, 1,
    ]);
  });

  test("a thread with nothing but local statements is done in the initial state", async () => {
    expect(await count("thread t { var i: 0..3; i := 1; }")).toEqual([1, 0, 0]);
  });

  test("a call that has nothing left to do is gone", async () => {
    // x := 1 in g, x := 2 after both calls, done: nothing between the end of g and that of f.
    const procs = "proc g() { x := 1; } proc f() { g(); }";
    expect(await count(`var x: 0..2; ${procs} thread t { f(); x := 2; }`)).toEqual([3, 2, 2]);
  });

  test("N counters that count to 2 have 3 to the N states", async () => {
    const { statistics } = await run(
      "module m; var n: map<0..2, 0..2>; thread t[i in 0..2] { n[i] := 1; n[i] := 2; }",
    );
    // 27 states; each of the 3 threads steps in 2 of its 3 places: 3 · 2 · 9 transitions.
    expect(statistics).toMatchObject({ states: 27, transitions: 54, depth: 6 });
  });
});

describe("rule 2, stepping statements", () => {
  test("a condition over something shared is a step of its own", async () => {
    // At `if`, at `x := 1`, done.
    expect(await count("var x: 0..1; thread t { if (x == 0) { x := 1; } }")).toEqual([3, 2, 2]);
  });

  test("the condition of while is a step in each round", async () => {
    // The condition with x = 0, 1, 2; the assignment with x = 0, 1; done.
    expect(await count("var x: 0..2; thread t { while (x < 2) { x += 1; } }")).toEqual([6, 5, 5]);
  });

  test("a condition over locals is none", async () => {
    const body = "var i: 0..2; while (i < 2) { x := i; i += 1; }";
    // At `x := 0`, at `x := 1`, done.
    expect(await count(`var x: 0..2; thread t { ${body} }`)).toEqual([3, 2, 2]);
  });

  test("let, var and assert are steps when they read something shared", async () => {
    const body = "let a = x; var b: 0..1 = x; assert x == 0; assert a == b;";
    expect(await count(`var x: 0..1; thread t { ${body} }`)).toEqual([4, 3, 3]);
  });

  test("a call is a step only if an argument by value or an index of a ref reads something shared", async () => {
    const procs = "proc f(v: 0..1) { y := v; } proc g(r: ref 0..1) { r := 1; }";
    const vars = "var x: 0..1; var y: 0..1; var m: map<0..1, 0..1>;";
    expect(await count(`${vars} ${procs} thread t { f(1); }`)).toEqual([2, 1, 1]);
    expect(await count(`${vars} ${procs} thread t { f(x); }`)).toEqual([3, 2, 2]);
    expect(await count(`${vars} ${procs} thread t { g(x); }`)).toEqual([2, 1, 1]);
    expect(await count(`${vars} ${procs} thread t { g(m[x]); }`)).toEqual([3, 2, 2]);
  });

  test("a label makes a step of what does something of its own", async () => {
    expect(await count("thread t { skip; }")).toEqual([1, 0, 0]);
    expect(await count("thread t { a: skip; }")).toEqual([2, 1, 1]);
    expect(await count("thread t { var i: 0..1; a: i := 1; b: i := 0; }")).toEqual([3, 2, 2]);
    expect(await count("thread t { loop { a: break; } }")).toEqual([2, 1, 1]);
  });

  test("a label on a block, loop or call makes none", async () => {
    const body = "a: { skip; } b: loop { break; } c: f();";
    expect(await count(`proc f() { skip; } thread t { ${body} }`)).toEqual([1, 0, 0]);
  });
});

describe("rule 3, what mentions something shared", () => {
  test("does so whether evaluation gets there or not", async () => {
    const text = "const FIX: bool = false; var x: 0..1;";
    expect(await count(`${text} thread t { if (FIX && x == 1) { skip; } }`)).toEqual([2, 1, 1]);
  });

  test("does so through a def", async () => {
    const text = "var x: 0..1; def one: bool = x == 1;";
    expect(await count(`${text} thread t { if (one) { skip; } }`)).toEqual([2, 1, 1]);
  });

  test("a ref parameter counts as shared exactly when what it is bound to is", async () => {
    const procs = "proc inner(r: ref 0..1) { r := 1; } proc outer(q: ref 0..1) { inner(q); }";
    // With a local: at `x := l`, done. With x: at `r := 1`, done.
    const local = "var l: 0..1; outer(l); x := l;";
    expect(await count(`var x: 0..1; ${procs} thread t { ${local} }`)).toEqual([2, 1, 1]);
    expect(await count(`var x: 0..1; ${procs} thread t { outer(x); }`)).toEqual([2, 1, 1]);
  });

  test("done(t) and t.x are shared, self and constants are not", async () => {
    // b: 2 places. a: at its statement or done, with nothing shared just done.
    const b = "var x: 0..1; thread b { var i: 0..1; x := 1; }";
    expect((await count(`${b} thread a { let d = done(b); }`))[0]).toBe(4);
    expect((await count(`${b} thread a { let d = b.i; }`))[0]).toBe(4);
    expect((await count(`${b} thread a { let d = self; }`))[0]).toBe(2);
  });
});

describe("rule 4, waits are always places of rest", () => {
  test("even over locals", async () => {
    expect(await count("thread t { await true; }")).toEqual([2, 1, 1]);
    expect(await count("thread t { choose i in 0..1 { skip; } }")).toEqual([2, 2, 1]);
  });

  test("a wait that lasts for ever does not disable the step before it", async () => {
    expect(await count("var x: 0..1; thread t { x := 1; await idle false; }")).toEqual([2, 1, 1]);
  });
});

describe("rule 5, return", () => {
  test("is a step when the value is stored somewhere shared", async () => {
    const f = "proc f(): 0..1 { return 1; }";
    expect(await count(`var x: 0..1; ${f} thread t { x := f(); }`)).toEqual([2, 1, 1]);
    expect(await count(`var x: 0..1; ${f} thread t { let l = f(); }`)).toEqual([1, 0, 0]);
    // Through a second return, and through a ref.
    const g = "proc g(): 0..1 { return f(); }";
    expect(await count(`var x: 0..1; ${f} ${g} thread t { x := g(); }`)).toEqual([2, 1, 1]);
    const h = "proc h(r: ref 0..1) { r := f(); }";
    expect(await count(`var x: 0..1; ${f} ${h} thread t { h(x); }`)).toEqual([2, 1, 1]);
  });

  test("decides the condition of the caller within the same step", async () => {
    // `return x == 0` and `x := 1`: 3 places with done.
    const f = "proc f(): bool { return x == 0; }";
    expect(await count(`var x: 0..1; ${f} thread t { if (f()) { x := 1; } }`)).toEqual([3, 2, 2]);
    expect(await count(`var x: 0..1; ${f} thread t { if (!f()) { x := 1; } }`)).toEqual([2, 1, 1]);
    expect(await count(`var x: 0..1; ${f} thread t { while (f()) { x := 1; } }`)).toEqual([
      4, 3, 3,
    ]);
  });

  test("the indices of what it is stored into are evaluated then", async () => {
    const text = "var k: 0..1; var m: map<0..1, 0..1>; proc f(): 0..1 { k := 1; return 1; }";
    expect(await reaches(`${text} thread t { m[k] := f(); } reachable goal: m[1] == 1;`)).toBe(
      true,
    );
  });

  test("ends the thread when it stands in its body", async () => {
    expect(await count("var x: 0..1; thread t { x := 1; return; }")).toEqual([2, 1, 1]);
  });
});

describe("rule 6, either and choose", () => {
  test("are decided by the first step of a branch", async () => {
    // Only `y := 2` can go; had the first branch been entered, there would be a third state.
    const body = "either { await x == 1; y := 1; } or { y := 2; }";
    expect(await count(`var x: 0..1; var y: 0..2; thread t { ${body} }`)).toEqual([2, 1, 1]);
  });

  test("local statements in front of that step belong to it", async () => {
    const body = "var i: 0..2; either { i := 1; x := i; } or { i := 2; x := i; }";
    // The either with x = 0; done with x = 1 and x = 2.
    expect(await count(`var x: 0..2; thread t { ${body} }`)).toEqual([3, 2, 1]);
  });

  test("a branch that is left before a step is a step of its own that ends there", async () => {
    // The either; then at `x := 1` (skip) or done; then done.
    expect(
      await count("var x: 0..1; thread t { either { skip; } or { return; } x := 1; }"),
    ).toEqual([4, 3, 2]);
  });

  test("an inner either is tried in turn", async () => {
    const body = "either { either { x := 1; } or { x := 2; } } or { x := 3; }";
    expect(await count(`var x: 0..3; thread t { ${body} }`)).toEqual([4, 3, 1]);
  });

  test("break leaves the branch and ends the step", async () => {
    // The either with x = 0 and 1, done with x = 0 and 1.
    const body = "loop { either { break; } or { x := 1 - x; } }";
    expect(await count(`var x: 0..1; thread t { ${body} }`)).toEqual([4, 4, 2]);
  });

  test("choose takes each value that passes, and waits while there is none", async () => {
    expect(
      await count("var x: 0..2; thread t { choose i in 0..2 where i > 0 { x := i; } }"),
    ).toEqual([3, 2, 1]);
    const { findings } = await run(
      "module m; var s: set<0..1>; thread t { choose i in s { skip; } }",
    );
    expect(findings).toMatchObject([{ kind: "deadlock", threads: ["t"] }]);
  });

  test("the value of choose is gone after its body", async () => {
    // Done with x = 1: the two values do not tell states apart.
    expect(await count("var x: 0..1; thread t { choose i in 0..1 { x := 1; } x := 0; }")).toEqual([
      3, 3, 2,
    ]);
  });
});

describe("rule 8, atomic", () => {
  test("is one step, also over locals", async () => {
    expect(await count("thread t { var i: 0..2; atomic { i := 1; i := 2; } }")).toEqual([2, 1, 1]);
    expect(await count("var x: 0..2; thread t { atomic { x := 1; x := 2; } }")).toEqual([2, 1, 1]);
  });

  test("does nothing at all where a wait inside finds no way", async () => {
    const body = "atomic { x := 1; await y == 1; }";
    const { findings, statistics } = await run(
      `module m; var x: 0..1; var y: 0..1; thread t { ${body} }`,
    );
    expect(statistics.states).toBe(1);
    expect(findings).toMatchObject([{ kind: "deadlock", threads: ["t"] }]);
  });

  test("goes each way that is open inside", async () => {
    const body = "atomic { choose i in 0..2 { x := i; } either { await x > 0; } or { x := 2; } }";
    // x = 1 and 2 from the first branch, x = 2 three times from the second: 5 ways, 2 states.
    expect(await count(`var x: 0..2; thread t { ${body} }`)).toEqual([3, 5, 1]);
  });

  test("is left by break, continue and return, which end the step there", async () => {
    const loop = "loop { atomic { x += 1; if (x == 2) { break; } continue; } }";
    // x = 0, 1 at the atomic, done with x = 2.
    expect(await count(`var x: 0..2; thread t { ${loop} }`)).toEqual([3, 2, 2]);
    const f = "proc f(): bool { atomic { x := 1; return true; } }";
    // The value decides the `if` in the same step: then x := 2 is next.
    expect(await count(`var x: 0..2; ${f} thread t { if (f()) { x := 2; } }`)).toEqual([3, 2, 2]);
  });

  test("local statements after it join it", async () => {
    const body = "var i: 0..1; atomic { x := 1; } i := 1; x := 0;";
    expect(await count(`var x: 0..1; thread t { ${body} }`)).toEqual([3, 2, 2]);
  });

  test("includes what is called, and the atomic inside that", async () => {
    const f = "proc f() { x := 1; atomic { x := 2; } x := 3; }";
    expect(await count(`var x: 0..3; ${f} thread t { atomic { f(); } }`)).toEqual([2, 1, 1]);
  });

  test("more than 100,000 rounds are an error", async () => {
    const { findings } = await run("module m; var x: 0..1; thread t { atomic { loop { skip; } } }");
    expect(findings).toMatchObject([
      { kind: "error", message: "more than 100000 rounds of a loop in one step" },
    ]);
  });
});

describe("rule 9, parameters", () => {
  test("by value may be assigned without a trace in the caller", async () => {
    const f = "proc f(v: 0..1) { v := 1; x := v; }";
    const body = "var l: 0..1; f(l); y := l;";
    const text = `var x: 0..1; var y: 0..1; ${f} thread t { ${body} }`;
    expect(await reaches(`${text} reachable goal: x == 1 && y == 0 && done(t);`)).toBe(true);
    expect(await reaches(`${text} reachable goal: y == 1;`)).toBe(false);
  });

  test("a ref keeps the indices it had at the call", async () => {
    const f = "proc f(r: ref 0..1) { k := 1; r := 1; }";
    const text = `var k: 0..1; var m: map<0..1, 0..1>; ${f} thread t { f(m[k]); }`;
    expect(await reaches(`${text} reachable goal: m[0] == 1;`)).toBe(true);
    expect(await reaches(`${text} reachable goal: m[1] == 1;`)).toBe(false);
  });

  test("kept indices tell states apart", async () => {
    // Chosen 0 or 1, then at `r := 1` with two bindings, then done with m[0] or m[1] set.
    const f = "proc f(r: ref 0..1) { await true; r := 1; }";
    const body = "choose i in 0..1 { await true; f(m[i]); }";
    const text = `var m: map<0..1, 0..1>; ${f} thread t { ${body} }`;
    expect(await count(text)).toEqual([1 + 2 + 2 + 2, 2 + 2 + 2, 3]);
  });
});

describe("rule 10, scope", () => {
  test("a local outside of its block does not tell states apart", async () => {
    // At the await in the block i is 0, 1 or 2; behind the block there is one state.
    const body = "{ choose c in 0..2 { let i = c; await true; } } await true;";
    // The choose's first step is the await inside: then at the second await, then done.
    expect(await count(`thread t { ${body} }`)).toEqual([3, 4, 2]);
  });

  test("a local of a loop's body starts afresh in each round", async () => {
    const body = "loop { var i: 0..1; assert i == 0; await true; i := 1; await true; }";
    // Two places, and the assertion never fails.
    expect(await count(`thread t { ${body} }`)).toEqual([2, 2, 1]);
  });

  test("before its declaration it has the first value", async () => {
    expect(await count("thread t { await true; var i: 3..5 = 4; await true; }")).toEqual([3, 2, 2]);
  });
});

describe("threads", () => {
  test("a dormant thread runs once it is started, and again after it ended", async () => {
    const worker = "var x: 0..2; dormant thread w { x += 1; }";
    // start, w's step, start, w's step: 5 states in a row; in between t waits for done(w).
    const t = "thread t { start w; await done(w); start w; }";
    // t at start; (at await, w running), (at await, w done), (second start, w done),
    // (t done, w running), both done: the start is one step with w's own start.
    expect(await count(`${worker} ${t}`)).toEqual([6, 5, 5]);
  });

  test("starting one that runs is an error", async () => {
    const { findings } = await run(
      "module m; var x: 0..1; dormant thread w { await idle x == 1; } thread t { start w; start w; }",
    );
    expect(findings).toMatchObject([{ kind: "error", message: "w is running already" }]);
    expect(findings[0]?.trace?.steps).toHaveLength(2);
  });

  test("local statements of a thread that is started join the start", async () => {
    const w = "dormant thread w { var i: 0..2; i := 2; x := i; }";
    expect(
      await reaches(`var x: 0..2; ${w} thread t { start w; } reachable goal: w.i == 2 && x == 0;`),
    ).toBe(true);
  });
});

describe("transitions", () => {
  test("are one step for each choice of their parameters", async () => {
    const text = "var n: map<0..1, 0..2>; transition up(i in 0..1) when n[i] < 2 { n[i] += 1; }";
    // A 3 by 3 grid; 6 steps in each direction.
    expect(await count(`${text} final: true;`)).toEqual([9, 12, 4]);
  });

  test("whose ways all wait inside are not possible", async () => {
    const text = "var x: 0..2; transition up { await x < 2; x += 1; }";
    expect(await count(`${text} final: true;`)).toEqual([3, 2, 2]);
  });

  test("may have nothing to do", async () => {
    expect(await count("var x: 0..1; transition stay when x == 0 { } final: true;")).toEqual([
      1, 1, 0,
    ]);
  });
});
