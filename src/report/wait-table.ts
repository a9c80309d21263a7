import type { Paint } from "../support/ansi.ts";
import { displayWidth, padEnd, wrap } from "../support/display.ts";
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
/** A sentence that runs over a wide screen is hard to read. */
const WAIT_COLUMNS_MAX = 110;

/** The procs of a call stack as a call trace of the kernel has them: innermost first. */
export function callsText(procs: readonly string[]): string {
  return procs.length === 0 ? "" : `in ${[...procs].reverse().join(" ← ")}`;
}

/** Rows as a table, lines without line breaks. */
export function waitTable(rows: readonly WaitRow[], options: WaitingOptions): readonly string[] {
  const { columns, paint } = options;
  const widest = (of: (row: WaitRow) => string): number =>
    Math.max(0, ...rows.map((row) => displayWidth(of(row))));
  const thread = widest((row) => row.thread);
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
      padEnd(row.thread, thread),
      padEnd(first, alone),
      paint("dim", padEnd(row.where, where)),
      besides ? paint("dim", row.calls) : "",
    ].join(GAP);
    return [
      (WAIT_INDENT + line).trimEnd(),
      ...rest.map((more) => indent + more),
      ...(besides || row.calls === "" ? [] : under(row.calls)),
      ...row.notes.flatMap(under),
    ];
  });
}
