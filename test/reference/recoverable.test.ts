import { describe, expect, test } from "vitest";
import { options, run, told } from "./run.ts";

const NO_LIMITS = options(new Map()).limits;

describe("recoverable", () => {
  test("is violated at the nearest state from which no state satisfies it", async () => {
    const text = `module m; var x: 0..3; thread t { x := 1; either { x := 2; } or { x := 3; } x := 0; }
      recoverable low: x < 2;`;
    expect(told(await run(text))).toEqual([]);
    const lost = `module m; var x: 0..3; thread t { x := 1; either { x := 3; } or { x := 2; } x := 3; }
      recoverable low: x < 2;`;
    const result = await run(lost);
    expect(told(result)).toEqual(["low after 2"]);
    expect(result.properties).toMatchObject([{ name: "low", result: "violated", vacuous: [] }]);
    const [finding] = result.findings;
    // Of the two states after the second step the lesser one.
    expect(finding?.trace?.steps.at(-1)?.changes).toMatchObject([{ path: "x", after: 2 }]);
    expect(finding).toMatchObject({
      kind: "violation",
      property: "recoverable",
      span: { file: "test.spec" },
      lasso: null,
      doomedAt: null,
      waiting: [],
    });
  });

  test("holds where each state satisfies it or leads back", async () => {
    const text = `module m; var x: 0..1; thread t { loop { x := 1 - x; } } recoverable zero: x == 0;`;
    const result = await run(text);
    expect(told(result)).toEqual([]);
    expect(result.properties).toMatchObject([{ name: "zero", result: "holds" }]);
  });

  test("needs no fairness: that a step back is possible is enough", async () => {
    const text = `module m; var x: 0..2;
      transition wander when x < 2 { x := 1 - x; } transition back when x == 1 { x := 2; }
      final: x == 2; recoverable two: x == 2;`;
    expect(told(await run(text))).toEqual([]);
  });

  test("may be brought back by an escape", async () => {
    const text = "module m; var x: 0..1; thread t { x := 1; } recoverable zero: x == 0;";
    expect(told(await run(text))).toEqual(["zero after 1"]);
    expect(told(await run(`${text} escape thread e { await x == 1; x := 0; }`))).toEqual([]);
    expect(told(await run(`${text} escape transition e when x == 1 { x := 0; }`))).toEqual([]);
  });

  test("may go on well outside of the constraint", async () => {
    const text = `module m; var x: 0..3; thread t { while (x < 3) { x := x + 1; } }
      recoverable zero: x == 0;`;
    // Testing the condition is a step of its own.
    expect(told(await run(text))).toEqual(["zero after 2"]);
    expect(told(await run(`${text} constraint x < 3;`))).toEqual([]);
  });

  test("may go on well where a limit ended the search", async () => {
    const text = `module m; var x: 0..9; thread t { x := 1; either { } or { while (x < 9) { x := x + 1; } } }
      recoverable zero: x == 0;`;
    const result = await run(text, { limits: { ...NO_LIMITS, depth: 2 } });
    expect(told(result)).toEqual([]);
    expect(result.properties).toMatchObject([{ name: "zero", result: "unknown" }]);
    // After the second step t may be done, and that it does nothing more is known at depth 3.
    const more = await run(text, { limits: { ...NO_LIMITS, depth: 3 } });
    expect(told(more)).toEqual(["zero after 2"]);
    expect(more).toMatchObject({ incomplete: "depth", properties: [{ result: "violated" }] });
    expect(told(await run(text))).toEqual(["zero after 1"]);
  });

  test("without value somewhere is an error there, and never holds", async () => {
    const text = `module m; var x: 0..1; thread t { loop { x := 1 - x; } }
      recoverable r: 1 / (1 - x) == 1;`;
    const result = await run(text);
    expect(told(result)).toEqual(["error after 1: division of 1 by zero"]);
    expect(result.properties).toMatchObject([{ name: "r", result: "unknown" }]);
  });

  test("has no need of a value outside of the constraint", async () => {
    const text = `module m; var x: 0..1; thread t { loop { x := 1 - x; } } constraint x == 0;
      recoverable r: 1 / (1 - x) == 1; property p: always 1 / (1 - x) == 1;`;
    expect(told(await run(text))).toEqual([]);
  });

  test("is not judged where nobody asks, and has no need of a value then", async () => {
    const text = `module m; var x: 0..1; thread t { x := 1; } recoverable a: x == 0;
      recoverable b: 1 / (1 - x) == 1; recoverable c: x == 1; property p: always 1 / (1 - x) == 1;`;
    const result = await run(text, { properties: new Set(["c"]) });
    expect(told(result)).toEqual([]);
    expect(result.properties).toMatchObject([{ name: "c", result: "holds" }]);
  });

  test("comes behind what is invariant or reachable, in order of declaration", async () => {
    const text = `module m; var x: 0..1; thread t { x := 1; }
      property p: always x == 0; recoverable b: x == 0; recoverable a: x == 0; invariant i: x == 0;
      check c expect ok states 2;`;
    expect(told(await run(text))).toEqual(["i after 1", "b after 1", "a after 1", "p after 1"]);
  });
});
