import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Coverage, Outcome, Statistics } from "../../src/outcome/outcome.ts";
import { specText } from "../../src/report/text.ts";
import { displayWidth } from "../../src/support/display.ts";
import { FILE, outcome, SOURCES, spanOf } from "./made-outcome.ts";

const REFERENCE = outcome().statistics;

const FAST: Statistics = {
  ...REFERENCE,
  engine: "fast",
  workers: 2,
  states: 2_500_000,
  transitions: 10_000_000,
  depth: 199,
  initialStates: 12_500,
  levels: Array.from({ length: 200 }, () => 12_500),
  elapsedMs: 1250,
  storage: {
    bitsPerState: 41,
    wordsPerState: 2,
    bytesPerState: 14.7,
    storeBytes: 20_000_000,
    tableBytes: 16 * 2 ** 20,
    tableLoad: 0.596,
    peakBytes: 45 * 2 ** 20,
  },
  timing: { compileMs: 3.25, generateMs: 1400, probeMs: 980, judgeMs: 420 },
};

const LIBRARY = "specs/lib/kernel.spec";
const WRITE_BOTH = { kind: "proc", name: "write_both", span: spanOf("write_both") } as const;
const FLUSHER = { kind: "thread", name: "flusher", span: spanOf("flusher") } as const;

const COVERAGE: Coverage = {
  transitions: [
    { name: "both_counted", span: spanOf("both_counted"), taken: 0 },
    { name: "all_written", span: spanOf("all_written"), taken: 12_345 },
  ],
  statements: [
    {
      owner: { kind: "proc", name: "lock", span: spanOf("lock", LIBRARY) },
      kind: "atomic",
      span: spanOf("atomic", LIBRARY),
      text: "atomic",
      nesting: 0,
      taken: 4711,
      atStart: false,
    },
    {
      owner: WRITE_BOTH,
      kind: "if",
      span: spanOf("lock(first)"),
      text: "if (first == second)",
      nesting: 0,
      taken: 0,
      atStart: true,
    },
    {
      owner: WRITE_BOTH,
      kind: "assign",
      span: spanOf("writes := writes + 1"),
      text: `writes := ${"writes + ".repeat(20)}1`,
      nesting: 1,
      taken: 0,
      atStart: false,
    },
    {
      owner: FLUSHER,
      kind: "call",
      span: spanOf("write_both(a, b)"),
      text: "write_both(a, b)",
      nesting: 0,
      taken: 4,
      atStart: true,
    },
  ],
};

const WARNED: Outcome = outcome({
  coverage: COVERAGE,
  warnings: [
    {
      code: "MD5002",
      severity: "warning",
      message: "this statement is never executed",
      span: spanOf("writes := writes + 1"),
      related: [],
      hint: null,
    },
  ],
});

function told(one: Outcome, columns: number, stats: boolean, color = false): string {
  const spec = { file: FILE, module: "abba", outcomes: [one], diagnostics: [], sources: SOURCES };
  const whole = specText(spec, { columns, color, fullStates: false, stats });
  return whole.slice(whole.indexOf("\n\n") + 2);
}

function stats(changes: Partial<Statistics>, columns = 100): string {
  return told(outcome({ statistics: { ...REFERENCE, ...changes } }), columns, true);
}

const golden = (name: string): string =>
  fileURLToPath(new URL(`../golden/report/${name}.txt`, import.meta.url));

function widest(text: string): number {
  return Math.max(...text.split("\n").map(displayWidth));
}

/** The bars of the levels. */
function bars(text: string): string {
  return /[▁▂▃▄▅▆▇█]+/.exec(text)?.[0] ?? "";
}

