import { type Automaton, acceptsForEver, transitionsOf } from "./automaton.ts";
import { stopsOf } from "./enabled.ts";
import type { FairnessConstraint, StateGraph } from "./graph.ts";
import type { Lettering } from "./letters.ts";
import { SLICE_STEPS, type Slices } from "./slices.ts";

/**
 * The graph and the automaton going along together: a node is a state of the graph and one of the
 * automaton, which has yet to read that state. Nodes are numbered breadth first, so those of a depth
 * lie together; which they are does not depend on the numbers of the states, their order within a depth
 * does.
 */
export interface Product {
  readonly graph: StateGraph;
  readonly automaton: Automaton;
  readonly lettering: Lettering;
  readonly count: number;
  /** By node. */
  readonly stateOf: Uint32Array;
  readonly automatonOf: Uint16Array;
  /** Where the nodes of each depth begin, and last their count. */
  readonly levels: readonly number[];
  /** By state of the automaton and state of the graph, the node plus one; 0 where there is none. */
  readonly layers: readonly (Uint32Array | undefined)[];
}

/** One way on from a node, by an edge of the graph. */
export interface Step {
  readonly to: number;
  readonly action: number;
  /** What it puts off: see `Automaton.marks`. */
  readonly mark: number;
}

/** Bytes that finding components takes for each node, beside the node itself. */
const BYTES_LATER = 24;
const BYTES_NODE = 6;

/** The states of the automaton are kept in 16 bits. */
const AUTOMATON_MAX = 0xffff;

/** To work out transitions of the automaton takes as long as some steps. */
const ROW_STEPS = 1_000;

/** How a product is explored. */
export interface ExploreOptions {
  /** Null: any amount. */
  readonly memoryBytes: number | null;
  /** Whether it may end, with part of the nodes, where nothing is left to be asked of a behaviour. */
  readonly untilFree: boolean;
}

/** Finds the nodes; null where that would take more memory than allowed. */
export function* exploreProduct(
  graph: StateGraph,
  automaton: Automaton,
  lettering: Lettering,
  { memoryBytes, untilFree }: ExploreOptions,
): Slices<Product | null> {
  const { edgeStart, edgeTarget, expanded } = graph;
  const { rows } = automaton;
  const { letterOf } = lettering;
  const layers: (Uint32Array | undefined)[] = [];
  let stateOf = new Uint32Array(graph.stateCount + 1);
  let automatonOf = new Uint16Array(graph.stateCount + 1);
  let count = 0;
  const layerOf = (state: number): Uint32Array => {
    layers[state] ??= new Uint32Array(graph.stateCount);
    return layers[state];
  };
  const isTooMuch = (nodes: number): boolean =>
    memoryBytes !== null && bytesFor(graph, layers.length, nodes) > memoryBytes;
  for (const state of graph.initial) {
    stateOf[count] = state;
    count += 1;
    layerOf(0)[state] = count;
  }
  const levels = [0];
  let levelEnd = 0;
  let steps = 0;
  for (let node = 0; node < count; node++) {
    if (node === levelEnd) {
      levels.push(count);
      levelEnd = count;
    }
    const from = stateOf[node] as number;
    const at = automatonOf[node] as number;
    const letter = letterOf[from] as number;
    let row = rows[at]?.[letter];
    if (row === undefined) {
      row = transitionsOf(automaton, at, letter);
      steps += ROW_STEPS;
    }
    if (automaton.isTooLarge) {
      return null;
    }
    if (steps > SLICE_STEPS) {
      steps = 0;
      yield;
    }
    if (expanded[from] === 0 || row.length === 0) {
      continue;
    }
    if (untilFree && automaton.states[row[0] as number] === 0n) {
      break;
    }
    const first = edgeStart[from] as number;
    const end = edgeStart[from + 1] as number;
    const room = count + ((end - first) * row.length) / 2;
    if (room > stateOf.length) {
      if (isTooMuch(room)) {
        return null;
      }
      stateOf = grown(stateOf, new Uint32Array(room + (room >>> 1)));
      automatonOf = grown(automatonOf, new Uint16Array(room + (room >>> 1)));
    }
    for (let way = 0; way < row.length; way += 2) {
      const next = row[way] as number;
      const isNew = layers[next] === undefined;
      if (isNew && (next > AUTOMATON_MAX || isTooMuch(count))) {
        return null;
      }
      const layer = layers[next] ?? layerOf(next);
      for (let edge = first; edge < end; edge++) {
        const target = edgeTarget[edge] as number;
        if (layer[target] === 0) {
          stateOf[count] = target;
          automatonOf[count] = next;
          count += 1;
          layer[target] = count;
        }
      }
    }
    steps += 1 + end - first;
  }
  if (isTooMuch(count)) {
    return null;
  }
  return { graph, automaton, lettering, count, stateOf, automatonOf, levels, layers };
}

