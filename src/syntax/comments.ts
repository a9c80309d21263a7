import type { Node } from "./ast.ts";
import { scan } from "./scan.ts";

/** A comment as written, `text` with its slashes and stars. */
export interface Comment extends Node {
  readonly kind: "line" | "block";
  readonly text: string;
}

/** The comments of a text in their order, `///` ones included. */
export function collectComments(file: string, text: string): readonly Comment[] {
  return scan(file, text).comments;
}

/**
 * The text of a `///` comment without slashes and the space after them; null for other comments.
 */
export function docLine(comment: Comment): string | null {
  const match = /^\/\/\/(?!\/) ?(.*)$/s.exec(comment.text);
  return match === null ? null : (match[1] ?? "").trimEnd();
}

/**
 * The doc of what begins at `start` and has its annotations before `core`: all `///` lines from the
 * last token before `start` up to `core`, joined; null if there are none. A `///` behind code on
 * the same line documents nothing: it would belong to what follows, which is never what is meant.
 */
export function docBefore(
  text: string,
  comments: readonly Comment[],
  start: number,
  core: number,
): string | null {
  let first = firstFrom(comments, start);
  let next = start;
  while (first > 0) {
    const comment = comments[first - 1];
    if (comment === undefined || !isBlank(text, comment.span.end, next)) {
      break;
    }
    next = comment.span.start;
    first -= 1;
  }
  const lines: string[] = [];
  for (let index = first; index < comments.length; index += 1) {
    const comment = comments[index];
    if (comment === undefined || comment.span.start >= core) {
      break;
    }
    const line = docLine(comment);
    if (line !== null && standsAlone(text, comment.span.start)) {
      lines.push(line);
    }
  }
  return lines.length === 0 ? null : lines.join("\n");
}

function isBlank(text: string, start: number, end: number): boolean {
  return /^\s*$/.test(text.slice(start, end));
}

function standsAlone(text: string, at: number): boolean {
  return /^[\s\uFEFF]*$/.test(text.slice(text.lastIndexOf("\n", at) + 1, at));
}

/** The index of the first comment that starts at `start` or after it. */
function firstFrom(comments: readonly Comment[], start: number): number {
  let low = 0;
  let high = comments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const comment = comments[middle];
    if (comment !== undefined && comment.span.start < start) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
