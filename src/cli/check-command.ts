import { FileError } from "../check/host.ts";
import type { Wanted } from "../check/prepare.ts";
import { checkUnknown, propertyUnknown } from "../check/problems.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { renderDiagnostic } from "../diagnostics/render.ts";
import type { Outcome, SpecOutcome } from "../outcome/outcome.ts";
import {
  headerText,
  libraryText,
  outcomeText,
  type SpecLayout,
  summaryText,
  type TextOptions,
} from "../report/text.ts";
import { warningsText } from "../report/warnings.ts";
import {
  type Checker,
  type CheckerParts,
  createLocalChecker,
  isToBeRun,
  type ReadSpec,
  type RunnableSpec,
} from "./checker.ts";
import { diagnosticsStatus, EXIT, firstStatus, outcomeStatus } from "./exit-status.ts";
import { FOLDER_DEFAULT, type FoundSpec, findSpecs } from "./find-specs.ts";
import { createHelpedChecker } from "./helped-checker.ts";
import { hostOf } from "./host-of-io.ts";
import type { Io } from "./io.ts";
import { type LiveLine, liveLine } from "./live-line.ts";
import { type CheckCommandOptions, columnsOf, wantsColor } from "./options.ts";
import { openReport, type Report } from "./report-target.ts";

const ORIGIN = "<command line>";

/** What the checks of one run share. */
interface Run {
  readonly io: Io;
  readonly options: CheckCommandOptions;
  readonly wanted: Wanted;
  readonly checker: Checker;
  readonly layout: TextOptions;
  readonly report: Report;
  readonly live: LiveLine;
  readonly signal: { aborted: boolean };
  /** In the order of the files. */
  readonly statuses: number[];
  readonly specs: SpecOutcome[];
  tracesLeftOut: boolean;
  /** Every name of a check or property that some spec has. */
  readonly checkNames: Set<string>;
  readonly propertyNames: Set<string>;
}

/** Runs `mdcheck check`; the exit status. */
export async function checkCommand(
  args: readonly string[],
  options: CheckCommandOptions,
  io: Io,
): Promise<number> {
  const nothingNamed = args.length === 0;
  const found = await findSpecs(io.files, nothingNamed ? [FOLDER_DEFAULT] : args);
  if (nothingNamed && (found.specs.length === 0 || found.specs[0]?.named === true)) {
    io.stderr.write(
      `error: nothing to check: there is no ${FOLDER_DEFAULT}/**/*.spec here\n` +
        "Name a spec, a folder or a pattern: mdcheck path/to/some.spec (mdcheck --help says more)\n",
    );
    return EXIT.usage;
  }
  const report = await openReport(options, io);
  if (report === null) {
    return EXIT.file;
  }
  const run = newRun(found.specs, options, io, report);
  const stopListening = io.onInterrupt(() => {
    run.signal.aborted = true;
    run.checker.interrupt();
  });
  try {
    for (const problem of found.problems) {
      io.stderr.write(`error: ${problem}\n`);
      run.statuses.push(EXIT.file);
    }
    for (const [position, spec] of found.specs.entries()) {
      if (!run.signal.aborted) {
        await runSpec(spec, position, run);
      }
    }
  } finally {
    await run.checker.end();
    run.live.clear();
    stopListening();
  }
  return finish(run);
}

function newRun(
  specs: readonly FoundSpec[],
  options: CheckCommandOptions,
  io: Io,
  report: Report,
): Run {
  const wanted: Wanted = {
    checks: options.checks,
    constants: options.constants,
    constantsOrigin: ORIGIN,
    constantsPrefix: "-D ",
    properties: options.properties,
    ofSeveral: specs.length > 1,
    mayBeLibrary: true,
  };
  const signal = { aborted: false };
  const toTerminal = report.toStdout;
  return {
    io,
    options,
    wanted,
    checker: checkerOf(io, { paths: specs.map(({ path }) => path), wanted, options, signal }),
    layout: {
      columns: toTerminal ? columnsOf(io.stdout, io.environment) : 100,
      color: toTerminal
        ? wantsColor(options.color, io.environment, io.stdout)
        : options.color === "always",
      fullStates: options.fullStates,
      stats: options.stats,
    },
    report,
    live: liveLine(io, options.progress && !options.quiet),
    signal,
    statuses: [],
    specs: [],
    tracesLeftOut: false,
    checkNames: new Set(),
    propertyNames: new Set(),
  };
}

/** Several checks at a time, where there are threads for it. */
function checkerOf(io: Io, parts: CheckerParts): Checker {
  const local = createLocalChecker(io, hostOf(io), parts);
  const { startHelper } = io;
  return startHelper === null
    ? local
    : createHelpedChecker({ ...parts, local, clock: () => io.clock(), startHelper });
}

