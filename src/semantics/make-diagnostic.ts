import type { Diagnostic, RelatedPlace, Span } from "../diagnostics/diagnostic.ts";

/** What a problem may have besides its code, place and message. */
export interface Details {
  readonly hint?: string | null;
  readonly related?: readonly RelatedPlace[];
}

/** A diagnostic that stops the spec from being checked. */
export function error(
  code: string,
  span: Span,
  message: string,
  { hint = null, related = [] }: Details = {},
): Diagnostic {
  return { code, severity: "error", message, span, related, hint };
}

/** A diagnostic of something that is legal but hardly meant. */
export function warning(
  code: string,
  span: Span,
  message: string,
  { hint = null, related = [] }: Details = {},
): Diagnostic {
  return { code, severity: "warning", message, span, related, hint };
}

/** "did you mean 'x'?", or null where nothing is near. */
export function meant(near: string | null): string | null {
  return near === null ? null : `did you mean '${near}'?`;
}