describe("the size of a search", () => {
  test.each([60, 80, 100, 200])("fits %i columns", (columns) => {
    expect(widest(stats(FAST, columns))).toBeLessThanOrEqual(columns);
    expect(widest(stats({}, columns))).toBeLessThanOrEqual(columns);
  });

  test.each([80, 200])("looks as recorded in %i columns", async (columns) => {
    const text = stats({}, columns) + stats(FAST, columns);
    await expect(text).toMatchFileSnapshot(golden(`stats-${columns}`));
  });

  test("is told only when asked for, and not of a search that was not run", () => {
    expect(told(outcome(), 100, false).split("\n")).toHaveLength(2);
    expect(stats({ states: 0, levels: [] }).split("\n")).toHaveLength(2);
  });

  test("has the branching, the widest level and the speed", () => {
    const text = stats({
      states: 4,
      transitions: 10,
      depth: 2,
      levels: [1, 2, 1],
      elapsedMs: 2,
    });
    expect(text).toMatch(/transitions +10 {2}2\.50 from a state on average/);
    expect(text).toMatch(/depth +2 {2}widest level 2 states, at depth 1/);
    expect(text).toMatch(/states\/s +2\u00a0000/);
    expect(bars(text)).toBe("▄█▄");
  });

  test("names no speed that no clock has seen, and no packing of what is not packed", () => {
    expect(stats({ elapsedMs: 0 })).not.toContain("states/s");
    expect(stats({})).not.toContain("bytes");
  });

  test("has memory and time of an engine that packs", () => {
    const text = stats(FAST);
    expect(text).toMatch(/memory +45\.0 MB {2}at most; store 19\.1 MB, table 16\.0 MB, 60 % full/);
    expect(text).toMatch(/bytes a state +14\.7 {2}41 bits in 2 words/);
    expect(text).toMatch(
      /states\/s +2\u00a0000\u00a0000 {2}2 workers · compiling 3\.3 ms · generating 1\.40 s · probing 0\.98 s/,
    );
  });

  test("in colour differs by codes alone", () => {
    const colored = told(outcome(), 80, true, true);
    expect(colored).toContain("\u001b[36m▁");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
    expect(colored.replace(/\u001b\[\d+m/g, "")).toBe(told(outcome(), 80, true));
  });
});

describe("the picture of the levels", () => {
  test("has a bar for what is not zero, and the highest for the most", () => {
    expect(bars(stats({ levels: [1, 1000, 500, 1] }))).toBe("▁█▄▁");
  });

  test("has no bar for a single level", () => {
    expect(bars(stats({ levels: [9] }))).toBe("");
  });

  test("puts levels together where there is no room, and keeps the widest of them", () => {
    for (const count of [1000, 1_000_000]) {
      const levels = new Array<number>(count).fill(1).with(501, 8);
      const text = stats({ levels });
      const each = Number(/a bar for (.+) levels/.exec(text)?.[1]?.replaceAll("\u00a0", ""));
      expect(bars(text)).toHaveLength(Math.ceil(count / each));
      expect([...bars(text)].indexOf("█")).toBe(Math.floor(501 / each));
    }
  });
});

describe("coverage", () => {
  test.each([60, 80, 200])("fits %i columns", (columns) => {
    expect(widest(told(WARNED, columns, true))).toBeLessThanOrEqual(columns);
  });

  test.each([80, 200])("looks as recorded in %i columns", async (columns) => {
    await expect(told(WARNED, columns, false)).toMatchFileSnapshot(golden(`coverage-${columns}`));
  });

  test("marks what was never executed, and what only the start executes", () => {
    const text = told(WARNED, 100, false);
    expect(text).toMatch(/abba\.spec:14 +never {2}transition both_counted\n/);
    expect(text).toMatch(/abba\.spec:10 +never {6}writes := writes/);
    expect(text).toMatch(/abba\.spec:8 +start {4}if \(first == second\)/);
    expect(text).toMatch(/abba\.spec:12 +4 {4}write_both\(a, b\)/);
  });

  test("leaves out what the spec imports", () => {
    expect(told(WARNED, 100, false)).not.toMatch(/kernel\.spec|4\u00a0711/);
    const imported = COVERAGE.statements.slice(0, 1);
    const text = told(outcome({ coverage: { transitions: [], statements: imported } }), 100, false);
    expect(text).not.toContain("coverage");
  });

  test("stands between blank lines, warnings behind it", () => {
    const lines = told(WARNED, 100, true).trimEnd().split("\n");
    expect(lines.filter((line, index) => line === "" && lines[index - 1] === "")).toEqual([]);
    const at = (part: string): number => lines.findIndex((line) => line.includes(part));
    expect(at("states/s")).toBeLessThan(at("coverage"));
    expect(at("coverage")).toBeLessThan(at("warning MD5002"));
  });
});
