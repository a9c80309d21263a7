/**
 * A half-open range of UTF-16 offsets in one source text. `file` is the path under which the text
 * was read (as given or as resolved from an import), or a name in angle brackets such as
 * `<command line>` for a text that has no file.
 */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** The texts that spans point into, by `Span.file`. */
export type Sources = ReadonlyMap<string, string>;

/** Whether the spec can be used: an error stops the pass, a warning does not. */
export type Severity = "error" | "warning";

/** A second place that belongs to a diagnostic: "the first declaration is here". */
export interface RelatedPlace {
  readonly message: string;
  readonly span: Span;
}

/** What is wrong with a spec, located. Constructed only by the functions in a room's `problems.ts`. */
export interface Diagnostic {
  /** `MD` and four digits: 1xxx syntax, 2xxx names, 3xxx types, 4xxx constants, 5xxx evaluation, 9xxx limits. */
  readonly code: string;
  readonly severity: Severity;
  /** Lower case, no full stop; says what is. */
  readonly message: string;
  /** Null where no text is to blame (a file that cannot be read from the command line). */
  readonly span: Span | null;
  readonly related: readonly RelatedPlace[];
  /** What to do: "did you mean 'sync_seq'?". Null where nothing useful can be said. */
  readonly hint: string | null;
}

/** What a pass yields. `value` is absent exactly when some diagnostic is an error. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** The outcome of a pass that collected `diagnostics`: `value` counts only if none is an error. */
export function checked<T>(value: T, diagnostics: readonly Diagnostic[]): Checked<T> {
  return diagnostics.some((one) => one.severity === "error")
    ? { ok: false, diagnostics }
    : { ok: true, value, diagnostics };
}
