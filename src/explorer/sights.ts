import { FOUND } from "../codegen/kernel.ts";
import { compareStates } from "../model/decode.ts";
import type { Model } from "../model/model.ts";
import type { Sight } from "../outcome/sighting.ts";
import { InternalError, present } from "../support/internal-error.ts";
import type { Report } from "./reports.ts";

/** Something that was seen at a state; of each kind only the least is kept. */
export interface Seen {
  readonly what: Sight;
  /** Steps of its trace. */
  readonly length: number;
  /** The state it is seen at, or from which the last step goes; null where starting fails. */
  readonly state: Uint32Array | null;
  /** Whether a step from `state` belongs to it. */
  readonly isStep: boolean;
}

/** By kind. */
export type Sights = Map<string, Seen>;

/** What tells kinds apart. */
export function sightKey(what: Sight): string {
  switch (what.kind) {
    case "error":
    case "assertion":
      return what.kind;
    case "deadlock":
      return `deadlock ${what.threads.join(" ")}`;
    case "hung":
      return `hung ${what.threads.join(" ")}`;
    case "unstable":
      return `unstable ${what.statement}`;
    case "order":
      return `order ${what.first} ${what.second} ${what.thread}`;
    default:
      return `${what.kind} ${what.index}`;
  }
}

/**
 * Keeps what was seen if it is the first of its kind, or less than the one that was kept: shorter,
 * then a failing step before predicates in their order, then the lesser state. `state` is copied.
 */
export function keepLeast(model: Model, sights: Sights, seen: Seen): void {
  const key = sightKey(seen.what);
  const kept = sights.get(key);
  if (kept !== undefined && !isLess(model, seen, kept)) {
    return;
  }
  sights.set(key, { ...seen, state: seen.state === null ? null : seen.state.slice() });
}

function isLess(model: Model, a: Seen, b: Seen): boolean {
  if (a.length !== b.length) {
    return a.length < b.length;
  }
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0) {
    return rank < 0;
  }
  return a.state !== null && b.state !== null && compareStates(model, a.state, b.state) < 0;
}

function rankOf({ what }: Seen): number {
  return what.kind === "error" ? what.rank : 0;
}

/** What was reported, as a sight. */
export function seenBy(model: Model, { kind, id, depth, state, statuses }: Report): Seen {
  const step = { length: depth + 1, state, isStep: true };
  const here = { length: depth, state, isStep: false };
  switch (kind) {
    case FOUND.error:
      return isOfStep(model, id)
        ? { what: { kind: "error", rank: id }, ...step }
        : { what: { kind: "error", rank: id }, ...here };
    case FOUND.assertion:
      return { what: { kind: "assertion" }, ...step };
    case FOUND.deadlock: {
      const threads = blockedThreads(model, present(statuses ?? undefined, "statuses"));
      return { what: { kind: "deadlock", threads }, ...here };
    }
    case FOUND.invariant:
      return { what: { kind: "invariant", index: id }, ...here };
    case FOUND.step:
      return { what: { kind: "step", index: id }, ...step };
    case FOUND.reachable:
      return { what: { kind: "reachable", index: id }, ...here };
    default:
      throw new InternalError(`a kernel found ${kind}`);
  }
}

/** Whether an error of this rank is one of a step rather than of a state. */
function isOfStep({ conditions }: Model, rank: number): boolean {
  return rank === 0 || present(conditions[rank - 1], "a condition").kind === "step";
}

/** Ready, idle or done: see `STATUS`. */
const BUSY = 7;

/** The threads that are blocked, by the statuses of the agents. */
function blockedThreads({ program }: Model, statuses: Int32Array): readonly number[] {
  const { agents, instances, threads } = program;
  return agents
    .flatMap((agent, index): number[] => {
      if (agent.kind !== "thread" || ((statuses[index] as number) & BUSY) !== 0) {
        return [];
      }
      const thread = threads[present(instances[agent.instance], "an instance").thread];
      return thread?.escape === true ? [] : [agent.instance];
    })
    .sort((a, b) => a - b);
}
