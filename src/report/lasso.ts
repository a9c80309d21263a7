import type {
  Finding,
  FrameView,
  LassoParty,
  LassoView,
  StateView,
  Trace,
  WaitView,
} from "../outcome/outcome.ts";
import { cut, harmless, wrap } from "../support/display.ts";
import { counted, firstStatement, listed, listedThreads } from "./phrases.ts";
import {
  callsText,
  WAIT_INDENT,
  type WaitingOptions,
  type WaitRow,
  waitTable,
} from "./wait-table.ts";
import { waitRows } from "./waiting.ts";

/** A longer statement is cut. */
const STATEMENT_COLUMNS_MAX = 60;

/** In front of the trace: how many steps lead where. */
export function lassoWay(lasso: LassoView, trace: Trace): string {
  const { start } = lasso;
  const count = trace.steps.length;
  if (start === null) {
    return count === 0
      ? "Nothing need ever happen"
      : `After ${counted(count, "step")} nothing more need happen`;
  }
  const cycle = `a cycle of ${counted(count - start, "step")}`;
  return start === 0 ? `Shown by ${cycle}` : `Shown by ${counted(start, "step")} and ${cycle}`;
}

/** Below the trace: that it goes on like this for ever, or that it stops. */
export function lassoSentence({ start }: LassoView, { steps }: Trace): string {
  if (start === null) {
    return "and then nothing happens any more";
  }
  const [first, last] = [start + 1, steps.length];
  return first === last
    ? `step ${first} again and again, for ever`
    : `steps ${first} to ${last} again and again, for ever`;
}

/** Who moves in the cycle, who could and does not, and who waits; or why everybody may stop. */
export function partyLines(
  finding: Finding,
  lasso: LassoView,
  options: WaitingOptions,
): readonly string[] {
  const { paint, columns } = options;
  const { parties, start } = lasso;
  const of = (role: LassoParty["role"]): readonly LassoParty[] =>
    parties.filter((one) => one.role === role);
  const state = stateAt(finding, lasso);
  const rows = [
    ...of("starved").map((one) => starvedRow(one, state, options)),
    ...of("waits").flatMap((one) => waiterRows(one, state, options)),
  ];
  const said = (names: readonly string[], text: string): readonly string[] =>
    names.length === 0
      ? []
      : wrap(text, columns - WAIT_INDENT.length).map((line) => WAIT_INDENT + line);
  const dim = (lines: readonly string[]): readonly string[] =>
    lines.map((line) => paint("dim", line));
  const movers = namesOf(of("moves"));
  const impossible = namesOf(of("waits").filter(({ isTransition }) => isTransition));
  const done = namesOf(of("done"));
  const lines = [
    ...said(movers, `${listedThreads(movers)} ${movers.length > 1 ? "move" : "moves"}`),
    ...waitTable(rows, options),
    ...dim(said(impossible, `not possible: ${listed(impossible)}`)),
    ...dim(said(done, `not running: ${listedThreads(done)}`)),
    ...starvedSentences(of("starved"), lasso).flatMap((text) =>
      wrap(text, columns - 2).map((line) => `  ${line}`),
    ),
  ];
  const heading = start === null ? "at the end" : "in the cycle";
  return lines.length === 0 ? [] : [`  ${paint("bold", heading)}`, ...lines];
}

/** The first state of the cycle, or the one at which everything stops. */
function stateAt({ trace }: Finding, { start }: LassoView): StateView | null {
  const steps = trace?.steps.slice(0, start ?? undefined) ?? [];
  return (steps.length === 0 ? trace?.initial : steps.at(-1)?.state) ?? null;
}

function framesIn(state: StateView | null, agent: string): readonly FrameView[] {
  return state?.threads.find(({ name }) => name === agent)?.stack ?? [];
}

function namesOf(parties: readonly LassoParty[]): readonly string[] {
  return parties.map(({ agent }) => harmless(agent));
}

/** Where somebody stands who could go on. */
function starvedRow(
  { agent }: LassoParty,
  state: StateView | null,
  { places }: WaitingOptions,
): WaitRow {
  const frames = framesIn(state, agent);
  const at = frames.findLast((frame) => places.isTold(frame.span));
  const procs = frames.flatMap(({ proc }) => (proc === null ? [] : [harmless(proc)]));
  return {
    thread: harmless(agent),
    wait:
      at === undefined
        ? "is possible"
        : `stands at ${cut(firstStatement(places.text(at.span)), STATEMENT_COLUMNS_MAX)}`,
    where: at === undefined ? "" : places.where(at.span),
    calls: callsText(procs),
    notes: [],
  };
}

/** None for a transition, which stands nowhere. */
function waiterRows(
  { waiting, agent, isTransition }: LassoParty,
  state: StateView | null,
  { places }: WaitingOptions,
): readonly WaitRow[] {
  const rows = waiting === null ? [] : waitRows(waiting, framesIn(state, agent), places, waitWords);
  return rows.length > 0 || isTransition
    ? rows
    : [{ thread: harmless(agent), wait: "waits", where: "", calls: "", notes: [] }];
}

function waitWords({ kind, text }: WaitView, call: string | null): string {
  const within = call === null ? "" : ` in ${call}`;
  if (kind === "retry") {
    return `tries ${text}${within}`;
  }
  return `${kind === "idle" ? "sleeps" : "waits"}${within} until ${text}`;
}

/** Why those who could go on need not; a sentence for each reason. */
function starvedSentences(parties: readonly LassoParty[], { start }: LassoView): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const { agent, fairness } of parties) {
    const reason = REASONS[start === null && fairness === "weak" ? "strong" : fairness];
    reasons.set(reason, [...(reasons.get(reason) ?? []), harmless(agent)]);
  }
  return [...reasons].map(([reason, names]) => {
    const [they, them] = names.length === 1 ? ["it", "it"] : ["they", "them"];
    return `${listedThreads(names)} ${reason.replace("THEM", them).replace("THEY", they)}`;
  });
}

const REASONS = {
  none: "could go on, but nothing promises that THEY will",
  weak: "could go on now and then, but not all the time: weak fairness promises THEM nothing",
  strong: "could go on, but not where fairness promises it",
} as const;
