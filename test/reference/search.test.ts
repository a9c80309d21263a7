import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/outcome/outcome.ts";
import { showValue } from "../../src/values/show.ts";
import { run, told } from "./run.ts";

/** The steps of a finding's trace with what they changed. */
function steps(finding: Finding | undefined): readonly string[] {
  return (finding?.trace?.steps ?? []).map(({ agent, changes }) => {
    const shown = changes.map(({ path, after }) => `${path} = ${showValue(after)}`);
    return [agent, ...shown].join(" ");
  });
}

/** Deadlocks alone are looked for. */
const NO_HANGS = { hung: false };
const TO_THE_END = "check c expect ok states 0;";

describe("deadlock", () => {
  test("needs a blocked thread: all done or idle is none", async () => {
    expect(told(await run("module m; thread t { await idle false; }"))).toEqual([]);
    expect(told(await run("module m; thread t { await false; }"))).toEqual(["deadlock(t) after 0"]);
    expect(told(await run("module m; thread t { await strong false; }"))).toEqual([
      "deadlock(t) after 0",
    ]);
    expect(
      told(await run("module m; thread t { await idle false; } thread u { await false; }")),
    ).toEqual(["deadlock(u) after 0"]);
  });

  test("is not hidden by a self-loop, and a thread that tests for ever is blocked", async () => {
    const { findings } = await run("module m; var x: 0..1; thread t { while (x == 0) { } }");
    expect(findings).toMatchObject([
      {
        kind: "deadlock",
        waiting: [
          { thread: "t", status: "blocked", waits: [{ kind: "retry", text: "while (x == 0)" }] },
        ],
      },
    ]);
  });

  test("is none while some thread can change the state", async () => {
    const daemon = "var x: 0..1; thread daemon { loop { x := 1 - x; } }";
    expect(told(await run(`module m; ${daemon} thread t { await false; }`, NO_HANGS))).toEqual([]);
  });

  test("is none where a step fails", async () => {
    const text = "module m; var x: 0..1; thread t { await false; } thread u { x := x + 2; }";
    expect(told(await run(text, NO_HANGS))).toEqual(["error after 1: 2 does not fit 0..1 (x)"]);
  });

  test("is found once for each set of threads, with the nearest state", async () => {
    const t = "thread t[i in 0..1] { choose wait in bool { await idle !wait; await false; } }";
    // Each is stuck at the second await, idle at the first, or in front of the choose. The choose
    // with wait = true waits, idly: that branch leads nowhere.
    const result = await run(`module m; ${t} check c expect deadlock;`);
    expect(told(result)).toEqual(["deadlock(t[0], t[1]) after 2"]);
  });

  test("rule 14: escape steps do not count, and an escape thread is never blocked", async () => {
    const text = "module m; var x: 0..1; thread t { await x == 1; }";
    expect(told(await run(`${text} escape thread timeout { x := 1; }`))).toEqual([
      "deadlock(t) after 0",
    ]);
    expect(told(await run(`${text} escape transition timeout { x := 1; }`))).toEqual([
      "deadlock(t) after 0",
    ]);
    expect(told(await run("module m; escape thread t { await false; }"))).toEqual([]);
  });

  test("of transitions alone is where none can go on, unless final says that it may stop", async () => {
    const text = "module m; var x: 0..2; transition up when x < 2 { x += 1; }";
    expect(told(await run(text))).toEqual(["deadlock() after 2"]);
    expect(told(await run(`${text} final: x == 2;`))).toEqual([]);
    expect(told(await run(`${text} final: x == 1;`))).toEqual(["deadlock() after 2"]);
    expect(told(await run(`${text} final: x == 1; final: x == 2;`))).toEqual([]);
  });

  test("is not looked for when it is not asked for", async () => {
    const text = "module m; thread t { await false; }";
    expect(told(await run(text, { deadlock: false, ...NO_HANGS }))).toEqual([]);
  });

  test("tells what each thread waits for", async () => {
    const text = `module m;
      var x: 0..1; var s: set<0..1>;
      proc wait_for() { await /* never */ x
        == 1; }
      thread t { wait_for(); }
      thread u { choose i in s { x := 1; } }
      thread v { await idle x == 1; }
      thread w { x := 0; }`;
    const { findings } = await run(text);
    expect(findings[0]).toMatchObject({
      threads: ["t", "u"],
      waiting: [
        { thread: "t", status: "blocked", procs: ["wait_for"], waits: [{ text: "x == 1" }] },
        { thread: "u", status: "blocked", waits: [{ kind: "plain", text: "choose i in s" }] },
        { thread: "v", status: "idle", waits: [{ kind: "idle", text: "x == 1" }] },
      ],
    });
  });
});

