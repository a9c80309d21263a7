import type { FailedMatchResult } from "ohm-js";
import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";
import type { ItemRange } from "./items.ts";
import { syntaxError } from "./problems.ts";
import type { Scan } from "./scan.ts";

/** What is told about the first place of an item that no rule accepts. */
export function explainFailure(
  match: FailedMatchResult,
  scan: Scan,
  base: number,
  range: ItemRange,
): Diagnostic {
  const at = base + match.getRightmostFailurePosition();
  const token = scan.tokens.find((one, index) => one.end > at && index <= range.last);
  const span: Span = token
    ? { file: scan.file, start: token.start, end: token.end }
    : { file: scan.file, start: at, end: at };
  const found = token ? `\`${scan.text.slice(token.start, token.end)}\`` : "the end";
  return syntaxError(span, match.getExpectedText(), found, null);
}
