import { SURVEY_OUTSIDE } from "../../src/codegen/kernel.ts";
import type { Budget } from "../../src/explorer/budget.ts";
import type { Pace, Surveyor } from "../../src/explorer/surveys.ts";

/** A graph of states as a kernel would survey it. */
export interface MadeGraph {
  /** By state: null for one outside of the constraints. */
  readonly states: readonly (MadeState | null)[];
  readonly threads: number;
  readonly conditions: number;
  /** By action, whether its agent is an `escape`. */
  readonly isEscape: readonly boolean[];
}

/** What a survey tells of a state. */
export interface MadeState {
  readonly blocked: readonly number[];
  readonly ready: readonly number[];
  readonly holds: readonly number[];
  readonly edges: readonly { readonly to: number; readonly action: number }[];
}

/** Numbers that look random, the same for the same seed. */
export function numbersFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Words of a buffer so small that not all states of a walk fit into it at once. */
const BUFFER_WORDS = 300;

/** Surveys a made graph. */
export function surveyorOf({ states, threads, conditions, isEscape }: MadeGraph): Surveyor {
  const threadWords = Math.ceil(threads / 32);
  const actionWords = Math.ceil(isEscape.length / 32);
  const conditionWords = Math.ceil(conditions / 32);
  const words = new Uint32Array(BUFFER_WORDS);
  const layout = { offset: 0, words: BUFFER_WORDS, threadWords, actionWords, conditionWords };
  const bitsOf = (members: readonly number[], count: number): readonly number[] =>
    Array.from({ length: count }, (_, word) =>
      members.reduce((all, bit) => (bit >>> 5 === word ? all | (1 << (bit & 31)) : all), 0),
    );
  const survey = (from: number, to: number): number => {
    let at = 0;
    for (let state = from; state < to; state++) {
      const made = states[state];
      const text =
        made === null || made === undefined
          ? [SURVEY_OUTSIDE]
          : [
              made.edges.length,
              ...bitsOf(made.blocked, threadWords),
              ...bitsOf(made.ready, threadWords),
              ...bitsOf(
                made.edges.map(({ action }) => action),
                actionWords,
              ),
              ...bitsOf(made.holds, conditionWords),
              ...made.edges.flatMap(({ to: target, action }) => [target, action]),
            ];
      if (at + text.length > BUFFER_WORDS) {
        return state;
      }
      words.set(text, at);
      at += text.length;
    }
    return to;
  };
  return { layout, words, survey, sketch: survey };
}

/** Never a limit in the way. */
export const NO_HURRY: Pace = { isDue: () => false, turn: () => Promise.resolve(true) };

/** A budget of so many bytes, and how many are taken of it. */
export function budgetOf(bytes: number): Budget & { readonly taken: () => number } {
  let taken = 0;
  return {
    take: (more) => {
      if (taken + more > bytes) {
        return false;
      }
      taken += more;
      return true;
    },
    release: (less) => {
      taken -= less;
    },
    left: () => bytes - taken,
    taken: () => taken,
  };
}
