import type { Statement } from "../core/statements.ts";
import type { Diagnostic, Sources, Span } from "../diagnostics/diagnostic.ts";
import type { Value } from "../values/value.ts";
import type { PlainState } from "./sighting.ts";
import type { WaitForGraph } from "./wait-for.ts";

/**
 * What an engine found in one search, before anybody asks whether it was expected: findings
 * shortest trace first; at equal length error, assertion, invariant, step, deadlock, hung,
 * reachable, recoverable, property; then order of declaration; then canonical order of values.
 */
export interface SearchResult {
  /** One for each violated property, each set of deadlocked threads, and the least error and assertion. */
  readonly findings: readonly Finding[];
  readonly witnesses: readonly Witness[];
  readonly properties: readonly PropertyResult[];
  readonly statistics: Statistics;
  /** Null unless asked for. */
  readonly coverage: CoverageCounts | null;
  /** What is not wrong in itself, but looks like it; in canonical order. */
  readonly suspicions: readonly Suspicion[];
  /** Of the deadlocks and hangs of threads among the findings, in their order: what to explain. */
  readonly hangs: readonly HangPath[];
  /** Why the search ended early; null when it ended by itself (at the end or after a finding). */
  readonly incomplete: IncompleteReason | null;
}

/** How a deadlock or hang of threads comes about, in states. */
export interface HangPath {
  /** By `InstanceIndex`, in canonical order. */
  readonly threads: readonly number[];
  /** From an initial state to the one that is shown. */
  readonly path: readonly PlainState[];
}

/** What running one check found: plain data, the same from every engine. */
export interface Outcome {
  readonly check: CheckInfo;
  readonly verdict: Verdict;
  /** Whether every expectation of the check was fulfilled and nothing unexpected decides otherwise. */
  readonly met: boolean;
  /** Why the check is not met, one line each, ready to print after the verdict; empty when met. */
  readonly unmet: readonly Unmet[];
  /** In the order in which they are reported: the first one decides the verdict. */
  readonly findings: readonly JudgedFinding[];
  /** The shortest witness of each `reachable` that was reached, in order of declaration. */
  readonly witnesses: readonly Witness[];
  /** Properties by name with what became of them, in order of declaration. */
  readonly properties: readonly PropertyResult[];
  readonly statistics: Statistics;
  /** Null unless asked for. */
  readonly coverage: Coverage | null;
  /** As the search found them, except locks of threads that a finding shows in each other's way. */
  readonly suspicions: readonly Suspicion[];
  /**
   * Warnings about this run, those of suspicions among them: a property that could not fail, a wait
   * that may be missed, a statement never executed.
   */
  readonly warnings: readonly Diagnostic[];
}

/** The check as the spec states it. */
export interface CheckInfo {
  readonly name: string;
  readonly doc: string | null;
  readonly span: Span | null;
  /** Constants that differ from their declaration, in order of declaration. */
  readonly constants: readonly { readonly name: string; readonly value: Value }[];
  /** As in the spec: `ok`, `deadlock(flusher, shrinker)`, `violation(idle_returns)`. */
  readonly expectations: readonly ExpectedFinding[];
  readonly statesExpected: number | null;
}

/** One entry of `expect`, with names in place of indices. */
export type ExpectedFinding =
  | { readonly kind: "ok" | "error" | "assertion" }
  | { readonly kind: "deadlock" | "hung"; readonly threads: readonly string[] | null }
  | { readonly kind: "violation"; readonly name: string };

/** The search as a whole; a finding, expected or not, makes it the kind of the first finding. */
export type Verdict =
  | { readonly kind: "holds"; readonly withinConstraint: boolean }
  | { readonly kind: "deadlock" | "hung"; readonly threads: readonly string[] }
  | { readonly kind: "error" | "assertion" }
  | {
      readonly kind: "violation";
      readonly property: PropertyKind;
      readonly name: string;
    }
  /** Nothing was found in the part that was searched, which a limit or an interruption ended. */
  | { readonly kind: "incomplete"; readonly reason: IncompleteReason };

