import { describe, expect, test } from "vitest";
import type { TraceStep } from "../../src/outcome/outcome.ts";
import { showValue } from "../../src/values/show.ts";
import { run } from "./run.ts";

/** The trace to a state that satisfies `goal`. */
async function trace(goal: string, declarations: string): Promise<readonly TraceStep[]> {
  const { witnesses } = await run(`module m; ${declarations} reachable goal: ${goal};`);
  return witnesses[0]?.trace.steps ?? [];
}

function changes(step: TraceStep | undefined): readonly string[] {
  return (step?.changes ?? []).map(
    ({ path, before, after }) => `${path}: ${showValue(before)} -> ${showValue(after)}`,
  );
}

describe("a step", () => {
  test("shows its statement as one line without comments, label and command", async () => {
    const steps = await trace(
      "done(t)",
      `var x: 0..3;
       thread t {
         /// Sets it.
         @sh("echo 1 > x") first: x :=   1   // not yet
           + 0;
         if (x == 1) { skip; }
         await /* idle */ x == 1;
         while (x == 1) { x := 2; }
         choose i in 0..1 where i == 1 { x := i; }
         atomic {
           x := 2; x := 3;
         }
       }`,
    );
    expect(steps.map(({ text }) => text)).toEqual([
      "x := 1 + 0",
      "if (x == 1)",
      "await x == 1",
      "while (x == 1)",
      "x := 2",
      "while (x == 1)",
      "x := i",
      "atomic { x := 2; x := 3; }",
    ]);
    expect(steps[0]).toMatchObject({ label: "first", doc: "Sets it.", shell: "echo 1 > x" });
    expect(steps[6]?.choices).toEqual([{ name: "i", value: 1 }]);
  });

  test("that is long is cut", async () => {
    const [step] = await trace("x", `var x: bool; thread t { x := ${"true && ".repeat(20)}true; }`);
    expect(step?.text).toMatch(/^x := true && .*…$/);
    expect(step?.text).toHaveLength(80);
  });

  test("names the procs it is taken in, and the branch that it takes", async () => {
    const steps = await trace(
      "x == 2",
      `var x: 0..2;
       proc inner() { either { x := 1; } or { await false; } }
       proc outer() { inner(); x := 2; }
       thread t { outer(); }`,
    );
    expect(steps.map(({ procs, text }) => [procs.join(" > "), text])).toEqual([
      ["outer > inner", "x := 1"],
      ["outer", "x := 2"],
    ]);
  });

  test("of a transition names its parameters", async () => {
    const [step] = await trace(
      "m[b] == 1",
      `type E = enum { a, b }; var m: map<E, 0..1>;
       transition put(e in E, n in 0..1) when n == 1 { m[e] := n; }`,
    );
    expect(step).toMatchObject({ agent: "put(b, 1)", isTransition: true, procs: [] });
    expect(step?.text).toBe("m[e] := n;");
  });
});

describe("changes", () => {
  test("go down to fields, elements and locals", async () => {
    const steps = await trace(
      "done(t)",
      `type R = struct { n: 0..3; inside: map<bool, 0..1>; };
       var r: R; var q: seq<0..1, 2>; var s: set<0..1>; var o: R?;
       thread t {
         var i: 0..3;
         atomic { r.n := 2; r.inside[true] := 1; i := 3; }
         q := [0, 1];
         q[1] := 0;
         s |= {1};
         o := r;
         { let k = r.n; await true; }
       }`,
    );
    expect(steps.map(changes)).toEqual([
      ["r.n: 0 -> 2", "r.inside[true]: 0 -> 1", "t.i: 0 -> 3"],
      ["q: [] -> [0, 1]"],
      ["q[1]: 1 -> 0"],
      ["s: {} -> {1}"],
      ["o: none -> { n: 2, inside: [false -> 0, true -> 1] }"],
      // Declared in this step; going out of scope in the next is no change.
      ["t.k: 0 -> 2"],
      [],
    ]);
  });

  test("of locals are told for the calls under way", async () => {
    const steps = await trace(
      "done(t)",
      `var x: 0..3;
       proc f(v: 0..3) { await true; v := v + 1; await true; x := v; }
       thread t { f(1); }`,
    );
    expect(steps.map(changes)).toEqual([["t.v: 1 -> 2"], [], ["x: 0 -> 2"]]);
  });
});

describe("a state", () => {
  test("shows where each thread stands, with the locals in scope", async () => {
    const { witnesses } = await run(`module m; var x: 0..3;
      proc f(v: 0..3, r: ref 0..3) { var late: 0..1; at: r := v; }
      thread t[i in 0..1] { { let gone = 1; } var k: 0..3 = 2; f(k, x); var later: 0..1; x := 0; }
      dormant thread u { x := 1; }
      reachable goal: true;`);
    const { initial } = witnesses[0]?.trace ?? {};
    expect(initial?.variables).toEqual(new Map([["x", 0]]));
    const [first, second, third] = initial?.threads ?? [];
    expect(first?.stack.map(({ proc, label, locals }) => [proc, label, [...locals]])).toEqual([
      [
        null,
        null,
        [
          ["i", 0],
          ["k", 2],
        ],
      ],
      [
        "f",
        "at",
        [
          ["v", 2],
          ["late", 0],
        ],
      ],
    ]);
    expect(second?.name).toBe("t[1]");
    expect(third).toEqual({ name: "u", done: true, stack: [] });
  });
});

describe("shell commands", () => {
  test("are filled in with parameters, locals and constants", async () => {
    const steps = await trace(
      "done(t)",
      `const DEV: 0..9 = 7; var x: 0..9;
       proc suspend(dev: 0..9) { @sh("dmsetup suspend {dev} of {DEV}") x := dev; }
       thread t { suspend(3); }`,
    );
    expect(steps.map(({ shell }) => shell)).toEqual(["dmsetup suspend 3 of 7"]);
  });

  test("of a call, block or thread stand with its first step", async () => {
    const steps = await trace(
      "x == 5",
      `var x: 0..9;
       proc f() { x := 1; x := 2; }
       @sh("start t") thread t {
         @sh("call f") f();
         @sh("the block") { skip; x := 3; x := 4; }
         x := 5;
       }`,
    );
    expect(steps.map(({ text, shell }) => [text, shell])).toEqual([
      ["x := 1", "start t\ncall f"],
      ["x := 2", null],
      ["x := 3", "the block"],
      ["x := 4", null],
      ["x := 5", null],
    ]);
  });

  test("of a block in a loop come back in each round", async () => {
    const steps = await trace(
      "n == 2",
      `var n: 0..2;
       thread t { loop { @sh("again") { n += 1; await true; } } }`,
    );
    expect(steps.map(({ shell }) => shell)).toEqual(["again", null, "again"]);
  });

  test("of a thread that is started stand with its own first step", async () => {
    const steps = await trace(
      "x == 1",
      `var x: 0..1;
       @sh("run w") dormant thread w { x := 1; }
       thread t { @sh("tell w") start w; }`,
    );
    expect(steps.map(({ agent, shell }) => [agent, shell])).toEqual([
      ["t", "tell w"],
      ["w", "run w"],
    ]);
  });

  test("of a transition stand with it", async () => {
    const steps = await trace(
      "x == 1",
      `var x: 0..1; @sh("set {i}") transition put(i in 0..1) { x := i; }`,
    );
    expect(steps.map(({ shell }) => shell)).toEqual(["set 1"]);
  });
});
