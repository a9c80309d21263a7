import { canAccept } from "./automaton.ts";
import { isEnabled, maskOf } from "./enabled.ts";
import { type FairnessConstraint, wordsFor } from "./graph.ts";
import { grown, type Product } from "./product.ts";
import { SLICE_STEPS, type Slices } from "./slices.ts";

/** The parts of a product in which some fair behaviour stays for ever that the automaton accepts. */
export interface FairComponents {
  /**
   * By node, the component it belongs to; those with `isFair` are as large as can be, each strongly
   * connected, and going round in the whole of one is fair and accepted.
   */
  readonly groups: Int32Array;
  isFair(group: number): boolean;
  readonly count: number;
}

const NOWHERE = -1;
const LEFT_OUT = 0xffff_ffff;

interface Search {
  readonly product: Product;
  readonly constraints: readonly FairnessConstraint[];
  readonly groups: Int32Array;
  /** By node, when it was first seen; 0: not yet; `LEFT_OUT`: it is in no region, or in one done with. */
  readonly order: Uint32Array;
  groupLast: number;
}

/**
 * Finds the fair components (Emerson and Lei, Modalities for model checking, 1987): a strongly
 * connected component that owes something to a strong constraint is split again without the states
 * that enable it; one that owes anything else is done with, for so does every part of it. Where only
 * `any` is wanted, it ends soon after the first.
 */
export function* findFairComponents(
  product: Product,
  constraints: readonly FairnessConstraint[],
  wanted: "all" | "any",
): Slices<FairComponents> {
  const groups = new Int32Array(product.count).fill(NOWHERE);
  const order = new Uint32Array(product.count);
  const accepting = canAccept(product.automaton);
  for (let node = 0; node < product.count; node++) {
    order[node] = accepting[product.automatonOf[node] as number] === true ? 0 : LEFT_OUT;
  }
  const search: Search = { product, constraints, groups, order, groupLast: 0 };
  const fair = new Set<number>();
  // Regions: nodes to be split into components; null: all there are.
  const regions: (Uint32Array | null)[] = accepting.includes(true) ? [null] : [];
  const judgeAll = function* (nodes: Uint32Array, starts: readonly number[]): Slices<boolean> {
    for (let at = 0; at + 1 < starts.length; at++) {
      const part = nodes.subarray(starts[at], starts[at + 1]);
      const { isFair, rest } = yield* judge(search, part);
      if (isFair) {
        fair.add(groups[part[0] as number] as number);
      } else if (rest !== null) {
        regions.push(rest);
      }
    }
    return wanted === "any" && fair.size > 0;
  };
  for (let region = regions.pop(); region !== undefined; region = regions.pop()) {
    for (const node of region ?? []) {
      order[node] = 0;
    }
    if (yield* split(search, region, judgeAll)) {
      break;
    }
  }
  return { groups, isFair: (group) => fair.has(group), count: fair.size };
}

/** A depth-first search under way. */
interface Walk {
  readonly search: Search;
  /** The path: nodes, and for each the earliest one it can go back to, the next edge, the next way. */
  path: Uint32Array;
  low: Uint32Array;
  edges: Uint32Array;
  ways: Uint32Array;
  depth: number;
  /** What was seen and belongs to no component yet. */
  open: Uint32Array;
  openCount: number;
  clock: number;
  /** Edges looked at since the last pause. */
  steps: number;
  /** Nodes with a step to themselves. */
  readonly loops: Set<number>;
  /** Components found, one behind the other; where each begins, and last the end. */
  nodes: Uint32Array;
  readonly starts: number[];
}

/**
 * Gives each strongly connected component of a region a group of its own (Tarjan 1972). Those of more
 * than one node are told a few at a time, until `take` has enough; whether it had.
 */
function* split(
  search: Search,
  region: Uint32Array | null,
  take: (nodes: Uint32Array, starts: readonly number[]) => Slices<boolean>,
): Slices<boolean> {
  const { product, order } = search;
  const total = region?.length ?? product.count;
  const walk: Walk = {
    search,
    path: new Uint32Array(1024),
    low: new Uint32Array(1024),
    edges: new Uint32Array(1024),
    ways: new Uint32Array(1024),
    depth: 0,
    open: new Uint32Array(1024),
    openCount: 0,
    clock: 0,
    steps: 0,
    loops: new Set(),
    nodes: new Uint32Array(1024),
    starts: [0],
  };
  for (let at = 0; at < total; at++) {
    const root = region === null ? at : (region[at] as number);
    if (order[root] !== 0) {
      continue;
    }
    enter(walk, root);
    while (walk.depth > 0) {
      goOn(walk);
      if (walk.steps > SLICE_STEPS) {
        walk.steps = 0;
        yield;
      }
      if (walk.starts.length > 1) {
        if (yield* take(walk.nodes, walk.starts)) {
          return true;
        }
        walk.starts.length = 1;
      }
    }
  }
  return false;
}

