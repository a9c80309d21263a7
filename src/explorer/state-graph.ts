import { SURVEY_OUTSIDE } from "../codegen/kernel.ts";
import type { StateGraph } from "../liveness/graph.ts";
import type { Expanded } from "./afterwards.ts";
import { clear, emptyList, giveBack, reserve, wordsWithin } from "./budget.ts";
import { edgeCount, headWords, type Pace, type Run, walk } from "./surveys.ts";
import type { Interrupted } from "./worklist.ts";

/** What a graph is made of besides the surveyed states. */
export interface GraphParts {
  readonly expanded: Expanded;
  /** Bits that a survey tells of conditions, and how many of them are no predicates: they come first. */
  readonly conditionCount: number;
  readonly skipped: number;
  readonly actionCount: number;
  /** Indices of the initial states. */
  readonly initial: readonly number[];
  readonly pace: Pace;
  compare(a: number, b: number): number;
}

/** A graph, and what gives its room back. */
export interface BuiltGraph {
  readonly graph: StateGraph;
  forget(): void;
}

/** The states by their indices in the store, with their steps. One walk over all states makes it. */
export async function buildGraph(parts: GraphParts): Promise<BuiltGraph | Interrupted> {
  const { expanded, conditionCount, skipped, actionCount, initial, pace, compare } = parts;
  const { surveyor, levels, count, budget } = expanded;
  const { layout, words: stream } = surveyor;
  const { threadWords, actionWords } = layout;
  const predicateCount = conditionCount - skipped;
  const predicateWords = Math.ceil(predicateCount / 32);
  const words = {
    starts: wordsWithin(budget, count + 1),
    enabled: wordsWithin(budget, count * actionWords),
    holds: wordsWithin(budget, count * predicateWords),
    flags: wordsWithin(budget, Math.ceil(count / 4)),
  };
  const [targets, actions] = [emptyList(), emptyList()];
  const forget = (): void => {
    clear(targets, budget);
    clear(actions, budget);
    for (const some of Object.values(words)) {
      if (some !== null) {
        giveBack(budget, some);
      }
    }
  };
  const { starts, enabled, holds, flags } = words;
  if (starts === null || enabled === null || holds === null || flags === null) {
    forget();
    return "memory";
  }
  const known = new Uint8Array(flags.buffer, 0, count);
  const head = headWords(layout);
  let next = 0;
  let isFull = false;
  const visit = (state: number, at: number): void => {
    // States between those that are visited have no edges.
    starts.fill(targets.length, next, state + 1);
    next = state + 1;
    if (stream[at] === SURVEY_OUTSIDE || isFull) {
      return;
    }
    const edges = edgeCount(stream[at] as number);
    known[state] = 1;
    const possible = at + 1 + 2 * threadWords;
    for (let word = 0; word < actionWords; word++) {
      enabled[state * actionWords + word] = stream[possible + word] as number;
    }
    const conditions = possible + actionWords;
    for (let bit = 0; bit < predicateCount; bit++) {
      const from = skipped + bit;
      const holdsBit = ((stream[conditions + (from >>> 5)] as number) >>> (from & 31)) & 1;
      const word = state * predicateWords + (bit >>> 5);
      holds[word] = (holds[word] as number) | (holdsBit << (bit & 31));
    }
    if (!reserve(targets, edges, budget) || !reserve(actions, edges, budget)) {
      isFull = true;
      return;
    }
    let used = targets.length;
    for (let edge = at + head; edge < at + head + 2 * edges; edge += 2) {
      const [target, action] = [stream[edge] as number, stream[edge + 1] as number];
      const isAgain =
        used > targets.length &&
        targets.words[used - 1] === target &&
        actions.words[used - 1] === action;
      // Different ways of a step often lead to the same state.
      if (target !== SURVEY_OUTSIDE && !isAgain) {
        targets.words[used] = target;
        actions.words[used] = action;
        used += 1;
      }
    }
    targets.length = used;
    actions.length = used;
  };
  const runs = inOrder(levels);
  const total = runs.reduce((sum, { from, to }) => sum + to - from, 0);
  const ended = await walk(surveyor, { runs, isBackwards: false, total, pace, visit });
  if (ended !== "done" || isFull) {
    forget();
    return ended === "stopped" ? "stopped" : "memory";
  }
  starts.fill(targets.length, next);
  const graph: StateGraph = {
    stateCount: count,
    initial,
    edgeStart: starts,
    edgeTarget: targets.words.subarray(0, targets.length),
    edgeAction: actions.words.subarray(0, actions.length),
    expanded: known,
    actionCount,
    enabled,
    predicateCount,
    holds,
    compare,
  };
  return { graph, forget };
}

/** All ranges in the order of their indices: several threads leave gaps that a later level fills. */
function inOrder(levels: Expanded["levels"]): readonly Run[] {
  return levels
    .flatMap((ranges) =>
      ranges.flatMap((from, at): Run[] =>
        at % 2 === 0 ? [{ from, to: ranges[at + 1] as number }] : [],
      ),
    )
    .sort((a, b) => a.from - b.from);
}
