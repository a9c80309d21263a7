import type { FrameView, JudgedFinding, WaitingThread, WaitView } from "../outcome/outcome.ts";
import type { Paint } from "../support/ansi.ts";
import { displayWidth, harmless, padEnd, wrap } from "../support/display.ts";
import { listed } from "./phrases.ts";
import type { Places } from "./places.ts";

/** How the waits at the end of a deadlock are laid out. */
export interface WaitingOptions {
  readonly columns: number;
  readonly places: Places;
  readonly paint: Paint;
}

const INDENT = "    ";
const GAP = "  ";

interface Row {
  readonly thread: string;
  readonly wait: string;
  readonly where: string;
  /** The procs it is in, innermost first, as in a call trace of the kernel. */
  readonly calls: string;
}

/** Who waits where, with call stacks, at the end of a deadlock; no lines for other findings. */
export function waitingLines(finding: JudgedFinding, options: WaitingOptions): readonly string[] {
  const blocked = finding.waiting.filter((one) => one.status === "blocked");
  if (blocked.length === 0) {
    return [];
  }
  const { paint } = options;
  const rows = blocked.flatMap((one) => rowsOf(one, framesOf(finding, one.thread), options.places));
  const idle = finding.waiting.filter((one) => one.status === "idle");
  const lines = [`  ${paint("bold", "who waits")}`, ...tableLines(rows, options)];
  if (idle.length > 0) {
    const names = listed(idle.map((one) => harmless(one.thread)));
    const text = `${names} ${idle.length === 1 ? "is" : "are"} idle and may stay so`;
    lines.push(`${INDENT}${paint("dim", text)}`);
  }
  return lines;
}

function framesOf(finding: JudgedFinding, thread: string): readonly FrameView[] {
  const { trace } = finding;
  const last = trace?.steps.at(-1)?.state ?? trace?.initial;
  return last?.threads.find((one) => one.name === thread)?.stack ?? [];
}

function rowsOf(
  waiting: WaitingThread,
  frames: readonly FrameView[],
  places: Places,
): readonly Row[] {
  const procs = waiting.procs.map(harmless).reverse();
  const outside = frames.findLast((frame) => places.isRoot(frame.span));
  return waiting.waits.map((wait, index) => {
    const first = index === 0;
    // A wait inside an imported proc is told as the call of it.
    const call = places.isRoot(wait.span) ? undefined : outside;
    const calling = call === undefined ? "" : `${places.text(call.span)} `;
    return {
      thread: first ? harmless(waiting.thread) : "",
      wait: calling + harmless(waitText(wait)),
      where: places.where(call?.span ?? wait.span),
      calls: first && procs.length > 0 ? `in ${procs.join(" ← ")}` : "",
    };
  });
}

function waitText(wait: WaitView): string {
  return wait.kind === "retry" ? `tries ${wait.text}` : `until ${wait.text}`;
}

function tableLines(rows: readonly Row[], options: WaitingOptions): readonly string[] {
  const { columns, paint } = options;
  const widest = (of: (row: Row) => string): number =>
    Math.max(...rows.map((row) => displayWidth(of(row))));
  const thread = widest((row) => row.thread);
  const where = widest((row) => row.where);
  const calls = widest((row) => row.calls);
  const room = columns - INDENT.length - thread - where - 2 * GAP.length;
  const wait = Math.min(
    room,
    widest((row) => row.wait),
  );
  const besides = calls === 0 || wait + GAP.length + calls <= room;
  const indent = " ".repeat(INDENT.length + thread + GAP.length);
  return rows.flatMap((row) => {
    const [first = "", ...rest] = wrap(row.wait, wait);
    const line = [
      padEnd(row.thread, thread),
      padEnd(first, wait),
      paint("dim", padEnd(row.where, where)),
      besides ? paint("dim", row.calls) : "",
    ].join(GAP);
    const below = besides || row.calls === "" ? [] : wrap(row.calls, columns - indent.length);
    return [
      (INDENT + line).trimEnd(),
      ...rest.map((more) => indent + more),
      ...below.map((more) => indent + paint("dim", more)),
    ];
  });
}