describe("predicates about threads", () => {
  test("blocked, enabled and done", async () => {
    const text = `module m; var x: 0..1;
      thread t { await x == 1; }
      thread u { await idle x == 1; x := 1; }
      thread v { x := 1; }
      transition stay when x == 1 { }
      invariant t_waits: x == 0 => blocked(t) && !enabled(t);
      invariant u_is_idle: x == 0 => !blocked(u) && !enabled(u) && !done(u);
      invariant v_goes: x == 0 => enabled(v) && !blocked(v);
      invariant then_t_goes: x == 1 && !done(t) => enabled(t) && !blocked(t);
      invariant stay_is_a_step: enabled(stay) <=> x == 1;`;
    expect(told(await run(text))).toEqual([]);
  });

  test("enabled counts a step that changes nothing, blocked does not", async () => {
    const text = `module m; var x: 0..1;
      thread t { while (x == 0) { } }
      invariant both: enabled(t) && blocked(t);`;
    expect(told(await run(text, { deadlock: false, ...NO_HANGS }))).toEqual([]);
  });

  test("t.x is the first value where the thread is done", async () => {
    const text = `module m; var x: 0..1;
      thread t { var i: 2..5 = 4; x := 1; }
      invariant local: t.i == (done(t) ? 2 : 4);`;
    expect(told(await run(text))).toEqual([]);
  });
});

describe("properties", () => {
  test("an invariant is judged in every state, the initial ones among them", async () => {
    const text = "module m; var x: 0..2 = 1; thread t { x := 2; } invariant low:";
    expect(told(await run(`${text} x < 2;`))).toEqual(["low after 1"]);
    expect(told(await run(`${text} x < 1;`))).toEqual(["low after 0"]);
  });

  test("a step property is judged of every step, also of one that changes nothing", async () => {
    const text = "module m; var x: 0..2; thread t { x := 0; x := 2; } step grows:";
    expect(told(await run(`${text} x' >= x;`))).toEqual([]);
    expect(told(await run(`${text} x' > x;`))).toEqual(["grows after 1"]);
    expect(told(await run(`${text} x' <= x + 1;`))).toEqual(["grows after 2"]);
  });

  test("a reachable has its shortest trace, or is missed by a complete search", async () => {
    const text = "module m; var x: 0..2; thread t { x := 1; x := 2; }";
    const found = await run(`${text} reachable two: x == 2; reachable all: x >= 0;`);
    expect(told(found)).toEqual([]);
    expect(found.witnesses.map(({ name, trace }) => [name, trace.steps.length])).toEqual([
      ["two", 2],
      ["all", 0],
    ]);
    const missed = await run(`${text} reachable never: x == 0 && done(t);`);
    expect(told(missed)).toEqual(["never"]);
    expect(missed.properties).toMatchObject([{ name: "never", result: "unreached" }]);
    expect(missed.findings[0]?.trace).toBeNull();
  });

  test("not asked for are not judged", async () => {
    const text =
      "module m; var x: 0..1; thread t { x := 1; } invariant a: x == 0; invariant b: x == 0;";
    const result = await run(text, { properties: new Set(["b"]) });
    expect(told(result)).toEqual(["b after 1"]);
    expect(result.properties).toMatchObject([{ name: "b", result: "violated" }]);
  });
});

