import { describe, expect, test } from "vitest";
import { judge } from "../../src/check/judge.ts";
import type { Check, Program } from "../../src/core/program.ts";
import type { Finding, SearchResult } from "../../src/outcome/outcome.ts";

const SPAN = { file: "x.spec", start: 0, end: 1 };
const THREADS = ["flusher", "shrinker", "third"];

function program(check: Partial<Check>): Program {
  return {
    module: "x",
    file: "x.spec",
    constants: [],
    variables: [],
    defs: [],
    procs: [],
    threads: [],
    instances: THREADS.map((name, thread) => ({ thread, index: null, name })),
    transitions: [],
    agents: [],
    invariants: [],
    steps: [],
    reachables: [],
    recoverables: [],
    properties: [],
    finals: [],
    constraints: [],
    fairness: [],
    check: {
      name: "c",
      doc: null,
      span: null,
      shell: null,
      overridden: [],
      expectations: [{ kind: "ok" }],
      states: null,
      ...check,
    },
  };
}

const BASE = {
  span: SPAN,
  message: null,
  trace: null,
  waiting: [],
  doomedAt: null,
  lasso: null,
  waitFor: null,
};
const DEADLOCK: Finding = { ...BASE, kind: "deadlock", threads: ["flusher", "shrinker"] };
const ASSERTION: Finding = { ...BASE, kind: "assertion", message: "no" };
const VIOLATION: Finding = { ...BASE, kind: "violation", property: "invariant", name: "safe" };

function result(findings: readonly Finding[], changes: Partial<SearchResult> = {}): SearchResult {
  return {
    findings,
    witnesses: [],
    properties: [],
    statistics: {
      engine: "reference",
      workers: 1,
      states: 10,
      transitions: 20,
      depth: 3,
      levels: [1, 3, 4, 2],
      initialStates: 1,
      elapsedMs: 1,
      complete: true,
      storage: null,
      timing: null,
    },
    coverage: null,
    suspicions: [],
    hangs: [],
    incomplete: null,
    ...changes,
  };
}

function reasons(found: SearchResult, check: Partial<Check>): readonly string[] {
  return judge(found, program(check)).unmet.map((one) => one.kind);
}

describe("a check that expects ok", () => {
  test("is met when nothing is found", () => {
    const outcome = judge(result([]), program({}));
    expect(outcome.met).toBe(true);
    expect(outcome.verdict).toEqual({ kind: "holds", withinConstraint: false });
  });

  test("is unmet by every finding, and the first one is the verdict", () => {
    const outcome = judge(result([VIOLATION, DEADLOCK]), program({}));
    expect(outcome.unmet.map((one) => one.kind)).toEqual(["unexpected", "unexpected"]);
    expect(outcome.verdict).toEqual({ kind: "violation", property: "invariant", name: "safe" });
    expect(outcome.findings.map((one) => one.expected)).toEqual([false, false]);
  });
});

describe("a check that expects findings", () => {
  test("is met by a deadlock of any threads unless it names them", () => {
    expect(
      reasons(result([DEADLOCK]), { expectations: [{ kind: "deadlock", threads: null }] }),
    ).toEqual([]);
    expect(
      reasons(result([DEADLOCK]), { expectations: [{ kind: "deadlock", threads: [1, 0] }] }),
    ).toEqual([]);
  });

  test("is unmet by a deadlock of fewer or more threads than it names", () => {
    for (const threads of [[0], [0, 1, 2]]) {
      expect(
        reasons(result([DEADLOCK]), { expectations: [{ kind: "deadlock", threads }] }),
      ).toEqual(["missing"]);
    }
  });

  test("takes a deadlock for a hang of the same threads, not the other way round", () => {
    const hang: Finding = { ...BASE, kind: "hung", threads: ["flusher"] };
    expect(
      reasons(result([DEADLOCK]), { expectations: [{ kind: "hung", threads: [0, 1] }] }),
    ).toEqual([]);
    expect(
      reasons(result([hang]), { expectations: [{ kind: "deadlock", threads: null }] }),
    ).toEqual(["missing"]);
  });

  test("takes a hang of exactly the threads it names, and no other", () => {
    const hang: Finding = { ...BASE, kind: "hung", threads: ["flusher"] };
    const expecting = (threads: readonly number[] | null): readonly string[] =>
      reasons(result([hang]), { expectations: [{ kind: "hung", threads }] });
    expect(expecting([0])).toEqual([]);
    expect(expecting(null)).toEqual([]);
    expect(expecting([1])).toEqual(["missing"]);
    expect(expecting([0, 1])).toEqual(["missing"]);
    expect(judge(result([hang]), program({})).verdict).toEqual({
      kind: "hung",
      threads: ["flusher"],
    });
  });

  test("is met by a violated temporal property that it names", () => {
    const finding: Finding = { ...BASE, kind: "violation", property: "property", name: "served" };
    const expecting = (name: string): readonly string[] =>
      reasons(result([finding]), { expectations: [{ kind: "violation", name }] });
    expect(expecting("served")).toEqual([]);
    expect(expecting("other")).toEqual(["missing"]);
  });

  test("takes further findings for notes", () => {
    const outcome = judge(
      result([VIOLATION, DEADLOCK]),
      program({ expectations: [{ kind: "deadlock", threads: null }] }),
    );
    expect(outcome.met).toBe(true);
    expect(outcome.findings.map((one) => one.expected)).toEqual([false, true]);
  });

  test("is unmet by an error or assertion that it does not list", () => {
    const expectations = [{ kind: "deadlock", threads: null } as const];
    expect(reasons(result([ASSERTION, DEADLOCK]), { expectations })).toEqual(["unexpected"]);
    expect(reasons(result([ASSERTION]), { expectations: [{ kind: "assertion" }] })).toEqual([]);
  });

  test("is unmet when one of several is missing", () => {
    const expectations = [
      { kind: "deadlock", threads: null },
      { kind: "violation", name: "other" },
    ] as const;
    expect(reasons(result([DEADLOCK, VIOLATION]), { expectations: [...expectations] })).toEqual([
      "missing",
    ]);
  });
});

describe("a pinned count", () => {
  test("must be the number of states found", () => {
    expect(reasons(result([]), { states: 10 })).toEqual([]);
    const outcome = judge(result([]), program({ states: 11 }));
    expect(outcome.unmet).toEqual([{ kind: "states", expected: 11, actual: 10 }]);
    expect(outcome.verdict.kind).toBe("holds");
  });
});

describe("a search that was cut short", () => {
  test("meets nothing, not even with all it expects found", () => {
    const cut = { incomplete: "states" } as const;
    expect(reasons(result([], cut), {})).toEqual(["incomplete"]);
    expect(
      reasons(result([DEADLOCK], cut), { expectations: [{ kind: "deadlock", threads: null }] }),
    ).toEqual(["incomplete"]);
  });

  test("says nothing of what it missed, of counts included", () => {
    const outcome = judge(
      result([], { incomplete: "time" }),
      program({ states: 11, expectations: [{ kind: "assertion" }] }),
    );
    expect(outcome.unmet).toEqual([{ kind: "incomplete", reason: "time" }]);
    expect(outcome.verdict).toEqual({ kind: "incomplete", reason: "time" });
  });

  test("keeps what it found: that is real", () => {
    const outcome = judge(result([DEADLOCK], { incomplete: "time" }), program({}));
    expect(outcome.unmet.map((one) => one.kind)).toEqual(["unexpected", "incomplete"]);
    expect(outcome.verdict.kind).toBe("deadlock");
  });
});
