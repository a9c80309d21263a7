import { type Budget, giveBack, wordsWithin } from "./budget.ts";
import { runsOf } from "./masks.ts";
import type { Ranges } from "./ranges.ts";
import type { Pace } from "./surveys.ts";
import { ESCAPE, edgesBegin, forgetReverse, type Reverse, reverseOf, TARGET } from "./unsettled.ts";
import type { Interrupted, Unfinished } from "./worklist.ts";

/** Threads that are hung together, and the state where that is shown. */
export interface HungSet {
  /** By `InstanceIndex`, ascending. */
  readonly threads: readonly number[];
  readonly state: number;
  readonly depth: number;
}

/** What hung sets are looked for in. */
export interface HungProblem {
  /** At their fixpoint; its `bits` are those of threads. */
  readonly masks: Unfinished;
  /** The states that were expanded, by level. */
  readonly levels: readonly Ranges[];
  /** One more than the greatest index of any state. */
  readonly count: number;
  /** Blocked sets of deadlocks, which are findings themselves. */
  readonly deadlocks: readonly (readonly number[])[];
  /** Sets that are shown also where others are sure to join them. */
  readonly expected: readonly (readonly number[])[];
  readonly budget: Budget;
  readonly pace: Pace;
  /** Canonical order of two states. */
  compare(a: number, b: number): number;
}

/** States between two looks at the clock. */
const CHUNK = 4096;

/**
 * The sets of hung threads that are findings: those that no longer grow whatever happens, and those
 * that the check expects; each with its least state, those of deadlocks left out.
 */
export async function hungSets(problem: HungProblem): Promise<readonly HungSet[] | Interrupted> {
  const { masks, count, budget } = problem;
  const { states } = masks.unsettled;
  const isHung = (state: number): boolean => hungKey(masks, state) !== 0;
  if (!states.words.subarray(0, states.length).some(isHung)) {
    return [];
  }
  const reverse = reverseOf(masks.unsettled, count, budget);
  const growing = wordsWithin(budget, states.length);
  let found: readonly HungSet[] | Interrupted = "memory";
  if (reverse !== null && growing !== null) {
    const isDone = await markGrowing(problem, reverse, growing);
    found = isDone ? await leastSets(problem, reverse, growing) : "stopped";
  }
  if (reverse !== null) {
    forgetReverse(reverse, budget);
  }
  if (growing !== null) {
    giveBack(budget, growing);
  }
  return found;
}

/** What tells sets apart; 0 for the empty one. */
type Key = number | string;

function hungKey({ words, perState, bits }: Unfinished, state: number): Key {
  if (perState === 1) {
    return ((words[state] as number) & (bits[0] as number)) >>> 0;
  }
  let key = "";
  let some = 0;
  for (let word = 0; word < perState; word++) {
    const part = ((words[state * perState + word] as number) & (bits[word] as number)) >>> 0;
    some |= part;
    key += `${part} `;
  }
  return some === 0 ? 0 : key;
}

function keyOf(perState: number, threads: readonly number[]): Key {
  const words = new Uint32Array(perState);
  for (const thread of threads) {
    words[thread >>> 5] = (words[thread >>> 5] as number) | (1 << (thread & 31));
  }
  const bits = new Uint32Array(perState).fill(0xffff_ffff);
  return hungKey({ words, perState, bits } as Unfinished, 0);
}

function threadsOf({ words, perState, bits }: Unfinished, state: number): readonly number[] {
  const threads: number[] = [];
  for (let thread = 0; thread < perState * 32; thread++) {
    const word = thread >>> 5;
    const part = (words[state * perState + word] as number) & (bits[word] as number);
    if (((part >>> (thread & 31)) & 1) === 1) {
      threads.push(thread);
    }
  }
  return threads;
}

/**
 * Marks the positions from which a state with another hung set can be reached (it is larger then).
 * What is not 0 in `growing` is marked, and links the marked ones that were not looked at yet.
 */
async function markGrowing(
  { masks, pace }: HungProblem,
  { starts, sources }: Reverse,
  growing: Uint32Array,
): Promise<boolean> {
  const { states, ends, edges } = masks.unsettled;
  let first = -1;
  const mark = (position: number): void => {
    if (growing[position] === 0) {
      growing[position] = first + 2;
      first = position;
    }
  };
  let done = 0;
  for (let position = 0; position < states.length; position++) {
    const key = hungKey(masks, states.words[position] as number);
    const end = ends.words[position] as number;
    for (let at = edgesBegin(masks.unsettled, position); key !== 0 && at < end; at++) {
      const edge = edges.words[at] as number;
      if (edge < ESCAPE && hungKey(masks, edge) !== key) {
        mark(position);
        break;
      }
    }
    if (++done % CHUNK === 0 && pace.isDue() && !(await pace.turn(null))) {
      return false;
    }
  }
  while (first !== -1) {
    const position = first;
    first = (growing[position] as number) - 2;
    const end = starts[position + 1] as number;
    for (let at = starts[position] as number; at < end; at++) {
      const edge = sources[at] as number;
      if (edge < ESCAPE && hungKey(masks, states.words[edge & TARGET] as number) !== 0) {
        mark(edge);
      }
    }
    if (++done % CHUNK === 0 && pace.isDue() && !(await pace.turn(null))) {
      return false;
    }
  }
  return true;
}

interface Least {
  readonly state: number;
  readonly depth: number;
}

/** Of each set that is shown the least state, from the first level on. */
async function leastSets(
  { masks, levels, deadlocks, expected, pace, compare }: HungProblem,
  { positionOf }: Reverse,
  growing: Uint32Array,
): Promise<readonly HungSet[] | "stopped"> {
  const known = new Set(deadlocks.map((threads) => keyOf(masks.perState, threads)));
  const wanted = new Set(expected.map((threads) => keyOf(masks.perState, threads)));
  const stable = new Map<Key, Least>();
  const others = new Map<Key, Least>();
  const offer = (to: Map<Key, Least>, key: Key, { state, depth }: Least): void => {
    const kept = to.get(key);
    if (kept === undefined || (kept.depth === depth && compare(state, kept.state) < 0)) {
      to.set(key, { state, depth });
    }
  };
  for (const [depth, ranges] of levels.entries()) {
    for (const { from, to } of runsOf([ranges], false)) {
      for (let state = from; state < to; state++) {
        const position = (positionOf[state] as number) - 1;
        const key = position < 0 ? 0 : hungKey(masks, state);
        if (key !== 0 && growing[position] === 0) {
          offer(stable, key, { state, depth });
        }
        if (key !== 0 && wanted.has(key)) {
          offer(others, key, { state, depth });
        }
        if (state % CHUNK === 0 && pace.isDue() && !(await pace.turn(null))) {
          return "stopped";
        }
      }
    }
  }
  return [...new Map([...others, ...stable])]
    .filter(([key]) => !known.has(key))
    .map(([, { state, depth }]) => ({ threads: threadsOf(masks, state), state, depth }));
}