/** Which limit ended a search early. */
export type IncompleteReason = "states" | "depth" | "memory" | "time" | "interrupted";

/** What kind of declaration a violated property is. */
export type PropertyKind = "invariant" | "step" | "reachable" | "recoverable" | "property";

/** Something wrong (or expected to be wrong) in the reachable states. */
export type Finding =
  | (FindingBase & { readonly kind: "error" | "assertion" })
  | (FindingBase & { readonly kind: "deadlock" | "hung"; readonly threads: readonly string[] })
  | (FindingBase & {
      readonly kind: "violation";
      readonly property: PropertyKind;
      readonly name: string;
    });

/** A finding and whether the check expects it. */
export type JudgedFinding = Finding & { readonly expected: boolean };

/** What every finding has. */
export interface FindingBase {
  /** The property, or the statement that failed; null for a deadlock of transitions. */
  readonly span: Span | null;
  /** For `error` and `assertion`, what went wrong: "7 does not fit 0..3 (nr_pending)"; else null. */
  readonly message: string | null;
  /** Shortest; null where there is none (a `reachable` that no state satisfies). */
  readonly trace: Trace | null;
  /** What each thread waits for at the end of a deadlock or hang. */
  readonly waiting: readonly WaitingThread[];
  /**
   * Of a deadlock or hang, after how many steps of the trace nothing can save its threads any more;
   * 0 where nothing ever could. Null for other findings, and where hangs were not looked for.
   */
  readonly doomedAt: number | null;
  /** Of a violated temporal property, how its trace goes on for ever; else null. */
  readonly lasso: LassoView | null;
  /** Of a deadlock or hang of threads, who waits for whom; null where nobody asked. */
  readonly waitFor: WaitForGraph | null;
}

/** A behaviour that goes on for ever: the steps of a trace, and then those of its cycle again and again. */
export interface LassoView {
  /**
   * How many steps of the trace come before the cycle, which is the rest of them; null where nothing
   * happens any more after the last step.
   */
  readonly start: number | null;
  /** Every thread, and every transition that has a promise of fairness, in canonical order. */
  readonly parties: readonly LassoParty[];
}

/** What a thread or transition does in the cycle, or at the state where the behaviour stops. */
export interface LassoParty {
  /** Thread instance, or transition with its parameters: `rcv(1)`. */
  readonly agent: string;
  readonly isTransition: boolean;
  /** Its promise: strong where it stands at a strong wait in the cycle, or is declared so. */
  readonly fairness: "none" | "weak" | "strong";
  /**
   * `moves`: it takes a step in the cycle. `starved`: a step of it is possible in the cycle, at some
   * states or at all, and none is taken, which its fairness allows. `waits`: no step of it is possible
   * anywhere in the cycle. `done`: ended or not started.
   */
  readonly role: "moves" | "starved" | "waits" | "done";
  /** Where a thread that does not move stands at the first state of the cycle. */
  readonly waiting: WaitingThread | null;
}

/** Why a check is not met. */
export type Unmet =
  /** Found although not expected. */
  | { readonly kind: "unexpected"; readonly finding: Finding }
  /** Expected but not found by a complete search. */
  | { readonly kind: "missing"; readonly expectation: ExpectedFinding }
  | { readonly kind: "states"; readonly expected: number; readonly actual: number }
  /** A limit came before the answer. */
  | { readonly kind: "incomplete"; readonly reason: IncompleteReason };

/** How a `reachable` is reached. */
export interface Witness {
  readonly name: string;
  readonly span: Span;
  readonly trace: Trace;
}

/** What became of one property. */
export interface PropertyResult {
  readonly name: string;
  readonly property: PropertyKind;
  readonly span: Span;
  /** `unknown`: neither violated nor searched to the end. */
  readonly result: "holds" | "violated" | "reached" | "unreached" | "unknown";
  /**
   * Of a temporal property that holds: the left sides of `=>` and `~>` that never happen, so that it
   * would hold as well if what they lead to were false.
   */
  readonly vacuous: readonly Span[];
}

