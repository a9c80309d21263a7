import { SURVEY_FAILS, SURVEY_OUTSIDE, type SurveyLayout } from "../codegen/kernel.ts";

/** What looks at states of the store; `words` holds what `survey` wrote last: see `SurveyLayout`. */
export interface Surveyor {
  readonly layout: SurveyLayout;
  readonly words: Uint32Array;
  /** Returns the first index that there was no room for. */
  survey(from: number, to: number): number;
  /** As `survey`, but of the edges of a state perhaps only some are written, as if picked at random. */
  sketch(from: number, to: number): number;
}

/** Gives limits, progress and the event loop their turn. */
export interface Pace {
  /** Whether it is time for `turn`. */
  isDue(): boolean;
  /** `part` is how much is done, 0 to 1. Whether to go on. */
  turn(part: number | null): Promise<boolean>;
}

/** Indices from `from` up to `to`. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

/** How a walk over states came to its end: `full` where what is known of a state has no room. */
export type WalkEnd = "done" | "stopped" | "full";

/** How states are gone through. */
export interface Walk {
  /** In the order in which they are gone through. */
  readonly runs: Iterable<Run>;
  /** Whether the states of each run are gone through from the last to the first. */
  readonly isBackwards: boolean;
  /** How many states there are, to tell what part is done; null where nobody knows. */
  readonly total: number | null;
  readonly pace: Pace;
  /** What is known of the state stands in the words of the surveyor from `at` on. */
  visit(state: number, at: number): void;
}

/** States that are surveyed at a time, between two looks at the clock. */
const CHUNK = 256;

/** Surveys states and visits each. */
export async function walk(
  surveyor: Surveyor,
  { runs, isBackwards, total, pace, visit }: Walk,
): Promise<WalkEnd> {
  const positions = new Uint32Array(CHUNK);
  let visited = 0;
  for (const { from, to } of runs) {
    for (let done = 0; done < to - from; done += CHUNK) {
      const first = isBackwards ? Math.max(from, to - done - CHUNK) : from + done;
      const last = isBackwards ? to - done : Math.min(to, from + done + CHUNK);
      for (let at = first; at < last; ) {
        const until = surveyor.survey(at, last) >>> 0;
        if (until === at) {
          return "full";
        }
        locate(surveyor, until - at, positions);
        for (let count = 0; count < until - at; count++) {
          const offset = isBackwards ? until - at - 1 - count : count;
          visit(at + offset, positions[offset] as number);
        }
        at = until;
      }
      visited += last - first;
      if (pace.isDue() && !(await pace.turn(total === null ? null : visited / total))) {
        return "stopped";
      }
    }
  }
  return "done";
}

/** Where what is known of each of the states that were surveyed last begins. */
function locate({ layout, words }: Surveyor, count: number, positions: Uint32Array): void {
  const head = headWords(layout);
  let at = 0;
  for (let index = 0; index < count; index++) {
    positions[index] = at;
    const first = words[at] as number;
    at += first === SURVEY_OUTSIDE ? 1 : head + 2 * edgeCount(first);
  }
}

/** The number of edges that the first word about a state inside the constraints tells. */
export function edgeCount(first: number): number {
  return (first & ~SURVEY_FAILS) >>> 0;
}

/** Words in front of the edges of a state. */
export function headWords({ threadWords, actionWords, conditionWords }: SurveyLayout): number {
  return 1 + 2 * threadWords + actionWords + conditionWords;
}