describe("assertions and errors", () => {
  test("end the trace and count in its length", async () => {
    const text = "module m; var x: 0..1; thread t { x := 1; assert x == 0; x := 0; }";
    const result = await run(`${text} ${TO_THE_END}`);
    expect(told(result)).toEqual(["assertion after 2: assertion does not hold"]);
    expect(result.findings[0]?.trace?.steps.at(-1)?.state).toBeNull();
    // The step that fails is a transition that leads nowhere.
    expect(result.statistics).toMatchObject({ states: 2, transitions: 2, depth: 1 });
  });

  test("in the start of a thread have an empty trace", async () => {
    const text = "module m; var v: 0..1 in 0..1; thread t { var i: 0..1; i := i + 2; }";
    const { findings, statistics } = await run(text);
    expect(findings).toMatchObject([
      { kind: "error", message: "2 does not fit 0..1 (i)", trace: { steps: [] } },
    ]);
    expect(statistics.states).toBe(0);
  });

  test.each([
    ["x := x + 2;", "2 does not fit 0..1 (x)"],
    ["f(x + 2);", "2 does not fit 0..1 (parameter v of f)"],
    ["x := g();", "2 does not fit 0..1 (result of g)"],
    ["m[x - 1] := 0;", "-1 does not fit 0..1 (key of a map)"],
    ["let y = m[x + 2];", "2 does not fit 0..1 (key of a map)"],
    ["h(m[x + 2]);", "2 does not fit 0..1 (key of a map)"],
    ["q[x] := 1;", "index 0 of an empty sequence"],
    ["q := append(append(q, 0), 1);", "a sequence of 2 elements does not fit seq<0..1, 1> (q)"],
    ["let y = the(o);", "the value of none"],
    ["let y = 1 / x;", "division of 1 by zero"],
    ["r.n := x + 2;", "2 does not fit 0..1 (r)"],
    ["atomic { x := 1; x := x + 1; }", "2 does not fit 0..1 (x)"],
  ])("%s fails: %s", async (statement, message) => {
    const declarations = `module m; type Bit = 0..1; type R = struct { n: Bit; };
      var x: Bit; var m: map<0..1, 0..1>; var q: seq<0..1, 1>; var o: Bit?; var r: R;
      proc f(v: 0..1) { skip; }
      proc g(): 0..1 { return x + 2; }
      proc h(p: ref 0..1) { p := 1; }`;
    expect(told(await run(`${declarations} thread t { ${statement} }`))).toEqual([
      `error after 1: ${message}`,
    ]);
  });

  test("in a predicate are found where it is asked", async () => {
    const text = "module m; var x: 0..1; thread t { x := 1; }";
    const result = await run(`${text} invariant i: 1 / (1 - x) == 1;`);
    expect(told(result)).toEqual(["error after 1: division of 1 by zero"]);
    expect(result.properties).toMatchObject([{ name: "i", result: "unknown" }]);
    expect(told(await run(`${text} step s: 1 / (1 - x') == 1;`))).toEqual([
      "error after 1: division of 1 by zero",
    ]);
    expect(told(await run(`${text} constraint 1 / (1 - x) == 1;`))).toEqual([
      "error after 1: division of 1 by zero",
    ]);
  });

  test("before there is any state leave invariants unknown, not held", async () => {
    const result = await run("module m; invariant i: true; thread t { assert false; }");
    expect(told(result)).toEqual([expect.stringContaining("assertion after 0")]);
    expect(result.properties).toMatchObject([{ name: "i", result: "unknown" }]);
  });
});

