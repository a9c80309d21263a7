import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";
import { error, warning } from "./make-diagnostic.ts";

/** The code of an `assume` that is false: the command line gives it an exit status of its own. */
export const ASSUME_FALSE_CODE = "MD4001";

/** MD4001. `values`: the constants in the condition, as `N = 3`. */
export function assumeFalse(span: Span, values: readonly string[]): Diagnostic {
  const where = values.length === 0 ? "" : ` with ${values.join(", ")}`;
  return error(ASSUME_FALSE_CODE, span, `the assumption is false${where}`);
}

/** MD4002. `cycle`: the names from the first round to itself. */
export function constantCycle(span: Span, cycle: readonly string[]): Diagnostic {
  return error(
    "MD4002",
    span,
    `'${cycle[0]}' needs its own value: ${[...cycle, cycle[0]].join(" → ")}`,
  );
}

/** MD4003. `why`: "7 does not fit 0..3". */
export function valueMisfit(span: Span, why: string, what: string): Diagnostic {
  return error("MD4003", span, `${why} (${what})`);
}

/** MD4004. `why`: "division by zero". */
export function noValue(span: Span, why: string): Diagnostic {
  return error("MD4004", span, why, { hint: "constants are worked out before the search" });
}

/** MD4005. `place`: "the type of a variable", "a constant". */
export function notConstant(span: Span, place: string): Diagnostic {
  return error("MD4005", span, `the value of this is not known before the search`, {
    hint: `${place} is made of constants only`,
  });
}

/** MD4006. */
export function constantSetTwice(second: Span, first: Span, name: string): Diagnostic {
  return error("MD4006", second, `'${name}' is given twice`, {
    related: [{ message: "the first time is here", span: first }],
  });
}

/** MD4007. `expectation`: "deadlock", "ok together with others". */
export function expectationTwice(second: Span, first: Span, expectation: string): Diagnostic {
  return error("MD4007", second, `${expectation} is expected twice`, {
    related: [{ message: "the first time is here", span: first }],
  });
}

/** MD4008. */
export function okWithOthers(span: Span): Diagnostic {
  return error("MD4008", span, "'ok' and a finding are both expected", {
    hint: "'ok' says that nothing is found: leave it out",
  });
}

/** MD4009. */
export function noSuchThread(span: Span, thread: string, index: string): Diagnostic {
  return error("MD4009", span, `there is no ${thread}[${index}]`);
}

/** MD4010. */
export function noInitialValue(span: Span, name: string): Diagnostic {
  return error("MD4010", span, `the set of initial values of '${name}' is empty`, {
    hint: "the system has no initial state",
  });
}

/** MD4011. */
export function fairnessOfEscape(span: Span, name: string, qualifier: string): Diagnostic {
  return error("MD4011", span, `'${name}' cannot be both ${qualifier} and escape`, {
    hint: "an escape promises nothing",
  });
}

/** MD4012. */
export function constantUnused(span: Span, name: string): Diagnostic {
  return warning("MD4012", span, `the constant '${name}' is never used`);
}
