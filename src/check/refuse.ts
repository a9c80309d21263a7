import type { Predicate, Program, Property } from "../core/program.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { LinkedSpec } from "../semantics/link.ts";
import type { CheckDeclaration } from "../syntax/ast.ts";
import { hungNotSearched, propertyKindNotChecked } from "./problems.ts";

/** The names of all that a check of the spec may be asked to look at. */
export function propertyNames(program: Program): readonly string[] {
  const { invariants, steps, reachables, recoverables, properties } = program;
  return [...invariants, ...steps, ...reachables, ...recoverables, ...properties].map(
    (one) => one.name,
  );
}

/** The properties that this version of mdcheck cannot check. */
export function uncheckable(program: Program): readonly (Predicate | Property)[] {
  return [...program.recoverables, ...program.properties];
}

/**
 * What this version of mdcheck cannot check although the spec asks for it. Nothing of the kind is
 * passed over in silence, for it would look met.
 */
export function refusals(
  spec: LinkedSpec,
  checks: readonly (CheckDeclaration | null)[],
  programs: readonly Program[],
  wanted: ReadonlySet<string> | "checkable" | null,
): readonly Diagnostic[] {
  const program = programs[0];
  if (program === undefined) {
    return [];
  }
  const diagnostics: Diagnostic[] = [];
  const checkable = [...program.invariants, ...program.steps, ...program.reachables];
  for (const one of uncheckable(program)) {
    if (wanted !== "checkable" && (wanted === null || wanted.has(one.name))) {
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
