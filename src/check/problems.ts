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

/** MD9101. */
export function propertyKindNotChecked(
  span: Span,
  kind: "property" | "recoverable",
  name: string,
  others: readonly string[],
): Diagnostic {
  const what = kind === "property" ? "a temporal property" : "`recoverable`";
  const hint =
    others.length === 0
      ? "leave it out until then"
      : `check the others: ${others.map((other) => `-p ${other}`).join(" ")}`;
  return problem("MD9101", `'${name}' cannot be checked yet: it is ${what}`, span, hint);
}

/** MD9102. */
export function hungNotSearched(span: Span, others: readonly string[]): Diagnostic {
  const hint =
    others.length === 0
      ? "a deadlock is found: `expect deadlock`"
      : `run the others: ${others.map((other) => `-c ${other}`).join(" ")}`;
  return problem("MD9102", "hung tasks are not searched for yet", span, hint);
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
