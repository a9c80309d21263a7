import type { Finding, JudgedFinding, Outcome, Trace } from "../outcome/outcome.ts";
import type { Paint } from "../support/ansi.ts";
import { harmless, wrap } from "../support/display.ts";
import { showValue } from "../values/show.ts";
import { lassoSentence, lassoWay, partyLines } from "./lasso.ts";
import { counted, findingSentence } from "./phrases.ts";
import type { Places } from "./places.ts";
import { CYCLE_MARK, NO_MARKS, type TraceMarks, TURN_MARK, traceLines, wayText } from "./trace.ts";
import { waitForLines } from "./wait-for.ts";
import { waitingLines } from "./waiting.ts";

/** How a finding is laid out. */
export interface FindingOptions {
  readonly columns: number;
  readonly fullStates: boolean;
  readonly places: Places;
  readonly paint: Paint;
}

/** A spec can deadlock in dozens of ways: the shortest ones are named. */
const ALSO_MAX = 8;

/** A finding in full: what it is, how it comes about, who waits. */
export function findingLines(
  outcome: Outcome,
  finding: JudgedFinding,
  options: FindingOptions,
): readonly string[] {
  const { places, paint } = options;
  const { trace, span, lasso } = finding;
  const { doc, constants } = outcome.check;
  const settings = constants.map(({ name, value }) => `${name} = ${harmless(showValue(value))}`);
  const at = span === null ? "" : ` (${places.where(span)})`;
  const way = trace === null ? "" : `. ${lasso === null ? wayText(trace) : lassoWay(lasso, trace)}`;
  const dimmed = (text: string): readonly string[] =>
    paragraph(harmless(text), options).map((line) => paint("dim", line));
  const lines = [
    ...(doc === null ? [] : doc.split("\n").flatMap(dimmed)),
    ...(settings.length === 0 ? [] : dimmed(`with ${settings.join(", ")}`)),
    ...paragraph(`${harmless(findingSentence(finding))}${at}${way}`, options),
    ...definitionLines(finding, options),
  ];
  if (trace === null) {
    return lines;
  }
  const marks = marksOf(finding, trace);
  const showInitial = outcome.statistics.initialStates > 1 && trace.steps.length > 0;
  const blocks = [
    [
      ...traceLines(trace, { ...options, showInitial, marks }),
      ...legendLines(finding, trace, options),
    ],
    finding.waitFor === null
      ? waitingLines(finding, options)
      : waitForLines(finding, finding.waitFor, options),
    lasso === null ? [] : partyLines(finding, lasso, options),
  ];
  return [...lines, ...blocks.flatMap((block) => (block.length === 0 ? [] : ["", ...block]))];
}

function paragraph(text: string, { columns }: FindingOptions): readonly string[] {
  return wrap(text, columns - 2).map((line) => `  ${line}`);
}

/** What a temporal property or `recoverable` demands: its name alone seldom tells. */
function definitionLines(finding: Finding, options: FindingOptions): readonly string[] {
  const demands =
    finding.kind === "violation" &&
    (finding.property === "property" || finding.property === "recoverable");
  const text = demands && finding.span !== null ? options.places.definition(finding.span) : "";
  return text === ""
    ? []
    : wrap(text, options.columns - 4).map((line) => `    ${options.paint("cyan", line)}`);
}

function isRecoverable(finding: Finding): boolean {
  return finding.kind === "violation" && finding.property === "recoverable";
}

/** What the margin of a trace points out. */
function marksOf(finding: Finding, trace: Trace): TraceMarks {
  const count = trace.steps.length;
  const turn = isRecoverable(finding) ? count : finding.doomedAt;
  return {
    ...NO_MARKS,
    turn: turn === 0 ? null : turn,
    cycleStart: finding.lasso?.start ?? null,
  };
}

/** What the marks in the margin mean. */
function legendLines(finding: Finding, trace: Trace, options: FindingOptions): readonly string[] {
  const { doomedAt, lasso } = finding;
  const { paint, columns } = options;
  const said = (mark: string, text: string): readonly string[] =>
    wrap(text, columns - 4).map(
      (line, index) => `  ${index === 0 ? paint("yellow", mark) : " "} ${line}`,
    );
  if (lasso !== null) {
    const mark = lasso.start === null ? TURN_MARK : CYCLE_MARK;
    return said(mark, lassoSentence(lasso, trace));
  }
  if (isRecoverable(finding) && "name" in finding) {
    const away = `${harmless(finding.name)} is out of reach`;
    const count = trace.steps.length;
    return said(
      TURN_MARK,
      count === 0 ? `${away} from the start` : `from step ${count} on, ${away}`,
    );
  }
  if (doomedAt === null) {
    return [];
  }
  const them = "threads" in finding && finding.threads.length === 1 ? "it" : "them";
  const text =
    doomedAt === 0
      ? `nothing can save ${them}, from the start`
      : `from step ${doomedAt} on, nothing can save ${them}`;
  return said(TURN_MARK, text);
}

/** The findings besides the one that is told in full, a line each. */
export function alsoLines(
  outcome: Outcome,
  told: JudgedFinding,
  options: FindingOptions,
): readonly string[] {
  const { places, paint } = options;
  const others = outcome.findings.filter((one) => one !== told);
  const more = others.length - ALSO_MAX;
  const lines = others.slice(0, ALSO_MAX).flatMap((one) => {
    const at = one.span === null ? "" : ` (${places.where(one.span)})`;
    const steps = one.trace === null ? "" : `, after ${counted(one.trace.steps.length, "step")}`;
    const expected = one.expected ? ", as expected" : "";
    return paragraph(`also: ${harmless(findingSentence(one))}${at}${steps}${expected}`, options);
  });
  if (more > 0) {
    lines.push(`  and ${counted(more, "other finding")}`);
  }
  return lines.length === 0 ? [] : ["", ...lines.map((line) => paint("dim", line))];
}
