import { SURVEY_OUTSIDE } from "../codegen/kernel.ts";
import { type Budget, giveBack, wordsWithin } from "./budget.ts";
import type { Ranges } from "./ranges.ts";
import { type Sketching, sketch } from "./sketch.ts";
import { edgeCount, headWords, type Pace, type Run, type Surveyor, walk } from "./surveys.ts";
import {
  addState,
  ESCAPE,
  forgetStates,
  nothingUnsettled,
  reserveState,
  type Unsettled,
} from "./unsettled.ts";
import { type Interrupted, isNotZero, settleAll } from "./worklist.ts";

/**
 * What is to be known of each state, as bits of a mask: for each thread, whether it is hung; then
 * for each `recoverable`, whether no state that satisfies it can be reached (and it is not one).
 * All of it is a greatest fixpoint: a bit stays as long as it holds at the state itself, and at all
 * states that edges lead to. Edges of `escape` agents do not count for threads.
 */
export interface MaskPlan {
  /** By `InstanceIndex`, the first bits; 0 where hung threads are not looked for. */
  readonly threads: number;
  /** Indices of the recoverables asked for, for the bits behind. */
  readonly recoverables: readonly number[];
  /** By action, 1 for those of `escape` agents. */
  readonly isEscape: Uint8Array;
}

/** Words of a mask. */
export function maskWords({ threads, recoverables }: MaskPlan): number {
  return Math.max(1, Math.ceil((threads + recoverables.length) / 32));
}

/** The bits of threads in each word of a mask. */
export function threadBits(plan: MaskPlan): Uint32Array {
  return Uint32Array.from({ length: maskWords(plan) }, (_, word) => {
    const bits = Math.min(32, Math.max(0, plan.threads - word * 32));
    return bits === 32 ? 0xffff_ffff : 2 ** bits - 1;
  });
}

/** What masks are worked out for. */
export interface MaskProblem {
  readonly plan: MaskPlan;
  readonly surveyor: Surveyor;
  /** The states that were expanded, by level. */
  readonly levels: readonly Ranges[];
  /** One more than the greatest index of any state. */
  readonly count: number;
  readonly budget: Budget;
  readonly pace: Pace;
  readonly tuning: Tuning;
}

/** When which way is taken; what comes out is the same. */
export interface Tuning {
  /** So many edges of unsettled states are kept, unless a walk settles hardly any. */
  readonly edgesKept: number;
  /** See `Means`. */
  readonly sweepsPay: number;
  /** Whether masks are brought down by a few edges of each state before all are looked at. */
  readonly isSketched: boolean;
}

/** Masks of all states. */
export interface Masks {
  /** By index of a state, `maskWords` words; 0 for those that were not expanded. */
  readonly words: Uint32Array;
  /** The states whose masks are not 0; others may stand among them. */
  readonly unsettled: Unsettled;
}

/** A walk that settles less than this part of the states is followed by one that has to keep edges. */
const PAYS = 1 / 4;

/** Works out the masks of all states. */
export async function workOutMasks(problem: MaskProblem): Promise<Masks | Interrupted> {
  const { plan, levels, count, budget, pace, tuning } = problem;
  const perState = maskWords(plan);
  const words = wordsWithin(budget, count * perState);
  if (words === null) {
    return "memory";
  }
  for (const { from, to } of runsOf(levels, false)) {
    words.fill(0xffff_ffff, from * perState, to * perState);
  }
  const sweep: Sweep = {
    problem,
    words,
    perState,
    bits: threadBits(plan),
    unsettled: nothingUnsettled(),
    isLast: false,
    isCut: false,
    isFull: false,
    left: 0,
  };
  let ended = tuning.isSketched ? await sketch(sweep) : null;
  sweep.left = countOpen(sweep);
  for (let isBackwards = true; ended === null; isBackwards = !isBackwards) {
    const before = sweep.left;
    const runs = unsettledRuns(sweep, levels, isBackwards);
    ended = await sweepOver(sweep, { runs, isBackwards });
    if (!sweep.isCut) {
      break;
    }
    sweep.isLast = sweep.left > before * (1 - PAYS);
  }
  const { unsettled } = sweep;
  ended ??= await settleAll(
    { words, perState, bits: sweep.bits, unsettled },
    { count, budget, pace, sweepsPay: tuning.sweepsPay },
  );
  if (ended !== null) {
    giveBack(budget, words);
    forgetStates(unsettled, budget);
    return ended;
  }
  return { words, unsettled };
}

function countOpen({ problem, words, perState }: Sketching): number {
  let open = 0;
  for (let state = 0; state < problem.count; state++) {
    open += isNotZero(words, state, perState) ? 1 : 0;
  }
  return open;
}

interface Sweep extends Sketching {
  readonly unsettled: Unsettled;
  /** Whether edges have to be kept, however many there are. */
  isLast: boolean;
  /** Whether there were more edges than may be kept, so that none are. */
  isCut: boolean;
  /** Whether there was no room for edges that have to be kept. */
  isFull: boolean;
  /** States whose masks are not 0. */
  left: number;
}

type Order = { readonly runs: Iterable<Run>; readonly isBackwards: boolean };

