import type { PartIndex } from "../reference/recall.ts";
import { type Run, variableOf } from "../reference/run.ts";
import type { State } from "../reference/state.ts";
import { universe } from "../values/universe.ts";
import type { ListValue, MapValue, Value } from "../values/value.ts";
import { atomText, viewAtom } from "./atoms.ts";
import { type Asking, type Guard, gapOfQuestion, type Wait } from "./guards.ts";
import { askAt } from "./moments.ts";
import { type PathStep, pathText } from "./places-read.ts";
import type { Goal } from "./runs.ts";

/** How far a need is from what is wanted, and what is missing how often. */
interface Measure {
  readonly distance: number;
  readonly missing: ReadonlyMap<string, number>;
}

/** Looks at a need at `state`; `before` is what the run is made to read otherwise. */
function measure(
  { machine, sources }: Asking,
  need: Guard,
  state: State,
  before: (run: Run) => void = () => {},
): Measure {
  return askAt(machine, need.moment, state, (run) => {
    before(run);
    const { distance, atoms } = gapOfQuestion(run, need.question, need.wanted);
    const missing = new Map<string, number>();
    for (const atom of atoms) {
      const text = atomText(run, sources, atom);
      if (atom.pieces.length === 0) {
        missing.set(text, Math.max(atom.distance, missing.get(text) ?? 0));
      }
      for (const piece of atom.pieces) {
        missing.set(`${text} ${piece}`, 1);
      }
    }
    return { distance, missing };
  });
}

/** What runs are looked for, for a need. */
export interface Aim {
  readonly guard: Guard;
  readonly goal: Goal;
  /** What would be no help: to wait for the same. */
  readonly need: Wait;
  /** What the runs can see to. */
  readonly missing: readonly string[];
  /** The parts of a state on which it depends how far the guard is from what is wanted. */
  readonly parts: readonly PartIndex[];
}

/** A goal, and the parts of a state that decide it. */
interface Decided {
  readonly goal: Goal;
  readonly parts: readonly PartIndex[];
}

/** What is missing of a need where it was met, and how often. */
export function missingOf(asking: Asking, need: Guard): ReadonlyMap<string, number> {
  return measure(asking, need, need.moment.state).missing;
}

/** To bring `guard` nearer than it was when it was met. */
export function aimOf(asking: Asking, guard: Guard): Aim {
  return {
    guard,
    ...goalFrom(asking, guard),
    need: guard,
    missing: [...missingOf(asking, guard).keys()],
  };
}

/**
 * To bring `guard` nearer as it would be if it were about another element, for some element of a map
 * that it reads and some other element of that map.
 */
export function aimElsewhere(asking: Asking, guard: Guard): Aim {
  const others = elsewhere(asking, guard);
  const decided = others.map((other) => goalFrom(asking, guard, (run) => exchange(run, other)));
  return {
    guard,
    goal: (state) => {
      const seen = decided.flatMap(({ goal }) => goal(state) ?? []);
      return seen.length > 0 ? [...new Set(seen)] : null;
    },
    need: {
      spot: guard.spot,
      missing: others.flatMap(({ text, otherText }) =>
        guard.missing.map((one) => one.replaceAll(text, otherText)),
      ),
    },
    missing: [...missingOf(asking, guard).keys()],
    parts: decided.flatMap(({ parts }) => parts),
  };
}

function goalFrom(asking: Asking, guard: Guard, before?: (run: Run) => void): Decided {
  const { parts } = asking.machine.looking;
  const { state } = guard.moment;
  parts.clear();
  const then = measure(asking, guard, state, before);
  // Only where something has changed that was looked at can the answer be another.
  const looked = [...parts];
  const goal: Goal = ({ numbers, key }) => {
    if (then.distance === 0 || looked.every((part) => numbers[part] === state.numbers[part])) {
      return null;
    }
    const now = measure(asking, guard, { numbers, key }, before);
    return now.distance < then.distance
      ? [...then.missing].flatMap(([piece, count]) =>
          (now.missing.get(piece) ?? 0) < count ? [piece] : [],
        )
      : null;
  };
  return { goal, parts: looked };
}

/** An element of a map inside a variable, and the key of another one. */
interface Exchange {
  readonly variable: number;
  readonly path: readonly PathStep[];
  readonly other: Value;
  /** The places of both, as atoms are told. */
  readonly text: string;
  readonly otherText: string;
}

/** Of one map, so many other elements are looked at. */
const OTHERS_MAX = 8;

function elsewhere({ machine, sources }: Asking, need: Guard): readonly Exchange[] {
  return askAt(machine, need.moment, need.moment.state, (run) => {
    const found = new Map<string, Exchange>();
    const { atoms } = gapOfQuestion(run, need.question, need.wanted);
    for (const { variable, path } of atoms.flatMap((atom) => viewAtom(run, sources, atom).reads)) {
      for (const [at, step] of path.entries()) {
        if (variable === null || step.kind !== "element" || step.of.kind !== "map") {
          continue;
        }
        const inwards = path.slice(0, at + 1);
        for (const other of universe(step.of.key, machine.types).slice(0, OTHERS_MAX)) {
          if (other !== step.index) {
            const text = pathText(run, variable, inwards);
            const otherText = pathText(run, variable, [
              ...path.slice(0, at),
              { ...step, index: other },
            ]);
            found.set(`${text} ${otherText}`, { variable, path: inwards, other, text, otherText });
          }
        }
      }
    }
    return [...found.values()];
  });
}

/** Makes a run read the other element in place of the one that the path leads to. */
function exchange(run: Run, { variable, path, other }: Exchange): void {
  run.variables.set(variable, replaced(variableOf(run, variable), path, other));
}

function replaced(value: Value, [step, ...rest]: readonly PathStep[], other: Value): Value {
  if (step === undefined) {
    return value;
  }
  if (step.kind === "field") {
    const map = value as MapValue;
    return map.set(step.field, replaced(map.get(step.field) as Value, rest, other));
  }
  if (step.of.kind === "map") {
    const map = value as MapValue;
    const inner = map.get(rest.length === 0 ? other : step.index) as Value;
    return map.set(step.index, replaced(inner, rest, other));
  }
  const list = value as ListValue;
  const at = Number(step.index);
  return list.set(at, replaced(list.get(at) as Value, rest, other));
}
