import type { BinaryOperator, Expression } from "../core/expressions.ts";
import type { Statement } from "../core/statements.ts";
import { type Run, topOf } from "../reference/run.ts";
import { elementsOf, evaluate, truth } from "../values/evaluate.ts";
import { showValue } from "../values/show.ts";
import type { SetValue, Value } from "../values/value.ts";
import { ValueError } from "../values/value-error.ts";
import { type Opened, open, readsShared, UNOPENED } from "./opening.ts";

/** How far a condition is from having the wanted value. */
export interface Gap {
  /** 0: it has it. Infinity: nothing that others can change would give it. */
  readonly distance: number;
  /** What is not as wanted; of alternatives, of each that others can change. */
  readonly atoms: readonly Atom[];
}

/** A part of a condition that has the wrong value and is not made of smaller conditions. */
export interface Atom {
  readonly expression: Expression;
  readonly wanted: boolean;
  readonly opened: Opened;
  /** The binders in force, and the value that `choose` would take, for a later look. */
  readonly binders: ReadonlyMap<number, Value>;
  readonly choice: Choice | null;
  readonly distance: number;
  /** What has to be done, piece by piece, where the pieces differ: elements that a set lacks or has. */
  readonly pieces: readonly string[];
}

/** A value that is looked at in a slot of the innermost frame. */
export interface Choice {
  readonly slot: number;
  readonly value: Value;
}

type Binary = Extract<Expression, { readonly kind: "binary" }>;
type Choose = Extract<Statement, { readonly kind: "choose" }>;
type Quantified = Extract<Expression, { readonly kind: "forall" | "exists" | "count" }>;

const CLOSED: Gap = { distance: 0, atoms: [] };
const NEVER: Gap = { distance: Number.POSITIVE_INFINITY, atoms: [] };

/** How far `condition` is from `wanted`, in the innermost frame of `run`. */
export function gapOf(run: Run, condition: Expression, wanted: boolean): Gap {
  return gap({ run, opened: UNOPENED, choice: null }, condition, wanted);
}

/** How far a `choose`, at which the innermost frame of `run` is, is from having something to take. */
export function gapOfChoose(run: Run, { slot, set, where }: Choose): Gap {
  const elements = elementsOf(set, run.context);
  const scene: Scene = { run, opened: UNOPENED, choice: null };
  if (elements.length === 0) {
    const { span, type } = set;
    const nothing: Expression = { kind: "set", span, type, elements: [] };
    const bool = { kind: "bool" } as const;
    return gapOfAtom(
      scene,
      { kind: "binary", operator: "notEqual", left: set, right: nothing, span, type: bool },
      true,
    );
  }
  if (where === null) {
    return CLOSED;
  }
  return elements
    .map((value) => {
      topOf(run).locals[slot] = value;
      return gap({ ...scene, choice: { slot, value } }, where, true);
    })
    .reduce(either);
}

/** Where a condition stands: the run, and what the names of defs around it stand for. */
interface Scene {
  readonly run: Run;
  readonly opened: Opened;
  readonly choice: Choice | null;
}

function gap(scene: Scene, expression: Expression, wanted: boolean): Gap {
  switch (expression.kind) {
    case "boolean":
      return expression.value === wanted ? CLOSED : NEVER;
    case "not":
      return gap(scene, expression.of, !wanted);
    case "binary":
      return gapOfBinary(scene, expression, wanted);
    case "conditional": {
      const holds = truth(expression.condition, scene.run.context);
      const here = gap(scene, holds ? expression.then : expression.else, wanted);
      if (here.distance === 0) {
        return here;
      }
      const turn = gap(scene, expression.condition, !holds);
      const there = careful(scene, holds ? expression.else : expression.then, wanted);
      return either(here, both(turn, there));
    }
    case "apply":
    case "let": {
      const meaning = open(scene.run, expression, scene.opened);
      return gap({ ...scene, opened: meaning.opened }, meaning.expression, wanted);
    }
    case "forall":
    case "exists":
      return gapOfQuantified(scene, expression, wanted);
    default:
      return gapOfAtom(scene, expression, wanted);
  }
}

/** What stands to the right may have no value where what stands to the left is not as wanted. */
function careful(scene: Scene, expression: Expression, wanted: boolean): Gap {
  try {
    return gap(scene, expression, wanted);
  } catch (thrown) {
    if (thrown instanceof ValueError) {
      return { distance: 1, atoms: [] };
    }
    throw thrown;
  }
}