async function runSpec(spec: FoundSpec, position: number, run: Run): Promise<void> {
  const runnable = await prepareOrSay(position, run);
  if (runnable === null) {
    return;
  }
  const prepared = runnable.spec;
  const { file, module, diagnostics, sources } = prepared;
  sayDiagnostics(diagnostics, prepared, run);
  for (const name of prepared.checkNames) {
    run.checkNames.add(name);
  }
  for (const name of prepared.propertyNames) {
    run.propertyNames.add(name);
  }
  const failed = diagnostics.some((one) => one.severity === "error");
  if (failed) {
    run.statuses.push(diagnosticsStatus(diagnostics, ORIGIN));
    run.specs.push({ file, module, outcomes: [], diagnostics, sources });
    return;
  }
  if (prepared.isLibrary) {
    if (spec.named) {
      if (!run.options.quiet) {
        run.report.text(libraryText(file, module, prepared.prototypes, run.layout));
      }
      run.specs.push({ file, module, outcomes: [], diagnostics, sources });
    }
    return;
  }
  if (isToBeRun(prepared, run.options)) {
    const outcomes = await runChecks(runnable, run);
    run.specs.push({ file, module, outcomes, diagnostics, sources });
  }
}

async function prepareOrSay(position: number, run: Run): Promise<RunnableSpec | null> {
  try {
    return await run.checker.prepare(position);
  } catch (error) {
    if (!(error instanceof FileError)) {
      throw error;
    }
    run.io.stderr.write(`error: ${error.message}\n`);
    run.statuses.push(EXIT.file);
    return null;
  }
}

function sayDiagnostics(
  diagnostics: readonly Diagnostic[],
  prepared: Pick<ReadSpec, "sources">,
  run: Run,
): void {
  const { stderr, environment } = run.io;
  const color = wantsColor(run.options.color, environment, stderr);
  const columns = columnsOf(stderr, environment);
  for (const one of diagnostics) {
    stderr.write(`${renderDiagnostic(one, prepared.sources, { color, columns })}\n\n`);
  }
}

async function runChecks({ spec, run: runOne }: RunnableSpec, run: Run): Promise<Outcome[]> {
  const { file, module, checks, sources } = spec;
  const { options, report, live, layout: text } = run;
  const outcomes: Outcome[] = [];
  const layout: SpecLayout = { ...text, file, sources, checks };
  const header = `${run.specs.length > 0 ? "\n" : ""}${headerText(file, module, layout)}\n\n`;
  let headed = !options.quiet;
  if (headed) {
    report.text(header);
  }
  let traced = false;
  for (const index of checks.keys()) {
    // Seventeen traces would bury the verdicts: unasked, the first one stands for all.
    const full = options.checks !== null || (run.wanted.ofSeveral !== true && !traced);
    const place = checks.length === 1 ? "" : `${index + 1}/${checks.length}`;
    const outcome = await runOne(index, {
      isTold: options.format !== "text" || (full && !options.quiet),
      onProgress: (progress) => live.show(progress, place),
    });
    live.clear();
    outcomes.push(outcome);
    run.statuses.push(outcomeStatus(outcome));
    if (options.quiet && outcome.met) {
      continue;
    }
    if (!headed) {
      report.text(header);
      headed = true;
    }
    traced = traced || outcome.findings.length > 0;
    run.tracesLeftOut ||= !full && outcome.met && outcome.findings.length > 0;
    report.text(outcomeText(outcome, full ? "full" : "brief", layout));
  }
  if (headed) {
    report.text(warningsText(outcomes, layout));
  }
  return outcomes;
}

async function finish(run: Run): Promise<number> {
  sayUnknownNames(run);
  const { options, report, signal, specs } = run;
  const outcomes = specs.flatMap((spec) => spec.outcomes);
  const met = outcomes.filter((one) => one.met).length;
  const interrupted = signal.aborted;
  const status = firstStatus([...run.statuses, interrupted ? EXIT.incomplete : EXIT.met]);
  const tally = {
    met,
    unmet: outcomes.length - met,
    specsWithErrors: specs.filter((one) =>
      one.diagnostics.some((diagnostic) => diagnostic.severity === "error"),
    ).length,
    interrupted,
    tracesLeftOut: run.tracesLeftOut,
  };
  const silent = options.quiet && status === EXIT.met;
  if (!silent && (outcomes.length > 0 || tally.specsWithErrors < specs.length)) {
    report.text(`\n${summaryText(tally, run.layout)}`);
  }
  const written = await report.end(specs, status);
  return written ? status : firstStatus([status, EXIT.file]);
}

/** Of several specs, names that none of them has. */
function sayUnknownNames(run: Run): void {
  const { wanted, checkNames, propertyNames } = run;
  if (wanted.ofSeveral !== true) {
    return;
  }
  const where = "none of the specs";
  const unknown = [
    ...(wanted.checks ?? [])
      .filter((name) => !checkNames.has(name))
      .map((name) => checkUnknown(where, name, [...checkNames])),
    ...[...(wanted.properties ?? [])]
      .filter((name) => !propertyNames.has(name))
      .map((name) => propertyUnknown(where, name, [...propertyNames])),
  ];
  if (unknown.length > 0) {
    sayDiagnostics(unknown, { sources: new Map() }, run);
    run.statuses.unshift(EXIT.usage);
  }
}
