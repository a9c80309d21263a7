// `npm run mutate`: breaks specs in one place at a time, and tells what no check notices.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { normalizePath } from "../../src/check/paths.ts";
import type { Sources } from "../../src/diagnostics/diagnostic.ts";
import { checksOf, type KnownCheck, type Measured, type Verdict } from "./judge.ts";
import { edited, type Mutant, mutantsOf } from "./mutants.ts";
import { OPERATORS } from "./operators.ts";
import { runAll, type Task } from "./pool.ts";
import { readSpec, type Spec, specFiles, treesOf } from "./specs.ts";
import { listText, summaryText, told } from "./tell.ts";

const USAGE = `usage: npm run mutate -- [options] [<spec>…]

Breaks each spec in one place at a time and runs the checks of all specs that import it, the smallest
first, until one notices. Without a spec: all of specs/. Docs: docs/mutation.md.

  --operator <name>  only this way to break it; repeatable
  --all              also the operators that are no part of the measure (split-atomic)
  --imports          also what the spec uses of the library modules that it imports
  --only <text>      only mutants of owners whose name has the text: mddev_unlock
  --list             list the mutants with their numbers, run nothing
  --show <n>         what mutant n does, and what becomes of it; repeatable
  --verbose          tell what became of every mutant, not only of those that nobody noticed
  --jobs <n>         how many at the same time (${Math.min(4, availableParallelism())})
  --operators        list the operators
  -h, --help

Exit status: 0, or 1 if a spec is not as its checks say before anything is broken.
`;

interface Options {
  readonly operators: readonly string[];
  readonly all: boolean;
  readonly imports: boolean;
  readonly only: string | null;
  readonly list: boolean;
  readonly show: readonly number[];
  readonly verbose: boolean;
  readonly jobs: number;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      operator: { type: "string", multiple: true, default: [] },
      all: { type: "boolean", default: false },
      imports: { type: "boolean", default: false },
      only: { type: "string" },
      list: { type: "boolean", default: false },
      show: { type: "string", multiple: true, default: [] },
      verbose: { type: "boolean", default: false },
      jobs: { type: "string" },
      operators: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const options: Options = {
    ...values,
    operators: values.operator,
    only: values.only ?? null,
    show: values.show.map(Number),
    jobs: Number(values.jobs ?? Math.min(4, availableParallelism())),
  };
  const unknown = options.operators.filter((one) => !OPERATORS.some(({ name }) => name === one));
  if (values.help || unknown.length > 0 || !(options.jobs >= 1)) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 64;
  }
  if (values.operators) {
    const width = Math.max(...OPERATORS.map(({ name }) => name.length));
    process.stdout.write(
      OPERATORS.map(({ name, does }) => `${name.padEnd(width)}  ${does}\n`).join(""),
    );
    return 0;
  }
  const files = positionals.length > 0 ? positionals : await specFiles("specs");
  let status = 0;
  for (const file of files) {
    const spec = await readOne(normalizePath(file));
    status = Math.max(status, await mutateFile(spec, options));
  }
  return status;
}

async function readOne(path: string): Promise<Spec> {
  const read = await readSpec(path);
  if (!read.ok) {
    throw new Error(`${path}: ${read.why.join("; ")}`);
  }
  return read.value;
}

/** All specs that import a module; others, and those that can't be read yet, are left out. */
async function importersOf(path: string): Promise<readonly Spec[]> {
  const specs: Spec[] = [];
  for (const other of await specFiles("specs")) {
    const read = await readSpec(other);
    if (!read.ok) {
      process.stderr.write(`left out: ${other}: ${read.why[0]}\n`);
    } else if (read.value.sources.has(path) && other !== path) {
      specs.push(read.value);
    }
  }
  return specs;
}

