import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { JudgedFinding, Outcome } from "../../src/outcome/outcome.ts";
import { type Detail, headerText, outcomeText, summaryText } from "../../src/report/text.ts";
import { displayWidth } from "../../src/support/display.ts";
import { DEADLOCK, DEADLOCKED, FILE, outcome, SOURCES, STEPS, violation } from "./made-outcome.ts";

const VIOLATION = violation(12);
const VIOLATED: Outcome = outcome({
  check: { ...outcome().check, name: "a_name_of_some_length" },
  verdict: { kind: "violation", property: "invariant", name: "both_counted" },
  met: false,
  findings: [VIOLATION],
  unmet: [{ kind: "unexpected", finding: VIOLATION }],
});

function told(
  one: Outcome,
  detail: Detail,
  columns: number,
  color = false,
  fullStates = false,
): string {
  const checks = ["as_posted", "a_name_of_some_length"];
  return outcomeText(one, detail, {
    columns,
    color,
    fullStates,
    stats: false,
    file: FILE,
    checks,
    sources: SOURCES,
  });
}

function widest(text: string): number {
  return Math.max(...text.split("\n").map(displayWidth));
}

const golden = (name: string): string =>
  fileURLToPath(new URL(`../golden/report/${name}.txt`, import.meta.url));