/** Something that is not wrong in itself, but often is the sign of a mistake. */
export type Suspicion =
  /**
   * What a thread waits for can come true and be false again before the thread has run: it may miss it
   * each time. A wait that is served in turn (`strong`) or may last for ever (`idle`) does not count.
   */
  | {
      readonly kind: "unstable";
      readonly thread: string;
      readonly wait: WaitView;
      /** Ends with the step that takes it away. */
      readonly trace: Trace;
    }
  /** Two locks that different threads take in opposite order, as lockdep would say. */
  | { readonly kind: "lockOrder"; readonly orders: readonly [LockOrder, LockOrder] };

/** A thread takes one lock while it holds another. */
export interface LockOrder {
  readonly thread: string;
  /** The places of their owners as written, without the last field: `reconfig_mutex`, `fork[1]`. */
  readonly held: string;
  readonly taken: string;
  /** Ends with the step that takes the second. */
  readonly trace: Trace;
}

/** An initial state and the steps from it. */
export interface Trace {
  readonly initial: StateView;
  readonly steps: readonly TraceStep[];
}

/** A state for people and programs: names and values, no packing. */
export interface StateView {
  /** In order of declaration. */
  readonly variables: ReadonlyMap<string, Value>;
  /** In canonical order. */
  readonly threads: readonly ThreadView[];
}

/** A thread in a state. */
export interface ThreadView {
  readonly name: string;
  /** Ended or not started. */
  readonly done: boolean;
  /** Where the thread stands, outermost frame first; empty when done. */
  readonly stack: readonly FrameView[];
}

/** One level of a thread's call stack. */
export interface FrameView {
  /** The proc, or null for the thread's own body. */
  readonly proc: string | null;
  /** Of the statement that the frame stands at: the next step, or the call it is in. */
  readonly span: Span;
  readonly label: string | null;
  /** Locals in scope, in order of declaration. */
  readonly locals: ReadonlyMap<string, Value>;
}

/** One step of a trace, with what a reader needs to see of it. */
export interface TraceStep {
  /** Thread instance, or transition with its parameters: `rcv(1)`. */
  readonly agent: string;
  readonly isTransition: boolean;
  /** The procs the thread is in when it takes the step, outermost first. */
  readonly procs: readonly string[];
  /** Label of the step's first statement, or null. */
  readonly label: string | null;
  readonly doc: string | null;
  /** Of the step's first statement: where to point. */
  readonly span: Span;
  /** The statement as one line of source text, comments left out, blanks folded. */
  readonly text: string;
  /** Values picked by `choose` on the way, in order. */
  readonly choices: readonly { readonly name: string; readonly value: Value }[];
  /** The command a user would type for this step, filled in; null where the spec names none. */
  readonly shell: string | null;
  /** What the step changed, variables first, in order of declaration. */
  readonly changes: readonly Change[];
  /** Null for a step that fails. */
  readonly state: StateView | null;
}

/** `path` is the place as written: `nr_pending`, `stripe[1].owner`, `writer.i` for a local. */
export interface Change {
  readonly path: string;
  readonly before: Value;
  readonly after: Value;
}

/** A thread that stands at a wait, in a deadlock or hang. */
export interface WaitingThread {
  readonly thread: string;
  readonly status: "blocked" | "idle" | "ready";
  /** Outermost first. */
  readonly procs: readonly string[];
  readonly waits: readonly WaitView[];
}

/** One wait at which a thread stands. */
export interface WaitView {
  readonly kind: "plain" | "idle" | "strong" | "retry";
  readonly span: Span;
  /** Source text of the condition or of the statement. */
  readonly text: string;
}

/** The size of a search. */
export interface Statistics {
  readonly engine: "reference" | "fast";
  /** How many searched at the same time; 1 for the reference. */
  readonly workers: number;
  /** Distinct reachable states found. */
  readonly states: number;
  /** Ways that steps can go, self-loops and meetings included. */
  readonly transitions: number;
  /** Steps from an initial state to the farthest state found. */
  readonly depth: number;
  /** States first found at each depth, the initial ones first; their sum is `states`. */
  readonly levels: readonly number[];
  /** Distinct initial states. */
  readonly initialStates: number;
  readonly elapsedMs: number;
  /** Whether the search came to its end rather than stopping at a finding or limit. */
  readonly complete: boolean;
  /** Null for the reference, which packs nothing. */
  readonly storage: StorageStatistics | null;
  /** Null for the reference, whose work does not fall into these parts. */
  readonly timing: TimingStatistics | null;
}

