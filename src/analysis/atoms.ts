import type { Expression } from "../core/expressions.ts";
import type { Sources } from "../diagnostics/diagnostic.ts";
import type { WaitFor } from "../outcome/wait-for.ts";
import { type Run, topOf } from "../reference/run.ts";
import { lineOf } from "../reference/source-text.ts";
import { evaluate } from "../values/evaluate.ts";
import { showValue } from "../values/show.ts";
import type { SetValue, Value } from "../values/value.ts";
import { ValueError } from "../values/value-error.ts";
import { type Atom, oppositeOf } from "./gaps.ts";
import { placeOf, placesRead, type ReadPlace } from "./places-read.ts";

/** What is to be said of an atom that is not as wanted. */
export interface AtomView {
  /** As it would have to be, with the places that it is about. Equal atoms have equal texts. */
  readonly text: string;
  readonly reads: readonly ReadPlace[];
  readonly kind: WaitFor["kind"];
  readonly lock: WaitFor["lock"];
}

/** Looks at an atom in the innermost frame of `run`, which has to be where the atom was met. */
export function viewAtom(run: Run, sources: Sources, atom: Atom): AtomView {
  const { expression, wanted, opened } = atom;
  const text = atomText(run, sources, atom);
  const reads = placesRead(run, expression, opened);
  const lock = wanted === isPositive(expression) ? lockOf(run, atom) : null;
  const kind = lock !== null ? "lock" : kindOf(run, atom);
  return { text, reads, kind, lock };
}

/** The same as `viewAtom(…).text`. */
export function atomText(
  run: Run,
  sources: Sources,
  { expression, wanted, opened, binders, choice }: Atom,
): string {
  for (const [binder, value] of binders) {
    run.context.binders.set(binder, value);
  }
  if (choice !== null) {
    topOf(run).locals[choice.slot] = choice.value;
  }
  const side = (part: Expression): string => {
    const place = placeOf(run, part, opened);
    if (place !== null) {
      return place.variable === null && part.kind !== "done" && part.kind !== "threadLocal"
        ? showValue(place.value, part.type, run.context)
        : place.text;
    }
    return constantText(run, part) ?? lineOf(sources, part.span);
  };
  if (expression.kind === "binary") {
    const operator = wanted ? expression.operator : (oppositeOf(expression.operator) ?? null);
    const text = `${side(expression.left)} ${SIGNS[operator ?? expression.operator] ?? "?"} ${side(expression.right)}`;
    return operator === null ? `!(${text})` : text;
  }
  return wanted ? side(expression) : `!${side(expression)}`;
}

/** Of operands that are small and read nothing, the value; else null. */
function constantText(run: Run, part: Expression): string | null {
  if (!VALUES.has(part.kind)) {
    return null;
  }
  return attempt(() => showValue(evaluate(part, run.context), part.type, run.context));
}

const VALUES: ReadonlySet<Expression["kind"]> = new Set([
  "boolean",
  "integer",
  "member",
  "none",
  "some",
  "thread",
  "threadElement",
  "self",
  "constant",
  "bound",
  "set",
]);

/** How comparisons are written. */
export const SIGNS: Readonly<Record<string, string>> = {
  equal: "==",
  notEqual: "!=",
  less: "<",
  lessEqual: "<=",
  greater: ">",
  greaterEqual: ">=",
  subset: "subset",
  inSet: "in",
  inSequence: "in",
};

/** Whether what is wanted is what the text says: not of `!=`, which is told as `==`. */
function isPositive(expression: Expression): boolean {
  return !(expression.kind === "binary" && expression.operator === "notEqual");
}

/** An owner that has to let go: a place for a thread or none, that has to be none or the asker. */
function lockOf(run: Run, { expression, opened }: Atom): WaitFor["lock"] {
  if (
    expression.kind !== "binary" ||
    (expression.operator !== "equal" && expression.operator !== "notEqual")
  ) {
    return null;
  }
  for (const [one, other] of [
    [expression.left, expression.right],
    [expression.right, expression.left],
  ] as const) {
    const { type } = one;
    const place =
      type.kind === "option" && type.of.kind === "thread" ? placeOf(run, one, opened) : null;
    const isFree = isNoneOrSelf(other);
    if (place !== null && isFree && place.variable !== null && typeof place.value === "string") {
      return { place: place.around, owner: place.value };
    }
  }
  return null;
}

function isNoneOrSelf(expression: Expression): boolean {
  return (
    expression.kind === "none" ||
    expression.kind === "self" ||
    (expression.kind === "some" && isNoneOrSelf(expression.of))
  );
}

function kindOf(run: Run, { expression, wanted, opened }: Atom): WaitFor["kind"] {
  if (expression.kind === "done") {
    return wanted ? "exit" : "condition";
  }
  if (expression.kind !== "binary") {
    return "condition";
  }
  const { operator, left, right } = expression;
  const isThreadSet = ({ type }: Expression): boolean =>
    type.kind === "set" && type.of.kind === "thread";
  if (operator === "equal" || operator === "notEqual") {
    const mustBeEqual = (operator === "equal") === wanted;
    const sides = [left, right].map((side) => (isThreadSet(side) ? setOf(run, side) : null));
    const [a, b] = sides;
    const isEmptying =
      a !== null && b !== null && a !== undefined && b !== undefined && a.isEmpty() !== b.isEmpty();
    const members = a?.isEmpty() === true ? right : left;
    return mustBeEqual && isEmptying && placeOf(run, members, opened) !== null
      ? "gracePeriod"
      : "condition";
  }
  if (operator === "inSet" && !wanted && isThreadSet(right) && run.self !== null) {
    const member = attempt(() => evaluate(left, run.context));
    return member !== run.context.self() ? "gracePeriod" : "condition";
  }
  return "condition";
}

function setOf(run: Run, expression: Expression): SetValue | null {
  return attempt(() => evaluate(expression, run.context) as SetValue);
}

function attempt<Result extends Value | string>(ask: () => Result): Result | null {
  try {
    return ask();
  } catch (thrown) {
    if (thrown instanceof ValueError) {
      return null;
    }
    throw thrown;
  }
}
