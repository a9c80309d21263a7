import { InternalError } from "../support/internal-error.ts";
import type { Doc } from "./ast.ts";
import type { Comment } from "./comments.ts";
import { BLANK, BREAK, type Layout, LINE, sequence } from "./layout.ts";
import type { Scan, Token } from "./scan.ts";

/**
 * Where the printer gets its tokens from. It must be called in the order of the text: an emitter
 * that follows a source puts the comments of that source between the tokens.
 */
export interface Emitter {
  /** The tokens of `text`, with the comments round them. */
  token(text: string): Layout;
  /** The doc of what comes next; nothing where a source has it among its comments. */
  doc(doc: Doc): Layout;
  /**
   * Whether the list whose bracket was just emitted goes on in its line; `plain` without a source.
   */
  isFlat(plain: boolean): boolean;
  /** What separates the item of a list that comes next from the one before: a line break, and an
   * empty line if the source has one, or, without a source, if `isApart`. */
  gap(isFlat: boolean, isApart: boolean): Layout;
  /** The comments before the next item of a list, each followed by what separates it from it. */
  leading(): Layout;
  /** The comments before the bracket that closes a list, or at the end of the text. */
  dangling(): Layout;
}

/** Emits the tokens of a tree that has no source. */
export const PLAIN_EMITTER: Emitter = {
  token: (text) => text,
  doc: (doc) =>
    doc === null
      ? ""
      : sequence(doc.split("\n").flatMap((line) => [line === "" ? "///" : `/// ${line}`, BREAK])),
  isFlat: (plain) => plain,
  gap: (_isFlat, isApart) => (isApart ? BLANK : BREAK),
  leading: () => "",
  dangling: () => "",
};

/** A word, a number, a string or one character of a symbol: as `scan` cuts them. */
const TOKEN = /[A-Za-z_][A-Za-z0-9_]*|0x[0-9a-fA-F]+|[0-9]+|"(?:\\.|[^"\\])*"|[!-~]/g;

/**
 * Emits tokens along the source that the tree was read from. The printer's tokens are those of the
 * source, except that it may leave out or add parentheses; so the place of each token in the source
 * is known, and with it which comments go before it.
 */
export function followSource(scan: Scan): Emitter {
  const { text, tokens, comments } = scan;
  let tokenIndex = 0;
  let commentIndex = 0;
  /** The end in the source of what was emitted last. */
  let last = 0;

  const isNewLine = (start: number, end: number): boolean => text.slice(start, end).includes("\n");
  const nextStart = (): number =>
    Math.min(
      comments[commentIndex]?.span.start ?? text.length,
      tokens[tokenIndex]?.start ?? text.length,
    );
  /** `usual`, or a break with an empty line where the source has one before what comes next. */
  const separator = (usual: Layout): Layout =>
    /\n[^\S\n]*\n/.test(text.slice(last, nextStart())) ? BLANK : usual;
  const take = (comment: Comment): Layout => {
    const layout: Layout = {
      kind: "comment",
      text: comment.text.trimEnd(),
      endsLine: comment.kind === "line",
      ownLine: last === 0 || isNewLine(last, comment.span.start),
    };
    commentIndex += 1;
    last = comment.span.end;
    return layout;
  };
  const takeBefore = (end: number): readonly Layout[] => {
    const taken: Layout[] = [];
    for (;;) {
      const comment = comments[commentIndex];
      if (comment === undefined || comment.span.start >= end) {
        return taken;
      }
      taken.push(take(comment));
    }
  };
  /**
   * The comments that end the line of what was just emitted. Between tokens a block comment does
   * not: it belongs to what comes next, whether or not that stands on the next line.
   */
  const takeTrailing = (isListItem: boolean): readonly Layout[] => {
    const next = tokens[tokenIndex]?.start ?? text.length;
    let end = last;
    let endsLine = false;
    for (let index = commentIndex; index < comments.length; index += 1) {
      const comment = comments[index];
      const isBehind = comment !== undefined && comment.span.start < next;
      if (!isBehind || isNewLine(end, comment.span.start)) {
        break;
      }
      end = comment.span.end;
      endsLine = comment.kind === "line";
    }
    const isEnd = endsLine || (isListItem && (next === text.length || isNewLine(end, next)));
    return isEnd ? takeBefore(end) : [];
  };

  const emit = (piece: string): readonly Layout[] => {
    const before: Layout[] = [];
    for (;;) {
      const token = tokens[tokenIndex];
      if (token !== undefined && matches(text, token, piece)) {
        before.push(...takeBefore(token.start));
        tokenIndex += 1;
        last = token.end;
        return [...before, piece, ...takeTrailing(false)];
      }
      if (token === undefined || !isParenthesis(text.slice(token.start, token.end))) {
        if (!isParenthesis(piece)) {
          throw new InternalError(`the printer wrote ${piece}, which the source does not have`);
        }
        return [...before, piece];
      }
      before.push(...takeBefore(token.start));
      tokenIndex += 1;
      last = token.end;
    }
  };

  return {
    token: (written) => sequence((written.match(TOKEN) ?? []).flatMap(emit)),
    doc: () => "",
    isFlat: () => !isNewLine(last, nextStart()),
    gap(isFlat) {
      const trailing = takeTrailing(true);
      return sequence([...trailing, separator(isFlat ? LINE : BREAK)]);
    },
    leading() {
      const parts: Layout[] = [];
      const end = tokens[tokenIndex]?.start ?? text.length;
      for (;;) {
        const comment = comments[commentIndex];
        if (comment === undefined || comment.span.start >= end) {
          return sequence(parts);
        }
        parts.push(take(comment), isNewLine(last, nextStart()) ? separator(BREAK) : " ");
      }
    },
    dangling() {
      const parts: Layout[] = [];
      const end = tokens[tokenIndex]?.start ?? text.length;
      for (;;) {
        const comment = comments[commentIndex];
        if (comment === undefined || comment.span.start >= end) {
          return sequence(parts);
        }
        const between = isNewLine(last, comment.span.start) ? separator(BREAK) : LINE;
        parts.push(between, take(comment));
      }
    },
  };
}

function matches(text: string, token: Token, piece: string): boolean {
  return token.kind === "string"
    ? piece.startsWith('"')
    : text.slice(token.start, token.end) === piece;
}

function isParenthesis(text: string): boolean {
  return text === "(" || text === ")";
}
