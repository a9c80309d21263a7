import { numberOfValue, type State, stateOf, valueAt, variablePart } from "../reference/state.ts";
import { universe } from "../values/universe.ts";
import type { ListValue, MapValue, Value } from "../values/value.ts";
import { atomText, viewAtom } from "./atoms.ts";
import { type Asking, type Guard, gapOfQuestion } from "./guards.ts";
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

/** What is missing of a need where it was met, and how often. */
export function missingOf(asking: Asking, need: Guard): ReadonlyMap<string, number> {
  return measure(asking, need, need.moment.state).missing;
}

/** Brings `need` nearer than it was when it was met. */
export function goalOf(asking: Asking, need: Guard): Goal {
  return goalFrom(asking, need, (state) => state);
}

/** A goal, and the need as it would be if that were all there is to it. */
export interface Aim {
  readonly goal: Goal;
  readonly need: Guard;
}

/**
 * For each element of a map that `need` reads, and each other element of that map: brings the need
 * nearer as it would be if it were about that other element.
 */
export function aimsElsewhere(asking: Asking, need: Guard): readonly Aim[] {
  return elsewhere(asking, need).map((exchange) => ({
    goal: goalFrom(asking, need, (state) => exchanged(asking, state, exchange)),
    need: {
      ...need,
      missing: need.missing.map((text) => text.replaceAll(exchange.text, exchange.otherText)),
    },
  }));
}

function goalFrom(asking: Asking, need: Guard, view: (state: State) => State): Goal {
  const before = measure(asking, need, view(need.moment.state));
  if (before.distance === 0) {
    return () => null;
  }
  return (state) => {
    const after = measure(asking, need, view(state));
    return after.distance < before.distance
      ? [...before.missing].flatMap(([piece, count]) =>
          (after.missing.get(piece) ?? 0) < count ? [piece] : [],
        )
      : null;
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
