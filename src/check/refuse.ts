import type { Program } from "../core/program.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { LinkedSpec } from "../semantics/link.ts";
import type { CheckDeclaration } from "../syntax/ast.ts";
import { hungNotSearched, propertyKindNotChecked, propertyUnknown } from "./problems.ts";

/**
 * What was asked for and cannot be done: unknown names of properties, and what this version of
 * mdcheck cannot check. Nothing of the kind is passed over in silence, for it would look met.
 */
export function refusals(
  spec: LinkedSpec,
  checks: readonly (CheckDeclaration | null)[],
  programs: readonly Program[],
  wanted: ReadonlySet<string> | null,
): readonly Diagnostic[] {
  const program = programs[0];
  if (program === undefined) {
    return [];
  }
  const checkable = [...program.invariants, ...program.steps, ...program.reachables];
  const later = [...program.recoverables, ...program.properties];
  const names = [...checkable, ...later].map((one) => one.name);
  const diagnostics: Diagnostic[] = [...(wanted ?? [])]
    .filter((name) => !names.includes(name))
    .map((name) => propertyUnknown(spec.file, name, names));
  for (const one of later) {
    if (wanted === null || wanted.has(one.name)) {
      const kind = "formula" in one ? "property" : "recoverable";
      const others = checkable.map((other) => other.name);
      diagnostics.push(propertyKindNotChecked(one.span, kind, one.name, others));
    }
  }
  const mentionsHung = (check: CheckDeclaration): boolean =>
    check.expectations.some((one) => one.kind === "hung");
  for (const expectation of checks.flatMap((check) => check?.expectations ?? [])) {
    if (expectation.kind === "hung") {
      const others = spec.checks.filter((check) => !mentionsHung(check));
      const names = others.map((check) => check.name.text);
      diagnostics.push(hungNotSearched(expectation.span, names));
    }
  }
  return diagnostics;
}
