import { SURVEY_OUTSIDE } from "../codegen/kernel.ts";
import { giveBack, wordsWithin } from "./budget.ts";
import { type MaskProblem, ownMask, runsOf } from "./masks.ts";
import { countOf } from "./ranges.ts";
import { edgeCount, headWords, walk } from "./surveys.ts";
import { ESCAPE, TARGET } from "./unsettled.ts";
import { type Interrupted, isNotZero } from "./worklist.ts";

/** Masks that come down. */
export interface Sketching {
  readonly problem: MaskProblem;
  /** By index of a state, `perState` words: all ones for those that were expanded. */
  readonly words: Uint32Array;
  readonly perState: number;
  /** Those of threads. */
  readonly bits: Uint32Array;
}

/** So many edges of each state are kept. */
const KEPT = 2;
/** No edge. */
const NONE = 0xffff_ffff;
/** Sweeps end when they change fewer than this part of the states. */
const PAYS = 1 / 64;
const SWEEPS_MAX = 50;
/** States between two looks at the clock. */
const CHUNK = 8192;

/**
 * Brings masks down by what holds at the states themselves, and by two edges of each, picked at
 * random: from nearly every state at which a bit does not stay, some path of such edges leads to
 * one where it is not set, and few edges fit into memory. Masks are no less than the fixpoint then.
 */
export async function sketch(sketching: Sketching): Promise<Interrupted | null> {
  const { problem } = sketching;
  const { budget, count } = problem;
  const kept = wordsWithin(budget, count * KEPT);
  if (kept === null) {
    // All edges have to be looked at then; that takes longer.
    return null;
  }
  const ended = (await pick(sketching, kept)) ?? (await sweepAll(sketching, kept));
  giveBack(budget, kept);
  return ended;
}

/** Notes for each state what holds there, and two of its edges. */
async function pick(
  { problem, words, perState }: Sketching,
  kept: Uint32Array,
): Promise<Interrupted | null> {
  const { plan, surveyor, levels, pace } = problem;
  const stream = surveyor.words;
  const head = headWords(surveyor.layout);
  const own = ownMask(plan, surveyor);
  const mask = new Uint32Array(perState);
  const keep = (slot: number, edge: number): void => {
    const target = stream[edge] as number;
    const flag = plan.isEscape[stream[edge + 1] as number] === 1 ? ESCAPE : 0;
    kept[slot] = target === SURVEY_OUTSIDE ? NONE : (target | flag) >>> 0;
  };
  const visit = (state: number, at: number): void => {
    const slot = state * KEPT;
    kept[slot] = NONE;
    kept[slot + 1] = NONE;
    if (stream[at] === SURVEY_OUTSIDE) {
      words.fill(0, state * perState, (state + 1) * perState);
      return;
    }
    own(at, mask);
    words.set(mask, state * perState);
    const edges = edgeCount(stream[at] as number);
    if (edges > 0) {
      const random = Math.imul(state, 0x9e37_79b1) >>> 4;
      const first = random % edges;
      keep(slot, at + head + 2 * first);
      if (edges > 1) {
        const second = (first + 1 + ((random >>> 12) % (edges - 1))) % edges;
        keep(slot + 1, at + head + 2 * second);
      }
    }
  };
  const total = levels.reduce((sum, ranges) => sum + countOf(ranges), 0);
  const sketcher = { ...surveyor, survey: surveyor.sketch };
  const runs = runsOf(levels, false);
  const ended = await walk(sketcher, { runs, isBackwards: false, total, pace, visit });
  return ended === "done" ? null : ended === "stopped" ? "stopped" : "memory";
}

/** Sweeps to and fro while these change much. */
async function sweepAll(sketching: Sketching, kept: Uint32Array): Promise<Interrupted | null> {
  const { problem, perState } = sketching;
  const { pace, count } = problem;
  const sweep = perState === 1 ? sweepOne(sketching, kept) : sweepWords(sketching, kept);
  for (let sweeps = 0; sweeps < SWEEPS_MAX; sweeps++) {
    let changed = 0;
    let open = 0;
    for (let done = 0; done < count; done += CHUNK) {
      const size = Math.min(CHUNK, count - done);
      const isForwards = sweeps % 2 === 1;
      const swept = isForwards ? sweep(done, size, 1) : sweep(count - 1 - done, size, -1);
      open += swept.open;
      changed += swept.changed;
      if (pace.isDue() && !(await pace.turn(null))) {
        return "stopped";
      }
    }
    if (changed <= open * PAYS) {
      break;
    }
  }
  return null;
}

/** Goes through `size` states from `first` on; how many have bits set, and how many have lost some. */
type Sweep = (
  first: number,
  size: number,
  by: 1 | -1,
) => { readonly open: number; readonly changed: number };

/** For masks of one word, which are the usual ones. */
function sweepOne({ words, bits }: Sketching, kept: Uint32Array): Sweep {
  const free = bits[0] as number;
  const through = (edge: number): number =>
    edge === NONE ? NONE : (words[edge & TARGET] as number) | (edge >= ESCAPE ? free : 0);
  return (first, size, by) => {
    let open = 0;
    let changed = 0;
    for (let state = first, left = size; left > 0; state += by, left--) {
      const before = words[state] as number;
      if (before !== 0) {
        const slot = state * KEPT;
        const edges = through(kept[slot] as number) & through(kept[slot + 1] as number);
        const after = (before & edges) >>> 0;
        open += 1;
        if (after !== before) {
          words[state] = after;
          changed += 1;
        }
      }
    }
    return { open, changed };
  };
}

function sweepWords({ words, perState, bits }: Sketching, kept: Uint32Array): Sweep {
  const change = (state: number): boolean => {
    const base = state * perState;
    let lost = 0;
    for (let slot = state * KEPT; slot < (state + 1) * KEPT; slot++) {
      const edge = kept[slot] as number;
      const target = (edge & TARGET) * perState;
      for (let word = 0; edge !== NONE && word < perState; word++) {
        const before = words[base + word] as number;
        const free = edge >= ESCAPE ? (bits[word] as number) : 0;
        const after = before & ((words[target + word] as number) | free);
        lost |= before ^ after;
        words[base + word] = after;
      }
    }
    return lost !== 0;
  };
  return (first, size, by) => {
    let open = 0;
    let changed = 0;
    for (let state = first, left = size; left > 0; state += by, left--) {
      if (isNotZero(words, state, perState)) {
        open += 1;
        changed += change(state) ? 1 : 0;
      }
    }
    return { open, changed };
  };
}
