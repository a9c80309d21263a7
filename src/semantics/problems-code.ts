import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";
import { error, warning } from "./make-diagnostic.ts";

/** MD3040. */
export function callInExpression(span: Span, name: string): Diagnostic {
  return error("MD3040", span, `the proc '${name}' is called inside a larger expression`, {
    hint: `a call takes steps: write 'let result = ${name}(…);' before this statement`,
  });
}

/** MD3041. A call of a proc where there is no code. */
export function callOutsideCode(span: Span, name: string, place: string): Diagnostic {
  return error("MD3041", span, `the proc '${name}' cannot be called in ${place}`, {
    hint: "a proc takes steps; what only computes a value is a def",
  });
}

/** MD3042. */
export function noResult(span: Span, name: string, declared: Span): Diagnostic {
  return error("MD3042", span, `the proc '${name}' has no result`, {
    related: [{ message: `'${name}' is declared here`, span: declared }],
  });
}

/** MD3043. */
export function notAPlace(span: Span): Diagnostic {
  return error("MD3043", span, "this is no place that can be assigned", {
    hint: "a place is a variable, or a field or element of one",
  });
}

/** MD3044. `what`: "the constant 'N'", "'x', which a choose has bound". */
export function notAssignable(
  span: Span,
  what: string,
  hint: string,
  declared: Span | null,
): Diagnostic {
  return error("MD3044", span, `${what} cannot be assigned`, {
    hint,
    related: declared === null ? [] : [{ message: "it is declared here", span: declared }],
  });
}

/** MD3045. */
export function outsideLoop(span: Span, word: string): Diagnostic {
  return error("MD3045", span, `'${word}' outside a loop`);
}

/** MD3046. */
export function returnValueMissing(span: Span, name: string): Diagnostic {
  return error("MD3046", span, `'${name}' has a result, but this return has no value`);
}

/** MD3047. `owner`: "a thread", "the proc 'f'". */
export function returnValueNotWanted(span: Span, owner: string): Diagnostic {
  return error("MD3047", span, `${owner} has no result, but this return has a value`);
}

/** MD3048. */
export function resultMissing(span: Span, name: string): Diagnostic {
  return error("MD3048", span, `the proc '${name}' can end without a result`, {
    hint: "every way through it ends with 'return …;'",
  });
}

/** MD3049. */
export function unreachableCode(span: Span): Diagnostic {
  return warning("MD3049", span, "no way leads here");
}

/** MD3050. `where`: "inside an atomic", "in a transition". */
export function labelInside(
  span: Span,
  label: string,
  where: string,
  hint: string | null,
): Diagnostic {
  return error("MD3050", span, `the label '${label}' is ${where}, where no thread can stand`, {
    hint,
  });
}

/** MD3051. */
export function startNotDormant(span: Span, name: string, declared: Span): Diagnostic {
  return error("MD3051", span, `'${name}' is not dormant: it runs from the beginning`, {
    related: [{ message: "write 'dormant' before 'thread' here", span: declared }],
  });
}

/** MD3052. */
export function loopWithoutStep(span: Span): Diagnostic {
  return error("MD3052", span, "this loop can go round without a step", {
    hint: "only what reads or writes something shared is a step: put a local computation in 'atomic { … }'",
  });
}