function gapOfBinary(scene: Scene, expression: Binary, wanted: boolean): Gap {
  const { operator, left, right } = expression;
  switch (operator) {
    case "and":
    case "or":
    case "implies": {
      const first = gap(scene, left, operator === "implies" ? !wanted : wanted);
      // Of `and` where it must hold both sides count, else one will do; `or` the other way round.
      const needsBoth = (operator === "and") === wanted;
      if (!needsBoth && first.distance === 0) {
        return CLOSED;
      }
      const second = careful(scene, right, wanted);
      return needsBoth ? both(first, second) : either(first, second);
    }
    case "iff":
      return gapOfSame(scene, expression, wanted);
    case "equal":
    case "notEqual":
      return left.type.kind === "bool"
        ? gapOfSame(scene, expression, (operator === "equal") === wanted)
        : gapOfAtom(scene, expression, wanted);
    default:
      return gapOfAtom(scene, expression, wanted);
  }
}

/** Of two truth values that have to be the same, or not: either side may change. */
function gapOfSame(scene: Scene, { left, right }: Binary, wantedSame: boolean): Gap {
  const { context } = scene.run;
  const first = truth(left, context);
  const second = truth(right, context);
  return (first === second) === wantedSame
    ? CLOSED
    : either(gap(scene, left, !first), gap(scene, right, !second));
}

function gapOfQuantified(scene: Scene, expression: Quantified, wanted: boolean): Gap {
  const { context } = scene.run;
  const needsAll = (expression.kind === "forall") === wanted;
  const elements = elementsOf(expression.set, context);
  if (elements.length === 0) {
    return needsAll ? CLOSED : gapOfAtom(scene, expression, wanted);
  }
  const gaps = elements.map((element) => {
    context.binders.set(expression.binder, element);
    return gap(scene, expression.body, wanted);
  });
  return gaps.reduce(needsAll ? both : either);
}

function both(a: Gap, b: Gap): Gap {
  return { distance: a.distance + b.distance, atoms: [...a.atoms, ...b.atoms] };
}

function either(a: Gap, b: Gap): Gap {
  if (a.distance === 0 || b.distance === 0) {
    return CLOSED;
  }
  const open = [a, b].filter((one) => Number.isFinite(one.distance));
  return {
    distance: Math.min(a.distance, b.distance),
    atoms: (open.length === 0 ? [a, b] : open).flatMap(({ atoms }) => atoms),
  };
}

function gapOfAtom(scene: Scene, expression: Expression, wanted: boolean): Gap {
  const { run, opened, choice } = scene;
  const { context } = run;
  if (truth(expression, context) === wanted) {
    return CLOSED;
  }
  const { distance, pieces } =
    expression.kind === "binary" ? missingTo(run, expression, wanted) : { distance: 1, pieces: [] };
  const atom: Atom = {
    expression,
    wanted,
    opened,
    binders: new Map(context.binders),
    choice,
    distance,
    pieces,
  };
  const isInReach = readsShared(run, expression, opened);
  return { distance: isInReach ? distance : Number.POSITIVE_INFINITY, atoms: [atom] };
}

/** How far a comparison that is not as wanted is from it. */
function missingTo(
  run: Run,
  { operator, left, right }: Binary,
  wanted: boolean,
): Pick<Atom, "distance" | "pieces"> {
  const asked = wanted ? operator : OPPOSITE[operator];
  const isNumeric = left.type.kind === "int" && right.type.kind === "int";
  const isOfSets = left.type.kind === "set" && right.type.kind === "set";
  if (asked !== undefined && isNumeric) {
    const a = evaluate(left, run.context) as number;
    const b = evaluate(right, run.context) as number;
    return { distance: numbersApart(asked, a, b), pieces: [] };
  }
  if (isOfSets && (asked === "equal" || (asked === "subset" && wanted))) {
    const a = evaluate(left, run.context) as SetValue;
    const b = evaluate(right, run.context) as SetValue;
    const over = a.subtract(b);
    const under = asked === "equal" ? b.subtract(a) : b.clear();
    const pieces = [
      ...over.map((one) => `-${showValue(one)}`),
      ...under.map((one) => `+${showValue(one)}`),
    ].sort();
    return { distance: pieces.length, pieces };
  }
  return { distance: 1, pieces: [] };
}

/** What has to hold where a comparison must not. */
const OPPOSITE: Readonly<Partial<Record<BinaryOperator, BinaryOperator>>> = {
  equal: "notEqual",
  notEqual: "equal",
  less: "greaterEqual",
  lessEqual: "greater",
  greater: "lessEqual",
  greaterEqual: "less",
};

/** The operator that says the opposite; undefined where there is none. */
export function oppositeOf(operator: BinaryOperator): BinaryOperator | undefined {
  return OPPOSITE[operator];
}

function numbersApart(operator: BinaryOperator, a: number, b: number): number {
  switch (operator) {
    case "equal":
      return Math.abs(a - b);
    case "less":
      return a - b + 1;
    case "lessEqual":
      return a - b;
    case "greater":
      return b - a + 1;
    case "greaterEqual":
      return b - a;
    default:
      return 1;
  }
}