/** What a packed search took of memory; where nothing else is said, at its end. */
export interface StorageStatistics {
  /** Of one packed state: what is used, and how many words of 32 bits hold it. */
  readonly bitsPerState: number;
  readonly wordsPerState: number;
  /** `storeBytes` and `tableBytes` divided by the states found. */
  readonly bytesPerState: number;
  /** In use by the packed states. */
  readonly storeBytes: number;
  /** In use by the table in which states are looked up. */
  readonly tableBytes: number;
  /** The part of the table that is taken: 0 to 1. */
  readonly tableLoad: number;
  /** The most that the search had in use at one time, for states, table and all else. */
  readonly peakBytes: number;
}

/** Where a search spent its time. */
export interface TimingStatistics {
  /** Making the program of the search. */
  readonly compileMs: number;
  /** Working out steps, and looking up what they lead to: the sum over all workers. */
  readonly generateMs: number;
  readonly probeMs: number;
  /** Judging hangs, `recoverable` and temporal properties, when the states have been found. */
  readonly judgeMs: number;
}

/**
 * On how many ways of steps, as `Statistics.transitions` counts them, each part of the code was
 * executed, those of steps that fail included. The start of threads with an initial state is no step.
 *
 * A statement is executed when the way comes to it and does not rest in front of it, whether or not
 * it fails: an `await` that is passed; an `if`, `while`, `either` or `choose` that is decided; a `loop`
 * or `while` again in each round; one that calls a proc when the call is made, not when it returns.
 */
export interface CoverageCounts {
  /** By `Statement.id`: the ways on which it was executed at least once; without an entry none. */
  readonly statements: ReadonlyMap<number, number>;
  /** By `TransitionIndex`: all ways of the transition. */
  readonly transitions: readonly number[];
}

/** How often each transition was taken and each statement executed. */
export interface Coverage {
  /** Those of imported modules first, then those of the file, each in the order of the text. */
  readonly transitions: readonly TransitionCoverage[];
  /** In the same order; a statement stands in front of what is inside it. */
  readonly statements: readonly StatementCoverage[];
}

/** How often one transition was taken. */
export interface TransitionCoverage {
  readonly name: string;
  /** Of the name. */
  readonly span: Span;
  /** Its ways, for all choices of its parameters. */
  readonly taken: number;
}

/** How often one statement was executed. */
export interface StatementCoverage {
  /** What the statement stands in; `span` is that of its name. */
  readonly owner: {
    readonly kind: "proc" | "thread" | "transition";
    readonly name: string;
    readonly span: Span;
  };
  readonly kind: Statement["kind"];
  readonly span: Span;
  /** One line; of a statement with a block what stands in front of it. */
  readonly text: string;
  /** How many statements it is inside of. */
  readonly nesting: number;
  /**
   * The ways of steps on which it was executed at least once: of all calls of a proc and of all
   * instances of a thread. It counts where it begins, so a call counts when it is made.
   */
  readonly taken: number;
  /** Whether it is executed when the threads start, before any step. */
  readonly atStart: boolean;
}

/** What a running search tells, a few times a second. */
export interface Progress {
  readonly check: string;
  readonly depth: number;
  readonly states: number;
  readonly transitions: number;
  /** States found and not yet expanded. */
  readonly queue: number;
  readonly elapsedMs: number;
  /** `hangs` and `properties` come when the states have been found: what is judged then. */
  readonly phase: "search" | "hangs" | "properties";
  /** How much of the phase is done, 0 to 1; null where nobody knows. */
  readonly part: number | null;
}

/** One run of mdcheck on one spec. */
export interface SpecOutcome {
  readonly file: string;
  readonly module: string;
  readonly outcomes: readonly Outcome[];
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: Sources;
}
