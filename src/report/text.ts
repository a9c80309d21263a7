import type { Sources } from "../diagnostics/diagnostic.ts";
import type { Finding, JudgedFinding, Outcome, SpecOutcome, Unmet } from "../outcome/outcome.ts";
import { type Paint, painter, type Style } from "../support/ansi.ts";
import { displayWidth, harmless, padEnd, padStart, wrap } from "../support/display.ts";
import { coverageLines } from "./coverage.ts";
import { alsoLines, findingLines } from "./finding.ts";
import {
  counted,
  duration,
  expectationText,
  findingSentence,
  findingVerb,
  grouped,
  reasonText,
} from "./phrases.ts";
import { placesOf } from "./places.ts";
import { statisticsLines } from "./statistics.ts";
import { warningsText } from "./warnings.ts";

/** How reports are laid out. */
export interface TextOptions {
  readonly columns: number;
  readonly color: boolean;
  /** Whole states in traces in place of what each step changes. */
  readonly fullStates: boolean;
  /** The size of each search under its line. */
  readonly stats: boolean;
}

/** What the lines of one spec have in common. */
export interface SpecLayout extends TextOptions {
  readonly file: string;
  /** Names of all checks that will be reported, so that columns line up from the first one on. */
  readonly checks: readonly string[];
  readonly sources: Sources;
}

/** How much is said of one check. */
export type Detail =
  /** The line of the check; of a finding that was expected, no more than that. */
  | "brief"
  /** The trace of an expected finding as well. What is not met is always told in full. */
  | "full";

const NAME_COLUMNS_MAX = 32;
/** On a wider terminal the figures stay within reach of the eye. */
const LINE_COLUMNS_MAX = 100;
const STATES_COLUMNS = 9;
const TIME_COLUMNS = 7;

/** `specs/raid10.spec  raid10`, the line above the checks of a spec. */
export function headerText(file: string, module: string, options: TextOptions): string {
  const paint = painter(options.color);
  return `${paint("bold", harmless(file))}  ${paint("dim", harmless(module))}`;
}

/** One check: its line and what there is to say of it, each line ended. */
export function outcomeText(outcome: Outcome, detail: Detail, layout: SpecLayout): string {
  const paint = painter(layout.color);
  const places = placesOf(layout.sources, layout.file);
  const lines = [...checkLines(outcome, layout, paint)];
  const reasons = outcome.unmet.filter((one) => one.kind !== "unexpected");
  lines.push(...reasons.flatMap((one) => sentence(reasonSentence(one), layout)));
  if (layout.stats) {
    const columns = Math.min(layout.columns, LINE_COLUMNS_MAX);
    const figures = statisticsLines(outcome.statistics, { columns, paint });
    lines.push(...(figures.length === 0 ? [] : ["", ...figures, ""]));
  }
  const told = leadingFinding(outcome);
  if (told !== null && (!outcome.met || detail === "full")) {
    const { fullStates } = layout;
    const look = { columns: layout.columns, fullStates, places, paint };
    lines.push(...findingLines(outcome, told, look), ...alsoLines(outcome, told, look));
    lines.push("");
  }
  const { columns } = layout;
  if (outcome.coverage !== null) {
    const counts = coverageLines(outcome.coverage, { columns, places, paint });
    lines.push(...(counts.length === 0 ? [] : ["", ...counts, ""]));
  }
  // Each block has a blank line in front of it and behind it: one is enough.
  return lines
    .filter((line, index) => line !== "" || lines[index - 1] !== "")
    .map((line) => `${line}\n`)
    .join("");
}

/** The finding that a check is about: what was not expected, else what was, else a note; or none. */
function leadingFinding(outcome: Outcome): JudgedFinding | null {
  const { findings, unmet } = outcome;
  const guilty = unmet.find((one) => one.kind === "unexpected")?.finding;
  return (
    (guilty === undefined ? undefined : findings.find((one) => sameFinding(one, guilty))) ??
    findings.find((one) => one.expected) ??
    findings[0] ??
    null
  );
}

function sameFinding(a: Finding, b: Finding): boolean {
  return a.kind === b.kind && a.span === b.span && a.trace === b.trace;
}

function checkLines(outcome: Outcome, layout: SpecLayout, paint: Paint): readonly string[] {
  const widest = Math.max(...layout.checks.map(displayWidth), displayWidth(outcome.check.name));
  const name = padEnd(harmless(outcome.check.name), Math.min(NAME_COLUMNS_MAX, widest));
  const left = `${mark(outcome, paint)} ${paint("bold", name)}   `;
  const words = verdictWords(outcome);
  const columns = Math.min(layout.columns, LINE_COLUMNS_MAX);
  // Right-aligned, so what stands before may reach into the blanks of small counts.
  const numbers = figures(outcome, columns).trimStart();
  const used = 2 + displayWidth(name) + 3 + displayWidth(words);
  const room = columns - used - displayWidth(numbers);
  if (room >= 2) {
    return [`${left}${words}${" ".repeat(room)}${paint("dim", numbers)}`];
  }
  return [`${left}${words}`, paint("dim", padStart(numbers, columns))];
}

function mark(outcome: Outcome, paint: Paint): string {
  if (outcome.met) {
    return paint("green", "✓");
  }
  return outcome.unmet.every((one) => one.kind === "incomplete")
    ? paint("yellow", "⚠")
    : paint("red", "✗");
}

