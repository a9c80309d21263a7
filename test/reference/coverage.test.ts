import { describe, expect, test } from "vitest";
import type { Block, Statement } from "../../src/core/statements.ts";
import { blocksIn } from "../../src/core/walk.ts";
import type { CoverageCounts } from "../../src/outcome/outcome.ts";
import { statementsAtStart } from "../../src/reference/coverage.ts";
import { explore } from "../../src/reference/explore.ts";
import { statementLine } from "../../src/reference/source-text.ts";
import { build, options, run } from "./run.ts";

/** Every statement of a spec by its text, with what `of` says of its id. */
function byText<T>(spec: string, of: (id: number) => T): Record<string, T> {
  const { program, sources } = build(spec);
  const inside = ({ statements }: Block): readonly Statement[] =>
    statements.flatMap((one) => [one, ...blocksIn(one).flatMap(inside)]);
  const bodies = [...program.procs, ...program.threads, ...program.transitions];
  return Object.fromEntries(
    bodies
      .flatMap(({ body }) => inside(body.block))
      .filter(({ span }) => span.file === "test.spec")
      .map((one) => [statementLine(sources, one), of(one.id)]),
  );
}

async function countsOf(spec: string): Promise<CoverageCounts> {
  const { program, sources } = build(spec);
  const { coverage } = await explore(program, { ...options(sources), coverage: true });
  if (coverage === null) {
    throw new Error("nothing was counted");
  }
  return coverage;
}

async function takenIn(spec: string): Promise<Record<string, number>> {
  const { statements } = await countsOf(`${spec} check c expect ok states 0;`);
  return byText(spec, (id) => statements.get(id) ?? 0);
}

describe("the levels of a search", () => {
  test.each([
    [
      "a chain",
      "var x: 0..9; transition up when x < 9 { x += 1; } final: true;",
      Array(10).fill(1),
    ],
    // The diagonals of a square.
    [
      "a square",
      "var x: 0..2; var y: 0..2; transition r when x < 2 { x += 1; }" +
        "transition u when y < 2 { y += 1; } final: true;",
      [1, 2, 3, 2, 1],
    ],
    ["several initial states", "var x: 0..3 in 0..3; final: true;", [4]],
    [
      "what a constraint cuts off",
      "var x: 0..9; transition up when x < 9 { x += 1; } constraint x < 4; final: true;",
      [1, 1, 1, 1],
    ],
  ])("count the states first found at each depth: %s", async (_what, text, levels) => {
    const { statistics } = await run(`module m; ${text}`);
    expect(statistics.levels).toEqual(levels);
    expect(statistics.depth).toBe(levels.length - 1);
    expect(statistics.states).toBe(levels.reduce((sum, one) => sum + one, 0));
    expect(statistics.initialStates).toBe(levels[0]);
  });
});

describe("a statement", () => {
  test("counts each way of a step on which it is executed, whatever the others do", async () => {
    // Either thread takes its step before or after the other one.
    const two = "module m; var x: 0..1; var y: 0..1; thread a { x := 1; } thread b { y := 1; }";
    expect(await takenIn(two)).toEqual({ "x := 1": 2, "y := 1": 2 });
  });

  test("counts once on a way that executes it over and over", async () => {
    const loop = `module m; var x: 0..5;
      thread a { atomic { while (x < 5) { x += 1; } } }`;
    expect(await takenIn(loop)).toMatchObject({ "while (x < 5)": 1, "x += 1": 1 });
  });

  test("counts each choice that leads through it", async () => {
    const choose = `module m; var x: 0..3;
      thread a { choose v in 0..3 { x := v; } }
      transition two(v in 0..1) when x == 3 { skip; }`;
    const taken = await takenIn(choose);
    expect(taken).toMatchObject({ "choose v in 0..3": 4, "x := v": 4, skip: 2 });
    expect((await countsOf(choose)).transitions).toEqual([2]);
  });

  test("counts in all instances of a thread and all calls of a proc", async () => {
    const calls = `module m; var x: map<0..1, 0..1>;
      proc set_to_one(i: 0..1) { x[i] := 1; }
      thread a[i in 0..1] { set_to_one(i); }`;
    expect(await takenIn(calls)).toEqual({ "x[i] := 1": 4, "set_to_one(i)": 0 });
  });

  test("that fails counts, and what stands behind it does not", async () => {
    const fails = "module m; var x: 0..1; thread a { atomic { assert x == 1; x := 0; } }";
    const { statements } = await countsOf(fails);
    expect(byText(fails, (id) => statements.get(id) ?? 0)).toMatchObject({
      "assert x == 1": 1,
      "x := 0": 0,
    });
    const misfit = "module m; var x: 0..1; transition t { x := x + 1; }";
    const counts = await countsOf(misfit);
    // From 0 to 1, and from 1 to nowhere.
    expect(byText(misfit, (id) => counts.statements.get(id))).toEqual({ "x := x + 1": 2 });
    expect(counts.transitions).toEqual([2]);
  });

  test("counts nothing for a try that has to wait", async () => {
    const waits = `module m; var x: 0..1;
      thread a { atomic { x := x; await x == 1; } }`;
    const { statements } = await countsOf(waits);
    expect(statements.size).toBe(0);
  });

  test("that calls counts when the call is made, not when its result arrives", async () => {
    const call = `module m; var x: 0..1; var y: 0..1;
      proc f(): 0..1 { await y == 1; return x; }
      thread a { y := 1; x := f(); }`;
    // The call is made in the step that writes y.
    expect(await takenIn(call)).toEqual({
      "await y == 1": 1,
      "return x": 1,
      "y := 1": 1,
      "x := f()": 1,
    });
  });
});

describe("a transition", () => {
  test("counts all its ways: together with the steps of threads they are those of the search", async () => {
    const spec = `module m; var x: 0..3; var on: bool;
      thread a { on := true; }
      transition up when x < 3 { x += 1; }
      transition pick(v in 0..3) when on { x := v; }
      transition never when x > 3 { x := 0; }
      check c expect ok states 0;`;
    const { statistics, coverage } = await run(spec, { coverage: true });
    // Eight states: in six of them x < 3, in four of them a has run or has still to run.
    expect(coverage?.transitions).toEqual([6, 16, 0]);
    expect(statistics.transitions).toBe(6 + 16 + 4);
  });
});

describe("the start of threads", () => {
  const spec = `module m; var x: 0..1;
    proc enter(i: 0..1) { let twice = i; x := twice; }
    thread a { var i: 0..1 = 1; enter(i); skip; }
    dormant thread later { let j = 1; x := j; }`;

  test("counts for no step", async () => {
    expect(await takenIn(spec)).toMatchObject({ "let twice = i": 0, "enter(i)": 0, skip: 1 });
  });

  test("executes what stands before the first step of threads that run", () => {
    const ids = statementsAtStart(build(spec).program);
    expect(byText(spec, (id) => ids.has(id))).toEqual({
      "let twice = i": true,
      "x := twice": false,
      "var i: 0..1 = 1": true,
      "enter(i)": true,
      skip: false,
      "let j = 1": false,
      "x := j": false,
    });
  });

  test("inside a step counts for that step", async () => {
    const started = `module m; var x: 0..1;
      thread a { start later; }
      dormant thread later { let j = 1; x := j; }`;
    expect(await takenIn(started)).toEqual({ "start later": 1, "let j = 1": 1, "x := j": 1 });
  });
});

test("nothing is counted unless asked for", async () => {
  const { coverage } = await run("module m; var x: 0..1; thread a { x := 1; }");
  expect(coverage).toBeNull();
});
