import type { Scan } from "./scan.ts";

/** The tokens from `first` to `last` (inclusive): one declaration, import or module header. */
export interface ItemRange {
  readonly first: number;
  readonly last: number;
  /** Whether it begins with a word that begins an item. */
  readonly isKnown: boolean;
}

/** Reserved words that begin an item and stand nowhere else. */
const RESERVED_STARTS: ReadonlySet<string> = new Set([
  "module",
  "import",
  "const",
  "assume",
  "type",
  "def",
  "proc",
  "thread",
  "transition",
  "invariant",
  "property",
  "check",
]);

/** Words that begin an item where one may begin, and stand elsewhere too. */
const OTHER_STARTS: ReadonlySet<string> = new Set([
  "var",
  "step",
  "reachable",
  "recoverable",
  "final",
  "constraint",
  "fairness",
  "dormant",
  "unfair",
  "escape",
  "fair",
  "strong",
]);

const QUALIFIERS: ReadonlySet<string> = new Set(["dormant", "unfair", "escape", "fair", "strong"]);

/** What follows no word that begins an item: there the word was meant as a name. */
const NEVER_AFTER_START: ReadonlySet<string> = new Set(":=;,.)]}>".split(""));

/** A map and no object, in which `constructor` would be found as well. */
const BRACKETS: ReadonlyMap<string, number> = new Map([
  ["(", 1],
  ["[", 1],
  ["{", 1],
  [")", -1],
  ["]", -1],
  ["}", -1],
]);

/**
 * Cuts the tokens of a file into its items, knowing no more of the grammar than the words that
 * begin them, so that an error in one item leaves the others readable.
 *
 * Outside brackets an item ends after `;`, before a reserved word that begins the next one, and
 * before another such word or `@` that follows `}`. Inside brackets a reserved word that stands on
 * a line of its own, no further right than the item itself, begins the next item too: the closing
 * bracket was forgotten, and one message about it is enough.
 */
export function itemsOf(scan: Scan): readonly ItemRange[] {
  const { text, tokens } = scan;
  const words = tokens.map((token) => text.slice(token.start, token.end));
  const items: ItemRange[] = [];
  let first = 0;
  let depth = 0;
  /** Whether only `@sh(…)` and qualifiers have been seen since `first`. */
  let isHead = true;

  const beginsItem = (index: number): boolean => {
    const word = words[index] ?? "";
    const previous = words[index - 1];
    if (depth === 0 && previous === ";") {
      return true;
    }
    if (RESERVED_STARTS.has(word)) {
      const isName = NEVER_AFTER_START.has(words[index + 1] ?? "");
      return !isHead && !isName && (depth === 0 || column(scan, index) <= column(scan, first));
    }
    const isShell = word === "@" && words[index + 1] === "sh" && words[index + 2] === "(";
    const canBegin = OTHER_STARTS.has(word) || isShell || word === "}";
    return depth === 0 && !isHead && ((previous === "}" && canBegin) || word === "var");
  };

  for (let index = 0; index < tokens.length; index += 1) {
    const word = words[index] ?? "";
    if (index > first && beginsItem(index)) {
      items.push({ first, last: index - 1, isKnown: isKnown(words[first]) });
      first = index;
      depth = 0;
      isHead = true;
    }
    if (depth === 0 && isHead) {
      const isAnnotation = word === "@" || word === "sh" || word === "(" || word === ")";
      isHead = isAnnotation || tokens[index]?.kind === "string" || QUALIFIERS.has(word);
    }
    depth = Math.max(0, depth + (BRACKETS.get(word) ?? 0));
  }
  if (first < tokens.length) {
    items.push({ first, last: tokens.length - 1, isKnown: isKnown(words[first]) });
  }
  return items;
}

function isKnown(word: string | undefined): boolean {
  return (
    word !== undefined && (RESERVED_STARTS.has(word) || OTHER_STARTS.has(word) || word === "@")
  );
}

/** How far right a token stands; infinitely if it is not the first thing on its line. */
function column(scan: Scan, index: number): number {
  const start = scan.tokens[index]?.start ?? 0;
  const gap = scan.text.slice(scan.tokens[index - 1]?.end ?? 0, start);
  const lineStart = gap.lastIndexOf("\n") + 1;
  const indent = gap.slice(lineStart);
  const isFirst = (lineStart > 0 || index === 0) && /^[\s\uFEFF]*$/.test(indent);
  return isFirst ? indent.length : Number.POSITIVE_INFINITY;
}
