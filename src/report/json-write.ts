import type { Sources, Span } from "../diagnostics/diagnostic.ts";
import { locate } from "../diagnostics/location.ts";
import type { Json } from "../values/json.ts";

/** Turns spans into lines and columns. */
export interface Write {
  span(span: Span): Json;
}

/** Places in these texts. */
export function writer(sources: Sources): Write {
  return {
    span: ({ file, start, end }) => {
      const text = sources.get(file) ?? "";
      const from = locate(text, start);
      const to = locate(text, end);
      return { file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
    },
  };
}
