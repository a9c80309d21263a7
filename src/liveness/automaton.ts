import { present } from "../support/internal-error.ts";
import type { NormalFormula, NormalNode } from "./normal-form.ts";

/** A set of nodes of a formula: bit `n` for node `n`. */
export type NodeSet = bigint;

/**
 * An automaton that accepts the behaviours of a formula. A state is a set of nodes that must hold from
 * here on. It is read with a state of the behaviour (its letter: which literals hold there) and goes to
 * what must hold from the next one on; each `eventually` is either met now or put off. A run is
 * accepted where no `eventually` is put off for ever: for each of them, infinitely many transitions do
 * not put it off. States and transitions are made when they are asked for.
 *
 * This is the translation by way of alternating automata (Gastin and Oddoux, Fast LTL to Büchi automata
 * translation, CAV 2001), without until and next. The state for `!(p ~> q)` is "some time p, from where
 * on never q"; it goes to itself, or, where p holds and q does not, to "never q": two states.
 */
export interface Automaton {
  readonly formula: NormalFormula;
  /** By letter, the literals that hold: bit `l` for literal `l`. */
  readonly letters: readonly bigint[];
  /** By state; the first is the initial one. */
  readonly states: NodeSet[];
  readonly stateOf: Map<NodeSet, number>;
  /**
   * By state and letter, the transitions: a state to go to, a mark, a state, a mark, and so on. Absent
   * where nobody asked yet.
   */
  readonly rows: (Uint32Array | undefined)[][];
  /** By mark, the `eventually` nodes that a transition puts off. */
  readonly marks: NodeSet[];
  readonly markOf: Map<NodeSet, number>;
  /** All `eventually` nodes. */
  readonly promises: NodeSet;
  /** By letter and node, the ways for it to hold. */
  readonly covers: (readonly NodeSet[] | undefined)[][];
  /** Whether something can hold in too many ways: transitions may be missing then. */
  isTooLarge: boolean;
}

/** Each way is compared with each other one. */
const WAYS_MAX = 4096;

/** The automaton of a formula over some letters, its initial state 0. */
export function automatonFor(formula: NormalFormula, letters: readonly bigint[]): Automaton {
  const promises = formula.nodes.reduce(
    (set, node, index) => (node.kind === "eventually" ? set | bit(index) : set),
    0n,
  );
  const automaton: Automaton = {
    formula,
    letters,
    states: [],
    stateOf: new Map(),
    rows: [],
    marks: [],
    markOf: new Map(),
    promises,
    covers: letters.map(() => []),
    isTooLarge: false,
  };
  stateFor(automaton, bit(formula.root));
  return automaton;
}

/** The transitions of a state under a letter. */
export function transitionsOf(automaton: Automaton, state: number, letter: number): Uint32Array {
  const rows = present(automaton.rows[state], "rows of a state of the automaton");
  const known = rows[letter];
  if (known !== undefined) {
    return known;
  }
  const ways = least(
    allOf(automaton, automaton.states[state] as NodeSet, letter).map((kept) => ({
      next: withoutImplied(automaton, kept),
      postponed: kept & automaton.promises,
    })),
    (a, b) => isPart(a.next, b.next) && isPart(a.postponed, b.postponed),
  );
  const row = Uint32Array.from(
    ways.flatMap(({ next, postponed }) => [
      stateFor(automaton, next),
      indexFor(automaton.marks, automaton.markOf, postponed),
    ]),
  );
  rows[letter] = row;
  return row;
}

/** Whether a state accepts the behaviour that stays for ever where the letter is this one. */
export function acceptsForEver(automaton: Automaton, state: number, letter: number): boolean {
  const { formula, states, letters } = automaton;
  const holding = letters[letter] as bigint;
  const holds = (index: number): boolean => {
    const node = formula.nodes[index] as NormalNode;
    switch (node.kind) {
      case "literal":
        return has(holding, node.literal);
      case "and":
        return node.of.every(holds);
      case "or":
        return node.of.some(holds);
      default:
        return holds(node.of);
    }
  };
  return members(states[state] as NodeSet).every(holds);
}

/**
 * By state, whether a run can be accepted that stays among this state and those that it can come back
 * from. Asks only transitions that are known.
 */
export function canAccept(automaton: Automaton): boolean[] {
  const known = automaton.rows.map(knownWays);
  const parts = partsOf(known);
  const postponed = new Map<number, NodeSet>();
  for (const [state, ways] of known.entries()) {
    const part = parts[state] as number;
    for (let at = 0; at < ways.length; at += 2) {
      if (parts[ways[at] as number] === part) {
        const mark = automaton.marks[ways[at + 1] as number] as NodeSet;
        postponed.set(part, (postponed.get(part) ?? automaton.promises) & mark);
      }
    }
  }
  return parts.map((part) => postponed.get(part) === 0n);
}

/** The transitions of a state under all letters, each once: a state, a mark, and so on. */
function knownWays(rows: readonly (Uint32Array | undefined)[]): readonly number[] {
  const ways = new Map<string, readonly [number, number]>();
  for (const row of rows) {
    for (let at = 0; at < (row?.length ?? 0); at += 2) {
      const way = [row?.[at] as number, row?.[at + 1] as number] as const;
      ways.set(way.join(), way);
    }
  }
  return [...ways.values()].flat();
}