describe("constraint", () => {
  const text = "module m; var x: 0..9; transition up when x < 9 { x += 1; } constraint x < 3;";

  test("a state outside is judged, but not counted, not a witness and not expanded", async () => {
    const result = await run(
      `${text} invariant low: x < 3; reachable three: x == 3; ${TO_THE_END}`,
    );
    expect(told(result)).toEqual(["low after 3", "three"]);
    // 0, 1, 2; the step to 3 is a transition.
    expect(result.statistics).toMatchObject({ states: 3, transitions: 3, depth: 2 });
  });

  test("the step to a state outside is judged, and keeps its origin from being a deadlock", async () => {
    expect(told(await run(`${text} step s: x' != 3;`))).toEqual(["s after 3"]);
    expect(told(await run(text))).toEqual([]);
  });

  test("holds of initial states as well, and several are all meant", async () => {
    const initial =
      "module m; var x: 0..9 in 0..9; constraint x > 1; constraint x < 5; final: true;";
    const { statistics } = await run(`${initial} transition stay { }`);
    expect(statistics).toMatchObject({ states: 3, initialStates: 3 });
  });
});

describe("rule 11, where a search ends", () => {
  // A binary tree: level n has the 2ⁿ numbers from 2ⁿ to 2ⁿ⁺¹ − 1.
  const tree = "var x: 1..31 = 1; transition down(b in 0..1) when x < 16 { x := 2 * x + b; }";

  test("a check that expects ok ends after the level in which a finding appears", async () => {
    const result = await run(`module m; ${tree} final: true; invariant i: x != 5;`);
    // 5 is found when the level of 2 and 3 is expanded, which is then finished: 1, 2 … 3, 4 … 7.
    expect(result.statistics).toMatchObject({ states: 7, complete: false });
    expect(result.incomplete).toBeNull();
  });

  test("what is found at the start ends the search before the first step", async () => {
    const result = await run(`module m; ${tree} final: true; invariant i: x != 1;`);
    expect(result.statistics).toMatchObject({ states: 1, transitions: 0, complete: false });
  });

  test("other expectations, or a pinned number of states, search to the end", async () => {
    for (const check of ["expect violation(i)", "expect ok states 31"]) {
      const text = `module m; ${tree} final: true; invariant i: x != 5; check c ${check};`;
      expect((await run(text)).statistics).toMatchObject({ states: 31, complete: true });
    }
  });

  test("a finding in the last level leaves a complete search", async () => {
    const result = await run(
      `module m; ${tree} final: true; invariant i: x != 31; reachable r: x == 17 && x == 18;`,
    );
    expect(result.statistics.complete).toBe(false);
    expect(told(result)).toEqual(["i after 4"]);
  });

  test("limits and an interruption leave it incomplete", async () => {
    const text = `module m; ${tree} final: true; reachable r: x == 31;`;
    const none = { states: null, depth: null, timeMs: null, memoryBytes: null };
    const states = await run(text, { limits: { ...none, states: 10 } });
    expect(states).toMatchObject({ incomplete: "states", statistics: { states: 10 } });
    expect(states.properties).toMatchObject([{ result: "unknown" }]);
    const depth = await run(text, { limits: { ...none, depth: 2 } });
    expect(depth).toMatchObject({ incomplete: "depth", statistics: { states: 7, depth: 2 } });
    const memory = await run(text, { limits: { ...none, memoryBytes: 9 }, memoryUsed: () => 10 });
    expect(memory.incomplete).toBe("memory");
    let time = 0;
    const late = await run(text, { limits: { ...none, timeMs: 5 }, clock: () => (time += 9) });
    expect(late.incomplete).toBe("time");
    const stopped = await run(text, { signal: { aborted: true } });
    expect(stopped).toMatchObject({ incomplete: "interrupted", findings: [] });
    expect(states.findings).toEqual([]);
  });

  test("progress is told and the event loop gets its turn", async () => {
    let time = 0;
    let turns = 0;
    const seen: number[] = [];
    await run(`module m; ${tree} final: true;`, {
      clock: () => (time += 60),
      pause: async () => {
        turns += 1;
      },
      onProgress: ({ states }) => {
        seen.push(states);
      },
    });
    expect(turns).toBeGreaterThan(0);
    expect(seen.at(-1)).toBe(31);
  });
});

