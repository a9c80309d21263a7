import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { renderDiagnostic } from "../diagnostics/render.ts";
import type { Outcome } from "../outcome/outcome.ts";
import type { SpecLayout } from "./text.ts";

/** The warnings of all checks of a spec, each told once, with blank lines around; empty without any. */
export function warningsText(
  outcomes: readonly Outcome[],
  { sources, color, columns }: Pick<SpecLayout, "sources" | "color" | "columns">,
): string {
  const kinds = new Map<string, { readonly first: Diagnostic; readonly checks: string[] }>();
  for (const { check, warnings } of outcomes) {
    for (const one of warnings) {
      const key = keyOf(one);
      const kind = kinds.get(key) ?? { first: one, checks: [] };
      kinds.set(key, kind);
      kind.checks.push(check.name);
    }
  }
  const shown = [...kinds.values()].map(({ first, checks }) => {
    const where = whereText(checks, outcomes.length);
    const warning = { ...first, message: first.message + where };
    return renderDiagnostic(warning, sources, { color, columns: columns - 2 })
      .split("\n")
      .map((line) => `  ${line}\n`)
      .join("");
  });
  return shown.map((one) => `\n${one}`).join("");
}

/** In which of several checks. */
function whereText(checks: readonly string[], all: number): string {
  if (all === 1) {
    return "";
  }
  return checks.length === 1 ? ` (in ${checks[0]})` : ` (in ${checks.length} of ${all} checks)`;
}

/** Who stands in the way of whom may differ from check to check; what is wrong does not. */
function keyOf({ code, message, span }: Diagnostic): string {
  return JSON.stringify([code, message, span]);
}
