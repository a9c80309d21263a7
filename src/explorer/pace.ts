import type { Progress } from "../outcome/outcome.ts";
import { countOf } from "./ranges.ts";
import type { Search } from "./search.ts";
import type { Pace } from "./surveys.ts";

const PAUSE_MS = 50;
/** How long a slice of work should take, so that limits and the event loop get their turn. */
const SLICE_MS = 20;
const SLICE_START = 200;
/** States of a slice at most. */
export const SLICE_MAX = 200_000;

/** Does work of `total` parts in slices, until something ends the search. */
export async function inSlices(
  search: Search,
  total: number,
  work: (skip: number, count: number) => void,
): Promise<void> {
  const { options } = search;
  let slice = SLICE_START;
  for (let skip = 0; skip < total && search.incomplete === null; ) {
    const count = Math.min(slice, total - skip);
    const begun = options.clock();
    work(skip, count);
    const tookMs = options.clock() - begun;
    skip += count;
    if (tookMs < SLICE_MS / 2) {
      slice = Math.min(SLICE_MAX, slice * 2);
    } else if (tookMs > SLICE_MS * 2) {
      slice = Math.max(SLICE_START, Math.floor(slice / 2));
    }
    lookAround(search);
    await pauseIfDue(search);
  }
}

/** Notices what ends a search from outside, or that there is no room any more. */
export function lookAround(search: Search): void {
  noticeStop(search);
  search.incomplete ??= endedFromOutside(search);
}

function endedFromOutside({ options, startedMs }: Search): "interrupted" | "time" | null {
  const { timeMs } = options.limits;
  if (options.signal.aborted) {
    return "interrupted";
  }
  return timeMs !== null && options.clock() - startedMs > timeMs ? "time" : null;
}

/** Notices what ends a search from outside; whether something has. */
export function isToldToEnd(search: Search): boolean {
  const ended = endedFromOutside(search);
  search.incomplete ??= ended;
  // A limit may have come first.
  return ended !== null || search.incomplete === "time" || search.incomplete === "interrupted";
}

/** A state was found that there was no room for. */
export function noticeStop(search: Search): void {
  if (search.main.stopped.value !== 0) {
    search.incomplete ??= search.main.end.value < search.arena.capacity ? "states" : "memory";
  }
}

/** Gives the event loop its turn from time to time. */
export async function pauseIfDue(search: Search): Promise<void> {
  const { options } = search;
  if (options.clock() - search.pausedMs >= PAUSE_MS) {
    tell(search);
    await options.pause();
    search.pausedMs = options.clock();
  }
}

/** The pace of what is done when the states have been found; it ends a search only from outside. */
export function paceOf(search: Search, phase: Progress["phase"]): Pace {
  const { options } = search;
  return {
    isDue: () => options.clock() - search.pausedMs >= PAUSE_MS,
    turn: async (part) => {
      const { transitions, states } = search;
      tell(search, { states, transitions, phase, part });
      await options.pause();
      search.pausedMs = options.clock();
      return !isToldToEnd(search);
    },
  };
}

interface Told {
  readonly states: number;
  readonly transitions: number;
  readonly phase: Progress["phase"];
  readonly part: number | null;
}

/** Tells how far the search is. */
export function tell(
  search: Search,
  {
    states = search.main.next.value,
    transitions = search.transitions,
    phase = "search",
    part = null,
  }: Partial<Told> = {},
): void {
  const { options, startedMs, model, levels } = search;
  const expanded = levels.slice(0, -1).reduce((sum, { ranges }) => sum + countOf(ranges), 0);
  options.onProgress({
    check: model.program.check.name,
    depth: Math.max(0, levels.length - 1),
    states,
    transitions,
    queue: phase === "search" ? states - expanded : 0,
    elapsedMs: options.clock() - startedMs,
    phase,
    part,
  });
}
