import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Contender, contendersFor, type Figures, type MdcheckCall } from "./contenders.ts";
import { Failure, isInstalled, measure, median, type Sample } from "./measure.ts";
import type { BenchModel, Size } from "./models.ts";
import { type Cell, digits, grouped, megabytes, millions, seconds, tableText } from "./table.ts";

/** What one tool in one mode did with one model; medians over the rounds. */
export interface Row {
  readonly tool: Contender["tool"];
  readonly mode: string;
  readonly compilingMs: number;
  readonly wallMs: number;
  readonly peakBytes: number;
  readonly figures: Figures;
  /** The least part of a core that a run had; tells of other work where one thread searches. */
  readonly share: number;
  /** Why there is nothing to show, or null. */
  readonly failure: string | null;
}

/** All tools on one model. */
export interface Versus {
  readonly model: BenchModel;
  readonly size: Size;
  readonly rows: readonly Row[];
}

/** Where things are and how often to look. */
export interface Plan {
  readonly models: string;
  /** For compiled peers, and the measuring program. */
  readonly tools: string;
  readonly isQuick: boolean;
  readonly rounds: number;
  readonly secondsAtMost: number;
  /** Whether others use the machine, so that processor time is shown for exploring, not the clock. */
  readonly isShared: boolean;
  readonly call: MdcheckCall;
  /** Says what is being done. */
  readonly tell: (what: string) => void;
}

interface Entry {
  readonly model: BenchModel;
  readonly size: Size;
  readonly contender: Contender;
  readonly folder: string;
  compilingMs: number;
  failure: string | null;
  readonly samples: { readonly sample: Sample; readonly figures: Figures }[];
}

/** Runs every tool on every model, round by round: what disturbs the machine meets all of them. */
export function runVersus(models: readonly BenchModel[], plan: Plan): readonly Versus[] {
  const entries = models.flatMap((model) => entriesFor(model, plan));
  for (const entry of entries) {
    prepareEntry(entry, plan);
  }
  for (let round = 1; round <= plan.rounds; round++) {
    for (const entry of entries) {
      plan.tell(`round ${round} of ${plan.rounds}: ${nameOf(entry)}`);
      runEntry(entry, plan);
    }
  }
  return models.map((model) => ({
    model,
    size: sizeOf(model, plan),
    rows: entries.filter((entry) => entry.model === model).map(rowOf),
  }));
}

function sizeOf(model: BenchModel, { isQuick }: Plan): Size {
  return isQuick ? model.quick : model.full;
}

function entriesFor(model: BenchModel, plan: Plan): Entry[] {
  return contendersFor(model, plan.call).map((contender, at) => ({
    model,
    size: sizeOf(model, plan),
    contender,
    folder: join(plan.tools, `${model.name}-${at}`),
    compilingMs: 0,
    failure: null,
    samples: [],
  }));
}

function nameOf({ model, contender }: Entry): string {
  return `${model.name}, ${contender.tool} ${contender.mode}`;
}

/** Does `work`; remembers why it failed, if it did. */
function attempt(entry: Entry, work: () => void): void {
  if (entry.failure !== null) {
    return;
  }
  try {
    work();
  } catch (error) {
    if (!(error instanceof Failure)) {
      throw error;
    }
    entry.failure = error.message;
  }
}

function prepareEntry(entry: Entry, plan: Plan): void {
  const { model, size, contender, folder } = entry;
  attempt(entry, () => {
    const missing = contender.needs.filter((command) => !isInstalled(command));
    if (missing.length > 0) {
      throw new Failure(`not installed (apt-get install ${missing.join(" ")})`);
    }
    plan.tell(`preparing ${nameOf(entry)}`);
    mkdirSync(folder, { recursive: true });
    const from = performance.now();
    contender.prepare({ model, size, models: plan.models, folder });
    entry.compilingMs = contender.tool === "mdcheck" ? 0 : performance.now() - from;
  });
}

function runEntry(entry: Entry, plan: Plan): void {
  const { model, size, contender, folder } = entry;
  attempt(entry, () => {
    const command = contender.command({ model, size, models: plan.models, folder });
    const sample = measure(command, plan.tools, { folder, seconds: plan.secondsAtMost });
    const told = contender.read(sample);
    if (told.states !== size.states) {
      throw new Failure(`WRONG COUNT: ${told.states} states, not ${size.states}`);
    }
    const share = plan.isShared ? Math.min(1, sample.cpuMs / sample.wallMs) : 1;
    entry.samples.push({ sample, figures: { ...told, exploringMs: told.exploringMs * share } });
  });
}