function verdictWords(outcome: Outcome): string {
  const { verdict, unmet, met } = outcome;
  const finding = leadingFinding(outcome);
  const reasons = unmet.map((one) => one.kind);
  if (finding === null && verdict.kind === "incomplete") {
    return outcome.statistics.states === 0
      ? "not run"
      : `incomplete: ${reasonText(verdict.reason)}`;
  }
  const holds =
    verdict.kind === "holds" && verdict.withinConstraint ? "holds within the constraint" : "holds";
  const verb = finding === null ? holds : findingVerb(finding);
  if (met) {
    return finding === null ? verb : `${verb}, as expected`;
  }
  if (reasons[0] === "unexpected") {
    const expectsOk = outcome.check.expectations.every((one) => one.kind === "ok");
    return expectsOk ? verb : `${verb}, not as expected`;
  }
  const cutShort = unmet.find((one) => one.kind === "incomplete");
  if (cutShort !== undefined) {
    return `${verb}; incomplete: ${reasonText(cutShort.reason)}`;
  }
  return reasons[0] === "states" ? `${verb}; states differ` : `${verb}, not as expected`;
}

/** States, depth and time, right-aligned; fewer of them on a narrow terminal. */
function figures(outcome: Outcome, columns: number): string {
  const { states, depth, elapsedMs } = outcome.statistics;
  if (states === 0) {
    return "";
  }
  const noun = states === 1 ? "state " : "states";
  const parts = [`${padStart(grouped(states), STATES_COLUMNS)} ${noun}`];
  if (columns >= 90) {
    parts.push(`depth ${padEnd(grouped(depth), 3)}`);
  }
  parts.push(padStart(duration(elapsedMs), TIME_COLUMNS));
  return parts.join("  ");
}

function sentence(text: string, layout: SpecLayout): readonly string[] {
  return wrap(text, layout.columns - 2).map((line) => `  ${line}`);
}

function reasonSentence(one: Unmet): string {
  switch (one.kind) {
    case "missing":
      return `expected ${expectationText(one.expectation)}, but no reachable state shows it`;
    case "states":
      return `expected ${counted(one.expected, "state")}, found ${grouped(one.actual)}`;
    case "incomplete":
      return one.reason === "interrupted"
        ? "interrupted: what was not searched may still show something"
        : `the ${reasonText(one.reason)} came before the end: what was not searched may still show something`;
    default:
      return findingSentence(one.finding);
  }
}

/** What the checks of all specs came to. */
export interface Tally {
  readonly met: number;
  readonly unmet: number;
  /** Specs that could not be run because of errors in them. */
  readonly specsWithErrors: number;
  readonly interrupted: boolean;
  /** Whether some check has a finding of which no more than its line was told. */
  readonly tracesLeftOut: boolean;
}

/** The last lines: how many checks are met, and how to see more. */
export function summaryText(tally: Tally, options: TextOptions): string {
  const paint = painter(options.color);
  const all = tally.met + tally.unmet;
  const parts: { readonly style: Style; readonly text: string }[] = [];
  if (all > 0) {
    const unmet = `${all === 1 ? "" : `${grouped(tally.unmet)} of `}${counted(all, "check")} not met`;
    parts.push(
      tally.unmet === 0
        ? { style: "green", text: `${counted(all, "check")} met` }
        : { style: "red", text: unmet },
    );
  }
  if (tally.specsWithErrors > 0) {
    parts.push({ style: "red", text: `${counted(tally.specsWithErrors, "spec")} with errors` });
  }
  if (tally.interrupted) {
    parts.push({ style: "yellow", text: "interrupted" });
  }
  const remarks = [...(tally.tracesLeftOut ? ["-c <name> shows the trace of a check"] : [])];
  const plain = [parts.map(({ text }) => text).join(", "), ...remarks].join(" · ");
  const between = displayWidth(plain) <= options.columns ? " " : "\n";
  return `${[
    parts.map(({ style, text }) => paint(style, text)).join(", "),
    ...remarks.map((one) => paint("dim", `· ${one}`)),
  ].join(between)}\n`;
}

/** What is said of a file that only others import; they define `prototypes`. */
export function libraryText(
  file: string,
  module: string,
  prototypes: readonly string[],
  options: TextOptions,
): string {
  const paint = painter(options.color);
  const open = prototypes.length === 0 ? "" : `; left to define: ${prototypes.join(", ")}`;
  const text = `a library: no errors, nothing to run${open}`;
  return `${headerText(file, module, options)}  ${paint("dim", text)}\n`;
}

/** A whole spec: header, every check with its trace; empty if nothing was run. */
export function specText(spec: SpecOutcome, options: TextOptions): string {
  const { file, module, outcomes, sources } = spec;
  if (outcomes.length === 0) {
    return "";
  }
  const checks = outcomes.map((one) => one.check.name);
  const layout = { ...options, file, sources, checks };
  const told = outcomes.map((one) => outcomeText(one, "full", layout));
  const warned = warningsText(outcomes, layout);
  // A blank line stands between blocks, whoever ends with one.
  const parts = told.join("").endsWith("\n\n") ? warned.replace(/^\n/, "") : warned;
  return `${headerText(file, module, options)}\n\n${told.join("")}${parts}`;
}
