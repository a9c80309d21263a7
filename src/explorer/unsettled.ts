import {
  type Budget,
  clear,
  emptyList,
  giveBack,
  reserve,
  type WordList,
  wordsWithin,
} from "./budget.ts";

/**
 * The part of the graph that lies between states whose masks are not 0: each of these states with all
 * its edges. What leads to a settled state has left its mark on the mask already.
 */
export interface Unsettled {
  /** By position, the index of the state. */
  readonly states: WordList;
  /** By position, where its edges end; they begin where those of the position before end. */
  readonly ends: WordList;
  /** The index of the state that the edge leads to, and `ESCAPE` where an escape agent takes it. */
  readonly edges: WordList;
}

/** Indices of states are less: the table has at most 2³⁰ slots. */
export const ESCAPE = 0x8000_0000;
/** The other bits. */
export const TARGET = 0x7fff_ffff;

/** No states. */
export function nothingUnsettled(): Unsettled {
  return { states: emptyList(), ends: emptyList(), edges: emptyList() };
}

/** Where the edges of a position begin. */
export function edgesBegin({ ends }: Unsettled, position: number): number {
  return position === 0 ? 0 : (ends.words[position - 1] as number);
}

/** Makes room for a state with so many edges; false where there is none. */
export function reserveState(unsettled: Unsettled, edges: number, budget: Budget): boolean {
  return (
    reserve(unsettled.states, 1, budget) &&
    reserve(unsettled.ends, 1, budget) &&
    reserve(unsettled.edges, edges, budget)
  );
}

/** Adds a state, whose edges have been put behind those that are there. */
export function addState({ states, ends, edges }: Unsettled, state: number, count: number): void {
  states.words[states.length++] = state;
  edges.length += count;
  ends.words[ends.length++] = edges.length;
}

/** Forgets all states. */
export function forgetStates({ states, ends, edges }: Unsettled, budget: Budget): void {
  for (const list of [states, ends, edges]) {
    clear(list, budget);
  }
}

/** Keeps some of the states, in their order. */
export function keepStates(unsettled: Unsettled, isKept: (state: number) => boolean): void {
  const { states, ends, edges } = unsettled;
  let from = 0;
  let kept = 0;
  let used = 0;
  for (let position = 0; position < states.length; position++) {
    const to = ends.words[position] as number;
    const state = states.words[position] as number;
    if (isKept(state)) {
      edges.words.copyWithin(used, from, to);
      used += to - from;
      states.words[kept] = state;
      ends.words[kept] = used;
      kept += 1;
    }
    from = to;
  }
  states.length = kept;
  ends.length = kept;
  edges.length = used;
}

/** The edges of unsettled states by where they lead to. */
export interface Reverse {
  /** By index of a state: 1 more than its position; 0 where it has none. */
  readonly positionOf: Uint32Array;
  /** By position, where its entries begin; one more at the end. */
  readonly starts: Uint32Array;
  /** The position an edge comes from, and `ESCAPE` where an escape agent takes it. */
  readonly sources: Uint32Array;
}

/** Turns the edges round; `count` is one more than the greatest index. Null without room for it. */
export function reverseOf(unsettled: Unsettled, count: number, budget: Budget): Reverse | null {
  const { states, edges } = unsettled;
  const positionOf = wordsWithin(budget, count);
  const starts = wordsWithin(budget, states.length + 2);
  const sources = wordsWithin(budget, edges.length);
  if (positionOf === null || starts === null || sources === null) {
    for (const words of [positionOf, starts, sources]) {
      if (words !== null) {
        giveBack(budget, words);
      }
    }
    return null;
  }
  for (let position = 0; position < states.length; position++) {
    positionOf[states.words[position] as number] = position + 1;
  }
  // Counted two places further on, the beginnings stand right when all edges have been put in.
  const targets = edges.words.subarray(0, edges.length);
  for (const edge of targets) {
    const position = positionOf[edge & TARGET] as number;
    if (position > 0) {
      starts[position + 1] = (starts[position + 1] as number) + 1;
    }
  }
  for (let position = 1; position < starts.length; position++) {
    starts[position] = (starts[position] as number) + (starts[position - 1] as number);
  }
  for (let source = 0, at = 0; source < states.length; source++) {
    for (const end = unsettled.ends.words[source] as number; at < end; at++) {
      const edge = targets[at] as number;
      const position = positionOf[edge & TARGET] as number;
      if (position > 0) {
        const slot = starts[position] as number;
        sources[slot] = (source | (edge & ESCAPE)) >>> 0;
        starts[position] = slot + 1;
      }
    }
  }
  return { positionOf, starts, sources };
}

/** Gives back the room of turned edges. */
export function forgetReverse({ positionOf, starts, sources }: Reverse, budget: Budget): void {
  for (const words of [positionOf, starts, sources]) {
    giveBack(budget, words);
  }
}