function rowOf({ contender: { tool, mode }, compilingMs, failure, samples }: Entry): Row {
  const over = (of: (one: Entry["samples"][number]) => number): number => median(samples.map(of));
  return {
    tool,
    mode,
    compilingMs,
    wallMs: over(({ sample }) => sample.wallMs),
    peakBytes: over(({ sample }) => sample.peakBytes),
    share: Math.min(...samples.map(({ sample }) => sample.cpuMs / sample.wallMs)),
    figures: {
      states: over(({ figures }) => figures.states),
      transitions: over(({ figures }) => figures.transitions),
      exploringMs: over(({ figures }) => figures.exploringMs),
      remark: samples[0]?.figures.remark ?? "",
      storage: samples[0]?.figures.storage ?? null,
    },
    failure,
  };
}

/** States per second of exploring. */
export function rateOf({ figures }: Row): number {
  return (figures.states / figures.exploringMs) * 1000;
}

/** The row of mdcheck with so many workers, if it succeeded. */
export function mdcheckRow({ rows }: Versus, workers: number): Row | undefined {
  const mode = workers === 1 ? "1 worker" : `${workers} workers`;
  return rows.find((row) => row.tool === "mdcheck" && row.mode === mode && row.failure === null);
}

/** The fastest row of a tool; without those whose twin is written for speed, unless told so. */
export function fastestOf(versus: Versus, tool: Row["tool"], modes: RegExp): Row | undefined {
  return versus.rows
    .filter((row) => row.tool === tool && row.failure === null && modes.test(row.mode))
    .toSorted((a, b) => rateOf(b) - rateOf(a))[0];
}

const HEAD = [
  "tool",
  "mode",
  "compile s",
  "run s",
  "in all s",
  "exploring s",
  "M states/s",
  "M transitions/s",
  "peak MB",
  "bytes/state",
  "mdcheck ×",
] as const;

/** The table of one model. */
export function versusText(versus: Versus): string {
  const { model, size, rows } = versus;
  const one = mdcheckRow(versus, 1);
  const transitions = rows.find((row) => row.failure === null)?.figures.transitions ?? Number.NaN;
  const constants = Object.entries(size.constants).map(([name, value]) => `${name} = ${value}`);
  const storage = one?.figures.storage;
  const bits = storage ? `, ${storage.bitsPerState} bits as mdcheck packs them` : "";
  const failed = rows.filter((row) => row.failure !== null);
  return [
    `### ${model.name}`,
    "",
    `${model.about}: ${constants.join(", ")}; ${grouped(size.states)} states, ` +
      `${digits(transitions / size.states)} transitions each${bits}.`,
    "",
    tableText(
      HEAD,
      rows.filter((row) => row.failure === null).map((row) => cellsOf(row, one)),
    ),
    ...(failed.length > 0 ? ["", "Without a result:", ""] : []),
    ...failed.map(({ tool, mode, failure }) => `- ${tool}, ${mode}: ${failure}`),
  ].join("\n");
}

function cellsOf(row: Row, one: Row | undefined): readonly Cell[] {
  const { figures, compilingMs, wallMs, peakBytes } = row;
  return [
    row.tool,
    row.mode + figures.remark,
    compilingMs === 0 ? "–" : seconds(compilingMs),
    seconds(wallMs),
    seconds(compilingMs + wallMs),
    seconds(figures.exploringMs),
    millions(rateOf(row)),
    millions((figures.transitions / figures.exploringMs) * 1000),
    megabytes(peakBytes),
    digits(peakBytes / figures.states),
    digits(one === undefined ? Number.NaN : rateOf(one) / rateOf(row)),
  ];
}

/** A core is shared if a run that keeps it busy had less of it. */
const SHARE_QUIET = 0.95;

/** Whether the machine was quiet: a search of one thread should have had a core for itself. */
export function quietText(all: readonly Versus[]): string {
  const alone = all
    .flatMap(({ rows }) => rows)
    .filter((row) => row.failure === null && /SPIN|^C$/.test(row.tool));
  const disturbed = alone.filter(({ share }) => share < SHARE_QUIET);
  if (disturbed.length === 0) {
    return "No run of SPIN or of the search in C had to wait for a core.";
  }
  const least = Math.round(Math.min(...disturbed.map(({ share }) => share)) * 100);
  return (
    `NOT A QUIET MACHINE: ${disturbed.length} of ${alone.length} searches of one thread had to ` +
    `wait for a core, one had it for ${least} % of its time. The figures say little.`
  );
}
