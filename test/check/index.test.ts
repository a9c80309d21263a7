import { describe, expect, test } from "vitest";
import { check, FileError, format, type Host, parse, report } from "../../src/index.ts";

const SPEC = `module m;
type Mode = enum { SLOW, FAST };
const MODE: Mode = SLOW;
const N: 0..3 = 1;
var x: 0..3 = 0;
thread t { x := MODE == FAST ? 2 : N; }
invariant low: x < 2;
check slow;
check fast with N = 3 expect violation(low);
`;

function hostOf(text: string): Host {
  return {
    libraryFolder: "lib",
    read: async (path) => {
      if (path !== "m.spec") {
        throw new FileError(path, "no such file");
      }
      return text;
    },
  };
}

const host = hostOf(SPEC);

describe("check()", () => {
  test("runs every check, and tells first what decides", async () => {
    const result = await check("m.spec", { host });
    expect(result.met).toBe(true);
    expect(result.outcomes.map((one) => one.check.name)).toEqual(["slow", "fast"]);
    expect(result.verdict).toEqual({ kind: "holds", withinConstraint: false });
    expect(result.states).toBe(2);
  });

  test("takes constants as values of JavaScript", async () => {
    const result = await check("m.spec", { host, constants: { N: 2, MODE: "FAST" } });
    expect(result.met).toBe(false);
    expect(result.verdict).toEqual({ kind: "violation", property: "invariant", name: "low" });
    expect(result.trace.map((step) => step.agent)).toEqual(["t"]);
    expect(result.trace[0]?.state?.variables.get("x")).toBe(2);
  });

  test("gives errors of the spec back as diagnostics", async () => {
    const result = await check("m.spec", { host: hostOf("module m;\nvar x: Nothing;\n") });
    expect(result.verdict).toEqual({ kind: "refused" });
    expect(result.met).toBe(false);
    expect(result.diagnostics.map((one) => one.severity)).toEqual(["error"]);
  });

  test("refuses a spec with a prototype that nothing defines, also without a check", async () => {
    const open = "module m;\nproc f();\nthread t { f(); }\n";
    const result = await check("m.spec", { host: hostOf(open) });
    expect(result.met).toBe(false);
    expect(result.verdict).toEqual({ kind: "refused" });
    expect(result.diagnostics.map((one) => one.code)).toEqual(["MD2020"]);
  });

  test("places what is wrong with a constant in the constants", async () => {
    const result = await check("m.spec", { host, constants: { N: 9 } });
    expect(result.diagnostics[0]?.span?.file).toBe("<constants>");
    expect(report(result)).toContain("1 │ N=9");
  });

  test("rejects for an unreadable file", async () => {
    await expect(check("no.spec", { host })).rejects.toThrow("cannot read no.spec: no such file");
  });

  test("stops when its signal is aborted", async () => {
    const result = await check("m.spec", { host, signal: AbortSignal.abort() });
    expect(result.verdict).toEqual({ kind: "incomplete", reason: "interrupted" });
  });

  test("counts what was executed when asked to", async () => {
    const options = { host, checks: ["slow"] };
    const { outcomes } = await check("m.spec", { ...options, coverage: true });
    expect(outcomes[0]?.coverage?.statements.map(({ taken }) => taken)).toEqual([1]);
    expect((await check("m.spec", options)).outcomes[0]?.coverage).toBeNull();
  });

  test("takes a number of workers, or auto, and no other", async () => {
    for (const workers of [1, 64, "auto"] as const) {
      expect((await check("m.spec", { host, workers })).met).toBe(true);
    }
    for (const workers of [0, 65, 1.5, Number.NaN]) {
      await expect(check("m.spec", { host, workers })).rejects.toThrow("from 1 to 64");
    }
  });

  test("takes an engine that is there, and no other", async () => {
    expect((await check("m.spec", { host, engine: "reference" })).met).toBe(true);
    const engine = "slow" as "reference";
    await expect(check("m.spec", { host, engine })).rejects.toThrow("the engine must be");
  });

  test("looks for hangs unless told otherwise, and for suspicions only when asked to", async () => {
    const text =
      "module m;\nvar x: bool;\nvar tick: bool;\nthread waiter { await x && !x; }\n" +
      "thread misses { await tick; }\nthread daemon { loop { tick := !tick; } }\n";
    const hanging = hostOf(text);
    const result = await check("m.spec", { host: hanging });
    expect(result.verdict).toEqual({ kind: "hung", threads: ["waiter"] });
    expect(result.outcomes[0]?.findings[0]?.waitFor?.waits[0]?.waiter).toBe("waiter");
    expect(result.outcomes[0]?.suspicions).toEqual([]);
    for (const options of [{ hung: false }, { deadlock: false }]) {
      expect((await check("m.spec", { host: hanging, ...options })).verdict.kind).toBe("holds");
    }
    const { outcomes } = await check("m.spec", { host: hanging, hung: false, suspicions: true });
    expect(outcomes[0]?.warnings.map(({ code }) => code)).toEqual(["MD5005"]);
  });

  test("stops at a limit", async () => {
    const result = await check("m.spec", { host, limits: { states: 1 } });
    expect(result.verdict).toEqual({ kind: "incomplete", reason: "states" });
  });
});

test("report() is the text report", async () => {
  const text = report(await check("m.spec", { host }), { columns: 100 });
  expect(text).toMatch(/^m\.spec {2}m\n\n✓ slow +holds/);
  expect(text).toMatch(/✓ fast +violates low, as expected/);
  expect(text).not.toContain("transitions");
});

test("report() tells the size of searches and coverage when asked to", async () => {
  const result = await check("m.spec", { host, checks: ["slow"], coverage: true });
  const text = report(result, { stats: true });
  expect(text).toMatch(/ transitions +1 {2}0\.50 from a state on average/);
  expect(text).toMatch(/m\.spec:6 +1 {4}x := MODE == FAST/);
});

test("parse() and format() take texts", () => {
  expect(parse(SPEC).ok).toBe(true);
  expect(parse("module m;\n(").diagnostics[0]?.span?.file).toBe("<text>");
  const formatted = format("module m;\nvar x:bool;");
  expect(formatted.ok && formatted.value).toContain("var x: bool;");
});
