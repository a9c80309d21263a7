import type { Predicate, Property } from "../core/program.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import type { PropertyKind } from "../outcome/outcome.ts";
import type { Sight } from "../outcome/sighting.ts";
import type { Machine } from "./machine.ts";
import { compareStates, type State } from "./state.ts";
import type { StateIndex } from "./store.ts";

/** What a search has to tell, as long as it is not known whether it is the least of its kind. */
export interface Candidate {
  readonly what: Matter;
  /** Steps of its trace. */
  readonly length: number;
  /** The state it ends at, or from which its last step goes; null where starting fails. */
  readonly state: { readonly index: StateIndex; readonly state: State } | null;
  /** The last step where it is not simply the one to `state`. */
  readonly step: LastStep | null;
}

/** A way of an agent, or (null) the start of the threads. */
export interface LastStep {
  readonly agent: number | null;
  readonly picks: readonly number[];
}

/** What is told: one candidate at most remains for each key. */
export type Matter =
  | {
      readonly kind: "error" | "assertion";
      readonly span: Span;
      readonly message: string;
      /** 0 for a step or start that fails, else as `rankedConditions` says. */
      readonly rank: number;
    }
  | { readonly kind: "deadlock" | "hung"; readonly threads: readonly number[] }
  | {
      readonly kind: "violation" | "witness";
      readonly property: PropertyKind;
      readonly predicate: Predicate | Property;
    }
  /** As the sights of these names. */
  | Extract<Sight, { readonly kind: "unstable" | "order" }>;

/** The least candidate of each kind so far. */
export type Candidates = Map<string, Candidate>;

/** Keeps a candidate if it is the first of its kind, or comes before the one that was kept. */
export function propose(candidates: Candidates, candidate: Candidate, machine: Machine): void {
  const key = matterKey(candidate.what);
  const kept = candidates.get(key);
  if (kept === undefined || compareCandidates(candidate, kept, machine) < 0) {
    candidates.set(key, candidate);
  }
}

/** Equal for what is of one kind: of that only the least is told. */
export function matterKey(what: Matter): string {
  switch (what.kind) {
    case "error":
    case "assertion":
      return what.kind;
    case "deadlock":
    case "hung":
      return `${what.kind} ${what.threads.join(" ")}`;
    case "unstable":
      return `unstable ${what.statement}`;
    case "order":
      return `order ${what.first} ${what.second} ${what.thread}`;
    default:
      return `${what.property} ${what.predicate.name}`;
  }
}

/**
 * Of two candidates of one kind the one with the shorter trace comes first, then a step that fails
 * before a predicate that does, then the lesser state; threads, agents and ways are met in canonical
 * order.
 */
function compareCandidates(a: Candidate, b: Candidate, machine: Machine): number {
  if (a.length !== b.length) {
    return a.length - b.length;
  }
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0 || a.state === null || b.state === null) {
    return rank;
  }
  return compareStates(a.state.state, b.state.state, machine);
}

function rankOf({ what }: Candidate): number {
  return what.kind === "error" || what.kind === "assertion" ? what.rank : 0;
}
