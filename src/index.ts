import type { Checked } from "./diagnostics/diagnostic.ts";
import { renderDiagnostic } from "./diagnostics/render.ts";
import type { SpecOutcome } from "./outcome/outcome.ts";
import { specText } from "./report/text.ts";
import type { ModuleFile } from "./syntax/ast.ts";
import { parse as parseFile } from "./syntax/parse.ts";
import { formatSource } from "./syntax/print.ts";

/** Where a search may end early. */
export type { Limits } from "./check/check.ts";
/** Where texts come from, and what tells that one cannot be read. */
export { FileError, type Host } from "./check/host.ts";
/** What is wrong with a spec. */
export type {
  Checked,
  Diagnostic,
  RelatedPlace,
  Severity,
  Sources,
  Span,
} from "./diagnostics/diagnostic.ts";
/** Checking a spec. */
export {
  type CheckOptions,
  type CheckResult,
  type ConstantValues,
  check,
} from "./index/check-spec.ts";
/** What searches. */
export type { SearchSettings } from "./index/search-settings.ts";
/** What checking a spec comes to. */
export type * from "./outcome/outcome.ts";
/** What is thrown for a fault of mdcheck. */
export { InternalError } from "./support/internal-error.ts";
/** The tree of a text. */
export type * from "./syntax/ast.ts";
/** Values of the language. */
export type { Valuation, Value } from "./values/value.ts";

/** The tree of a text, names unresolved; `file` is the name that its spans bear. */
export function parse(text: string, file = "<text>"): Checked<ModuleFile> {
  return parseFile(file, text);
}

/** A text as `mdcheck fmt` writes it; comments are kept, formatting twice changes nothing. */
export function format(text: string, file = "<text>"): Checked<string> {
  return formatSource(file, text);
}

/** How `report` writes. */
export interface ReportOptions {
  readonly columns?: number;
  readonly color?: boolean;
  /** The size of each search under its line. */
  readonly stats?: boolean;
}

/** The diagnostics and outcomes of a spec as the command line shows them. */
export function report(spec: SpecOutcome, options: ReportOptions = {}): string {
  const { columns = 100, color = false, stats = false } = options;
  const diagnostics = spec.diagnostics.map(
    (one) => `${renderDiagnostic(one, spec.sources, { columns, color })}\n\n`,
  );
  return diagnostics.join("") + specText(spec, { columns, color, fullStates: false, stats });
}
