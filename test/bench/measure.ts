import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { join } from "node:path";

/** A command that ended well, and what it took. */
export interface Sample {
  readonly stdout: string;
  /** From fork to exit. */
  readonly wallMs: number;
  /** Of all its threads, in the kernel too. */
  readonly cpuMs: number;
  /** The most memory held at a time. */
  readonly peakBytes: number;
}

/** Why a command has no sample, in words for the table. */
export class Failure extends Error {}

/** Where to run, and for how long at most. */
export interface Surroundings {
  readonly folder: string;
  readonly seconds: number;
}

type Command = readonly [string, ...string[]];

/** The name of the program that runs another one and measures it. */
const MEASURE = "measure";

/** Whether there is such a command. */
export function isInstalled(command: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;
}

/** Runs a command, unmeasured, and gives its output; throws `Failure` if it fails. */
export function run([command, ...rest]: Command, folder: string): string {
  const done = spawnSync(command, rest, { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (done.status !== 0) {
    throw new Failure(`${command}: ${lastWords(done)}`);
  }
  return done.stdout;
}

/** Compiles the measuring program into `folder`. */
export function buildMeasure(source: string, folder: string): void {
  run(["gcc", "-O2", "-o", MEASURE, source], folder);
}

/** Runs a command through the measuring program that `buildMeasure` left in `tools`. */
export function measure(command: Command, tools: string, around: Surroundings): Sample {
  const done = spawnSync(join(tools, MEASURE), [String(around.seconds), ...command], {
    cwd: around.folder,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  if (done.status !== 0) {
    throw new Failure("could not be measured");
  }
  const report: unknown = JSON.parse(String(done.output[3]));
  const { status, signal, wallMs, cpuMs, peakKib } = report as Record<string, number>;
  const SIGALRM = 14;
  if (signal === SIGALRM) {
    throw new Failure(`stopped after ${around.seconds} s`);
  }
  if (status !== 0) {
    throw new Failure(lastWords(done));
  }
  const [wall = Number.NaN, cpu = Number.NaN, peak = Number.NaN] = [wallMs, cpuMs, peakKib];
  return { stdout: done.stdout, wallMs: wall, cpuMs: cpu, peakBytes: peak * 1024 };
}

function lastWords(done: SpawnSyncReturns<string>): string {
  const lines = `${done.stdout ?? ""}\n${done.stderr ?? ""}`.split("\n");
  const words = lines.map((line) => line.trim()).filter((line) => line !== "");
  return words.find((line) => /error/i.test(line)) ?? words.at(-1) ?? "failed without a word";
}

/** The middle one, or the mean of the two in the middle; NaN of nothing. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(half)] ?? Number.NaN) + (sorted[Math.ceil(half)] ?? Number.NaN)) / 2;
}
