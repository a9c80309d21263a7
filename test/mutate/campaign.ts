import { checksOf, type KnownCheck, type Measured, type Verdict } from "./judge.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";
import { OPERATORS } from "./operators.ts";
import { type Answer, type Around, runAll, type Task } from "./pool.ts";
import { readSpec, type Spec, specFiles, treesOf } from "./specs.ts";
import type { Numbered } from "./tell.ts";

/** Which mutants are wanted. */
export interface Wish {
  /** Names of operators; empty for those that are measured. */
  readonly operators: readonly string[];
  /** Also operators that are not measured. */
  readonly all: boolean;
  /** Also of the library modules that a spec imports. */
  readonly imports: boolean;
  /** A part of the name of the owner. */
  readonly only: string | null;
  /** Numbers; empty for all. */
  readonly show: readonly number[];
}

/** A mutant and what became of it. */
export interface Result extends Numbered {
  readonly verdict: Verdict;
}

/** A file that is to be mutated, and the specs that judge what comes of it. */
export interface Target {
  readonly spec: Spec;
  readonly judges: readonly Spec[];
}

/**
 * Reads a spec. A module of the library is judged by the specs that import it, among those of the
 * files and folders `by`. Throws where the spec has mistakes.
 */
export async function targetAt(path: string, by: readonly string[] = ["specs"]): Promise<Target> {
  const read = await readSpec(path);
  if (!read.ok) {
    throw new Error(`${path}: ${read.why.join("; ")}`);
  }
  const spec = read.value;
  return { spec, judges: isLibraryModule(spec) ? await importersOf(path, by) : [spec] };
}

/** A module of the library has no checks of its own: what it is for is in other specs. */
function isLibraryModule({ path, loaded }: Spec): boolean {
  const declarations = loaded.modules.get(path)?.tree.declarations ?? [];
  return path.startsWith("specs/lib/") && !declarations.some(({ kind }) => kind === "check");
}

/** All specs that import a module, themselves no modules; those that can't be read are left out. */
async function importersOf(path: string, by: readonly string[]): Promise<readonly Spec[]> {
  const specs: Spec[] = [];
  const isAsked = (file: string): boolean =>
    by.some((one) => file === one || file.startsWith(`${one}/`));
  for (const other of (await specFiles("specs")).filter(isAsked)) {
    const read = await readSpec(other);
    if (!read.ok) {
      process.stderr.write(`left out: ${other}: ${read.why[0]}\n`);
    } else if (read.value.sources.has(path) && !isLibraryModule(read.value)) {
      specs.push(read.value);
    }
  }
  return specs;
}

/** The mutants that are wanted, with their numbers among all of the file. */
export function mutantsIn({ spec, judges }: Target, wish: Wish): readonly Numbered[] {
  const { modules } = spec.loaded;
  const trees = [...new Set(judges.flatMap(treesOf))];
  const files = wish.imports ? [...modules.keys()] : [spec.path];
  return files
    .flatMap((file) => {
      const tree = modules.get(file)?.tree;
      const text = spec.sources.get(file);
      return tree === undefined || text === undefined ? [] : mutantsOf({ file, text, tree }, trees);
    })
    .map((mutant, index) => ({ mutant, number: index + 1 }))
    .filter((one) => isWanted(one, wish));
}

function isWanted({ mutant, number }: Numbered, wish: Wish): boolean {
  const { operators, all, only, show } = wish;
  const operator = OPERATORS.find(({ name }) => name === mutant.operator);
  const isMeasured = all || show.length > 0 || operator?.isMeasured === true;
  return (
    (operators.length > 0 ? operators.includes(mutant.operator) : isMeasured) &&
    (show.length === 0 || show.includes(number)) &&
    (only === null || mutant.owner.includes(only))
  );
}

/** Runs all checks as they are, to their ends; the smallest first, whatever the clock says. */
export async function measureAll(
  judges: readonly Spec[],
  around: Around,
): Promise<readonly Measured[]> {
  const tasks: Task[] = [];
  for (const { path } of judges) {
    for (const check of await checksOf(path)) {
      tasks.push({ kind: "measure", spec: path, check });
    }
  }
  const answers = await runAll(tasks, around, () => {});
  const measured = answers.map((answer, index): Measured => {
    if (answer.kind !== "measured") {
      throw new Error(`${JSON.stringify(tasks[index])}: ${fault(answer)}`);
    }
    return answer.measured;
  });
  return [...measured].sort((a, b) => a.states - b.states);
}

function fault(answer: Answer): string {
  return answer.kind === "failed" ? answer.message : "no answer";
}

/** What becomes of mutants of a file. */
export async function judgeAll(
  mutants: readonly Numbered[],
  { spec, measured }: { readonly spec: Spec; readonly measured: readonly Measured[] },
  around: Around & {
    onDone(done: number, all: number): void;
    /** In the order of the text. */
    onResult(result: Result): void;
  },
): Promise<readonly Result[]> {
  const reached = mutants
    .map((one) => ({ ...one, checks: checksFor(one.mutant, measured) }))
    // What a spec does not use of a module is no concern of it.
    .filter(({ mutant, checks }) => mutant.file === spec.path || checks.length > 0);
  const results: Result[] = [];
  let told = 0;
  let done = 0;
  await runAll(
    reached.map(({ mutant, checks }): Task => ({ kind: "mutant", mutant, checks })),
    around,
    (index, answer) => {
      const { mutant, number } = reached[index] as (typeof reached)[number];
      const verdict: Verdict =
        answer.kind === "judged"
          ? answer.verdict
          : { kind: "unfinished", by: null, because: `FAULT: ${fault(answer)}`, tried: 0 };
      results[index] = { mutant, number, verdict };
      done += 1;
      around.onDone(done, reached.length);
      for (let next = results[told]; next !== undefined; next = results[told]) {
        around.onResult(next);
        told += 1;
      }
    },
  );
  return results;
}

/** The checks that may come to what is changed, in the order given. */
export function checksFor(
  { gate }: Pick<Mutant, "gate">,
  measured: readonly Measured[],
): readonly KnownCheck[] {
  return measured
    .filter(({ executed }) => {
      const seen = new Set(executed);
      return gate === null || gate.some((one) => seen.has(one));
    })
    .map(({ spec, check, states, pinned }) => ({ spec, check, states, pinned }));
}
