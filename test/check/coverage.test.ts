import { describe, expect, test } from "vitest";
import { NO_LIMITS, runCheck } from "../../src/check/check.ts";
import { locate } from "../../src/diagnostics/location.ts";
import type { Outcome } from "../../src/outcome/outcome.ts";
import { build } from "../reference/run.ts";

async function outcomeOf(text: string, coverage = true): Promise<Outcome> {
  const { program, sources } = build(text);
  return await runCheck(
    program,
    {
      sources,
      limits: NO_LIMITS,
      deadlock: true,
      hung: true,
      suspicions: false,
      properties: null,
      engine: "reference",
      workers: 1,
      coverage,
    },
    {
      clock: () => 0,
      pause: () => Promise.resolve(),
      memoryUsed: () => 0,
      signal: { aborted: false },
    },
  );
}

/** The code and the line of each warning. */
async function warningsOf(text: string): Promise<readonly (readonly [string, number])[]> {
  const { warnings } = await outcomeOf(text);
  return warnings.map(({ code, span }) => [code, locate(text, span?.start ?? -1).line]);
}

describe("a statement that is never executed", () => {
  test("is told once for its block, not for what is behind or inside it", async () => {
    const text = `module m;
var x: 0..1;
thread t {
  if (x == 1) {
    if (x == 0) {
      x := 0;
    }
    x := 0;
  } else {
    x := 1;
  }
}
`;
    expect(await warningsOf(text)).toEqual([["MD5002", 5]]);
  });

  test("is told where a thread waits for ever, at the wait", async () => {
    const text = "module m;\nvar x: 0..1;\nthread t {\n  await idle x == 1;\n  x := 0;\n}\n";
    expect(await warningsOf(text)).toEqual([["MD5002", 4]]);
  });

  test("is told in every branch that has one", async () => {
    const text = `module m;
var x: 0..1;
thread t {
  either {
    await x == 1;
    skip;
  } or {
    x := 0;
  } or {
    skip;
    await x == 1;
  }
}
`;
    expect(await warningsOf(text)).toEqual([
      ["MD5002", 5],
      // A try that has to wait in the end is no step, so this was not executed either.
      ["MD5002", 10],
    ]);
  });

  test("is not one that runs before the first step", async () => {
    expect(await warningsOf("module m;\nvar x: 0..1;\nthread t { let a = 1; x := a; }\n")).toEqual(
      [],
    );
  });
});

describe("a proc", () => {
  test("that nobody calls is told at its name, and what only it calls as well", async () => {
    const text = `module m;
var x: 0..1;
proc inner() { x := 0; }
proc outer() { inner(); }
thread t { x := 1; }
`;
    expect(await warningsOf(text)).toEqual([
      ["MD5003", 3],
      ["MD5003", 4],
    ]);
  });

  test("that was called and waits for ever at its beginning was called", async () => {
    const text = `module m;
var x: 0..1;
proc wait() {
  await idle x == 1;
}
thread t { wait(); }
`;
    expect(await warningsOf(text)).toEqual([["MD5002", 4]]);
  });

  test("that is generic is one proc: its instances count together", async () => {
    const text = `module m;
var x: 0..1;
var y: bool;
proc store<T>(to: ref T, value: T, really: bool) {
  if (really) {
    to := value;
  } else {
    skip;
  }
}
thread t { store(x, 1, true); store(y, true, false); store(y, true, true); }
`;
    const { coverage, warnings } = await outcomeOf(text);
    expect(warnings).toEqual([]);
    const own = coverage?.statements.filter(({ owner }) => owner.name === "store") ?? [];
    expect(own.map(({ text: line, nesting, taken }) => [line, nesting, taken])).toEqual([
      // The first call is made at the start, the others in the steps of the assignments.
      ["if (really)", 0, 1],
      ["to := value", 1, 2],
      ["skip", 1, 1],
    ]);
  });

  test("of an imported module is counted, not warned of", async () => {
    const text = "module m;\nimport kernel;\nvar a: Mutex;\nthread t { lock(a); unlock(a); }\n";
    const { coverage, warnings } = await outcomeOf(text);
    expect(warnings).toEqual([]);
    const names = new Set(coverage?.statements.map(({ owner }) => owner.name));
    expect([...names].at(-1)).toBe("t");
    expect(names.has("lock")).toBe(true);
    expect(names.size).toBeGreaterThan(5);
  });
});

describe("threads and transitions that take no part are told at their names", () => {
  test("a dormant thread, a thread of no index, a transition that is never enabled", async () => {
    const text = `module m;
var x: 0..1;
dormant thread sleeper { x := 0; }
thread nobody[i in 1..0] { x := 0; }
transition never when x == 1 && x == 0 { x := 0; }
thread t { x := 1; }
`;
    expect(await warningsOf(text)).toEqual([
      ["MD5004", 3],
      ["MD5004", 4],
      ["MD5001", 5],
    ]);
  });

  test("a transition without statements is taken all the same", async () => {
    const text = "module m;\nvar x: bool;\ntransition stay { }\nfinal: true;\n";
    const { coverage, warnings } = await outcomeOf(text);
    expect(warnings).toEqual([]);
    expect(coverage?.transitions.map(({ name, taken }) => [name, taken])).toEqual([["stay", 1]]);
  });
});

describe("a search that did not see everything", () => {
  const text = `module m;
var x: 0..3;
transition up when x < 3 { x += 1; }
transition late when x == 3 { x := 0; }
invariant low: x < 2;
`;

  test("warns of nothing: what it left out may execute it", async () => {
    const { statistics, coverage, warnings } = await outcomeOf(text);
    expect(statistics.complete).toBe(false);
    expect(coverage?.transitions.map(({ taken }) => taken)).toEqual([2, 0]);
    expect(warnings).toEqual([]);
  });
});

test("nobody asks: there is neither coverage nor a warning", async () => {
  const { coverage, warnings } = await outcomeOf(
    "module m;\nvar x: bool;\nproc unused() { x := true; }\nthread t { x := x; }\n",
    false,
  );
  expect(coverage).toBeNull();
  expect(warnings).toEqual([]);
});
