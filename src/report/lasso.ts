import type { Finding, LassoParty, LassoView, Trace, WaitView } from "../outcome/outcome.ts";
import { harmless } from "../support/display.ts";
import { counted, listed } from "./phrases.ts";
import { WAIT_INDENT, type WaitingOptions, type WaitRow, waitTable } from "./wait-table.ts";
import { waitRows } from "./waiting.ts";

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
  const { paint } = options;
  const { parties, start } = lasso;
  const of = (role: LassoParty["role"]): readonly LassoParty[] =>
    parties.filter((one) => one.role === role);
  const rows = [
    ...movers(of("moves")),
    ...of("starved").flatMap((one) => partyRows(finding, lasso, one, options)),
    ...of("waits").flatMap((one) => partyRows(finding, lasso, one, options)),
  ];
  const done = of("done").map(({ agent }) => harmless(agent));
  const lines = [
    ...waitTable(rows, options),
    ...(done.length === 0 ? [] : [`${WAIT_INDENT}${paint("dim", `not running: ${listed(done)}`)}`]),
  ];
  const heading = start === null ? "at the end" : "in the cycle";
  return lines.length === 0 ? [] : [`  ${paint("bold", heading)}`, ...lines];
}

function movers(parties: readonly LassoParty[]): readonly WaitRow[] {
  return parties.map(({ agent, isTransition }) => ({
    ...EMPTY_ROW,
    thread: harmless(agent),
    wait: isTransition ? "is taken" : "moves",
  }));
}

const EMPTY_ROW: WaitRow = { thread: "", wait: "", where: "", calls: "", notes: [] };

function partyRows(
  finding: Finding,
  lasso: LassoView,
  party: LassoParty,
  { places }: WaitingOptions,
): readonly WaitRow[] {
  const { waiting, agent } = party;
  const starved = party.role === "starved";
  const note = starved ? starvedText(party, lasso) : "";
  const notes = note === "" ? [] : [note];
  const words = (wait: WaitView): string => waitWords(wait, starved);
  const rows =
    waiting === null ? [] : waitRows(waiting, framesIn(finding, lasso, agent), places, words);
  const [first, ...rest] = rows;
  if (first === undefined) {
    const wait = starved ? "could go on" : party.isTransition ? "is not possible" : "waits";
    return [{ ...EMPTY_ROW, thread: harmless(agent), wait, notes }];
  }
  return [{ ...first, notes }, ...rest];
}

/** Where a thread stands at the first state of the cycle, or where everything stops. */
function framesIn({ trace }: Finding, { start }: LassoView, agent: string) {
  const steps = trace?.steps.slice(0, start ?? undefined) ?? [];
  const state = steps.length === 0 ? trace?.initial : steps.at(-1)?.state;
  return state?.threads.find(({ name }) => name === agent)?.stack ?? [];
}

function waitWords({ kind, text }: WaitView, starved: boolean): string {
  if (kind === "retry") {
    return `tries ${text}`;
  }
  const verb = kind === "idle" ? "sleeps" : starved ? "could pass" : "waits";
  return verb === "could pass" ? `stands at ${text}` : `${verb} until ${text}`;
}

/** Why somebody who could go on need not. */
function starvedText({ fairness, isTransition }: LassoParty, { start }: LassoView): string {
  switch (fairness) {
    case "none":
      return isTransition
        ? "is possible, and nothing promises that it is ever taken"
        : "could go on, but is unfair: nothing promises that it ever does";
    case "weak":
      return start === null
        ? "could go on"
        : "could go on now and then, but not all the time: weak fairness promises it nothing";
    default:
      return "could go on elsewhere, but not at its strong wait: fairness promises it nothing";
  }
}