describe("rules 12 and 13, the least trace", () => {
  test("of several states the least in the order of values is told", async () => {
    // t goes first in the order of agents, but y = 1, x = 0 comes before x = 1.
    const text = `module m; var x: 0..1; var y: 0..1;
      thread t { x := 1; }
      thread u { y := 1; }
      invariant neither: x == 0 && y == 0;`;
    expect(steps((await run(text)).findings[0])).toEqual(["u y = 1"]);
  });

  test("then of several predecessors the least", async () => {
    const text = `module m; var x: 0..1; var y: 0..1;
      thread t { x := 1; }
      thread u { y := 1; }
      invariant not_both: x == 0 || y == 0;`;
    // The predecessors are x = 0, y = 1 and x = 1, y = 0.
    expect(steps((await run(text)).findings[0])).toEqual(["u y = 1", "t x = 1"]);
  });

  test("then of several ways the first", async () => {
    const text = `module m; var x: 0..1;
      transition second(i in 0..1) { x := 1; }
      transition first { x := 1; }
      invariant zero: x == 0;`;
    expect(steps((await run(text)).findings[0])).toEqual(["second(0) x = 1"]);
  });

  test("of places the one earlier in the text comes first, done before all", async () => {
    // With x = 1 both at `a` and done; then done is the lesser place.
    const text = `module m; var x: 0..1;
      thread t { either { x := 1; x := 0; } or { x := 1; } }
      invariant zero: x == 0;`;
    const { findings } = await run(text);
    expect(findings[0]?.trace?.steps[0]?.state?.threads[0]?.done).toBe(true);
  });

  test("findings of one length come by kind, then as declared", async () => {
    const text = `module m; var x: 0..3;
      thread a { x := 5 - x; }
      thread b { assert x == 1; }
      thread c { x := 2; }
      step s2: x' == x; step s1: x' == x;
      invariant i2: x < 2; invariant i1: x < 2;
      check k expect error;`;
    expect(told(await run(text))).toEqual([
      "error after 1: 5 does not fit 0..3 (x)",
      "assertion after 1: assertion does not hold",
      "i2 after 1",
      "i1 after 1",
      "s2 after 1",
      "s1 after 1",
    ]);
  });
});

describe("known state spaces", () => {
  test("dining philosophers, counted by the transfer matrix of neighbours", async () => {
    const text = (n: number): string => `module m;
      type Seat = 0..${n - 1};
      var fork: map<Seat, bool>;
      thread philosopher[i in Seat] {
        loop {
          atomic { await !fork[i]; fork[i] := true; }
          atomic { await !fork[(i + 1) % ${n}]; fork[(i + 1) % ${n}] := true; }
          atomic { fork[i] := false; fork[(i + 1) % ${n}] := false; }
        }
      }
      check c expect deadlock;`;
    // A seat thinks (T), holds its left fork (L), or both (E). Its right fork is its neighbour's left
    // one, so that next to an E there can only be a T; everything else is reached. With a matrix M
    // that has a 1 for each pair of neighbours that may be, the number of states is the trace of Mⁿ.
    const matrix = [
      [1, 1, 1],
      [1, 1, 1],
      [1, 0, 0],
    ];
    const product = (a: number[][], b: number[][]): number[][] =>
      a.map((row) =>
        [0, 1, 2].map((column) =>
          row.reduce((sum, value, index) => sum + value * (b[index]?.[column] ?? 0), 0),
        ),
      );
    const square = product(matrix, matrix);
    for (const [seats, power] of [
      [3, product(square, matrix)],
      [4, product(square, square)],
    ] as const) {
      const trace = [0, 1, 2].reduce((sum, index) => sum + (power[index]?.[index] ?? 0), 0);
      const result = await run(text(seats));
      expect(result.statistics.states).toBe(trace);
      expect(told(result)).toHaveLength(1);
    }
  });

  test("the initial states are all choices of the variables", async () => {
    // 2³ subsets and two numbers.
    const { statistics } = await run(`module m;
      type S = set<0..2>;
      var a: S in S;
      var b: 0..3 in {1, 3};
      transition stay { }
      final: true;`);
    expect(statistics).toMatchObject({ initialStates: 16, states: 16, transitions: 16, depth: 0 });
  });
});
