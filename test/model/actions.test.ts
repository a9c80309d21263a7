import { describe, expect, test } from "vitest";
import { waitsFrom } from "../../src/model/actions.ts";
import { type Model, modelOf } from "../../src/model/model.ts";
import { program } from "../semantics/compile.ts";

const model = (text: string): Model => modelOf(program(text), false);

describe("actions", () => {
  test("stand by agent, of a thread its strong places last, of a fair transition each choice", () => {
    const { actions, actionStarts } = model(`
      var n: 0..3 = 0;
      thread t[i in 0..1] { await strong n == i; n := 2; await n == 1; await strong n == 3; }
      transition plain(i in 0..2) { n := i; }
      fair transition each(i in 0..2, j in 0..1) when n > i { n := j; }
      strong transition clears { n := 0; }`);
    expect(
      actions.map(({ agent, kind, choice, rest }) => [agent, kind, choice, rest?.location ?? null]),
    ).toEqual([
      // Place 0 is that of a thread that has ended.
      ...[0, 1].flatMap((agent) => [
        [agent, "thread", null, null],
        [agent, "thread", null, 1],
        [agent, "thread", null, 4],
      ]),
      [2, "transition", null, null],
      ...[0, 1, 2, 3, 4, 5].map((choice) => [3, "transition", choice, null]),
      [4, "transition", 0, null],
    ]);
    expect(actionStarts).toEqual([0, 3, 6, 7, 13]);
  });
});

describe("the waits of a step", () => {
  const waits = (body: string, more: string = "") => {
    const made = model(`const OFF: bool = false; var n: 0..3 = 0; ${more} thread t { ${body} }`);
    return made.threads[0]?.rests.map((rest) => {
      const { strong, notIdle } = waitsFrom(rest);
      return strong ? "strong" : notIdle ? "plain" : "-";
    });
  };

  test("are those up to the next place of rest", () => {
    expect(waits("n := 1; await n == 2; await idle n == 3; await strong n == 0;")).toEqual([
      "-",
      "plain",
      "-",
      "strong",
    ]);
  });

  test("are those of all branches, and of what is called", () => {
    const calls = "proc p() { choose strong i in 0..1 where i == n { n := i; } }";
    expect(waits("either { await idle n == 1; } or { p(); }", calls)?.[0]).toBe("strong");
    expect(waits("atomic { await idle n == 1; p(); }", calls)).toEqual(["strong"]);
    expect(waits("either { await idle n == 1; } or { n := 2; }")).toEqual(["-"]);
  });

  test("are also those behind a condition that constants decide", () => {
    expect(waits("atomic { if (OFF) { await strong n == 1; } n := 2; }")).toEqual(["strong"]);
    expect(waits("atomic { if (!OFF) { n := 2; } else { await n == 1; } }")).toEqual(["plain"]);
    expect(waits("atomic { n := 2; if (OFF || n == 2) { return; } await n == 1; }")).toEqual([
      "plain",
    ]);
  });
});

describe("the ranks of conditions", () => {
  test("follow their kinds, properties from left to right", () => {
    const { conditions, surveyed } = model(`
      var n: 0..3 = 0;
      transition up when n < 3 { n := n + 1; }
      final: n == 3;
      property ends: (forall i in 0..1: n == i ~> n > i) && eventually n == 3;
      recoverable zero: n == 0;
      reachable three: n == 3;
      step grows: n' > n;
      invariant small: n < 4;
      property stays: always n >= 0;
      constraint n < 9;`);
    const named = conditions.map(({ rank, kind, index, name }) => [rank, kind, index, name]);
    expect(named).toEqual([
      [1, "constraint", 0, null],
      [2, "invariant", 0, "small"],
      [3, "step", 0, "grows"],
      [4, "reachable", 0, "three"],
      [5, "recoverable", 0, "zero"],
      ...[0, 1, 2, 3, 4].map((index) => [6 + index, "predicate", index, "ends"]),
      [11, "predicate", 5, "stays"],
      [12, "final", 0, null],
    ]);
    expect(surveyed.map(({ rank }) => rank)).toEqual([5, 6, 7, 8, 9, 10, 11]);
  });
});
