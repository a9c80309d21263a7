import { numberOfValue, type State, stateOf, valueAt, variablePart } from "../reference/state.ts";
import { universe } from "../values/universe.ts";
import type { ListValue, MapValue, Value } from "../values/value.ts";
import { atomText, viewAtom } from "./atoms.ts";
import { type Asking, type Guard, gapAt, gapOfQuestion, type Wait } from "./guards.ts";
import { askAt } from "./moments.ts";
import { type PathStep, pathText } from "./places-read.ts";
import type { Goal } from "./runs.ts";

/** How far a need is from what is wanted, and what is missing how often. */
interface Measure {
  readonly distance: number;
  readonly missing: ReadonlyMap<string, number>;
}

function measure({ machine, sources }: Asking, need: Guard, state: State): Measure {
  return askAt(machine, need.moment, state, (run) => {
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
}

/** What is missing of a need where it was met, and how often. */
export function missingOf(asking: Asking, need: Guard): ReadonlyMap<string, number> {
  return measure(asking, need, need.moment.state).missing;
}

/** To bring `guard` nearer than it was when it was met. */
export function aimOf(asking: Asking, guard: Guard): Aim {
  const goal = goalFrom(asking, guard, (state) => state);
  return { guard, goal, need: guard, missing: [...missingOf(asking, guard).keys()] };
}

/**
 * To bring `guard` nearer as it would be if it were about another element, for some element of a map
 * that it reads and some other element of that map.
 */
export function aimElsewhere(asking: Asking, guard: Guard): Aim {
  const others = elsewhere(asking, guard);
  const goals = others.map((other) =>
    goalFrom(asking, guard, (state) => exchanged(asking, state, other)),
  );
  return {
    guard,
    goal: (state) => {
      const seen = goals.flatMap((goal) => goal(state) ?? []);
      return seen.length > 0 ? [...new Set(seen)] : null;
    },
    need: {
      spot: guard.spot,
      missing: others.flatMap(({ text, otherText }) =>
        guard.missing.map((one) => one.replaceAll(text, otherText)),
      ),
    },
    missing: [...missingOf(asking, guard).keys()],
  };
}

function goalFrom(asking: Asking, guard: Guard, view: (state: State) => State): Goal {
  const distanceAt = (state: State): number => gapAt(asking, guard, view(state)).distance;
  const before = measure(asking, guard, view(guard.moment.state));
  return (state) => {
    if (before.distance === 0 || distanceAt(state) >= before.distance) {
      return null;
    }
    const after = measure(asking, guard, view(state));
    return [...before.missing].flatMap(([piece, count]) =>
      (after.missing.get(piece) ?? 0) < count ? [piece] : [],
    );
  };
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

/** The state with the other element in place of the one that the path leads to. */
function exchanged({ machine }: Asking, state: State, { variable, path, other }: Exchange): State {
  const value = valueAt(machine.table, state, variable);
  const numbers = [...state.numbers];
  numbers[variablePart(variable)] = numberOfValue(
    machine.table,
    variable,
    replaced(value, path, other),
  );
  return stateOf(numbers);
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