describe("the text report", () => {
  test.each([80, 100, 200])("fits %i columns, whatever it tells", (columns) => {
    for (const one of [DEADLOCKED, VIOLATED, outcome()]) {
      for (const fullStates of [false, true]) {
        expect(widest(told(one, "full", columns, false, fullStates))).toBeLessThanOrEqual(columns);
      }
    }
  });

  test.each([80, 100, 200])("looks as recorded in %i columns", async (columns) => {
    const look = { columns, color: false, fullStates: false, stats: false };
    const report = [
      `${headerText(FILE, "abba", look)}\n\n`,
      told(DEADLOCKED, "full", columns),
      told(VIOLATED, "brief", columns),
      told(outcome(), "brief", columns),
      `\n${summaryText({ met: 2, unmet: 1, specsWithErrors: 0, interrupted: false, tracesLeftOut: false }, look)}`,
    ].join("");
    await expect(report).toMatchFileSnapshot(golden(`columns-${columns}`));
  });

  test("with whole states looks as recorded", async () => {
    const report = told(DEADLOCKED, "full", 80, false, true);
    await expect(report).toMatchFileSnapshot(golden("full-states"));
  });

  test("in colour differs by codes alone", () => {
    const colored = told(DEADLOCKED, "full", 80, true);
    expect(colored).toContain("\u001b[32m✓");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
    const bare = colored.replace(/\u001b\[\d+m/g, "");
    const trimmed = (text: string): string => text.replace(/ +$/gm, "");
    expect(trimmed(bare)).toBe(trimmed(told(DEADLOCKED, "full", 80)));
  });

  test("lines up the figures of all checks", () => {
    const ends = [DEADLOCKED, VIOLATED, outcome()].map((one) =>
      told(one, "brief", 100).split("\n")[0]?.indexOf(" states"),
    );
    expect(new Set(ends).size).toBe(1);
  });

  test("of an expected finding is one line unless asked for", () => {
    expect(told(DEADLOCKED, "brief", 100).split("\n")).toHaveLength(2);
  });

  test("of an unexpected finding has the trace always", () => {
    expect(told(VIOLATED, "brief", 100)).toContain("Shortest way there: 12 steps");
  });
});

describe("the words of a verdict", () => {
  const words = (one: Outcome): string | undefined =>
    /^. \S+ +(.*?) {2,}/.exec(told(one, "brief", 100))?.[1];
  const note: JudgedFinding = { ...VIOLATION, expected: false };

  test("are about the expected finding, not a note that happens to be shorter", () => {
    expect(words({ ...DEADLOCKED, findings: [note, DEADLOCK] })).toBe("deadlocks, as expected");
    expect(told({ ...DEADLOCKED, findings: [note, DEADLOCK] }, "full", 100)).toContain(
      "also: both_counted does not hold",
    );
  });

  test("are about the error that makes the check unmet", () => {
    const error: JudgedFinding = {
      ...DEADLOCK,
      kind: "error",
      expected: false,
      message: "7 does not fit 0..3",
    };
    const unmet = [{ kind: "unexpected", finding: error }] as const;
    const one = { ...DEADLOCKED, met: false, findings: [DEADLOCK, error], unmet };
    expect(words(one)).toBe("runs into an error, not as expected");
    expect(told(one, "brief", 100)).toContain("7 does not fit 0..3");
  });

  test("say that a limit came, or that the count is another", () => {
    const incomplete = [{ kind: "incomplete", reason: "time" }] as const;
    expect(words({ ...DEADLOCKED, met: false, unmet: incomplete })).toBe(
      "deadlocks; incomplete: time limit",
    );
    const states = [{ kind: "states", expected: 1, actual: 2 }] as const;
    expect(words({ ...DEADLOCKED, met: false, unmet: states })).toBe("deadlocks; states differ");
    expect(words(outcome({ met: false, unmet: states }))).toBe("holds; states differ");
  });

  test("say what holds only within a constraint", () => {
    const verdict = { kind: "holds", withinConstraint: true } as const;
    expect(words(outcome({ verdict }))).toBe("holds within the constraint");
  });
});

describe("a trace", () => {
  test("tells a step inside an imported proc as the call of it", () => {
    const report = told(DEADLOCKED, "full", 100);
    expect(report).toMatch(
      /1 {2}flusher {3}lock\(first\) {2}abba\.spec:8 {2}a\.owner none → flusher/,
    );
    expect(report).not.toContain("kernel.spec");
  });

  test("leaves comments and line breaks out of statements", () => {
    expect(told(DEADLOCKED, "full", 100)).not.toContain("the second one");
  });

  test("shows control characters of values and texts as pictures", () => {
    const [first] = STEPS;
    const step = { ...first, agent: "w\u001b[2J", text: "x\u0007", span: VIOLATION.span };
    const trace = { ...DEADLOCKED.findings[0]?.trace, steps: [step] };
    const finding = { ...DEADLOCKED.findings[0], trace };
    const report = told({ ...DEADLOCKED, findings: [finding] } as Outcome, "full", 100);
    expect(report).toContain("w␛[2J");
    expect(report).not.toMatch(/[^\P{Cc}\n]/u);
  });
});

describe("why a check is not met", () => {
  const unmet = (changes: Partial<Outcome>): string =>
    told(outcome({ met: false, ...changes }), "brief", 120);

  test("names the pinned count and the one found", () => {
    const report = unmet({ unmet: [{ kind: "states", expected: 1568, actual: 1377 }] });
    expect(report).toContain("✗ as_posted");
    expect(report).toContain("expected 1\u00a0568 states, found 1\u00a0377");
  });

  test("names what was expected and not found", () => {
    const expectation = { kind: "deadlock", threads: ["a", "b"] } as const;
    expect(unmet({ unmet: [{ kind: "missing", expectation }] })).toContain("deadlock(a, b)");
  });

  test("names the limit, and does not call that wrong", () => {
    const report = unmet({
      verdict: { kind: "incomplete", reason: "time" },
      unmet: [{ kind: "incomplete", reason: "time" }],
    });
    expect(report).toMatch(/^⚠ as_posted .*incomplete: time limit/);
  });
});

describe("the summary", () => {
  const look = { columns: 100, color: false, fullStates: false, stats: false };

  test("counts the checks that are met, or those that are not", () => {
    const tally = {
      met: 17,
      unmet: 0,
      specsWithErrors: 0,
      interrupted: false,
      tracesLeftOut: false,
    };
    expect(summaryText(tally, look)).toBe("17 checks met\n");
    expect(summaryText({ ...tally, met: 16, unmet: 1 }, look)).toBe("1 of 17 checks not met\n");
    expect(summaryText({ ...tally, met: 1 }, look)).toBe("1 check met\n");
  });

  test("says how to see what was left out", () => {
    const tally = { met: 2, unmet: 0, specsWithErrors: 0, interrupted: false, tracesLeftOut: true };
    expect(summaryText(tally, look)).toContain("-c <name> shows the trace of a check");
    expect(summaryText({ ...tally, tracesLeftOut: false }, look)).not.toContain("-c");
    for (const color of [false, true]) {
      expect(summaryText(tally, { ...look, color, columns: 100 }).split("\n")).toHaveLength(2);
      expect(summaryText(tally, { ...look, color, columns: 40 }).split("\n")).toHaveLength(3);
    }
  });
});