/** By state, the strongly connected part it belongs to (Tarjan 1972); there may be many states. */
function partsOf(ways: readonly (readonly number[])[]): number[] {
  const parts: number[] = ways.map(() => -1);
  const order: number[] = ways.map(() => 0);
  const low: number[] = ways.map(() => 0);
  const open: number[] = [];
  let clock = 0;
  const path: { readonly state: number; at: number }[] = [];
  const enter = (state: number): void => {
    clock += 1;
    order[state] = clock;
    low[state] = clock;
    open.push(state);
    path.push({ state, at: 0 });
  };
  const lower = (state: number, to: number): void => {
    low[state] = Math.min(low[state] as number, to);
  };
  for (const root of ways.keys()) {
    if (order[root] === 0) {
      enter(root);
    }
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { state, at } = top;
      const next = ways[state]?.[at];
      top.at += 2;
      if (next === undefined) {
        path.pop();
        lower(path.at(-1)?.state ?? state, low[state] as number);
        if (low[state] === order[state]) {
          for (let other = -1; other !== state; ) {
            other = open.pop() as number;
            parts[other] = state;
          }
        }
      } else if (order[next] === 0) {
        enter(next);
      } else if (parts[next] === -1) {
        lower(state, order[next] as number);
      }
    }
  }
  return parts;
}

/** The ways for all nodes of a set to hold under a letter: what must hold from the next state on. */
function allOf(automaton: Automaton, set: NodeSet, letter: number): readonly NodeSet[] {
  return members(set).reduce<readonly NodeSet[]>(
    (ways, node) => together(automaton, ways, coversOf(automaton, node, letter)),
    [0n],
  );
}

function coversOf(automaton: Automaton, index: number, letter: number): readonly NodeSet[] {
  const known = automaton.covers[letter] as (readonly NodeSet[] | undefined)[];
  const found = known[index] ?? computeCovers(automaton, index, letter);
  known[index] = found;
  return found;
}

function computeCovers(automaton: Automaton, index: number, letter: number): readonly NodeSet[] {
  const node = automaton.formula.nodes[index] as NormalNode;
  const of = (part: number): readonly NodeSet[] => coversOf(automaton, part, letter);
  switch (node.kind) {
    case "literal":
      return has(automaton.letters[letter] as bigint, node.literal) ? [0n] : [];
    case "and":
      return node.of.reduce<readonly NodeSet[]>(
        (ways, part) => together(automaton, ways, of(part)),
        [0n],
      );
    case "or":
      return least(node.of.flatMap(of), isPart);
    case "always":
      return of(node.of).map((kept) => kept | bit(index));
    case "eventually":
      return least([...of(node.of), bit(index)], isPart);
  }
}

function together(
  automaton: Automaton,
  left: readonly NodeSet[],
  right: readonly NodeSet[],
): readonly NodeSet[] {
  if (left.length * right.length > WAYS_MAX) {
    automaton.isTooLarge = true;
    return [];
  }
  return least(
    left.flatMap((one) => right.map((other) => one | other)),
    isPart,
  );
}

/** Those that no other makes needless: who has to keep less can do whatever one with more can. */
function least<T>(ways: readonly T[], makesNeedless: (a: T, b: T) => boolean): readonly T[] {
  const kept: T[] = [];
  for (const way of ways) {
    if (!kept.some((other) => makesNeedless(other, way))) {
      const rest = kept.filter((other) => !makesNeedless(way, other));
      kept.splice(0, kept.length, ...rest, way);
    }
  }
  return kept;
}

/** `always (a && eventually b)` asks for `eventually b` anew at each state: to keep it says nothing. */
function withoutImplied(automaton: Automaton, kept: NodeSet): NodeSet {
  let next = kept;
  for (const index of members(kept)) {
    const node = automaton.formula.nodes[index] as NormalNode;
    if (node.kind === "always") {
      const inside = automaton.formula.nodes[node.of] as NormalNode;
      for (const part of inside.kind === "and" ? inside.of : [node.of]) {
        next &= ~bit(part);
      }
    }
  }
  return next;
}

function stateFor(automaton: Automaton, set: NodeSet): number {
  const state = indexFor(automaton.states, automaton.stateOf, set);
  automaton.rows[state] ??= [];
  return state;
}

function indexFor(list: NodeSet[], known: Map<NodeSet, number>, set: NodeSet): number {
  const index = known.get(set) ?? list.push(set) - 1;
  known.set(set, index);
  return index;
}

function bit(index: number): bigint {
  return 1n << BigInt(index);
}

function has(set: bigint, index: number): boolean {
  return ((set >> BigInt(index)) & 1n) === 1n;
}

function isPart(a: NodeSet, b: NodeSet): boolean {
  return (a & ~b) === 0n;
}

/** The members of a set, in order. */
export function members(set: NodeSet): number[] {
  const found: number[] = [];
  for (let index = 0, rest = set; rest !== 0n; index++, rest >>= 1n) {
    if ((rest & 1n) === 1n) {
      found.push(index);
    }
  }
  return found;
}
