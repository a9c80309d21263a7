import { readFileSync } from "node:fs";
import { List, Map as MapOf, OrderedMap, Set as SetOf } from "immutable";
import { describe, expect, test } from "vitest";
import type { Outcome, SpecOutcome } from "../../src/outcome/outcome.ts";
import { jsonText } from "../../src/report/json.ts";
import { valueToJson } from "../../src/values/json.ts";
import type { Value } from "../../src/values/value.ts";
import {
  checked,
  HANG,
  LOST,
  OUT_OF_REACH,
  RAID_FILE,
  RAID_SOURCES,
  raidSpan,
  SUSPECTED,
  violated,
} from "./made-hang.ts";
import { DEADLOCK, DEADLOCKED, FILE, outcome, SOURCES, spanOf, violation } from "./made-outcome.ts";
import { misfits } from "./schema.ts";

const SCHEMA: unknown = JSON.parse(
  readFileSync(new URL("../../docs/mdcheck-1.schema.json", import.meta.url), "utf8"),
);

const VIOLATION = violation(2);
const SPAN = spanOf("both_counted");
const VIOLATED: Outcome = outcome({
  verdict: { kind: "violation", property: "invariant", name: "both_counted" },
  met: false,
  findings: [DEADLOCK, VIOLATION],
  unmet: [
    { kind: "unexpected", finding: VIOLATION },
    { kind: "missing", expectation: { kind: "violation", name: "other" } },
    { kind: "states", expected: 1, actual: 2 },
    { kind: "incomplete", reason: "depth" },
  ],
  witnesses: DEADLOCK.trace === null ? [] : [{ name: "w", span: SPAN, trace: DEADLOCK.trace }],
  properties: [
    { name: "both_counted", property: "invariant", span: SPAN, result: "violated", vacuous: [] },
  ],
});

/** Searched by an engine that packs states, with coverage. */
const PACKED: Outcome = outcome({
  statistics: {
    ...outcome().statistics,
    engine: "fast",
    workers: 2,
    storage: {
      bitsPerState: 41,
      wordsPerState: 2,
      bytesPerState: 20.5,
      storeBytes: 11016,
      tableBytes: 16384,
      tableLoad: 0.67,
      peakBytes: 65536,
    },
    timing: { compileMs: 1.5, generateMs: 20, probeMs: 9.5, judgeMs: 4 },
  },
  coverage: {
    transitions: [{ name: "up", span: SPAN, taken: 3 }],
    statements: [
      {
        owner: { kind: "proc", name: "lock", span: SPAN },
        kind: "await",
        span: SPAN,
        text: "await x",
        nesting: 1,
        taken: 2,
        atStart: false,
      },
    ],
  },
});

const SPECS: readonly SpecOutcome[] = [
  {
    file: FILE,
    module: "abba",
    outcomes: [DEADLOCKED, VIOLATED, outcome(), PACKED],
    diagnostics: [],
    sources: SOURCES,
  },
  {
    file: FILE,
    module: "abba",
    outcomes: [],
    diagnostics: [
      {
        code: "MD2002",
        severity: "error",
        message: "twice",
        span: SPAN,
        related: [{ message: "here", span: SPAN }],
        hint: null,
      },
    ],
    sources: SOURCES,
  },
];

/** Everything about hangs, temporal properties and suspicions. */
const RAID: SpecOutcome = {
  file: RAID_FILE,
  module: "raid",
  outcomes: [
    ...[HANG, LOST, violated(1), violated(null), OUT_OF_REACH].map(checked),
    outcome({
      properties: [
        {
          name: "idle_returns",
          property: "property",
          span: raidSpan("idle_returns"),
          result: "holds",
          vacuous: [raidSpan("action_store@entry")],
        },
      ],
      suspicions: SUSPECTED,
    }),
  ],
  diagnostics: [],
  sources: RAID_SOURCES,
};

const TEXT = jsonText(SPECS, { version: "1.2.3", exitStatus: 12 });

