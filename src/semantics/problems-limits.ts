import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";
import { error } from "./make-diagnostic.ts";

/** A count for people: 2147483648, 1.5e+300, "endlessly many". */
function many(count: number): string {
  if (!Number.isFinite(count)) {
    return "far too many";
  }
  return count < 1e15 ? String(count) : count.toExponential(1);
}

/** MD9010. */
export function setTooLarge(span: Span, count: number, countMax: number): Diagnostic {
  return error("MD9010", span, `this set has ${many(count)} elements, too many to go through`, {
    hint: `at most ${countMax} are possible`,
  });
}

/** MD9011. */
export function mapTooLarge(span: Span, count: number, countMax: number): Diagnostic {
  return error("MD9011", span, `this map has ${many(count)} keys`, {
    hint: `at most ${countMax} are possible`,
  });
}

/** MD9012. */
export function setTypeTooLarge(span: Span, count: number, countMax: number): Diagnostic {
  return error("MD9012", span, `a set of a type with ${many(count)} values`, {
    hint: `the elements of a set come from a type of at most ${countMax} values`,
  });
}

/** MD9013. */
export function stateTooWide(span: Span, bits: number, bitsMax: number): Diagnostic {
  return error("MD9013", span, `a state is ${many(bits)} bits wide, and this is the largest part`, {
    hint: `at most ${bitsMax} bits are possible`,
  });
}

/** MD9014. */
export function tooManyInitialStates(span: Span, count: number, countMax: number): Diagnostic {
  return error("MD9014", span, `there are ${many(count)} initial states`, {
    hint: `at most ${countMax} are possible`,
  });
}

/** MD9015. With everything that it uses written out. */
export function heightTooLarge(
  span: Span,
  name: string,
  height: number,
  heightMax: number,
): Diagnostic {
  return error("MD9015", span, `'${name}' is ${height} levels high with all that it uses`, {
    hint: `at most ${heightMax} are possible`,
  });
}

/** MD9016. */
export function chainTooLong(span: Span): Diagnostic {
  return error("MD9016", span, "too many declarations here need one another in turn");
}

/** MD9017. */
export function symmetricTooLarge(span: Span, count: number, countMax: number): Diagnostic {
  return error("MD9017", span, `a symmetric type of ${many(count)} values`, {
    hint: `at most ${countMax} are possible`,
  });
}

/** MD9018. */
export function tooManyThreads(span: Span, count: number, countMax: number): Diagnostic {
  return error("MD9018", span, `there are ${many(count)} threads`, {
    hint: `at most ${countMax} are possible`,
  });
}

/** MD9019. */
export function typeTooLarge(span: Span, parts: number, partsMax: number): Diagnostic {
  return error("MD9019", span, `a value of this type has ${many(parts)} parts`, {
    hint: `at most ${partsMax} are possible`,
  });
}

/** MD9020. */
export function workTooLong(span: Span, roundsMax: number): Diagnostic {
  return error("MD9020", span, `this takes more than ${roundsMax} rounds to work out`, {
    hint: "constants are worked out before the search",
  });
}

/** MD9021. */
export function tooManyChoices(span: Span, count: number, countMax: number): Diagnostic {
  return error("MD9021", span, `this transition has ${many(count)} choices of its parameters`, {
    hint: `at most ${countMax} are possible; choose one by \`choose\` where it is needed`,
  });
}

/** MD9022. */
export function computedSetTooLarge(span: Span, count: number, countMax: number): Diagnostic {
  return error("MD9022", span, `this needs a set of a type with ${many(count)} values`, {
    hint:
      `at most ${countMax} are possible; give its elements a narrower type: ` +
      "that of a variable, or the result of a def",
  });
}
