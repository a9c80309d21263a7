import type { FailedMatchResult } from "ohm-js";
import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";
import { isReserved, type StartRule } from "./grammar.ts";
import type { ItemRange } from "./items.ts";
import { reservedWordAsName, semicolonMissing, syntaxError, wrongEquals } from "./problems.ts";
import type { Scan, Token } from "./scan.ts";
import { type Surroundings, slipHint } from "./slips.ts";

/** Longer items are not matched a second time, which finding out what was expected needs. */
const EXPLAINED_LENGTH_MAX = 20_000;

/** The place that an item matches up to. */
interface Place {
  readonly rule: StartRule;
  readonly scan: Scan;
  readonly range: ItemRange;
  /** The index of the token that does not fit; past `range.last` at the end of the item. */
  readonly index: number;
  /** All that could have stood there, and the part of it without which nothing can go on. */
  readonly possible: ReadonlySet<string>;
  readonly required: ReadonlySet<string>;
}

/** What is told about the first place of an item that no rule accepts. */
export function explainFailure(
  match: FailedMatchResult,
  rule: StartRule,
  scan: Scan,
  base: number,
  range: ItemRange,
): Diagnostic {
  const at = base + match.getRightmostFailurePosition();
  const index = tokenAt(scan, range, at);
  const place: Place = { rule, scan, range, index, ...expectations(match) };
  const found = textAt(place, 0);
  const hint = slipHint(surroundings(place));
  if (hint === null) {
    const known =
      reservedName(place, found) ?? wrongAssignment(place, found) ?? missingSemicolon(place);
    if (known !== null) {
      return known;
    }
  }
  const problem = syntaxError(spanAt(place), expectedText(place), foundText(place), hint);
  const open = place.index > range.last ? innermostOpen(scan, range) : null;
  return open === null
    ? problem
    : { ...problem, related: [{ message: "this is not closed", span: open }] };
}

