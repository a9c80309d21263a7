import type { Span } from "../diagnostics/diagnostic.ts";
import type { Value } from "../values/value.ts";

/**
 * Who waits for whom in a deadlock or hang: each need is told once. Those of the hung threads come
 * first, in canonical order of threads; the others in the order in which they are met from there.
 */
export interface WaitForGraph {
  readonly waits: readonly WaitFor[];
  /** Each as indices into `waits`, in the order of waiting, the least first; shortest first. */
  readonly cycles: readonly (readonly number[])[];
}

/** Somebody who can go on only when a condition holds that does not. */
export interface WaitFor {
  /** Thread instance, or transition with its parameters. */
  readonly waiter: string;
  /**
   * `hung`: blocked for ever. The others are not stuck themselves, but what is needed of them lies behind
   * this condition: they sleep there (`idle`, also a transition that is not possible), try again and
   * again (`retries`), or go another way (`passes`).
   */
  readonly role: "hung" | "idle" | "retries" | "passes";
  /**
   * What kind of condition it is. `lock`: an owner has to let go. `exit`: a thread has to end.
   * `gracePeriod`: threads have to leave a set that they were in. `condition`: anything else.
   */
  readonly kind: "lock" | "exit" | "gracePeriod" | "condition";
  /** The condition as written, or where it must be false, its negation. */
  readonly condition: string;
  /** Of the statement that waits or branches. */
  readonly span: Span;
  /** Where the waiter stands then, outermost first: the statement that each frame is at. */
  readonly frames: readonly WaitFrame[];
  /** The parts of the condition that are false, with the variables they are about. */
  readonly missing: readonly MissingPart[];
  /** Of a lock, the place of its owner as written without the last field, and who it is; else null. */
  readonly lock: { readonly place: string; readonly owner: string } | null;
  /** Who could bring the condition nearer, if it could go on itself; empty where nobody is left to. */
  readonly helpers: readonly WaitHelper[];
  /** Where nobody is left: those whose code writes what the condition is about, and why they do not. */
  readonly absent: readonly AbsentHelper[];
}

/** One level of the call stack of a waiter. */
export interface WaitFrame {
  /** Null for the thread's own body or a transition. */
  readonly proc: string | null;
  readonly span: Span;
  /** The statement as one line. */
  readonly text: string;
}

/** An atom of a condition that is false, opened down to what it compares. */
export interface MissingPart {
  readonly text: string;
  /** What it reads, with the value it has: `nr_pending` 1. */
  readonly reads: readonly { readonly place: string; readonly value: Value }[];
}

/** Somebody who could bring a condition nearer. */
export interface WaitHelper {
  readonly agent: string;
  /** Index into `WaitForGraph.waits`: what the helper needs first. */
  readonly needs: number;
  /** The step by which it would help: its statement as one line. */
  readonly text: string;
  readonly span: Span;
  /** Where it would stand when it takes that step, outermost first; the innermost is the step. */
  readonly frames: readonly WaitFrame[];
  /**
   * True where it would not do this for what is waited for, but for another element of the same map:
   * it wakes another's worker. Told only where nobody would do it for the right one.
   */
  readonly elsewhere: boolean;
}

/** Somebody whose code could make a condition true, and who will not. */
export interface AbsentHelper {
  readonly agent: string;
  /** `ended`: done, and nobody starts it again. `past`: it does not come there any more. */
  readonly why: "ended" | "past";
  /** The statement that would do it, or that did it when it was too early. */
  readonly text: string;
  readonly span: Span;
  /** The calls that it stands in, outermost first; the innermost is the statement. */
  readonly frames: readonly WaitFrame[];
  /** Number of the last step of the trace, from 1, in which it wrote there: too early; null if it did not. */
  readonly lastStep: number | null;
}
