import { type Budget, giveBack, wordsWithin } from "./budget.ts";
import type { Pace } from "./surveys.ts";
import {
  ESCAPE,
  edgesBegin,
  forgetReverse,
  keepStates,
  type Reverse,
  reverseOf,
  TARGET,
  type Unsettled,
} from "./unsettled.ts";

/** Why something was not worked out to its end. */
export type Interrupted = "stopped" | "memory";

/** Masks that are not at their fixpoint yet. */
export interface Unfinished {
  /** By index of a state, `perState` words. */
  readonly words: Uint32Array;
  readonly perState: number;
  /** Bits for which edges of `escape` agents do not count. */
  readonly bits: Uint32Array;
  /** All states whose masks are not 0, and perhaps others. */
  readonly unsettled: Unsettled;
}

/** What the work is done with. */
export interface Means {
  /** One more than the greatest index of a state. */
  readonly count: number;
  readonly budget: Budget;
  readonly pace: Pace;
  /** A sweep that changes fewer than this part of the states is not followed by another one. */
  readonly sweepsPay: number;
}

/** States between two looks at the clock. */
const CHUNK = 4096;

/**
 * Brings the masks of unsettled states down to the greatest fixpoint: in sweeps while these change
 * much, and then from each change to what it concerns. Null when it is done.
 */
export async function settleAll(masks: Unfinished, means: Means): Promise<Interrupted | null> {
  const { unsettled, words, perState } = masks;
  const isOpen = (state: number): boolean => isNotZero(words, state, perState);
  for (;;) {
    const changed = await sweepInMemory(masks, means.pace, () => {});
    keepStates(unsettled, isOpen);
    if (changed === null) {
      return "stopped";
    }
    if (changed === 0) {
      return null;
    }
    if (changed < unsettled.states.length * means.sweepsPay) {
      const ended = await propagate(masks, means);
      keepStates(unsettled, isOpen);
      return ended;
    }
  }
}

/** Whether some bit of a mask is set. */
export function isNotZero(words: Uint32Array, state: number, perState: number): boolean {
  for (let at = state * perState; at < (state + 1) * perState; at++) {
    if (words[at] !== 0) {
      return true;
    }
  }
  return false;
}

/** How many masks changed; null where it was stopped. */
async function sweepInMemory(
  masks: Unfinished,
  pace: Pace,
  onChange: (position: number) => void,
): Promise<number | null> {
  const { unsettled, perState } = masks;
  const { states, ends, edges } = unsettled;
  let changed = 0;
  for (let position = 0; position < states.length; position++) {
    const state = states.words[position] as number;
    const end = ends.words[position] as number;
    let isChanged = false;
    for (let at = edgesBegin(unsettled, position); at < end; at++) {
      const edge = edges.words[at] as number;
      if (bringDown(masks, state * perState, edge & TARGET, edge >= ESCAPE)) {
        isChanged = true;
      }
    }
    if (isChanged) {
      changed += 1;
      onChange(position);
    }
    if (position % CHUNK === 0 && pace.isDue() && !(await pace.turn(null))) {
      return null;
    }
  }
  return changed;
}

/** Takes from a mask what is not in that of the target of an edge; whether that changes it. */
function bringDown(
  { words, perState, bits }: Unfinished,
  from: number,
  target: number,
  isEscape: boolean,
): boolean {
  const to = target * perState;
  let lost = 0;
  for (let word = 0; word < perState; word++) {
    const before = words[from + word] as number;
    const kept = (words[to + word] as number) | (isEscape ? (bits[word] as number) : 0);
    lost |= before & ~kept;
    words[from + word] = before & kept;
  }
  return lost !== 0;
}

/** From each state whose mask changes to those with edges to it, until nothing changes any more. */
async function propagate(masks: Unfinished, means: Means): Promise<Interrupted | null> {
  const { unsettled } = masks;
  const { count, budget, pace } = means;
  const reverse = reverseOf(unsettled, count, budget);
  const links = wordsWithin(budget, unsettled.states.length);
  let ended: Interrupted | null = "memory";
  if (reverse !== null && links !== null) {
    const list: Changed = { links, first: LAST };
    const swept = await sweepInMemory(masks, pace, (position) => add(list, position));
    ended = swept === null ? "stopped" : await drain(masks, { reverse, list, pace });
  }
  if (reverse !== null) {
    forgetReverse(reverse, budget);
  }
  if (links !== null) {
    giveBack(budget, links);
  }
  return ended;
}

/** Positions that have changed and were not looked at since, linked to each other. */
interface Changed {
  /** By position: 0 where it is not in the list; else the next one plus 2, 1 for the last one. */
  readonly links: Uint32Array;
  first: number;
}

const LAST = -1;

function add(list: Changed, position: number): void {
  if (list.links[position] === 0) {
    list.links[position] = list.first + 2;
    list.first = position;
  }
}

async function drain(
  masks: Unfinished,
  {
    reverse,
    list,
    pace,
  }: { readonly reverse: Reverse; readonly list: Changed; readonly pace: Pace },
): Promise<"stopped" | null> {
  const { starts, sources } = reverse;
  const { states } = masks.unsettled;
  for (let done = 1; list.first !== LAST; done++) {
    const position = list.first;
    list.first = (list.links[position] as number) - 2;
    list.links[position] = 0;
    const target = states.words[position] as number;
    const end = starts[position + 1] as number;
    for (let at = starts[position] as number; at < end; at++) {
      const edge = sources[at] as number;
      const source = edge & TARGET;
      const from = (states.words[source] as number) * masks.perState;
      if (bringDown(masks, from, target, edge >= ESCAPE)) {
        add(list, source);
      }
    }
    if (done % CHUNK === 0 && pace.isDue() && !(await pace.turn(null))) {
      return "stopped";
    }
  }
  return null;
}