/** Surveys states and brings their masks down; keeps the edges of those that are not settled then. */
async function sweepOver(sweep: Sweep, order: Order): Promise<Interrupted | null> {
  const { problem, words, perState, unsettled } = sweep;
  const { plan, surveyor, budget, pace } = problem;
  const { isEscape } = plan;
  const stream = surveyor.words;
  const head = headWords(surveyor.layout);
  const own = ownMask(plan, surveyor);
  const mask = new Uint32Array(perState);
  const { bits } = sweep;
  forgetStates(unsettled, budget);
  sweep.isCut = false;
  const total = sweep.left;
  let left = 0;
  const visit = (state: number, at: number): void => {
    const base = state * perState;
    if (stream[at] === SURVEY_OUTSIDE) {
      words.fill(0, base, base + perState);
      return;
    }
    own(at, mask);
    let some = 0;
    for (let word = 0; word < perState; word++) {
      some |= mask[word] = (mask[word] as number) & (words[base + word] as number);
    }
    const end = at + head + 2 * edgeCount(stream[at] as number);
    for (let edge = at + head; edge < end && some !== 0; edge += 2) {
      const target = (stream[edge] as number) * perState;
      const isFrom = isEscape[stream[edge + 1] as number] === 1;
      some = 0;
      for (let word = 0; word < perState; word++) {
        const to = stream[edge] === SURVEY_OUTSIDE ? 0 : (words[target + word] as number);
        const kept = isFrom ? to | (bits[word] as number) : to;
        some |= mask[word] = (mask[word] as number) & kept;
      }
    }
    for (let word = 0; word < perState; word++) {
      words[base + word] = mask[word] as number;
    }
    if (some !== 0) {
      left += 1;
      keep(sweep, state, { stream, from: at + head, to: end });
    }
  };
  const ended = await walk(surveyor, { ...order, total, pace, visit });
  sweep.left = left;
  return ended === "stopped" ? "stopped" : ended === "full" || sweep.isFull ? "memory" : null;
}

interface Edges {
  readonly stream: Uint32Array;
  readonly from: number;
  readonly to: number;
}

/** Keeps the edges of a state that is not settled. */
function keep(sweep: Sweep, state: number, { stream, from, to }: Edges): void {
  const { unsettled, problem, isLast } = sweep;
  const { budget, plan, tuning } = problem;
  const count = (to - from) / 2;
  if (sweep.isCut) {
    return;
  }
  const isWithin = isLast || unsettled.edges.length + count <= tuning.edgesKept;
  if (!isWithin || !reserveState(unsettled, count, budget)) {
    // Once more states are settled, there may be room for the edges of the others.
    sweep.isFull = isLast;
    sweep.isCut = true;
    forgetStates(unsettled, budget);
    return;
  }
  const { words, length } = unsettled.edges;
  for (let edge = from, at = length; edge < to; edge += 2, at++) {
    const flag = plan.isEscape[stream[edge + 1] as number] === 1 ? ESCAPE : 0;
    words[at] = ((stream[edge] as number) | flag) >>> 0;
  }
  addState(unsettled, state, count);
}

/** Writes what holds at a state itself: which threads are blocked, which recoverables are false. */
export function ownMask(
  { threads, recoverables }: MaskPlan,
  { layout, words: stream }: Surveyor,
): (at: number, mask: Uint32Array) => void {
  const conditions = 1 + 2 * layout.threadWords + layout.actionWords;
  const last = Math.ceil(threads / 32);
  return (at, mask) => {
    mask.fill(0);
    for (let word = 0; word < last; word++) {
      mask[word] = stream[at + 1 + word] as number;
    }
    for (let index = 0; index < recoverables.length; index++) {
      const condition = recoverables[index] as number;
      const word = stream[at + conditions + (condition >>> 5)] as number;
      if (((word >>> (condition & 31)) & 1) === 0) {
        const bit = threads + index;
        mask[bit >>> 5] = (mask[bit >>> 5] as number) | (1 << (bit & 31));
      }
    }
  };
}

/** The ranges of levels, from the first or from the last one. */
export function* runsOf(levels: readonly Ranges[], isBackwards: boolean): Generator<Run> {
  for (let count = 0; count < levels.length; count++) {
    const ranges = levels[isBackwards ? levels.length - 1 - count : count] as Ranges;
    for (let pair = 0; pair < ranges.length; pair += 2) {
      const at = isBackwards ? ranges.length - 2 - pair : pair;
      yield { from: ranges[at] as number, to: ranges[at + 1] as number };
    }
  }
}

/** The unsettled states, neighbours together. */
function* unsettledRuns(
  { words, perState }: Pick<Sweep, "words" | "perState">,
  levels: readonly Ranges[],
  isBackwards: boolean,
): Generator<Run> {
  const isOpen = (state: number): boolean => isNotZero(words, state, perState);
  for (const { from, to } of runsOf(levels, isBackwards)) {
    for (let done = 0; done < to - from; ) {
      let length = 0;
      const at = (offset: number): number => (isBackwards ? to - 1 - offset : from + offset);
      while (done + length < to - from && isOpen(at(done + length))) {
        length += 1;
      }
      if (length > 0) {
        const first = isBackwards ? at(done + length - 1) : at(done);
        yield { from: first, to: first + length };
      }
      done += length + 1;
    }
  }
}