/** About how much memory a product of that size takes. */
function bytesFor(graph: StateGraph, layers: number, nodes: number): number {
  return graph.stateCount * 4 * (layers + 1) + nodes * (BYTES_NODE + BYTES_LATER);
}

/** The contents of one array at the beginning of a larger one. */
export function grown<T extends Uint32Array | Uint16Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Calls back for each step from a node. For where time does not count. */
export function forEachStep(product: Product, node: number, visit: (step: Step) => void): void {
  const { graph, automaton, lettering, stateOf, automatonOf, layers } = product;
  const from = stateOf[node] as number;
  if (graph.expanded[from] === 0) {
    return;
  }
  const row = transitionsOf(
    automaton,
    automatonOf[node] as number,
    lettering.letterOf[from] as number,
  );
  const end = graph.edgeStart[from + 1] as number;
  for (let edge = graph.edgeStart[from] as number; edge < end; edge++) {
    for (let way = 0; way < row.length; way += 2) {
      visit({
        to: (layers[row[way] as number]?.[graph.edgeTarget[edge] as number] as number) - 1,
        action: graph.edgeAction[edge] as number,
        mark: row[way + 1] as number,
      });
    }
  }
}

/** Whether some behaviour comes to where nothing is left to be asked of it, however it goes on. */
export function comesFree({ automaton }: Pick<Product, "automaton">): boolean {
  return automaton.stateOf.has(0n);
}

/** Whether there is a step from a node to another. */
export function goesTo(product: Product, node: number, to: number): boolean {
  const { graph, automaton, lettering, stateOf, automatonOf } = product;
  const from = stateOf[node] as number;
  const target = stateOf[to];
  const next = automatonOf[to] as number;
  const end = graph.expanded[from] === 0 ? 0 : (graph.edgeStart[from + 1] as number);
  for (let edge = graph.edgeStart[from] as number; edge < end; edge++) {
    if (graph.edgeTarget[edge] === target) {
      const at = automatonOf[node] as number;
      const row = transitionsOf(automaton, at, lettering.letterOf[from] as number);
      return row.some((state, way) => way % 2 === 0 && state === next);
    }
  }
  return false;
}

/** Canonical order of nodes. */
function compareNodes(product: Product, a: number, b: number): number {
  const { graph, automaton, stateOf, automatonOf } = product;
  const order = graph.compare(stateOf[a] as number, stateOf[b] as number);
  if (order !== 0 || a === b) {
    return order;
  }
  const [left, right] = [a, b].map((node) => automaton.states[automatonOf[node] as number]);
  return (left as bigint) < (right as bigint) ? -1 : 1;
}

/** The least of some nodes in canonical order; null where there are none. */
export function leastNode(product: Product, nodes: Iterable<number>): number | null {
  let least: number | null = null;
  for (const node of nodes) {
    if (least === null || compareNodes(product, node, least) < 0) {
      least = node;
    }
  }
  return least;
}

/** The nearest node where a behaviour may stop that the automaton then accepts; null: there is none. */
export function nearestStop(
  product: Product,
  constraints: readonly FairnessConstraint[],
): number | null {
  const { graph, automaton, lettering, stateOf, automatonOf } = product;
  const mayStop = stopsOf(graph, constraints);
  const known: (boolean | undefined)[][] = automaton.states.map(() => []);
  return nearest(product, (node) => {
    const state = stateOf[node] as number;
    if (!mayStop(state)) {
      return false;
    }
    const at = automatonOf[node] as number;
    const letter = lettering.letterOf[state] as number;
    const row = known[at] as (boolean | undefined)[];
    row[letter] ??= acceptsForEver(automaton, at, letter);
    return row[letter];
  });
}

/** Of the nodes of the least depth that are wanted, the least in canonical order. */
export function nearest(product: Product, isWanted: (node: number) => boolean): number | null {
  const { levels } = product;
  for (let depth = 0; depth + 1 < levels.length; depth++) {
    const found: number[] = [];
    for (let node = levels[depth] as number; node < (levels[depth + 1] as number); node++) {
      if (isWanted(node)) {
        found.push(node);
      }
    }
    if (found.length > 0) {
      return leastNode(product, found);
    }
  }
  return null;
}