describe("the JSON document", () => {
  test("fits its schema", () => {
    expect(misfits(SCHEMA, JSON.parse(TEXT))).toEqual([]);
  });

  test("fits its schema with hangs, cycles and suspicions", () => {
    const text = jsonText([RAID], { version: "1.2.3", exitStatus: 0 });
    expect(misfits(SCHEMA, JSON.parse(text))).toEqual([]);
  });

  test("tells of a hang when it was sealed and who waits for whom", () => {
    const { specs } = JSON.parse(jsonText([RAID], { version: "", exitStatus: 0 }));
    const [hang, , cycle, , , suspected] = specs[0].checks;
    expect(hang.findings[0]).toMatchObject({ kind: "hung", doomedAt: 3, lasso: null });
    const { waits, cycles } = hang.findings[0].waitFor;
    expect(cycles).toEqual([[0, 4, 2, 1]]);
    expect(waits[4]).toMatchObject({
      waiter: "raid10d",
      role: "retries",
      lock: { place: "reconfig_mutex", owner: "action_store" },
      helpers: [{ agent: "action_store", needs: 2, elsewhere: false }],
    });
    expect(cycle.findings[0].lasso.start).toBe(1);
    expect(cycle.findings[0].lasso.parties[1]).toMatchObject({ thread: "raid10d", role: "moves" });
    expect(suspected.properties[0].vacuous).toHaveLength(1);
    expect(suspected.suspicions.map((one: { kind: string }) => one.kind)).toEqual([
      "unstable",
      "lockOrder",
    ]);
  });

  test("would not fit with a field too many, too few or of another kind", () => {
    const document = JSON.parse(TEXT);
    expect(misfits(SCHEMA, { ...document, extra: 1 })).toEqual([": extra is not in the schema"]);
    expect(misfits(SCHEMA, { ...document, version: undefined })).toEqual([".version: not string"]);
    const { format: _format, ...rest } = document;
    expect(misfits(SCHEMA, rest)).toEqual([": format is missing"]);
    document.specs[0].checks[0].findings[0].trace.steps[0].span.line = "3";
    expect(misfits(SCHEMA, document)).not.toEqual([]);
  });

  test("names an unexpected finding by its place among the findings", () => {
    expect(JSON.parse(TEXT).specs[0].checks[1].unmet[0]).toEqual({
      kind: "unexpected",
      finding: 1,
    });
  });

  test("has places as lines and columns", () => {
    const check = JSON.parse(TEXT).specs[0].checks[1];
    expect(check.properties[0].span).toEqual({
      file: FILE,
      line: 14,
      column: 11,
      endLine: 14,
      endColumn: 23,
    });
  });

  test("has coverage only where it was asked for, and says what a statement stands in", () => {
    const { checks } = JSON.parse(TEXT).specs[0];
    expect(checks[2].coverage).toBeNull();
    expect(checks[3].coverage.transitions[0]).toMatchObject({ name: "up", taken: 3 });
    expect(checks[3].coverage.statements[0]).toMatchObject({ proc: "lock", nesting: 1, taken: 2 });
  });

  test("keeps a variable called __proto__", () => {
    const { trace } = DEADLOCK;
    const variables = new Map<string, Value>([["__proto__", 1]]);
    const initial = { variables, threads: [] };
    const finding = { ...DEADLOCK, trace: trace === null ? null : { ...trace, initial } };
    const spec = { ...SPECS[0], outcomes: [{ ...DEADLOCKED, findings: [finding] }] };
    const text = jsonText([spec as SpecOutcome], { version: "", exitStatus: 0 });
    expect(text).toContain('"__proto__": 1');
  });
});

describe("a value in JSON", () => {
  test.each<[string, Value, unknown]>([
    ["a set", SetOf<Value>([10, 9, 1]), { "#set": [1, 9, 10] }],
    [
      "a map",
      MapOf<Value, Value>([
        ["b", true],
        ["a", null],
      ]),
      {
        "#map": [
          ["a", null],
          ["b", true],
        ],
      },
    ],
    ["a sequence", List<Value>([2, 1]), [2, 1]],
    [
      "a struct",
      OrderedMap<Value, Value>([
        ["cmd", "STOP"],
        ["data", 1],
      ]),
      { cmd: "STOP", data: 1 },
    ],
  ])("%s", (_kind, value, json) => {
    expect(valueToJson(value)).toEqual(json);
  });
});
