import { InternalError } from "../support/internal-error.ts";
import { members, type NodeSet } from "./automaton.ts";
import type { FairComponents } from "./components.ts";
import { isEnabled, maskOf } from "./enabled.ts";
import { type FairnessConstraint, type Lasso, wordsFor } from "./graph.ts";
import {
  forEachStep,
  goesTo,
  leastNode,
  nearest,
  nearestStop,
  type Product,
  type Step,
} from "./product.ts";
import type { Slices } from "./slices.ts";

/**
 * An accepted fair behaviour; null: there is none. Of behaviours that stop, the nearest end is taken; of
 * the others, a way round from the nearest node of a fair component. The shorter one is told, the one
 * that stops where they are as long. All choices are by canonical order, so the lasso does not depend
 * on the numbers of the states.
 */
export function* findLasso(
  product: Product,
  fair: FairComponents,
  constraints: readonly FairnessConstraint[],
): Slices<Lasso | null> {
  const stop = nearestStop(product, constraints);
  const entry =
    fair.count === 0 ? null : nearest(product, (node) => fair.isFair(fair.groups[node] as number));
  const ending = stop === null ? null : lassoOf(product, yield* wayTo(product, stop), []);
  if (entry === null) {
    return ending;
  }
  const round = yield* wayRound({ product, fair, constraints }, entry);
  const prefix = yield* wayTo(product, entry);
  const looping = lassoOf(product, prefix, round);
  return ending !== null && ending.path.length <= looping.path.length ? ending : looping;
}

/** A step of the way round, and where it begins. */
interface Taken {
  readonly from: number;
  readonly to: number;
  readonly action: number;
}

function lassoOf(product: Product, prefix: readonly number[], round: readonly Taken[]): Lasso {
  const states = [...prefix, ...round.slice(0, -1).map(({ to }) => to)];
  const actions = prefix.slice(1).map((to, at) => leastAction(product, prefix[at] as number, to));
  return {
    path: states.map((node) => product.stateOf[node] as number),
    actions: [...actions, ...round.map(({ action }) => action)],
    loop: round.length === 0 ? null : prefix.length - 1,
  };
}

function leastAction(product: Product, from: number, to: number): number {
  let least = Number.POSITIVE_INFINITY;
  forEachStep(product, from, (step) => {
    if (step.to === to && step.action < least) {
      least = step.action;
    }
  });
  return least;
}

/** A shortest way from an initial node, worked out from its end: each time the least predecessor. */
function* wayTo(product: Product, node: number): Slices<number[]> {
  const { levels } = product;
  let depth = levels.findIndex((start) => start > node) - 1;
  const way = [node];
  for (let to = node; depth > 0; depth--) {
    const level = range(levels[depth - 1] as number, levels[depth] as number);
    to = leastBefore(product, level, to);
    way.push(to);
    yield;
  }
  return way.reverse();
}

function* range(from: number, to: number): Generator<number, void, undefined> {
  for (let value = from; value < to; value++) {
    yield value;
  }
}

function leastBefore(product: Product, nodes: Iterable<number>, to: number): number {
  const before: number[] = [];
  for (const node of nodes) {
    if (goesTo(product, node, to)) {
      before.push(node);
    }
  }
  return leastNode(product, before) as number;
}

interface Place {
  readonly product: Product;
  readonly fair: FairComponents;
  readonly constraints: readonly FairnessConstraint[];
}

/** What the way round has to do next: be where `isMetAt`, or take a step that is `wanted`. */
interface Errand {
  isMetAt(node: number): boolean;
  isMetBy(step: Step): boolean;
}

/** A way round inside a fair component that leaves nothing owed; short, not always the shortest. */
function* wayRound(place: Place, start: number): Slices<Taken[]> {
  const taken: Taken[] = [];
  const home: Errand = { isMetAt: () => false, isMetBy: ({ to }) => to === start };
  let here = start;
  for (;;) {
    const errand = nextErrand(place, taken, start);
    if (errand === null && here === start && taken.length > 0) {
      return taken;
    }
    const more = yield* wayWithin(place, here, errand ?? home);
    for (const step of more) {
      taken.push(step);
      here = step.to;
    }
  }
}

