import { type Checked, checked, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { ConstantSetting, Declaration, Expression, Import, ModuleFile } from "./ast.ts";
import type { Item, ModuleHeader } from "./build-declarations.ts";
import { GRAMMAR, SEMANTICS, type StartRule } from "./grammar.ts";
import { type ItemRange, itemsOf } from "./items.ts";
import { depthProblem, NESTING_MAX, nestingProblem } from "./nesting.ts";
import { headerMissing, headerTwice, nestedTooDeep, textTooLong } from "./problems.ts";
import type { Reading } from "./reading.ts";
import { type Scan, scan } from "./scan.ts";
import { explainFailure } from "./syntax-error.ts";

/** The longest text that is read, in UTF-16 units. */
export const TEXT_LENGTH_MAX = 200_000;

/**
 * A file in which nothing fits is not a spec: further messages would only scroll the first away.
 */
const PROBLEMS_MAX = 20;

/**
 * The tree of a `.spec` file. Reports every item (module header, import, declaration) that is
 * wrong, each with what is wrong first. Never throws, and needs at most a second or two and a
 * bounded stack for any text whatever.
 */
export function parse(file: string, text: string): Checked<ModuleFile> {
  const scanned = scanWithin(file, text);
  if (!scanned.ok) {
    return scanned;
  }
  const problems: Diagnostic[] = [...scanned.value.problems];
  const items: Item[] = [];
  let isLost = false;
  for (const range of itemsOf(scanned.value)) {
    if (problems.length >= PROBLEMS_MAX) {
      break;
    }
    // What begins like no item, behind something wrong, is the rest of it and told with it.
    if (range.isKnown || !isLost) {
      const item = match<Item>(scanned.value, range, "Item", problems);
      isLost = item === null;
      if (item !== null) {
        items.push(item);
      }
    }
  }
  const header = headerOf(items, scanned.value, problems);
  return checked(assemble(file, text, header, items), inOrder(problems));
}

/** The tree of an expression that stands alone, such as the value in `-D NAME=value`. */
export function parseExpression(file: string, text: string): Checked<Expression> {
  return parseAlone<Expression>(file, text, "Expression");
}

/** `NAME=value` as on the command line. */
export function parseConstantSetting(file: string, text: string): Checked<ConstantSetting> {
  return parseAlone<ConstantSetting>(file, text, "Setting");
}

function parseAlone<T>(file: string, text: string, rule: StartRule): Checked<T> {
  const scanned = scanWithin(file, text);
  if (!scanned.ok) {
    return scanned;
  }
  const problems: Diagnostic[] = [...scanned.value.problems];
  const last = scanned.value.tokens.length - 1;
  const whole: ItemRange = { first: 0, last, isKnown: true };
  const value = match<T>(scanned.value, whole, rule, problems);
  return value === null || problems.length > 0
    ? { ok: false, diagnostics: inOrder(problems) }
    : { ok: true, value, diagnostics: [] };
}

/** The tokens of a text that is neither too long nor nested too deep. */
function scanWithin(file: string, text: string): Checked<Scan> {
  if (text.length > TEXT_LENGTH_MAX) {
    return { ok: false, diagnostics: [textTooLong(file, text.length, TEXT_LENGTH_MAX)] };
  }
  const scanned = scan(file, text);
  const tooDeep = nestingProblem(scanned);
  return tooDeep === null
    ? { ok: true, value: scanned, diagnostics: [] }
    : { ok: false, diagnostics: inOrder([...scanned.problems, tooDeep]) };
}

/** The tree of the tokens in `range`, or null after a problem that leaves none. */
function match<T>(
  scanned: Scan,
  range: ItemRange,
  rule: StartRule,
  problems: Diagnostic[],
): T | null {
  const { file, text, tokens, comments } = scanned;
  const base = tokens[range.first]?.start ?? text.length;
  const end = tokens[range.last]?.end ?? text.length;
  if (tokens.slice(range.first, range.last + 1).some((token) => token.kind === "bad")) {
    return null;
  }
  const reading: Reading = { file, text, base, comments, problems };
  try {
    const matched = GRAMMAR.match(text.slice(base, end), rule);
    if (matched.failed()) {
      problems.push(explainFailure(matched, rule, scanned, base, range));
      return null;
    }
    const value = SEMANTICS(matched)["tree"](reading) as T;
    const tooDeep = depthProblem(value);
    if (tooDeep === null) {
      return value;
    }
    problems.push(tooDeep);
  } catch (error) {
    // The limits keep Ohm well within the stack of Node, but a caller may have used up much of it,
    // and other hosts have less.
    if (!(error instanceof RangeError)) {
      throw error;
    }
    problems.push(nestedTooDeep({ file, start: base, end: base + 1 }, NESTING_MAX));
  }
  return null;
}

function headerOf(items: readonly Item[], scanned: Scan, problems: Diagnostic[]): ModuleHeader {
  const headers = items.filter((item) => item.kind === "header");
  const [header, ...others] = headers;
  for (const other of others) {
    if (header !== undefined) {
      problems.push(headerTwice(other.span, header.span));
    }
  }
  const start = scanned.tokens[0]?.start ?? 0;
  const first = { file: scanned.file, start, end: scanned.tokens[0]?.end ?? start };
  if (header !== undefined && (header.span.start === start || problems.length > 0)) {
    return header;
  }
  if (problems.length === 0) {
    problems.push(headerMissing(first));
  }
  return { kind: "header", span: first, doc: null, name: { span: first, text: "" } };
}

function assemble(
  file: string,
  text: string,
  header: ModuleHeader,
  items: readonly Item[],
): ModuleFile {
  const imports: Import[] = [];
  const declarations: Declaration[] = [];
  for (const item of items) {
    if (item.kind === "import") {
      imports.push(item);
    } else if (item.kind !== "header") {
      declarations.push(item);
    }
  }
  return {
    span: { file, start: 0, end: text.length },
    kind: "module",
    doc: header.doc,
    name: header.name,
    imports,
    declarations,
  };
}

/** The first problems by place. */
function inOrder(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  const sorted = problems.toSorted((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
  return sorted.slice(0, PROBLEMS_MAX);
}
