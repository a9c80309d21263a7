import type { Sources, Span } from "../../src/diagnostics/diagnostic.ts";
import type {
  FrameView,
  JudgedFinding,
  LassoParty,
  Outcome,
  StateView,
  Suspicion,
  ThreadView,
  Trace,
  TraceStep,
  WaitingThread,
} from "../../src/outcome/outcome.ts";
import type { WaitFor, WaitForGraph, WaitFrame, WaitHelper } from "../../src/outcome/wait-for.ts";
import { outcome } from "./made-outcome.ts";

/** The spec that the made-up hangs are of: the four chains of the raid10 report, made small. */
export const RAID_FILE = "specs/raid.spec";

const LIBRARY = "specs/lib/kernel.spec";

const TEXT = `/// Yu Kuai's four chains.
module raid;
import kernel;
var reconfig_mutex: Mutex = unlocked;
var change_pending: bool = false;
var nr_pending: 0..1 = 0;
var woken: bool = false;

thread writer {
  nr_pending += 1;
  await !change_pending;
  nr_pending -= 1;
}

proc md_update_sb() {
  change_pending := false;
  unlock(reconfig_mutex);
}

proc md_check_recovery() {
  if (trylock(reconfig_mutex)) {
    md_update_sb();
  }
}

thread raid10d { loop { change_pending := true; md_check_recovery(); } }

proc raise_barrier() {
  await nr_pending == 0;
}

thread sync_thread { raise_barrier(); }

proc kthread_stop_sync() {
  await done(sync_thread);
}

thread action_store {
  lock(reconfig_mutex); // mddev_lock
  kthread_stop_sync();
  unlock(reconfig_mutex); // mddev_unlock
}

thread admin {
  await idle woken;
  lock(reconfig_mutex); // by hand
}

property idle_returns: always (action_store@entry => eventually done(action_store));
recoverable can_write: nr_pending == 0; // at any time
`;

const LIBRARY_TEXT = `module kernel;
proc lock(m: ref Mutex) {
  atomic { await strong m.owner == none; m.owner := self; }
}
proc unlock(m: ref Mutex) {
  m.owner := none;
}
`;

/** The texts that spans of the made-up hangs point into. */
export const RAID_SOURCES: Sources = new Map([
  [RAID_FILE, TEXT],
  [LIBRARY, LIBRARY_TEXT],
]);

/** Where `text` stands in the spec, or in the library. */
export function raidSpan(text: string, file: string = RAID_FILE): Span {
  const start = RAID_SOURCES.get(file)?.indexOf(text) ?? -1;
  if (start < 0) {
    throw new Error(`the fixture has no '${text}'`);
  }
  return { file, start, end: start + text.length };
}

const LOCK = "atomic { await strong m.owner == none; m.owner := self; }";
const UNLOCK = "m.owner := none;";

/** A frame by its proc and the text of its statement; that of the library where the spec has none. */
function waitFrame(proc: string | null, text: string): WaitFrame {
  const file = TEXT.includes(text) ? RAID_FILE : LIBRARY;
  return { proc, span: raidSpan(text, file), text: text.replace(/;.*$/, "") };
}

function thread(name: string, ...frames: readonly WaitFrame[]): ThreadView {
  const stack = frames.map(
    ({ proc, span }): FrameView => ({ proc, span, label: null, locals: new Map() }),
  );
  return { name, done: stack.length === 0, stack };
}

const WRITER = waitFrame(null, "await !change_pending;");
const DAEMON = [
  waitFrame(null, "md_check_recovery();"),
  waitFrame("md_check_recovery", "if (trylock(reconfig_mutex))"),
];
const SYNC = [
  waitFrame(null, "raise_barrier();"),
  waitFrame("raise_barrier", "await nr_pending == 0;"),
];
const STORE = [
  waitFrame(null, "kthread_stop_sync();"),
  waitFrame("kthread_stop_sync", "await done(sync_thread);"),
];
const ADMIN = [waitFrame(null, "lock(reconfig_mutex); // by hand"), waitFrame("lock", LOCK)];