/** The index of the token at `at`, or of the next one. */
function tokenAt(scan: Scan, range: ItemRange, at: number): number {
  let low = range.first;
  let high = range.last + 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((scan.tokens[middle]?.end ?? 0) > at) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/** One thing that Ohm expected; its types leave this out, its documentation does not. */
interface Failure {
  isFluffy(): boolean;
  isStringTerminal(): boolean;
  getText(): string;
}

function expectations(match: FailedMatchResult): Pick<Place, "possible" | "required"> {
  if (match.input.length > EXPLAINED_LENGTH_MAX) {
    return { possible: new Set(), required: new Set() };
  }
  const { getRightmostFailures } = match as unknown as {
    getRightmostFailures(): readonly Failure[];
  };
  const failures = getRightmostFailures.call(match);
  const text = (failure: Failure): string =>
    failure.isStringTerminal() ? `\`${failure.getText()}\`` : failure.getText();
  return {
    possible: new Set(failures.map(text)),
    required: new Set(failures.filter((failure) => !failure.isFluffy()).map(text)),
  };
}

function textAt(place: Place, offset: number): string {
  const { scan, range, index } = place;
  const token = scan.tokens[index + offset];
  return token === undefined || index + offset > range.last
    ? ""
    : scan.text.slice(token.start, token.end);
}

/** The token that does not fit, or the point after the last one. */
function spanAt({ scan, range, index }: Place): Span {
  const token = index > range.last ? undefined : scan.tokens[index];
  const end = scan.tokens[range.last]?.end ?? scan.text.length;
  return { file: scan.file, start: token?.start ?? end, end: token?.end ?? end };
}

function surroundings(place: Place): Surroundings {
  const { scan, range, index } = place;
  const token = index > range.last ? undefined : scan.tokens[index];
  const previous = index > range.first ? scan.tokens[index - 1] : undefined;
  return {
    rest: token === undefined ? "" : scan.text.slice(token.start, token.start + 20),
    previous: previous === undefined ? "" : scan.text.slice(previous.start, previous.end),
    touches: previous !== undefined && previous.end === token?.start,
    caller: callerBefore(place),
    inside: callerAround(place),
    isItemStart: index === range.first,
  };
}

/** The word before the `(…)` that ends directly before the place, or an empty string. */
function callerBefore(place: Place): string {
  let depth = 0;
  for (let offset = -1; place.index + offset >= place.range.first; offset -= 1) {
    const text = textAt(place, offset);
    depth += text === ")" ? 1 : text === "(" ? -1 : 0;
    if (depth === 0) {
      return text === "(" ? textAt(place, offset - 1) : "";
    }
  }
  return "";
}

/** The word before the innermost `(` that is open at the place, or an empty string. */
function callerAround(place: Place): string {
  let depth = 0;
  for (let offset = -1; place.index + offset >= place.range.first; offset -= 1) {
    const text = textAt(place, offset);
    depth += text === ")" ? 1 : text === "(" ? -1 : 0;
    if (depth < 0) {
      return textAt(place, offset - 1);
    }
    if (text === "{" || text === "}") {
      return "";
    }
  }
  return "";
}

/** Names that may begin an expression are not taken for the name that is declared. */
function reservedName(place: Place, found: string): Diagnostic | null {
  const isName = place.possible.has("a name") && !place.possible.has("a number");
  return isName && isReserved(found) ? reservedWordAsName(spanAt(place), found) : null;
}

function wrongAssignment(place: Place, found: string): Diagnostic | null {
  const next = textAt(place, 1);
  const { start } = spanAt(place);
  const two: Span = { file: place.scan.file, start, end: start + 2 };
  if (found === "=" && next === "=" && place.possible.has("an assignment")) {
    return wrongEquals(two, "==", ":=", "`==` compares, `:=` assigns");
  }
  if (found === "=" && place.possible.has("an assignment")) {
    return wrongEquals(spanAt(place), "=", ":=", "`:=` assigns");
  }
  if (found === ":" && next === "=" && place.possible.has("`=`")) {
    return wrongEquals(two, ":=", "=", "a declaration takes `=`, a later assignment `:=`");
  }
  if (found === "=" && next !== "=" && place.possible.has("an operator")) {
    return wrongEquals(spanAt(place), "=", "==", "`==` compares");
  }
  return null;
}

/** A `;` is what is missing if the line or the block ends where it could stand. */
function missingSemicolon(place: Place): Diagnostic | null {
  const { scan, range, index, possible } = place;
  const previous = scan.tokens[index - 1];
  const found = index > range.last ? undefined : scan.tokens[index];
  if (previous === undefined || index === range.first || !possible.has("`;`")) {
    return null;
  }
  if (possible.has("`{`") && !possible.has("an operator")) {
    // After the head of a proc it is rather the body.
    return null;
  }
  const text = textAt(place, 0);
  const isNewLine = scan.text.slice(previous.end, found?.start).includes("\n");
  const isEnd = found === undefined ? innermostOpen(scan, range) === null : text === "}";
  if (!isEnd && !(isNewLine && found !== undefined && found.kind === "word")) {
    return null;
  }
  return semicolonMissing({ file: scan.file, start: previous.end, end: previous.end });
}

/** The last bracket of an item that is not closed in it, or null. */
function innermostOpen(scan: Scan, range: ItemRange): Span | null {
  const open: Token[] = [];
  for (const token of scan.tokens.slice(range.first, range.last + 1)) {
    const text = scan.text.slice(token.start, token.end);
    if (text === "(" || text === "[" || text === "{") {
      open.push(token);
    } else if (text === ")" || text === "]" || text === "}") {
      open.pop();
    }
  }
  const last = open.at(-1);
  return last === undefined ? null : { file: scan.file, start: last.start, end: last.end };
}

function foundText(place: Place): string {
  const { scan, range, index } = place;
  if (index > range.last) {
    return range.last + 1 < scan.tokens.length ? "the next declaration" : "the end of the text";
  }
  const text = textAt(place, 0);
  const shown = text.length > 30 ? `${text.slice(0, 29)}…` : text;
  return scan.tokens[index]?.kind === "string" ? "a string" : `\`${shown}\``;
}

/** Signs by which a list of expectations is known to be that of any declaration, statement, … */
const GROUPS: readonly { readonly name: string; readonly signs: readonly string[] }[] = [
  { name: "a declaration", signs: ["`const`", "`type`"] },
  { name: "a statement", signs: ["`await`", "`atomic`"] },
  { name: "a type", signs: ["`set`", "`enum`"] },
  { name: "an expression", signs: ["a number", "a quantifier"] },
  { name: "`:=` or `;`", signs: ["an assignment"] },
  {
    name: "`ok`, `error`, `assertion`, `deadlock`, `hung` or `violation`",
    signs: ["an expectation"],
  },
];

/** What groups consist of. */
const GROUP_MEMBER = /^(`[a-z]+`( or `[a-z]+`)?|`[([{@.'?:;]`|an? [^`]*)$/;

/** What may follow any operand. */
const AFTER_OPERAND: ReadonlySet<string> = new Set(
  ["?", "(", "{", "[", ".", "@", "'"].map((sign) => `\`${sign}\``).concat("a postfix operator"),
);

/** The list of what was expected, as short as it can be without saying less. */
function expectedText(place: Place): string {
  const all = place.required.size > 0 ? place.required : place.possible;
  const group = GROUPS.find(({ signs }) => signs.every((sign) => all.has(sign)));
  let list = [...all].reverse();
  if (group !== undefined) {
    list = [group.name, ...list.filter((one) => !GROUP_MEMBER.test(one))];
  } else if (place.possible.has("an operator")) {
    const others = list.filter((one) => !AFTER_OPERAND.has(one) && one !== "an operator");
    list = ["an operator", ...others];
  }
  const shown = list.map((one) =>
    one === "end of input" ? (place.rule === "Item" ? "a declaration" : "the end") : one,
  );
  return shown.length < 2
    ? (shown[0] ?? "something else")
    : `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}`;
}
