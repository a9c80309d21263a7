import type { Expression } from "../core/expressions.ts";
import { type FairnessConstraint, type StateGraph, wordsFor } from "../liveness/graph.ts";
import { present } from "../support/internal-error.ts";
import { type Action, compareActions, promisesOf } from "./actions.ts";
import { answer, createObserver, observe } from "./observer.ts";
import { type Space, type SpaceIndex, stateAt } from "./space.ts";
import { compareStates } from "./state.ts";

/** A space as temporal properties are judged on it. */
export interface JudgedGraph {
  /** Its states are those of the space whose steps are known, in the same order. */
  readonly graph: StateGraph;
  readonly constraints: readonly FairnessConstraint[];
  /** By state of the graph. */
  readonly members: readonly SpaceIndex[];
  /** By action of the graph. */
  readonly actions: readonly Action[];
}

/** What a graph says of the states besides their steps. */
export interface GraphOptions {
  readonly initial: readonly SpaceIndex[];
  /** By number of a predicate; null where nobody asks for it. */
  readonly predicates: readonly (Expression | null)[];
}

/** The graph of a space. A predicate without value does not hold. */
export function graphOf(space: Space, { initial, predicates }: GraphOptions): JudgedGraph {
  const { machine, looks } = space;
  const members = [...looks.keys()].filter((index) => looks[index] !== null);
  const numbers = new Map(members.map((index, number) => [index, number]));
  const actions = actionsIn(space);
  const actionNumbers = new Map(actions.map(({ key }, number) => [key, number]));
  const numberOf = ({ key }: Action): number => present(actionNumbers.get(key), "an action");
  const edges = members.map((index) =>
    (looks[index]?.edges ?? []).flatMap(({ action, target }) => {
      const to = numbers.get(target);
      return to === undefined ? [] : [{ to, action: numberOf(action) }];
    }),
  );
  const edgeStart = new Uint32Array(members.length + 1);
  for (const [number, some] of edges.entries()) {
    edgeStart[number + 1] = (edgeStart[number] ?? 0) + some.length;
  }
  const actionWords = wordsFor(actions.length);
  const enabled = new Uint32Array(members.length * actionWords);
  for (const [number, index] of members.entries()) {
    for (const action of looks[index]?.possible ?? []) {
      setBit(enabled, actionWords, number, numberOf(action));
    }
  }
  const graph: StateGraph = {
    stateCount: members.length,
    initial: initial.flatMap((index) => numbers.get(index) ?? []),
    edgeStart,
    edgeTarget: Uint32Array.from(edges.flatMap((some) => some.map(({ to }) => to))),
    edgeAction: Uint32Array.from(edges.flatMap((some) => some.map(({ action }) => action))),
    expanded: new Uint8Array(members.length).fill(1),
    actionCount: actions.length,
    enabled,
    predicateCount: predicates.length,
    holds: truthsOf(space, members, predicates),
    compare: (a, b) =>
      compareStates(stateAt(space, members[a] ?? -1), stateAt(space, members[b] ?? -1), machine),
  };
  const constraints = promisesOf(machine.program, actions).map((promised) => ({
    strength: promised.strength,
    actions: promised.actions.map(numberOf),
  }));
  return { graph, constraints, members, actions };
}

/** All that are possible somewhere, in canonical order. */
function actionsIn({ looks }: Space): readonly Action[] {
  const found = new Map<string, Action>();
  for (const look of looks) {
    for (const action of look?.possible ?? []) {
      found.set(action.key, action);
    }
  }
  return [...found.values()].sort(compareActions);
}

function truthsOf(
  space: Space,
  members: readonly SpaceIndex[],
  predicates: readonly (Expression | null)[],
): Uint32Array {
  const observer = createObserver(space.machine);
  const words = wordsFor(predicates.length);
  const holds = new Uint32Array(members.length * words);
  for (const [number, index] of members.entries()) {
    observe(observer, stateAt(space, index));
    for (const [predicate, condition] of predicates.entries()) {
      if (condition !== null && answer(observer, condition) === true) {
        setBit(holds, words, number, predicate);
      }
    }
  }
  return holds;
}

function setBit(bits: Uint32Array, words: number, state: number, bit: number): void {
  const at = state * words + (bit >>> 5);
  bits[at] = (bits[at] ?? 0) | (1 << (bit & 31));
}