function goOn(walk: Walk): void {
  while (walk.depth > 0 && walk.steps <= SLICE_STEPS) {
    const next = advance(walk);
    if (next === NOWHERE) {
      leave(walk);
    } else {
      enter(walk, next);
    }
  }
}

function enter(walk: Walk, node: number): void {
  const { product, order } = walk.search;
  walk.clock += 1;
  order[node] = walk.clock;
  if (walk.openCount === walk.open.length) {
    walk.open = grown(walk.open, new Uint32Array(walk.openCount * 2));
  }
  walk.open[walk.openCount] = node;
  walk.openCount += 1;
  const { depth } = walk;
  if (depth === walk.path.length) {
    walk.path = grown(walk.path, new Uint32Array(depth * 2));
    walk.low = grown(walk.low, new Uint32Array(depth * 2));
    walk.edges = grown(walk.edges, new Uint32Array(depth * 2));
    walk.ways = grown(walk.ways, new Uint32Array(depth * 2));
  }
  walk.path[depth] = node;
  walk.low[depth] = walk.clock;
  walk.edges[depth] = product.graph.edgeStart[product.stateOf[node] as number] as number;
  walk.ways[depth] = 0;
  walk.depth += 1;
}

/** Goes on from the last node of the path to the first new one; `NOWHERE`: there is no other. */
function advance(walk: Walk): number {
  const { product, order } = walk.search;
  const { graph, automaton, lettering, layers } = product;
  const { edgeTarget } = graph;
  const top = walk.depth - 1;
  const node = walk.path[top] as number;
  const state = product.stateOf[node] as number;
  const at = product.automatonOf[node] as number;
  const row = automaton.rows[at]?.[lettering.letterOf[state] as number] ?? NO_ROW;
  const end = graph.expanded[state] === 0 ? 0 : (graph.edgeStart[state + 1] as number);
  const begun = walk.edges[top] as number;
  let way = walk.ways[top] as number;
  let lowest = walk.low[top] as number;
  let edge = begun;
  for (; edge < end; edge++) {
    for (; way < row.length; way += 2) {
      const layer = layers[row[way] as number] as Uint32Array;
      const next = (layer[edgeTarget[edge] as number] as number) - 1;
      const seen = order[next] as number;
      if (seen === 0) {
        walk.low[top] = lowest;
        walk.edges[top] = edge;
        walk.ways[top] = way + 2;
        walk.steps += 1 + edge - begun;
        return next;
      }
      if (seen < lowest) {
        lowest = seen;
      } else if (next === node) {
        walk.loops.add(node);
      }
    }
    way = 0;
  }
  walk.low[top] = lowest;
  walk.steps += 1 + edge - begun;
  return NOWHERE;
}

const NO_ROW = new Uint32Array(0);

/** Goes back from the last node of the path; where it is the first of its component, that is complete. */
function leave(walk: Walk): void {
  const { low } = walk;
  walk.depth -= 1;
  const node = walk.path[walk.depth] as number;
  const lowest = low[walk.depth] as number;
  if (lowest === walk.search.order[node]) {
    close(walk, node);
  } else if (lowest < (low[walk.depth - 1] as number)) {
    low[walk.depth - 1] = lowest;
  }
}

/** Takes a component from what is open. */
function close(walk: Walk, first: number): void {
  const { search, open } = walk;
  let from = walk.openCount - 1;
  if (open[from] === first && !walk.loops.has(first)) {
    search.order[first] = LEFT_OUT;
    walk.openCount = from;
    return;
  }
  while (open[from] !== first) {
    from -= 1;
  }
  search.groupLast += 1;
  const begun = walk.starts[walk.starts.length - 1] as number;
  const end = begun + walk.openCount - from;
  if (end > walk.nodes.length) {
    walk.nodes = grown(walk.nodes, new Uint32Array(end * 2));
  }
  walk.nodes.set(open.subarray(from, walk.openCount), begun);
  for (let index = from; index < walk.openCount; index++) {
    search.groups[open[index] as number] = search.groupLast;
    search.order[open[index] as number] = LEFT_OUT;
  }
  walk.starts.push(end);
  walk.openCount = from;
}

