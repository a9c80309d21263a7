import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";
import { nestedTooDeep, rowTooLong } from "./problems.ts";
import type { Scan, Token } from "./scan.ts";

/** Levels of brackets and prefix operators; Ohm's stack ends at about 280. */
export const NESTING_MAX = 200;

/**
 * Levels of a tree. Brackets alone cannot bound them, as `a + a + …` is a deep tree too; what
 * recurses over a tree anywhere in mdcheck may rely on this.
 */
export const TREE_DEPTH_MAX = 500;

/**
 * Operators in one row, that is in one pair of brackets without `,` or `;` between them. Such a row
 * is likely a tree too deep, and Ohm would take seconds before anybody could tell.
 */
export const ROW_LENGTH_MAX = 1000;

/** What one pair of brackets holds at the moment. */
interface Level {
  readonly open: string;
  /** The depth at which it began. */
  readonly base: number;
  /** Quantifiers and `let`s whose body is still going on. */
  prefixes: number;
  /** Those of them whose `:` has not come yet. */
  colons: number;
  /** `?` whose `:` has not come yet. */
  conditionals: number;
  /** `!`, `-`, `always`, `eventually` directly before the next token. */
  run: number;
  /** Operators and closed brackets since the row began. */
  row: number;
}

const BINDERS: ReadonlySet<string> = new Set(["forall", "exists", "count", "let"]);
const TEMPORAL: ReadonlySet<string> = new Set(["always", "eventually"]);
const GENERIC: ReadonlySet<string> = new Set(["set", "map", "seq"]);
/** Words that go on with an expression after `}`; any other begins the next statement. */
const INFIX_WORDS: ReadonlySet<string> = new Set(["in", "subset", "where", "for", "else"]);
/** Two symbols of one operator: the second does not count. */
const OPERATOR_PAIR = /^[<=>&|.!:~+-][=>&|.]$/;
const CLOSING: ReadonlyMap<string, string> = new Map([
  [")", "("],
  ["]", "["],
  ["}", "{"],
]);

/** Where the brackets and prefix operators of a text go too deep for Ohm, or null. */
export function nestingProblem(scan: Scan): Diagnostic | null {
  const { text, tokens, file } = scan;
  const textOf = (token: Token | undefined): string =>
    token === undefined ? "" : text.slice(token.start, token.end);
  const levels: Level[] = [level("", 0)];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    const top = levels.at(-1);
    if (token === undefined || top === undefined) {
      break;
    }
    step(levels, top, {
      word: textOf(token),
      before: tokens[index - 1],
      previous: textOf(tokens[index - 1]),
      next: textOf(tokens[index + 1]),
      isOperator:
        token.kind === "symbol" && !OPERATOR_PAIR.test(text.slice(token.start - 1, token.end)),
    });
    const now = levels.at(-1) ?? top;
    const span: Span = { file, start: token.start, end: token.end };
    if (depth(now) > NESTING_MAX) {
      return nestedTooDeep(span, NESTING_MAX);
    }
    if (now.row > ROW_LENGTH_MAX) {
      return rowTooLong(span, ROW_LENGTH_MAX);
    }
  }
  return null;
}

interface Place {
  readonly word: string;
  readonly before: Token | undefined;
  readonly previous: string;
  readonly next: string;
  readonly isOperator: boolean;
}

function step(levels: Level[], top: Level, place: Place): void {
  const { word, next, previous } = place;
  if (word === "(" || word === "[" || word === "{" || (word === "<" && GENERIC.has(previous))) {
    levels.push(level(word, depth(top) + 1));
    top.run = 0;
    return;
  }
  if (word === ">" ? top.open === "<" : CLOSING.has(word)) {
    close(levels, word, next);
    return;
  }
  if (word === "," || word === ";" || word === "or") {
    endRow(top);
    return;
  }
  top.row += place.isOperator || word === "else" || word === "in" || word === "subset" ? 1 : 0;
  if (isPrefix(place)) {
    top.run += 1;
    return;
  }
  if (BINDERS.has(word)) {
    top.prefixes += 1 + top.run;
    top.colons += 1;
  } else if (word === "?") {
    top.conditionals += isOperandStart(next) ? 1 : 0;
  } else if (word === ":" && next !== "=") {
    if (top.colons > 0) {
      top.colons -= 1;
    } else if (top.conditionals > 0) {
      top.conditionals -= 1;
    }
  }
  top.run = 0;
}

function endRow(of: Level): void {
  of.prefixes = 0;
  of.colons = 0;
  of.conditionals = 0;
  of.run = 0;
  of.row = 0;
}

function level(open: string, base: number): Level {
  return { open, base, prefixes: 0, colons: 0, conditionals: 0, run: 0, row: 0 };
}

function depth(of: Level): number {
  return of.base + of.prefixes + of.conditionals + of.run;
}

/**
 * Pops to the matching bracket, if there is one: brackets that do not match are Ohm's to report.
 */
function close(levels: Level[], word: string, next: string): void {
  const open = CLOSING.get(word) ?? "<";
  const at = levels.findLastIndex((one) => one.open === open);
  if (at > 0) {
    levels.length = at;
  }
  const top = levels.at(-1);
  if (top === undefined) {
    return;
  }
  top.row += 1;
  if (word === "}" && /^[\w{@]/.test(next) && !INFIX_WORDS.has(next)) {
    // A block ended, hence whatever expression stood before it too.
    endRow(top);
  }
}

function isPrefix({ word, before, previous, next }: Place): boolean {
  if (word === "!") {
    return next !== "=";
  }
  if (word === "-") {
    const afterOperand =
      before !== undefined && (before.kind !== "symbol" || /^[)\]}'>]$/.test(previous));
    return !afterOperand && next !== "=";
  }
  return TEMPORAL.has(word);
}

function isOperandStart(next: string): boolean {
  return /^[\w({[!-]/.test(next) && next !== "in";
}

/** Where a tree is too deep for what recurses over trees, or null. Keeps a stack of its own. */
export function depthProblem(tree: unknown): Diagnostic | null {
  const waiting: { readonly node: unknown; readonly depth: number; readonly span: Span | null }[] =
    [{ node: tree, depth: 0, span: null }];
  for (;;) {
    const next = waiting.pop();
    if (next === undefined) {
      return null;
    }
    const { node, depth: level } = next;
    if (typeof node !== "object" || node === null) {
      continue;
    }
    // Lists are no levels: what recurses over them does so from the node that holds them.
    const isNode = "span" in node;
    const span = isNode ? (node.span as Span) : next.span;
    if (level > TREE_DEPTH_MAX && span !== null) {
      return nestedTooDeep({ ...span, end: span.start + 1 }, TREE_DEPTH_MAX);
    }
    for (const [key, child] of Object.entries(node)) {
      if (key !== "span" && typeof child === "object") {
        waiting.push({ node: child, depth: isNode ? level + 1 : level, span });
      }
    }
  }
}
