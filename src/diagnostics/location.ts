/** A place as editors count it: both from 1, columns in characters (code points). */
export interface Location {
  readonly line: number;
  readonly column: number;
}

/** One line of a source text; `start` and `end` are UTF-16 offsets, the line break left out. */
export interface SourceLine {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** The line that `offset` stands in; offsets past the end belong to the last line. */
export function lineAt(text: string, offset: number): SourceLine {
  const inside = Math.max(0, Math.min(offset, text.length));
  let number = 1;
  let start = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < inside; at = text.indexOf("\n", at + 1)) {
    number += 1;
    start = at + 1;
  }
  const next = text.indexOf("\n", start);
  const end = next === -1 ? text.length : next;
  return { number, start, end: text[end - 1] === "\r" && end > start ? end - 1 : end };
}

/** Line and column of `offset` in `text`. */
export function locate(text: string, offset: number): Location {
  const line = lineAt(text, offset);
  const before = text.slice(line.start, Math.max(line.start, Math.min(offset, line.end)));
  return { line: line.number, column: Array.from(before).length + 1 };
}
