import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../support/did-you-mean.ts";

/** The codes of what is wrong with `-c` and `-p`, not with the spec. */
export const OPTION_CODES: readonly string[] = ["MD2103", "MD2104"];

/** MD2101. */
export function libraryModuleMissing(
  span: Span,
  name: string,
  modules: readonly string[],
): Diagnostic {
  const near = didYouMean(name, modules);
  const there = modules.length === 0 ? null : `the library has ${modules.join(", ")}`;
  const hint = near === null ? there : `did you mean '${near}'?`;
  return problem("MD2101", `the library has no module '${name}'`, span, hint);
}

/** MD2102. */
export function importUnreadable(span: Span, path: string, reason: string): Diagnostic {
  return problem(
    "MD2102",
    `the imported file '${path}' cannot be read: ${reason}`,
    span,
    "a path is relative to the file that imports it",
  );
}

/** MD2103. `where` is a file, or several. */
export function checkUnknown(where: string, name: string, checks: readonly string[]): Diagnostic {
  return problem("MD2103", `${where} has no check '${name}'`, null, among(name, checks, "checks"));
}

/** MD2104. `where` is a file, or several. */
export function propertyUnknown(
  where: string,
  name: string,
  properties: readonly string[],
): Diagnostic {
  const hint = among(name, properties, "properties");
  return problem("MD2104", `${where} has no property '${name}'`, null, hint);
}

/** MD5001. */
export function transitionNeverTaken(span: Span, name: string): Diagnostic {
  return warning("MD5001", `transition '${name}' is never taken`, span);
}

/** MD5002. */
export function statementNeverExecuted(span: Span): Diagnostic {
  return warning("MD5002", "this statement is never executed", span);
}

/** MD5003. */
export function procNeverCalled(span: Span, name: string): Diagnostic {
  return warning("MD5003", `proc '${name}' is never called`, span);
}

/** MD5004. */
export function threadNeverStarted(span: Span, name: string): Diagnostic {
  return warning("MD5004", `thread '${name}' is never started`, span);
}

/** MD5005. `taken` is where `taker` makes what `thread` waits for at `span` false again. */
export function waitUnstable(span: Span, thread: string, taken: Span, taker: string): Diagnostic {
  return {
    ...warning("MD5005", `what '${thread}' waits for can be gone again before it runs`, span),
    related: [{ message: `'${taker}' takes it away here`, span: taken }],
    hint: "or is it `strong`?",
  };
}

/** One of two threads that take locks in opposite order. */
export interface LockTaken {
  readonly thread: string;
  readonly held: string;
  readonly taken: string;
  /** Where it takes the second. */
  readonly span: Span;
}

/** MD5006. */
export function locksInBothOrders(first: LockTaken, second: LockTaken): Diagnostic {
  const { held, taken, span } = first;
  const message = ({ thread, ...one }: LockTaken): string =>
    `'${thread}' takes ${one.taken} here while it holds ${one.held}`;
  return {
    ...warning("MD5006", `${held} and ${taken} are taken in both orders`, span),
    related: [{ message: message(second), span: second.span }],
    hint: message(first),
  };
}

/** MD5007. `span` is that of the left side. */
export function propertyVacuous(span: Span, name: string): Diagnostic {
  return warning("MD5007", `'${name}' holds only because its left side never happens`, span);
}

/** MD5008. `span` is that of the constraint, the first one where there are several. */
export function nothingInside(span: Span): Diagnostic {
  return {
    ...warning("MD5008", "no initial state satisfies the constraint: no state was searched", span),
    hint: "whatever holds then, holds of nothing",
  };
}

/** MD9003. */
export function importsTooLarge(span: Span, characters: number, limit: number): Diagnostic {
  const [has, may] = [characters, limit].map((count) => count.toLocaleString("en-US"));
  return problem(
    "MD9003",
    `file and imports have ${has} characters, more than the ${may} that are read`,
    span,
    null,
  );
}

/** MD9023. */
export function tooManyFormulas(
  span: Span,
  name: string,
  count: number,
  countMax: number,
): Diagnostic {
  return problem(
    "MD9023",
    `'${name}' asks for ${count} conditions when its quantifiers are written out`,
    span,
    `at most ${countMax} are possible; quantify inside a condition where nothing temporal stands`,
  );
}

function among(name: string, names: readonly string[], what: string): string {
  const near = didYouMean(name, names);
  if (near !== null) {
    return `did you mean '${near}'?`;
  }
  return names.length === 0 ? `it has no ${what}` : `its ${what} are ${names.join(", ")}`;
}

/** What a search has shown. */
function warning(code: string, message: string, span: Span): Diagnostic {
  return { code, severity: "warning", message, span, related: [], hint: null };
}

function problem(
  code: string,
  message: string,
  span: Span | null,
  hint: string | null,
): Diagnostic {
  return { code, severity: "error", message, span, related: [], hint };
}
