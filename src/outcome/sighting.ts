import type { Value } from "../values/value.ts";
import type { CoverageCounts, IncompleteReason, Statistics } from "./outcome.ts";

/**
 * A state in plain values, neither packed nor interned: how an engine that knows nothing of text and
 * call stacks hands its states to the one that tells traces.
 */
export interface PlainState {
  /** By `VariableIndex`. */
  readonly variables: readonly Value[];
  /** By `InstanceIndex`; the frames of each thread, outermost first, none when it is done. */
  readonly threads: readonly (readonly PlainFrame[])[];
}

/** One call under way, or the thread's own body. */
export interface PlainFrame {
  /** `Statement.id` of the statement that comes next, or whose call is under way. */
  readonly statement: number;
  /** By slot; null for `ref` parameters, the type's first value for a local that is not in scope. */
  readonly locals: readonly Value[];
  /** By slot; for a `ref` parameter the indices of the place it is bound to, outermost first; else empty. */
  readonly kept: readonly (readonly Value[])[];
}

/** What a search saw, the least one of its kind: before anybody tells how. */
export interface Sighting {
  readonly what: Sight;
  /** Steps of its trace. */
  readonly length: number;
  /**
   * The states of its trace from an initial one: `length + 1`, or `length` when the last step fails or
   * is what is seen; empty where the start of a thread fails. Each is the least predecessor of the next.
   */
  readonly path: readonly PlainState[];
}

/** What was seen. */
export type Sight =
  /** `rank` 0: a step (or the start of a thread) that fails; else the place in `predicates` plus 1. */
  | { readonly kind: "error"; readonly rank: number }
  | { readonly kind: "assertion" }
  /** The blocked threads, in canonical order. */
  | { readonly kind: "deadlock"; readonly threads: readonly number[] }
  /** Index into `Program.invariants`, `.steps`, `.reachables`: violated, or for a reachable, reached. */
  | { readonly kind: "invariant" | "step" | "reachable"; readonly index: number };

/** What an engine hands over to the one that tells traces. */
export interface Sightings {
  readonly seen: readonly Sighting[];
  readonly statistics: Statistics;
  /** Null unless asked for. */
  readonly coverage: CoverageCounts | null;
  readonly incomplete: IncompleteReason | null;
}