const STATE: StateView = {
  variables: new Map<string, boolean | number | string>([
    ["reconfig_mutex.owner", "action_store"],
    ["change_pending", true],
    ["nr_pending", 1],
  ]),
  threads: [
    thread("writer", WRITER),
    thread("raid10d", ...DAEMON),
    thread("sync_thread", ...SYNC),
    thread("action_store", ...STORE),
    thread("admin", ...ADMIN),
  ],
};

function step(
  agent: string,
  text: string,
  path: string,
  before: boolean | number | string | null,
  after: boolean | number | string | null,
  procs: readonly string[] = [],
): TraceStep {
  return {
    agent,
    isTransition: false,
    procs,
    label: null,
    doc: null,
    span: raidSpan(text, TEXT.includes(text) ? RAID_FILE : LIBRARY),
    text: text.replace(/;.*$/, ""),
    choices: [],
    shell: null,
    changes: [{ path, before, after }],
    state: STATE,
  };
}

const STEPS: readonly TraceStep[] = [
  step("writer", "nr_pending += 1;", "nr_pending", 0, 1),
  step("raid10d", "change_pending := true;", "change_pending", false, true),
  step(
    "action_store",
    "lock(reconfig_mutex); // mddev_lock",
    "reconfig_mutex.owner",
    null,
    "action_store",
  ),
  step("sync_thread", "raise_barrier();", "woken", false, true, ["raise_barrier"]),
];

function waiting(name: string, status: WaitingThread["status"], text: string): WaitingThread {
  return {
    thread: name,
    status,
    procs: [],
    waits: [{ kind: "plain", span: raidSpan(text), text }],
  };
}

function need(
  waiter: string,
  changes: Partial<WaitFor> & Pick<WaitFor, "condition" | "frames">,
): WaitFor {
  return {
    waiter,
    role: "hung",
    kind: "condition",
    span: changes.frames.at(-1)?.span ?? raidSpan("raid"),
    missing: [],
    lock: null,
    helpers: [],
    absent: [],
    ...changes,
  };
}

function helper(agent: string, needs: number, ...frames: readonly WaitFrame[]): WaitHelper {
  const { text, span } = frames.at(-1) as WaitFrame;
  return { agent, needs, text, span, frames, elsewhere: false };
}

const MUTEX = { place: "reconfig_mutex", owner: "action_store" };
const UNLOCKS = [
  waitFrame(null, "unlock(reconfig_mutex); // mddev_unlock"),
  waitFrame("unlock", UNLOCK),
];

/** The four chains, and an administrator behind them. */
export const GRAPH: WaitForGraph = {
  waits: [
    need("writer", {
      condition: "!change_pending",
      frames: [WRITER],
      missing: [{ text: "!change_pending", reads: [{ place: "change_pending", value: true }] }],
      helpers: [
        helper(
          "raid10d",
          4,
          DAEMON[0] as WaitFrame,
          waitFrame("md_update_sb", "change_pending := false;"),
        ),
      ],
    }),
    need("sync_thread", {
      condition: "nr_pending == 0",
      frames: SYNC,
      missing: [{ text: "nr_pending == 0", reads: [{ place: "nr_pending", value: 1 }] }],
      helpers: [helper("writer", 0, waitFrame(null, "nr_pending -= 1;"))],
    }),
    need("action_store", {
      kind: "exit",
      condition: "done(sync_thread)",
      frames: STORE,
      helpers: [helper("sync_thread", 1, waitFrame(null, "raise_barrier();"))],
    }),
    need("admin", {
      kind: "lock",
      condition: "m.owner == none",
      lock: MUTEX,
      frames: ADMIN,
      helpers: [helper("action_store", 2, ...UNLOCKS)],
    }),
    need("raid10d", {
      role: "retries",
      kind: "lock",
      condition: "trylock(reconfig_mutex)",
      lock: MUTEX,
      frames: DAEMON,
      helpers: [helper("action_store", 2, ...UNLOCKS)],
    }),
  ],
  cycles: [[0, 4, 2, 1]],
};

const HUNG = ["writer", "sync_thread", "action_store", "admin"];

/** Four threads that hang while the daemon goes round and round. */
export const HANG: JudgedFinding = {
  kind: "hung",
  threads: HUNG,
  span: null,
  message: null,
  expected: true,
  trace: { initial: STATE, steps: STEPS },
  waiting: [
    waiting("writer", "blocked", "!change_pending"),
    waiting("raid10d", "ready", "trylock(reconfig_mutex)"),
    waiting("sync_thread", "blocked", "nr_pending == 0"),
    waiting("action_store", "blocked", "done(sync_thread)"),
    waiting("admin", "blocked", "woken"),
  ],
  doomedAt: 3,
  lasso: null,
  waitFor: GRAPH,
};

