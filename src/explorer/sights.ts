import { compareStates } from "../model/decode.ts";
import type { Model } from "../model/model.ts";
import type { Sight } from "../outcome/sighting.ts";

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
