import type { Statement } from "../core/statements.ts";
import type { Sources, Span } from "../diagnostics/diagnostic.ts";

/** Longer lines are cut. */
const LINE_MAX = 80;

/** The source text of a span as one line: comments left out, blanks folded, cut where too long. */
export function lineOf(sources: Sources, span: Span): string {
  const text = sources.get(span.file)?.slice(span.start, span.end) ?? "";
  const folded = text
    // A string may contain what looks like a comment.
    .replace(
      /("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
      (_, string?: string) => string ?? " ",
    )
    .replace(/\s+/g, " ")
    .trim();
  return folded.length > LINE_MAX ? `${folded.slice(0, LINE_MAX - 1).trimEnd()}…` : folded;
}

/**
 * A statement as one line without its label, command and semicolon; of `if`, `while`, `loop` and
 * `choose` what stands in front of the block.
 */
export function statementLine(sources: Sources, statement: Statement): string {
  const { span } = statement;
  const block = statement.kind === "if" ? statement.then : bodyOf(statement);
  const head = block === null ? span : { ...span, end: block.span.start };
  let text = lineOf(sources, head).replace(/^(?:@sh\s*\(\s*"(?:[^"\\]|\\.)*"\s*\)\s*)+/, "");
  if (statement.label !== null && text.startsWith(statement.label)) {
    text = text.slice(statement.label.length).replace(/^\s*:\s*/, "");
  }
  return text.replace(/^(?:@sh\s*\(\s*"(?:[^"\\]|\\.)*"\s*\)\s*)+/, "").replace(/\s*;$/, "");
}

function bodyOf(statement: Statement): { readonly span: Span } | null {
  return statement.kind === "while" || statement.kind === "loop" || statement.kind === "choose"
    ? statement.body
    : null;
}
