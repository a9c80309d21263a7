import type { Span } from "../diagnostics/diagnostic.ts";
import type { Coverage, StatementCoverage } from "../outcome/outcome.ts";
import type { Paint } from "../support/ansi.ts";
import { cut, displayWidth, harmless, padEnd, padStart } from "../support/display.ts";
import { grouped } from "./phrases.ts";
import type { Places } from "./places.ts";

/** How counts of coverage are laid out. */
export interface CoverageOptions {
  readonly columns: number;
  readonly places: Places;
  readonly paint: Paint;
}

/** A declaration, or a statement in it. */
interface Row {
  readonly span: Span;
  /** Null for what is not counted: procs and threads. */
  readonly count: string | null;
  readonly text: string;
  readonly isHead: boolean;
}

const INDENT = "    ";
const GAP = "  ";
const NEVER = "never";

/**
 * How often each transition of the spec's own file was taken and each statement executed, in the
 * order of the text; no lines where it has none. What it imports is in the JSON document alone.
 */
export function coverageLines(coverage: Coverage, options: CoverageOptions): readonly string[] {
  const { columns, places, paint } = options;
  const rows = rowsOf(coverage, places);
  if (rows.length === 0) {
    return [];
  }
  const wheres = rows.map((row) => places.where(row.span));
  const where = Math.max(...wheres.map(displayWidth));
  const count = Math.max(...rows.map((row) => displayWidth(row.count ?? "")));
  const room = columns - INDENT.length - where - GAP.length - count - GAP.length;
  const lines = rows.map((row, index) => {
    const number = padStart(row.count ?? "", count);
    const text = cut(row.text, room);
    return [
      INDENT + paint("dim", padEnd(wheres[index] ?? "", where)),
      row.count === NEVER ? paint("yellow", number) : number,
      row.isHead ? paint("bold", text) : text,
    ].join(GAP);
  });
  return [`  ${paint("bold", "coverage")}`, ...lines];
}

function rowsOf({ transitions, statements }: Coverage, places: Places): readonly Row[] {
  const own = statements.filter(({ owner }) => places.isRoot(owner.span));
  const heads = new Map<number, Row>();
  for (const { owner } of own) {
    const { span, kind, name } = owner;
    heads.set(span.start, { span, count: null, text: `${kind} ${harmless(name)}`, isHead: true });
  }
  for (const { span, name, taken } of transitions.filter((one) => places.isRoot(one.span))) {
    const text = `transition ${harmless(name)}`;
    heads.set(span.start, { span, count: countText(taken, false), text, isHead: true });
  }
  return [...heads.values()]
    .sort((a, b) => a.span.start - b.span.start)
    .flatMap((head) => [
      head,
      ...own.filter(({ owner }) => owner.span.start === head.span.start).map(statementRow),
    ]);
}

function statementRow({ span, text, nesting, taken, atStart }: StatementCoverage): Row {
  const indented = GAP.repeat(nesting + 1) + harmless(text);
  return { span, count: countText(taken, atStart), text: indented, isHead: false };
}

function countText(taken: number, atStart: boolean): string {
  return taken > 0 ? grouped(taken) : atStart ? "start" : NEVER;
}
