// `npm run mutate`: breaks specs in one place at a time, and tells what no check notices.
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { normalizePath } from "../../src/check/paths.ts";
import { judgeAll, measureAll, mutantsIn, type Result, targetAt, type Wish } from "./campaign.ts";
import { OPERATORS } from "./operators.ts";
import { madePage, PAGE } from "./page.ts";
import { identity, readRecords, writeRecord } from "./record.ts";
import { specFiles } from "./specs.ts";
import { diffText, isSettled, listText, type Numbered, summaryText, told } from "./tell.ts";

const JOBS = Math.min(4, availableParallelism());

const USAGE = `usage: npm run mutate -- [options] [<spec>…]

Breaks each spec in one place at a time and runs its checks, the smallest first, until one notices.
A module of specs/lib without checks is judged by all specs that import it. Without a spec: all of
specs/. What it is for: docs/mutation.md.

  --operator <name>  only this way to break it; repeatable
  --operators        list the operators
  --all              also the operators that are not measured (split-atomic)
  --imports          also what the spec uses of the modules that it imports
  --by <path>        a module is judged by the specs of this file or folder; repeatable
  --only <text>      only in procs, threads … whose name has the text: mddev_unlock
  --list             list the mutants with their numbers, run nothing
  --show <n>         what mutant n changes, and what becomes of it; repeatable
  --verbose          tell of every mutant, not only of those that no verdict notices
  --write            keep what no verdict notices in test/mutate/unnoticed, and docs/mutation.md
  --again            only what is kept there as not noticed, for when properties were added
  --jobs <n>         how many mutants at the same time (${JOBS})
  -h, --help

Exit status: 0; 1 if a check is not met before anything is broken; 64 for a wrong call.
`;

interface Options extends Wish {
  readonly by: readonly string[];
  readonly list: boolean;
  readonly verbose: boolean;
  readonly write: boolean;
  readonly again: boolean;
  readonly jobs: number;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      operator: { type: "string", multiple: true, default: [] },
      operators: { type: "boolean", default: false },
      all: { type: "boolean", default: false },
      imports: { type: "boolean", default: false },
      by: { type: "string", multiple: true, default: ["specs"] },
      only: { type: "string" },
      list: { type: "boolean", default: false },
      show: { type: "string", multiple: true, default: [] },
      verbose: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      again: { type: "boolean", default: false },
      jobs: { type: "string", default: String(JOBS) },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const { operator: operators, only = null } = values;
  const [show, jobs] = [values.show.map(Number), Number(values.jobs)];
  const by = values.by.map((one) => normalizePath(one));
  const options: Options = { ...values, by, operators, only, show, jobs };
  const isKnown = operators.every((one) => OPERATORS.some(({ name }) => name === one));
  const isPartial = operators.length + show.length > 0 || only !== null || values.imports;
  const isUsable = isKnown && [jobs, ...show].every((n) => n >= 1) && !(values.write && isPartial);
  if (values.help || !isUsable) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 64;
  }
  if (values.operators) {
    process.stdout.write(OPERATORS.map(({ name, does }) => `${name.padEnd(15)}${does}\n`).join(""));
    return 0;
  }
  let status = 0;
  const paths = positionals.length > 0 ? positionals : await specFiles("specs");
  for (const path of paths) {
    status = Math.max(status, await mutate(normalizePath(path), options));
  }
  if (values.write) {
    await writeFile(PAGE, madePage(await readFile(PAGE, "utf8"), await readRecords()));
  }
  return status;
}

async function mutate(path: string, options: Options): Promise<number> {
  const target = await targetAt(path, options.by);
  const all = mutantsIn(target, options);
  const mutants = options.again ? await stillOpen(path, all) : all;
  if (options.list) {
    process.stdout.write(listText(mutants));
    return 0;
  }
  const startedMs = performance.now();
  const { spec, judges } = target;
  const sources = new Map(judges.flatMap((one) => [...one.sources]));
  const around = { jobs: options.jobs, sources };
  const measured = await measureAll(judges, around);
  const unmet = measured.filter((one) => one.unmet.length > 0);
  for (const one of unmet) {
    process.stderr.write(`${one.spec} ${one.check} as it is: ${one.unmet.join("; ")}\n`);
  }
  if (unmet.length > 0) {
    return 1;
  }
  const onDone = (done: number, all: number): void => {
    if (process.stderr.isTTY) {
      process.stderr.write(done === all ? "\r\u001b[K" : `\r${path}: ${done} of ${all} `);
    } else if (done % 50 === 0) {
      process.stderr.write(`${path}: ${done} of ${all}\n`);
    }
  };
  const onResult = (one: Result): void => {
    process.stdout.write(resultText(one, spec.sources.get(one.mutant.file) ?? "", options));
  };
  const results = await judgeAll(mutants, { spec, measured }, { ...around, onDone, onResult });
  const seconds = (performance.now() - startedMs) / 1000;
  const verdicts = results.map(({ verdict }) => verdict);
  process.stdout.write(summaryText(path, verdicts, { checks: measured.length, seconds }));
  if (options.write && results.length > 0) {
    await writeRecord(path, results, options.again);
  }
  return 0;
}

/** Those that the record of the spec says are not noticed, and not known to be equivalent. */
async function stillOpen(path: string, mutants: readonly Numbered[]): Promise<readonly Numbered[]> {
  const record = (await readRecords()).find((one) => one.spec === path);
  const open = record?.unnoticed.filter((one) => one.verdict !== "equivalent") ?? [];
  const known = new Set(open.map(identity));
  return mutants.filter(({ mutant }) => known.has(identity({ ...mutant, in: mutant.owner })));
}

function resultText(one: Result, text: string, { show, verbose }: Options): string {
  if (show.length > 0) {
    return diffText(one.mutant, text) + told(one);
  }
  return verbose || !isSettled(one.verdict) ? told(one) : "";
}

process.exitCode = await main();
