import type { Span } from "../diagnostics/diagnostic.ts";

/**
 * An expression or statement that has no value in this state: a number out of bounds, a missing
 * key, the value of `none`. Control flow between an evaluation and whoever asked for it, who
 * always catches it and makes a finding (`error`) or a diagnostic of it; no fault of mdcheck.
 */
export class ValueError extends Error {
  override readonly name = "ValueError";
  /** Where the spec is to blame. */
  readonly span: Span;

  constructor(span: Span, message: string) {
    super(message);
    this.span = span;
  }
}