/** What going round in the whole of a component comes to. */
interface Judged {
  readonly isFair: boolean;
  /** Where it is not, what may still be. */
  readonly rest: Uint32Array | null;
}

const UNFAIR: Judged = { isFair: false, rest: null };

/** Whether going round in the whole of a component is accepted and fair. */
function* judge(search: Search, nodes: Uint32Array): Slices<Judged> {
  const { product, constraints } = search;
  const { graph } = product;
  const taken = new Set<number>();
  const marks = new Set<number>();
  let size = SLICE_STEPS / 100;
  for (let from = 0; from < nodes.length; from += size) {
    size = Math.min(size * 2, SLICE_STEPS);
    collectSteps(search, nodes.subarray(from, from + size), taken, marks);
    if (owesNothing(search, taken, marks)) {
      return { isFair: true, rest: null };
    }
    if (nodes.length > SLICE_STEPS) {
      yield;
    }
  }
  const postponed = postponedBy(search, marks);
  if (postponed !== 0n) {
    return UNFAIR;
  }
  const words = wordsFor(graph.actionCount);
  const avoided = new Uint32Array(words);
  let avoids = false;
  for (const { strength, actions } of constraints) {
    if (actions.some((action) => taken.has(action))) {
      continue;
    }
    const mask = maskOf(actions, words);
    const { always, ever } = enabledIn(product, nodes, mask);
    if (strength === "weak" ? always : ever) {
      if (always) {
        return UNFAIR;
      }
      avoids = true;
      mask.forEach((word, at) => {
        avoided[at] = (avoided[at] as number) | word;
      });
    }
  }
  if (!avoids) {
    return { isFair: true, rest: null };
  }
  return { isFair: false, rest: without(search, nodes, avoided) };
}

/** Whether these steps are enough, so that the others need not be looked at. */
function owesNothing(
  search: Search,
  taken: ReadonlySet<number>,
  marks: ReadonlySet<number>,
): boolean {
  return (
    postponedBy(search, marks) === 0n &&
    search.constraints.every(({ actions }) => actions.some((action) => taken.has(action)))
  );
}

/** What all steps with these marks put off. */
function postponedBy({ product }: Search, marks: ReadonlySet<number>): bigint {
  let postponed = product.automaton.promises;
  for (const mark of marks) {
    postponed &= product.automaton.marks[mark] as bigint;
  }
  return postponed;
}

/** Adds the actions and marks of the steps inside a component. */
function collectSteps(
  { product, groups }: Search,
  nodes: Uint32Array,
  taken: Set<number>,
  marks: Set<number>,
): void {
  const { graph, automaton, lettering, stateOf, automatonOf, layers } = product;
  const { edgeStart, edgeTarget, edgeAction } = graph;
  let actionLast = NOWHERE;
  let markLast = NOWHERE;
  for (const node of nodes) {
    const group = groups[node];
    const state = stateOf[node] as number;
    const letter = lettering.letterOf[state] as number;
    const row = automaton.rows[automatonOf[node] as number]?.[letter] ?? NO_ROW;
    const end = edgeStart[state + 1] as number;
    for (let way = 0; way < row.length; way += 2) {
      const layer = layers[row[way] as number] as Uint32Array;
      const mark = row[way + 1] as number;
      for (let edge = edgeStart[state] as number; edge < end; edge++) {
        if (groups[(layer[edgeTarget[edge] as number] as number) - 1] === group) {
          const action = edgeAction[edge] as number;
          if (action !== actionLast) {
            taken.add(action);
            actionLast = action;
          }
          if (mark !== markLast) {
            marks.add(mark);
            markLast = mark;
          }
        }
      }
    }
  }
}

function enabledIn(
  { graph, stateOf }: Product,
  nodes: Uint32Array,
  mask: Uint32Array,
): { readonly always: boolean; readonly ever: boolean } {
  let always = true;
  let ever = false;
  for (const node of nodes) {
    if (isEnabled(graph.enabled, stateOf[node] as number, mask)) {
      ever = true;
    } else {
      always = false;
    }
    if (ever && !always) {
      break;
    }
  }
  return { always, ever };
}

/** The nodes of a component at which none of some actions is possible, to be split again. */
function without(search: Search, nodes: Uint32Array, avoided: Uint32Array): Uint32Array {
  const { product, groups } = search;
  const rest = nodes.filter(
    (node) => !isEnabled(product.graph.enabled, product.stateOf[node] as number, avoided),
  );
  for (const node of nodes) {
    groups[node] = NOWHERE;
  }
  return rest;
}
