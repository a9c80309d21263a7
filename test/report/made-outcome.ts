import type { Sources, Span } from "../../src/diagnostics/diagnostic.ts";
import type {
  FrameView,
  JudgedFinding,
  Outcome,
  StateView,
  Statistics,
  ThreadView,
  TraceStep,
} from "../../src/outcome/outcome.ts";
import type { Value } from "../../src/values/value.ts";

/** The spec that the made-up outcomes are of. */
export const FILE = "specs/abba.spec";

const LIBRARY = "specs/lib/kernel.spec";

const TEXT = `/// Two tasks take two mutexes in opposite order.
module abba;
import kernel;
var a: Mutex = unlocked;
var b: Mutex = unlocked;
var writes: 0..2 = 0;
proc write_both(first: ref Mutex, second: ref Mutex) {
  lock(first);
  lock(second); // the second one
  writes := writes + 1;
}
thread flusher { write_both(a, b); }
thread shrinker { write_both(b, a); }
invariant both_counted: done(flusher) && done(shrinker) => writes == 2;
reachable all_written: writes == 2;
`;

const LIBRARY_TEXT = `module kernel;
proc lock(m: ref Mutex) {
  atomic { await strong m.owner == none; m.owner := self; }
}
`;

/** The texts that spans of the made-up outcomes point into. */
export const SOURCES: Sources = new Map([
  [FILE, TEXT],
  [LIBRARY, LIBRARY_TEXT],
]);

/** Where `text` stands in the spec, or in the library. */
export function spanOf(text: string, file: string = FILE): Span {
  const start = SOURCES.get(file)?.indexOf(text) ?? -1;
  if (start < 0) {
    throw new Error(`the fixture has no '${text}'`);
  }
  return { file, start, end: start + text.length };
}

const ATOMIC = "atomic { await strong m.owner == none; m.owner := self; }";

function frame(proc: string | null, text: string, file: string = FILE): FrameView {
  return { proc, span: spanOf(text, file), label: null, locals: new Map() };
}

/** A thread in front of `lock(…)` inside `write_both`. */
function locking(name: string, body: string, call: string): ThreadView {
  const stack = [frame(null, body), frame("write_both", call), frame("lock", ATOMIC, LIBRARY)];
  return { name, done: false, stack };
}

function state(a: Value, b: Value, flusher: string, shrinker: string): StateView {
  return {
    variables: new Map<string, Value>([
      ["a.owner", a],
      ["b.owner", b],
      ["writes", 0],
    ]),
    threads: [
      locking("flusher", "write_both(a, b)", flusher),
      locking("shrinker", "write_both(b, a)", shrinker),
    ],
  };
}

const STATES: readonly [StateView, StateView, StateView] = [
  state(null, null, "lock(first);", "lock(first);"),
  state("flusher", null, "lock(second);", "lock(first);"),
  state("flusher", "shrinker", "lock(second);", "lock(second);"),
];

function lockStep(agent: string, path: string, after: StateView): TraceStep {
  return {
    agent,
    isTransition: false,
    procs: ["write_both", "lock"],
    label: null,
    doc: null,
    span: spanOf(ATOMIC, LIBRARY),
    text: ATOMIC,
    choices: [],
    shell: null,
    changes: [{ path, before: null, after: agent }],
    state: after,
  };
}

/** The steps of the ABBA deadlock. */
export const STEPS: readonly TraceStep[] = [
  lockStep("flusher", "a.owner", STATES[1]),
  lockStep("shrinker", "b.owner", STATES[2]),
];

/** The ABBA deadlock, found after two steps. */
export const DEADLOCK: JudgedFinding = {
  kind: "deadlock",
  threads: ["flusher", "shrinker"],
  span: null,
  message: null,
  expected: true,
  trace: { initial: STATES[0], steps: STEPS },
  waiting: ["flusher", "shrinker"].map((thread) => ({
    thread,
    status: "blocked",
    procs: ["write_both", "lock"],
    waits: [{ kind: "strong", span: spanOf(ATOMIC, LIBRARY), text: "m.owner == none" }],
  })),
  doomedAt: null,
  lasso: null,
  waitFor: null,
};

/** A violated invariant, with a trace of `count` steps. */
export function violation(count: number): JudgedFinding {
  const step: TraceStep = {
    ...lockStep("flusher", "a.owner", STATES[2]),
    procs: ["write_both"],
    span: spanOf("writes := writes + 1;"),
    text: "writes := writes + 1;",
    changes: [
      { path: "writes", before: 0, after: 1 },
      { path: "a_variable_with_a_long_name", before: false, after: true },
      { path: "another_variable_with_a_long_name[3].owner", before: null, after: "shrinker" },
    ],
  };
  return {
    kind: "violation",
    property: "invariant",
    name: "both_counted",
    span: spanOf("both_counted"),
    message: null,
    expected: false,
    trace: { initial: STATES[0], steps: Array.from({ length: count }, () => step) },
    waiting: [],
    doomedAt: null,
    lasso: null,
    waitFor: null,
  };
}

/** 1377 states in 25 levels: the squares of 1 to 12 are 650 together, up and down again 1300. */
const LEVELS: readonly number[] = Array.from({ length: 25 }, (_, depth) =>
  depth === 12 ? 77 : (depth < 12 ? depth + 1 : 25 - depth) ** 2,
);

const STATISTICS: Statistics = {
  engine: "reference",
  workers: 1,
  states: 1377,
  transitions: 4100,
  depth: 24,
  levels: LEVELS,
  initialStates: 1,
  elapsedMs: 31,
  complete: true,
  storage: null,
  timing: null,
};

/** An outcome that holds, with `changes`. */
export function outcome(changes: Partial<Outcome> = {}): Outcome {
  return {
    check: {
      name: "as_posted",
      doc: null,
      span: null,
      constants: [],
      expectations: [{ kind: "ok" }],
      statesExpected: null,
    },
    verdict: { kind: "holds", withinConstraint: false },
    met: true,
    unmet: [],
    findings: [],
    witnesses: [],
    properties: [],
    statistics: STATISTICS,
    coverage: null,
    suspicions: [],
    warnings: [],
    ...changes,
  };
}

/** The check that expects the ABBA deadlock and finds it. */
export const DEADLOCKED: Outcome = outcome({
  check: {
    ...outcome().check,
    doc: "Both orders at once.",
    constants: [{ name: "ORDERED", value: false }],
    expectations: [{ kind: "deadlock", threads: ["flusher", "shrinker"] }],
  },
  verdict: { kind: "deadlock", threads: ["flusher", "shrinker"] },
  findings: [DEADLOCK],
});
