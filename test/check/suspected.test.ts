import { describe, expect, test } from "vitest";
import { judge } from "../../src/check/judge.ts";
import type { Program } from "../../src/core/program.ts";
import type {
  Finding,
  FrameView,
  LockOrder,
  Outcome,
  PropertyResult,
  SearchResult,
  Suspicion,
  Trace,
} from "../../src/outcome/outcome.ts";

const FILE = "x.spec";
const LIBRARY = "lib/kernel.spec";

const span = (start: number, file = FILE) => ({ file, start, end: start + 1 });

/** The thread stands at `at` in the file, and inside a library proc that it calls there. */
function inside(name: string, at: number): Trace["initial"]["threads"][number] {
  const frame = (proc: string | null, place: FrameView["span"]): FrameView => ({
    proc,
    span: place,
    label: null,
    locals: new Map(),
  });
  return { name, done: false, stack: [frame(null, span(at)), frame("lock", span(500, LIBRARY))] };
}

const INITIAL = { variables: new Map(), threads: [inside("a", 10), inside("b", 20)] };

/** One step of `agent`, in the library. */
function trace(agent: string, place = span(500, LIBRARY)): Trace {
  return {
    initial: INITIAL,
    steps: [
      {
        agent,
        isTransition: false,
        procs: [],
        label: null,
        doc: null,
        span: place,
        text: "",
        choices: [],
        shell: null,
        changes: [],
        state: INITIAL,
      },
    ],
  };
}

const UNSTABLE: Suspicion = {
  kind: "unstable",
  thread: "a",
  wait: { kind: "plain", span: span(500, LIBRARY), text: "c" },
  trace: trace("b", span(30)),
};

function order(thread: string, held: string, taken: string): LockOrder {
  return { thread, held, taken, trace: trace(thread) };
}

const ORDER: Suspicion = {
  kind: "lockOrder",
  orders: [order("a", "p", "q"), order("b", "q", "p")],
};

const VACUOUS: PropertyResult = {
  name: "served",
  property: "property",
  span: span(40),
  result: "holds",
  vacuous: [span(50)],
};

function hang(kind: "deadlock" | "hung", threads: readonly string[]): Finding {
  const base = { span: null, message: null, trace: null, waiting: [] };
  return { ...base, kind, threads, doomedAt: null, lasso: null, waitFor: null };
}

function judged(result: Partial<SearchResult>): Outcome {
  const program = {
    file: FILE,
    constants: [],
    instances: [],
    constraints: [],
    check: { expectations: [{ kind: "ok" }], overridden: [], states: null },
  };
  const statistics = { states: 0 };
  const found = {
    statistics,
    findings: [],
    properties: [],
    suspicions: [],
    incomplete: null,
    ...result,
  };
  return judge(found as unknown as SearchResult, program as unknown as Program);
}

describe("suspicions", () => {
  test("are warnings, and leave a check met", () => {
    const { met, warnings, suspicions } = judged({
      suspicions: [UNSTABLE, ORDER],
      properties: [VACUOUS],
    });
    expect(met).toBe(true);
    expect(warnings.map(({ code, severity }) => [code, severity])).toEqual([
      ["MD5007", "warning"],
      ["MD5005", "warning"],
      ["MD5006", "warning"],
    ]);
    expect(suspicions).toEqual([UNSTABLE, ORDER]);
  });

  test("name the wait in the spec's own file, and who takes it away where", () => {
    const [warning] = judged({ suspicions: [UNSTABLE] }).warnings;
    expect(warning).toMatchObject({
      span: span(10),
      related: [{ message: "'b' takes it away here", span: span(30) }],
    });
  });

  test("name both locks, who takes which and where", () => {
    const [warning] = judged({ suspicions: [ORDER] }).warnings;
    expect(warning).toMatchObject({
      message: "p and q are taken in both orders",
      span: span(10),
      hint: "'a' takes q here while it holds p",
      related: [{ message: "'b' takes p here while it holds q", span: span(20) }],
    });
  });

  test("of locks are left out where both threads are in one deadlock or hang", () => {
    for (const kind of ["deadlock", "hung"] as const) {
      const findings = [hang(kind, ["a", "b", "c"])];
      const { warnings, suspicions } = judged({ findings, suspicions: [UNSTABLE, ORDER] });
      expect(warnings.map(({ code }) => code)).toEqual(["MD5005"]);
      expect(suspicions).toEqual([UNSTABLE]);
      expect(judged({ findings: [hang(kind, ["a"])], suspicions: [ORDER] }).warnings).toHaveLength(
        1,
      );
    }
  });
});
