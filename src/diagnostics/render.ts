import { type Paint, painter, type Style } from "../support/ansi.ts";
import { type DisplayedLine, displayLine, harmless, padStart } from "../support/display.ts";
import type { Diagnostic, Severity, Sources, Span } from "./diagnostic.ts";
import { lineAt, locate, type SourceLine } from "./location.ts";

/** How a diagnostic is shown. */
export interface RenderOptions {
  readonly color: boolean;
  /** The longest line of source shown whole; a longer one is cut around the span. */
  readonly columns?: number;
}

const COLUMNS_DEFAULT = 100;
/** Never narrower: a cut line should still say something. */
const COLUMNS_LEAST = 40;

const SEVERITY_STYLE: Readonly<Record<Severity, Style>> = { error: "red", warning: "yellow" };

/**
 * A diagnostic as the user reads it: the message, the line of source with carets under the span,
 * the hint after the carets, then the related places. Ends without a line break.
 */
export function renderDiagnostic(
  diagnostic: Diagnostic,
  sources: Sources,
  options: RenderOptions,
): string {
  const paint = painter(options.color);
  const style = SEVERITY_STYLE[diagnostic.severity];
  const head =
    paint(style, paint("bold", `${diagnostic.severity} ${diagnostic.code}`)) +
    paint("bold", `: ${harmless(diagnostic.message)}`);
  const excerpts: Excerpt[] = [];
  if (diagnostic.span !== null) {
    excerpts.push(excerpt(diagnostic.span, sources, style, diagnostic.hint));
  }
  for (const place of diagnostic.related) {
    excerpts.push(excerpt(place.span, sources, "blue", place.message));
  }
  const lastNumber = Math.max(0, ...excerpts.flatMap((one) => one.rows.map((row) => row.number)));
  const gutter = String(lastNumber).length;
  const columns = Math.max(COLUMNS_LEAST, (options.columns ?? COLUMNS_DEFAULT) - gutter - 3);
  const lines = [head, ...excerpts.flatMap((one) => renderExcerpt(one, gutter, columns, paint))];
  if (diagnostic.span === null && diagnostic.hint !== null) {
    lines.push(`  ${harmless(diagnostic.hint)}`);
  }
  return lines.join("\n");
}

/** The lines of one place, still without gutter. */
interface Excerpt {
  readonly title: string;
  readonly style: Style;
  /** Said after the last carets. */
  readonly note: string | null;
  readonly rows: readonly Row[];
  /** Whether lines between the first and the last row are left out. */
  readonly gap: boolean;
}

/** One line of source; `from` and `to` are UTF-16 offsets in `text`. */
interface Row {
  readonly number: number;
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

function excerpt(span: Span, sources: Sources, style: Style, note: string | null): Excerpt {
  const text = sources.get(span.file);
  const file = harmless(span.file);
  if (text === undefined) {
    return { title: file, style, note, rows: [], gap: false };
  }
  const start = shownOffset(text, span.start);
  const end = Math.max(start, Math.min(span.end, text.length));
  const { line, column } = locate(text, start);
  const first = lineAt(text, start);
  // A span that ends with a line break ends on the line before it.
  const last = lineAt(text, end > start ? end - 1 : end);
  const title = `${file}:${line}:${column}`;
  if (first.number === last.number) {
    return { title, style, note, rows: [row(text, first, start, end)], gap: false };
  }
  const rows = [row(text, first, start, first.end), row(text, last, indentOf(text, last), end)];
  return { title, style, note, rows, gap: last.number > first.number + 1 };
}

/** At the end of a file, behind the last line that says something. */
function shownOffset(text: string, offset: number): number {
  return text.slice(offset).trim() === "" && offset > 0 && /\s/.test(text[offset - 1] ?? "")
    ? text.slice(0, offset).trimEnd().length
    : offset;
}

function indentOf(text: string, line: SourceLine): number {
  const whole = text.slice(line.start, line.end);
  return line.start + whole.length - whole.trimStart().length;
}

/** More of a line than this, on either side of its span, would be cut away anyway. */
const MARGIN_UNITS = 2000;

function row(text: string, line: SourceLine, start: number, end: number): Row {
  const first = Math.max(line.start, start - MARGIN_UNITS);
  const last = Math.min(line.end, start + MARGIN_UNITS);
  return {
    number: line.number,
    text: text.slice(first, last),
    from: Math.min(start, last) - first,
    to: Math.min(end, last) - first,
  };
}

function renderExcerpt(one: Excerpt, gutter: number, columns: number, paint: Paint): string[] {
  const blank = " ".repeat(gutter);
  const bar = paint("blue", "│");
  const lines = [`${blank} ${paint("blue", "┌")} ${one.title}`];
  one.rows.forEach((each, index) => {
    const isLast = index === one.rows.length - 1;
    if (isLast && one.gap) {
      lines.push(paint("blue", `${padStart("…", gutter)} │`));
    }
    const window = cutAround(each, columns);
    const number = paint("blue", padStart(String(each.number), gutter));
    lines.push(`${number} ${bar} ${window.text}`.trimEnd());
    const note = isLast && one.note !== null ? ` ${harmless(one.note)}` : "";
    const marks = paint(one.style, "^".repeat(window.carets) + note);
    lines.push(`${blank} ${bar} ${" ".repeat(window.indent)}${marks}`);
  });
  if (one.rows.length === 0 && one.note !== null) {
    lines.push(`${blank} ${bar} ${paint(one.style, harmless(one.note))}`);
  }
  return lines;
}

interface Window {
  readonly text: string;
  /** Columns before the carets. */
  readonly indent: number;
  /** At least one. */
  readonly carets: number;
}

/** The part of a line that fits `columns` and shows as much as possible of its span. */
function cutAround(each: Row, columns: number): Window {
  const line = displayLine(each.text);
  const width = line.columns[line.cells.length] ?? 0;
  const from = columnAt(line, each.from);
  const to = Math.max(columnAt(line, each.to), from + 1);
  if (width <= columns) {
    return { text: line.cells.join(""), indent: from, carets: to - from };
  }
  // A quarter of the room is left for what stands before the span.
  const left = Math.max(0, Math.min(from - Math.floor(columns / 4), width - columns));
  const cells = line.cells.filter((_cell, index) => {
    const start = line.columns[index] ?? 0;
    const end = line.columns[index + 1] ?? 0;
    return start >= left + (left > 0 ? 1 : 0) && end <= left + columns - 1;
  });
  const cutRight = left + columns < width;
  const kept = cutRight ? cells : line.cells.slice(line.cells.length - cells.length);
  const text = `${left > 0 ? "…" : ""}${kept.join("")}${cutRight ? "…" : ""}`;
  const carets = Math.min(to, left + columns) - from;
  return { text, indent: from - left, carets: Math.max(1, carets) };
}

function columnAt(line: DisplayedLine, offset: number): number {
  const index = line.offsets.findIndex((each) => each >= offset);
  return line.columns[index === -1 ? line.cells.length : index] ?? 0;
}
