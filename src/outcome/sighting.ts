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
  /**
   * Of a deadlock or hang of threads: the index of the first state of `path` from which every way
   * ends where these threads are hung. Null for other sights, and where hangs were not looked for.
   */
  readonly doomedAt: number | null;
}

/** A step of a behaviour, as far as an engine that knows no text can say which it is. */
export interface PlainStep {
  /** Index into `Program.agents`. */
  readonly agent: number;
  /**
   * Of a transition that is fair for each choice of its parameters, which choice, counted from 0 in
   * canonical order; else null, for any step of the agent that leads to the next state.
   */
  readonly choice: number | null;
}

/** What was seen. */
export type Sight =
  /** `rank` 0: a step (or the start of a thread) fails; else the condition of this rank. */
  | { readonly kind: "error"; readonly rank: number }
  | { readonly kind: "assertion" }
  /** The blocked threads, in canonical order. */
  | { readonly kind: "deadlock"; readonly threads: readonly number[] }
  /** Index into `Program.invariants`, `.steps`, `.reachables`: violated, or for a reachable, reached. */
  | { readonly kind: "invariant" | "step" | "reachable"; readonly index: number }
  /** The threads that are blocked from here on whatever happens, in canonical order. */
  | { readonly kind: "hung"; readonly threads: readonly number[] }
  /** Index into `Program.recoverables`: from the state, none can be reached that satisfies it. */
  | { readonly kind: "recoverable"; readonly index: number }
  /**
   * Index into `Program.properties`: the path is a fair behaviour that violates it. `length` counts its
   * steps, the one that closes the cycle included; `steps` are these. The cycle goes back from the last
   * state to `path[loop]`; where `loop` is null the behaviour stops at the last state.
   */
  | {
      readonly kind: "property";
      readonly index: number;
      readonly loop: number | null;
      readonly steps: readonly PlainStep[];
    }
  /**
   * A step from the last state of the path, taken by another, keeps `thread` from a step that it could
   * have taken there: it waited and could have gone on, and now it is blocked, at the same place.
   * `statement` is the `Statement.id` of the innermost frame of that place, which has no strong wait.
   */
  | { readonly kind: "unstable"; readonly thread: number; readonly statement: number }
  /**
   * A step of `thread` from the last state of the path takes the lock of index `second`, waiting where
   * it must, while it holds `first`. Indices into what `lockPlaces` of `values` lists.
   */
  | {
      readonly kind: "order";
      readonly first: number;
      readonly second: number;
      readonly thread: number;
    };

/** What an engine hands over to the one that tells traces. */
export interface Sightings {
  readonly seen: readonly Sighting[];
  readonly statistics: Statistics;
  /** Null unless asked for. */
  readonly coverage: CoverageCounts | null;
  readonly incomplete: IncompleteReason | null;
  /**
   * By `Program.properties`, for those that hold: the right sides of `=>` and `~>` in them that could
   * as well be false, counted from the left; so their left sides never happen.
   */
  readonly vacuous: readonly (readonly number[])[];
}