/** Mutants of a spec, judged by its own checks, or of a library module by all that import it. */
async function mutateFile(spec: Spec, options: Options): Promise<number> {
  const isLibrary = isLibraryModule(spec);
  const judges = isLibrary
    ? (await importersOf(spec.path)).filter((one) => !isLibraryModule(one))
    : [spec];
  const trees = [...new Map(judges.flatMap((one) => [...one.loaded.modules]))].map(
    ([, { tree }]) => tree,
  );
  const files = options.imports ? [...spec.loaded.modules.keys()].reverse() : [spec.path];
  const mutants = files.flatMap((file) => {
    const module = spec.loaded.modules.get(file);
    const text = spec.sources.get(file);
    return module === undefined || text === undefined
      ? []
      : mutantsOf({ file, text, tree: module.tree }, isLibrary ? trees : treesOf(spec));
  });
  const numbered = mutants.map((mutant, index) => ({ mutant, number: index + 1 }));
  const wanted = numbered.filter(({ mutant, number }) => isWanted(mutant, number, options));
  if (options.list) {
    process.stdout.write(listText(wanted));
    return 0;
  }
  const started = performance.now();
  const sources = new Map(judges.flatMap((one) => [...one.sources]));
  const { jobs } = options;
  const measured = await measureAll(judges, { jobs, sources });
  const unmet = measured.filter((one) => one.unmet.length > 0);
  for (const { spec: path, check, unmet: why } of unmet) {
    process.stderr.write(`${path} ${check} is not met as it is: ${why.join("; ")}\n`);
  }
  if (unmet.length > 0) {
    return 1;
  }
  const tasks = wanted.map(({ mutant }): Task => {
    return { kind: "mutant", mutant, checks: checksFor(mutant, measured) };
  });
  // In a module that is mutated for one spec, what that spec does not use is no concern of it.
  const kept = tasks
    .map((task, index) => ({ task, ...(wanted[index] as (typeof wanted)[number]) }))
    .filter(
      ({ task, mutant }) =>
        mutant.file === spec.path || (task.kind === "mutant" && task.checks.length > 0),
    );
  let done = 0;
  const progress = process.stderr.isTTY;
  const answers = await runAll(
    kept.map(({ task }) => task),
    { jobs, sources },
    () => {
      done += 1;
      if (progress || done % 50 === 0) {
        process.stderr.write(
          `${progress ? "\r" : ""}${spec.path}: ${done} of ${kept.length}${progress ? " " : "\n"}`,
        );
      }
    },
  );
  process.stderr.write(progress ? "\r\u001b[K" : "");
  const results = kept.map(({ mutant, number }, index) => {
    const answer = answers[index];
    const verdict: Verdict =
      answer?.kind === "judged"
        ? answer.verdict
        : { kind: "unfinished", by: null, because: failure(answer), tried: 0 };
    return { mutant, number, verdict };
  });
  for (const result of results) {
    if (options.show.length > 0) {
      process.stdout.write(diffText(result.mutant, spec.sources.get(result.mutant.file) ?? ""));
    }
    if (options.verbose || options.show.length > 0 || !isSettled(result.verdict)) {
      process.stdout.write(told(result));
    }
  }
  process.stdout.write(
    summaryText(
      spec.path,
      results.map(({ verdict }) => verdict),
      { checks: measured.length, seconds: (performance.now() - started) / 1000 },
    ),
  );
  return 0;
}

/** A module that has nothing to run: no check of its own, and what it is for is in other specs. */
function isLibraryModule({ path, loaded }: Spec): boolean {
  const declarations = loaded.modules.get(path)?.tree.declarations ?? [];
  return path.startsWith("specs/lib/") && !declarations.some(({ kind }) => kind === "check");
}

function failure(answer: { readonly kind: string; readonly message?: string } | undefined): string {
  return `FAULT OF MDCHECK? ${answer?.message ?? "no answer"}`;
}

function isSettled({ kind }: Verdict): boolean {
  return kind === "noticed" || kind === "refused" || kind === "equivalent";
}

function isWanted(mutant: Mutant, number: number, options: Options): boolean {
  const operator = OPERATORS.find(({ name }) => name === mutant.operator);
  const isOperator =
    options.operators.length > 0
      ? options.operators.includes(mutant.operator)
      : options.all || options.show.length > 0 || operator?.isMeasured === true;
  return (
    isOperator &&
    (options.show.length === 0 || options.show.includes(number)) &&
    (options.only === null || mutant.owner.includes(options.only))
  );
}

async function measureAll(
  judges: readonly Spec[],
  around: { readonly jobs: number; readonly sources: Sources },
): Promise<readonly Measured[]> {
  const tasks: Task[] = [];
  for (const { path } of judges) {
    for (const check of await checksOf(path)) {
      tasks.push({ kind: "measure", spec: path, check });
    }
  }
  const answers = await runAll(tasks, around, () => {});
  const measured = answers.map((answer, index): Measured => {
    const task = tasks[index];
    if (answer.kind !== "measured") {
      throw new Error(`${JSON.stringify(task)}: ${failure(answer)}`);
    }
    return answer.measured;
  });
  // By size, so that nothing depends on the clock.
  return [...measured].sort((a, b) => a.states - b.states);
}

/** The checks that may come to what is changed, the smallest first. */
function checksFor({ gate }: Mutant, measured: readonly Measured[]): readonly KnownCheck[] {
  return measured
    .filter(({ executed }) => {
      const seen = new Set(executed);
      return gate === null || gate.some((one) => seen.has(one));
    })
    .map(({ spec, check, states, pinned }) => ({ spec, check, states, pinned }));
}

/** The lines that are changed. */
function diffText(mutant: Mutant, text: string): string {
  const [before, after] = [text, edited(text, mutant.edits)].map((one) => one.split("\n"));
  let from = 0;
  while (before?.[from] === after?.[from]) {
    from += 1;
  }
  let cut = 1;
  while (before?.at(-cut) === after?.at(-cut)) {
    cut += 1;
  }
  const lines = (some: readonly string[] | undefined, sign: string): string =>
    (some ?? [])
      .slice(from, (some ?? []).length - cut + 1)
      .map((line) => `${sign}${line}\n`)
      .join("");
  return `\n--- ${mutant.file}:${mutant.line}\n${lines(before, "-")}${lines(after, "+")}`;
}

process.exitCode = await main();
