import type { Finding, FrameView, WaitingThread, WaitView } from "../outcome/outcome.ts";
import { harmless } from "../support/display.ts";
import { listedThreads } from "./phrases.ts";
import type { Places } from "./places.ts";
import {
  callsText,
  WAIT_INDENT,
  type WaitingOptions,
  type WaitRow,
  waitTable,
} from "./wait-table.ts";

/**
 * Who waits where, with call stacks, at the end of a deadlock or hang of which nobody asked who waits
 * for whom; no lines for other findings.
 */
export function waitingLines(finding: Finding, options: WaitingOptions): readonly string[] {
  const blocked = finding.waiting.filter((one) => one.status === "blocked");
  if (blocked.length === 0) {
    return [];
  }
  const rows = blocked.flatMap((one) =>
    waitRows(one, framesOf(finding, one.thread), options.places, untilText),
  );
  return [
    `  ${options.paint("bold", "who waits")}`,
    ...waitTable(rows, options),
    ...idleLines(finding, [], options),
  ];
}

/** That some threads are at rest, except those of which something is `told` already. */
export function idleLines(
  finding: Finding,
  told: readonly string[],
  { paint }: WaitingOptions,
): readonly string[] {
  const idle = finding.waiting.filter((one) => one.status === "idle" && !told.includes(one.thread));
  if (idle.length === 0) {
    return [];
  }
  const names = listedThreads(idle.map((one) => harmless(one.thread)));
  const text = `${names} ${idle.length === 1 ? "is" : "are"} idle and may stay so`;
  return [`${WAIT_INDENT}${paint("dim", text)}`];
}

/** Where a thread stands at the end of the trace of a finding, outermost frame first. */
export function framesOf(finding: Finding, thread: string): readonly FrameView[] {
  const { trace } = finding;
  const last = trace?.steps.at(-1)?.state ?? trace?.initial;
  return last?.threads.find((one) => one.name === thread)?.stack ?? [];
}

/**
 * A row for each wait at which a thread stands; `words` says what it does there, of a wait inside an
 * imported proc with the call of that, which is told instead.
 */
export function waitRows(
  waiting: WaitingThread,
  frames: readonly FrameView[],
  places: Places,
  words: (wait: WaitView, call: string | null) => string,
): readonly WaitRow[] {
  const outside = frames.findLast((frame) => places.isTold(frame.span));
  return waiting.waits.map((wait, index) => {
    const first = index === 0;
    const call = places.isTold(wait.span) ? undefined : outside;
    return {
      thread: first ? harmless(waiting.thread) : "",
      wait: harmless(words(wait, call === undefined ? null : places.text(call.span))),
      where: places.where(call?.span ?? wait.span),
      calls: first ? callsText(waiting.procs.map(harmless)) : "",
      notes: [],
    };
  });
}

function untilText({ kind, text }: WaitView, call: string | null): string {
  const calling = call === null ? "" : `${call} `;
  return calling + (kind === "retry" ? `tries ${text}` : `until ${text}`);
}
