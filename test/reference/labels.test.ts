import { describe, expect, test } from "vitest";
import { run } from "./run.ts";

/** Whether some state satisfies a condition. */
async function holdsSomewhere(condition: string, declarations: string): Promise<boolean> {
  const { properties, findings } = await run(
    `module m; ${declarations} reachable goal: ${condition}; check c expect ok states 0;`,
  );
  expect(findings.filter(({ kind }) => kind !== "violation")).toEqual([]);
  return properties[0]?.result === "reached";
}

describe("rule 7, t@label", () => {
  test("a label names the place in front of its statement and no other", async () => {
    const t = "var x: 0..2; thread t { x := 1; a: x := 2; }";
    expect(await holdsSomewhere("t@a && x == 1", t)).toBe(true);
    expect(await holdsSomewhere("t@a && x != 1", t)).toBe(false);
  });

  test("a label on a block names every place that can be the first inside", async () => {
    // i is 0, so that only the second branch is ever taken; x := 2 is not the first.
    const body = "var i: 0..1; a: { if (i == 1) { x := 3; } else { x := 1; } x := 2; }";
    const t = `var x: 0..3; thread t { ${body} }`;
    expect(await holdsSomewhere("t@a && x == 0", t)).toBe(true);
    expect(await holdsSomewhere("t@a && x == 1", t)).toBe(false);
  });

  test("a label on a block looks past what is local, into loops and calls", async () => {
    const f = "proc f() { skip; x := 1; x := 2; }";
    const t = `var x: 0..3; ${f} thread t { a: { skip; loop { f(); break; } x := 3; } }`;
    expect(await holdsSomewhere("t@a && t@f && x == 0", t)).toBe(true);
    expect(await holdsSomewhere("t@a && x > 0", t)).toBe(false);
  });

  test("a label on a loop names the point before each round", async () => {
    const t = "var x: 0..1; thread t { a: loop { x := 1 - x; await true; } }";
    expect(await holdsSomewhere("t@a && x == 0", t)).toBe(true);
    // Behind `x := 1` the thread stands at the await, behind that before the second round.
    expect(await holdsSomewhere("t@a && x == 1", t)).toBe(true);
    const once = "var x: 0..1; thread t { a: loop { x := 1; await false; } }";
    const { properties } = await run(
      `module m; ${once} reachable r: t@a && x == 1; check c expect deadlock;`,
    );
    expect(properties[0]?.result).toBe("unreached");
  });

  test("a label on while names its condition and makes it a step", async () => {
    const t = "var x: 0..1; thread t { var i: 0..1; a: while (i < 1) { x := 1; i := 1; } }";
    expect(await holdsSomewhere("t@a && x == 0", t)).toBe(true);
    expect(await holdsSomewhere("!t@a && !done(t) && x == 0", t)).toBe(true);
    expect(await holdsSomewhere("t@a && x == 1", t)).toBe(true);
  });

  test("a label on a call names the first place inside, or its own place if it is a step", async () => {
    const f = "proc f(v: 0..1) { x := v; x := 0; }";
    const t = `var x: 0..1; ${f} thread t { a: f(1); }`;
    expect(await holdsSomewhere("t@a && t@f && x == 0", t)).toBe(true);
    expect(await holdsSomewhere("t@a && x == 1", t)).toBe(false);
    const step = `var x: 0..1; ${f} thread t { a: f(x); }`;
    expect(await holdsSomewhere("t@a && !t@f", step)).toBe(true);
    expect(await holdsSomewhere("t@a && t@f", step)).toBe(false);
  });

  test("a label on a call that is passed without a place names nothing", async () => {
    const t = "var x: 0..1; proc f() { skip; } thread t { a: f(); x := 1; }";
    expect(await holdsSomewhere("t@a", t)).toBe(false);
  });

  test("in front of an either a thread stands at the first label of each branch", async () => {
    const body = "either { b: x := 1; c: x := 2; } or { skip; d: { e: x := 2; } }";
    const t = `var x: 0..2; thread t { a: ${body} }`;
    expect(await holdsSomewhere("t@a && t@b && t@d && t@e", t)).toBe(true);
    expect(await holdsSomewhere("t@a && t@c", t)).toBe(false);
    expect(await holdsSomewhere("t@c && !t@a && x == 1", t)).toBe(true);
  });

  test("a label of a proc is asked for by the proc's name", async () => {
    const f = "proc f() { a: x := 1; b: x := 0; }";
    const t = `var x: 0..1; ${f} thread t { f(); }`;
    expect(await holdsSomewhere("t@f.a && x == 0 && !t@f.b", t)).toBe(true);
    expect(await holdsSomewhere("t@f.b && x == 1", t)).toBe(true);
  });

  test("t@p holds for every call that is under way, not for a call about to be made", async () => {
    const procs = "proc inner(v: 0..1) { x := v; } proc outer() { inner(x); }";
    const t = `var x: 0..1; ${procs} thread t { outer(); }`;
    expect(await holdsSomewhere("t@outer && !t@inner", t)).toBe(true);
    expect(await holdsSomewhere("t@outer && t@inner", t)).toBe(true);
    expect(await holdsSomewhere("t@inner && !t@outer", t)).toBe(false);
  });

  test("all instances of a generic proc count", async () => {
    const p = "proc put<T>(v: T, r: ref T) { r := v; }";
    const t = `var x: 0..1; var y: bool; ${p} thread t { put(1, x); put(true, y); }`;
    expect(await holdsSomewhere("t@put && x == 0", t)).toBe(true);
    expect(await holdsSomewhere("t@put && x == 1", t)).toBe(true);
  });

  test("labels inside atomic and of procs called there name nothing", async () => {
    const f = "proc f() { a: x := 1; }";
    const t = `var x: 0..1; ${f} thread t { atomic { f(); } }`;
    expect(await holdsSomewhere("t@f || t@f.a", t)).toBe(false);
  });
});
