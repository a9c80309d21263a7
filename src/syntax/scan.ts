import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";
import type { Comment } from "./comments.ts";
import { commentNotClosed, stringNotClosed, unexpectedCharacter } from "./problems.ts";

/** A token, as far as brackets, items, docs and messages need it: every symbol is one character. */
export interface Token {
  /** `bad` is what cannot be part of any spec; it has been reported. */
  readonly kind: "word" | "number" | "string" | "symbol" | "bad";
  readonly start: number;
  readonly end: number;
}

/** A text cut into tokens and comments; `tokens` ends before the first thing not closed. */
export interface Scan {
  readonly file: string;
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
  readonly problems: readonly Diagnostic[];
}

/** A binary file would give thousands; what follows the first few says nothing new. */
const PROBLEMS_MAX = 10;

const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /0x[0-9a-fA-F]+|[0-9]+/y;
const STRING = /"(?:\\[^\n]|[^"\\\n])*"/y;
const BAD = /[^\s!-~]+/y;
const SPACE = /[ \t\r\n\f\v]+/y;

/**
 * Cuts `text` into tokens and comments in one pass, without Ohm: brackets must be counted and items
 * found before Ohm, which recurses, sees the text. A leading byte order mark is passed over.
 */
export function scan(file: string, text: string): Scan {
  const tokens: Token[] = [];
  const comments: Comment[] = [];
  const problems: Diagnostic[] = [];
  const span = (start: number, end: number): Span => ({ file, start, end });
  const endOf = (pattern: RegExp, at: number): number => {
    pattern.lastIndex = at;
    return pattern.test(text) ? pattern.lastIndex : at;
  };

  let at = text.startsWith("\uFEFF") ? 1 : 0;
  while (at < text.length && problems.length < PROBLEMS_MAX) {
    const next = endOf(SPACE, at);
    if (next > at) {
      at = next;
      continue;
    }
    const start = at;
    if (text.startsWith("//", at)) {
      at = endOfLine(text, at);
      comments.push({ kind: "line", text: text.slice(start, at), span: span(start, at) });
    } else if (text.startsWith("/*", at)) {
      const close = text.indexOf("*/", at + 2);
      if (close < 0) {
        problems.push(commentNotClosed(span(start, start + 2)));
        break;
      }
      at = close + 2;
      comments.push({ kind: "block", text: text.slice(start, at), span: span(start, at) });
    } else if (text[at] === '"') {
      at = endOf(STRING, at);
      if (at === start) {
        problems.push(stringNotClosed(span(start, start + 1)));
        at = endOfLine(text, at);
        tokens.push({ kind: "bad", start, end: at });
      } else {
        tokens.push({ kind: "string", start, end: at });
      }
    } else if (endOf(WORD, at) > at) {
      at = endOf(WORD, at);
      tokens.push({ kind: "word", start, end: at });
    } else if (endOf(NUMBER, at) > at) {
      at = endOf(NUMBER, at);
      tokens.push({ kind: "number", start, end: at });
    } else if (endOf(BAD, at) > at) {
      at = endOf(BAD, at);
      tokens.push({ kind: "bad", start, end: at });
      problems.push(unexpectedCharacter(span(start, at), text.slice(start, at)));
    } else {
      // A printable ASCII character, or a space that is none of ours (a no-break space, say).
      at = start + 1;
      const character = text.slice(start, at);
      const good = character > " " && character <= "~";
      tokens.push({ kind: good ? "symbol" : "bad", start, end: at });
      if (!good) {
        problems.push(unexpectedCharacter(span(start, at), character));
      }
    }
  }
  return { file, text, tokens, comments, problems };
}

/** The end of the line at `at`, before its line break and a carriage return. */
function endOfLine(text: string, at: number): number {
  const newline = text.indexOf("\n", at);
  const end = newline < 0 ? text.length : newline;
  return end > at && text[end - 1] === "\r" ? end - 1 : end;
}