/** The first thing owed: what the automaton put off, then by constraint. */
function nextErrand(place: Place, taken: readonly Taken[], start: number): Errand | null {
  const { product, constraints } = place;
  const { graph, automaton, stateOf } = product;
  const [owed] = members(postponedOn(product, taken));
  if (owed !== undefined) {
    const keepsPutOff = ({ mark }: Step): boolean =>
      (((automaton.marks[mark] as NodeSet) >> BigInt(owed)) & 1n) === 1n;
    return { isMetAt: () => false, isMetBy: (step) => !keepsPutOff(step) };
  }
  const visited = [start, ...taken.map(({ to }) => to)].map((node) => stateOf[node] as number);
  const words = wordsFor(graph.actionCount);
  for (const strength of ["weak", "strong"] as const) {
    for (const constraint of constraints) {
      const { actions } = constraint;
      const mask = maskOf(actions, words);
      const isPossible = (state: number): boolean => isEnabled(graph.enabled, state, mask);
      const isOwed =
        constraint.strength === strength &&
        (strength === "weak" ? visited.every(isPossible) : visited.some(isPossible)) &&
        !taken.some(({ action }) => actions.includes(action));
      if (isOwed) {
        return {
          isMetAt: (node) => strength === "weak" && !isPossible(stateOf[node] as number),
          isMetBy: ({ action }) => actions.includes(action),
        };
      }
    }
  }
  return null;
}

/** What every step of a way puts off, however often it is gone. */
function postponedOn(product: Product, taken: readonly Taken[]): NodeSet {
  const { automaton } = product;
  let postponed = automaton.promises;
  for (const { from, to } of taken) {
    forEachStep(product, from, (step) => {
      if (step.to === to) {
        postponed &= automaton.marks[step.mark] as NodeSet;
      }
    });
  }
  return postponed;
}

/** A shortest way inside the component that does an errand. */
function* wayWithin({ product, fair }: Place, from: number, errand: Errand): Slices<Taken[]> {
  const group = fair.groups[from];
  const seen = new Set([from]);
  const levels: number[][] = [[from]];
  for (let level = levels[0] as number[]; level.length > 0; ) {
    const next: number[] = [];
    const ends: number[] = [];
    for (const node of level) {
      let isEnd = errand.isMetAt(node);
      forEachStep(product, node, (step) => {
        if (fair.groups[step.to] === group) {
          isEnd ||= errand.isMetBy(step);
          if (!seen.has(step.to)) {
            seen.add(step.to);
            next.push(step.to);
          }
        }
      });
      if (isEnd) {
        ends.push(node);
      }
    }
    yield;
    if (ends.length > 0) {
      const end = leastNode(product, ends) as number;
      const last = errand.isMetAt(end) ? [] : [lastStep({ product, fair }, end, errand)];
      return [...wayBack(product, levels, end), ...last];
    }
    levels.push(next);
    level = next;
  }
  throw new InternalError("a fair component in which something stays owed");
}

/** The least step that does an errand. */
function lastStep(
  { product, fair }: Omit<Place, "constraints">,
  from: number,
  errand: Errand,
): Taken {
  const steps: Step[] = [];
  forEachStep(product, from, (step) => {
    if (fair.groups[step.to] === fair.groups[from] && errand.isMetBy(step)) {
      steps.push(step);
    }
  });
  const to = leastNode(
    product,
    steps.map((step) => step.to),
  ) as number;
  const actions = steps.filter((step) => step.to === to).map(({ action }) => action);
  return { from, to, action: Math.min(...actions) };
}

/** The steps to a node of the last level, worked out from there: each time the least predecessor. */
function wayBack(product: Product, levels: readonly number[][], end: number): Taken[] {
  const way: Taken[] = [];
  let to = end;
  for (const level of levels.slice(0, -1).reverse()) {
    const from = leastBefore(product, level, to);
    way.push({ from, to, action: leastAction(product, from, to) });
    to = from;
  }
  return way.reverse();
}
