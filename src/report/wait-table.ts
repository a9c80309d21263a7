import type { Paint } from "../support/ansi.ts";
import { displayWidth, padEnd, wrap } from "../support/display.ts";
import { foldedThreads, threadFamily } from "./phrases.ts";
import type { Places } from "./places.ts";

/** How lines about waiting threads are laid out. */
export interface WaitingOptions {
  readonly columns: number;
  readonly places: Places;
  readonly paint: Paint;
}

/** What one thread waits for. All texts are harmless. */
export interface WaitRow {
  /** Empty where it is that of the row above. */
  readonly thread: string;
  readonly wait: string;
  readonly where: string;
  /** The procs it is in: beside the place where there is room, else below. */
  readonly calls: string;
  /** Said below, a paragraph each. */
  readonly notes: readonly string[];
}

/** Two blanks more than the heading of a block. */
export const WAIT_INDENT = "    ";
const GAP = "  ";
/** A longer name of a thread stands in a line of its own: one in so many of the columns. */
const THREAD_SHARE = 3;
/** A sentence that runs over a wide screen is hard to read. */
const WAIT_COLUMNS_MAX = 110;

/** The procs of a call stack as a call trace of the kernel has them: innermost first. */
export function callsText(procs: readonly string[]): string {
  return procs.length === 0 ? "" : `in ${[...procs].reverse().join(" ← ")}`;
}

function indented(text: string): string {
  return WAIT_INDENT + text;
}

/** Threads of one name of which the same is said become one row, where the first of them stands. */
function withoutRepeats(rows: readonly WaitRow[]): readonly WaitRow[] {
  const alike = new Map<string, string[]>();
  const keys = rows.map((row, index) => {
    // What has no name belongs to the row above.
    const isAlone = row.thread === "" || rows[index + 1]?.thread === "";
    const { wait, where, calls, notes } = row;
    const key = JSON.stringify([threadFamily(row.thread), wait, where, calls, notes]);
    return isAlone ? `${key}${index}` : key;
  });
  for (const [index, row] of rows.entries()) {
    const key = keys[index] ?? "";
    alike.set(key, [...(alike.get(key) ?? []), row.thread]);
  }
  return rows.flatMap((row, index) => {
    const key = keys[index] ?? "";
    const names = alike.get(key) ?? [];
    const folded = foldedThreads(names);
    if (folded.length === names.length) {
      return [row];
    }
    return keys.indexOf(key) === index ? [{ ...row, thread: folded.join(", ") }] : [];
  });
}

/** Rows as a table, lines without line breaks. */
export function waitTable(all: readonly WaitRow[], options: WaitingOptions): readonly string[] {
  const { columns, paint } = options;
  const rows = withoutRepeats(all);
  const widest = (of: (row: WaitRow) => string): number =>
    Math.max(0, ...rows.map((row) => displayWidth(of(row))));
  const threadMax = Math.floor(columns / THREAD_SHARE);
  const isLong = (row: WaitRow): boolean => displayWidth(row.thread) > threadMax;
  const thread = widest((row) => (isLong(row) ? "" : row.thread));
  const where = widest((row) => row.where);
  const calls = widest((row) => row.calls);
  const room = columns - WAIT_INDENT.length - thread - where - 2 * GAP.length;
  const wanted = widest((row) => row.wait);
  const alone = Math.min(room, WAIT_COLUMNS_MAX, wanted);
  // Beside the place where that does not make sentences longer than they are anyway.
  const besides = calls === 0 || alone + GAP.length + calls <= room;
  const indent = " ".repeat(WAIT_INDENT.length + thread + GAP.length);
  const under = (text: string): readonly string[] =>
    wrap(text, Math.min(columns, indent.length + WAIT_COLUMNS_MAX) - indent.length).map(
      (line) => indent + paint("dim", line),
    );
  return rows.flatMap((row) => {
    const [first = "", ...rest] = wrap(row.wait, alone);
    const line = [
      padEnd(isLong(row) ? "" : row.thread, thread),
      padEnd(first, alone),
      paint("dim", padEnd(row.where, where)),
      besides ? paint("dim", row.calls) : "",
    ].join(GAP);
    return [
      ...(isLong(row) ? wrap(row.thread, columns - WAIT_INDENT.length).map(indented) : []),
      (WAIT_INDENT + line).trimEnd(),
      ...rest.map((more) => indent + more),
      ...(besides || row.calls === "" ? [] : under(row.calls)),
      ...row.notes.flatMap(under),
    ];
  });
}