/** Nobody is left who could wake the administrator. */
export const LOST: JudgedFinding = {
  ...HANG,
  threads: ["admin"],
  doomedAt: 1,
  waiting: [
    waiting("admin", "blocked", "woken"),
    waiting("raid10d", "idle", "trylock(reconfig_mutex)"),
  ],
  waitFor: {
    waits: [
      need("admin", {
        condition: "woken",
        frames: [waitFrame(null, "await idle woken;")],
        missing: [{ text: "woken", reads: [{ place: "woken", value: false }] }],
        absent: [
          {
            agent: "sync_thread",
            why: "ended",
            text: "raise_barrier()",
            span: raidSpan("raise_barrier();"),
            frames: [waitFrame(null, "raise_barrier();")],
            lastStep: 4,
          },
          {
            agent: "raid10d",
            why: "past",
            text: "change_pending := true",
            span: raidSpan("change_pending := true;"),
            frames: [waitFrame(null, "change_pending := true;")],
            lastStep: null,
          },
        ],
      }),
    ],
    cycles: [],
  },
};

/** `idle_returns` is violated: the daemon goes round, and the administrator starves. */
export function violated(
  start: number | null,
  parties: readonly LassoParty[] = PARTIES,
): JudgedFinding {
  return {
    ...HANG,
    kind: "violation",
    property: "property",
    name: "idle_returns",
    span: raidSpan("idle_returns"),
    expected: false,
    waiting: [],
    doomedAt: null,
    waitFor: null,
    lasso: { start, parties },
  };
}

function party(
  agent: string,
  role: LassoParty["role"],
  fairness: LassoParty["fairness"],
  at: string | null,
): LassoParty {
  return {
    agent,
    isTransition: false,
    fairness,
    role,
    waiting: at === null ? null : waiting(agent, role === "starved" ? "ready" : "blocked", at),
  };
}

/** One of each role. */
export const PARTIES: readonly LassoParty[] = [
  party("writer", "waits", "weak", "!change_pending"),
  party("raid10d", "moves", "weak", null),
  party("sync_thread", "done", "weak", null),
  party("action_store", "starved", "weak", "trylock(reconfig_mutex)"),
  party("admin", "starved", "none", "woken"),
];

/** `can_write` is out of reach behind the last step. */
export const OUT_OF_REACH: JudgedFinding = {
  ...violated(null, []),
  kind: "violation",
  property: "recoverable",
  name: "can_write",
  span: raidSpan("can_write"),
  lasso: null,
};

const TRACE: Trace = { initial: STATE, steps: STEPS };

/** A wait that may be missed, and two locks taken in both orders. */
export const SUSPECTED: readonly Suspicion[] = [
  {
    kind: "unstable",
    thread: "writer",
    wait: { kind: "plain", span: WRITER.span, text: "!change_pending" },
    trace: { ...TRACE, steps: STEPS.slice(0, 2) },
  },
  {
    kind: "lockOrder",
    orders: [
      { thread: "admin", held: "reconfig_mutex", taken: "sync_mutex", trace: TRACE },
      { thread: "writer", held: "sync_mutex", taken: "reconfig_mutex", trace: TRACE },
    ],
  },
];

/** A check whose only finding, not expected, is `finding`; a hang is expected. */
export function checked(finding: JudgedFinding): Outcome {
  const verdict: Outcome["verdict"] =
    finding.kind === "violation"
      ? { kind: "violation", property: finding.property, name: finding.name }
      : "threads" in finding
        ? { kind: finding.kind, threads: finding.threads }
        : { kind: finding.kind };
  const { expected } = finding;
  return outcome({
    check: {
      ...outcome().check,
      name: "hold_idle",
      expectations: expected ? [{ kind: "hung", threads: null }] : [{ kind: "ok" }],
    },
    verdict,
    met: expected,
    unmet: expected ? [] : [{ kind: "unexpected", finding }],
    findings: [finding],
  });
}
