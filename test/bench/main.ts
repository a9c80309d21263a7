// `npm run bench`: mdcheck beside SPIN, Rumur and a search by hand, on models with equal counts.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { aloneText, runAlone } from "./alone.ts";
import { contendersFor, installHint } from "./contenders.ts";
import { liveText, runLive } from "./live.ts";
import { buildMeasure, isInstalled, run } from "./measure.ts";
import { type BenchModel, MODELS } from "./models.ts";
import { targetsOf, targetsText } from "./targets.ts";
import { type Plan, quietText, runVersus, versusText } from "./versus.ts";

const USAGE = `usage: npm run bench -- [options]

  --quick            small models, one round: does it work, and about how fast
  --only <name>      one of ${MODELS.map(({ name }) => name).join(", ")}, alone (what
                     concerns mdcheck alone) or live (hangs, leads-to); repeatable
  --rounds <n>       how often each run is repeated (5); medians are shown
  --seconds <n>      when a single run is given up (300)
  --shared           for a machine that is not quiet: exploring in processor time instead of by
                     the clock; says nothing about two workers
  --markdown <file>  also write the tables there
  --engine <name>    passed to mdcheck
  --cli <file>       another build of mdcheck than dist/cli/main.js
`;

// Runs as test/bench/built/main.js.
const bench = fileURLToPath(new URL("../", import.meta.url));
const root = join(bench, "..", "..");

function main(): number {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string", multiple: true, default: [] },
      rounds: { type: "string" },
      seconds: { type: "string", default: "300" },
      shared: { type: "boolean", default: false },
      markdown: { type: "string" },
      engine: { type: "string" },
      cli: { type: "string", default: join(root, "dist", "cli", "main.js") },
      help: { type: "boolean", default: false },
    },
  });
  const known = [...MODELS.map(({ name }) => name), "alone", "live"];
  const unknown = values.only.filter((name) => !known.includes(name));
  const numbers = [values.rounds ?? "1", values.seconds].map(Number);
  const isUsable = unknown.length === 0 && numbers.every((n) => Number.isInteger(n) && n > 0);
  if (values.help || !isUsable) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 64;
  }
  if (!isInstalled("gcc")) {
    process.stderr.write(
      "error: the bench measures through a small program in C: " + "apt-get install gcc\n",
    );
    return 69;
  }
  const wanted = (name: string): boolean => values.only.length === 0 || values.only.includes(name);
  const tools = mkdtempSync(join(tmpdir(), "mdcheck-bench-"));
  try {
    const plan: Plan = {
      models: join(bench, "models"),
      tools,
      isQuick: values.quick,
      rounds: Number(values.rounds ?? (values.quick ? 1 : 5)),
      secondsAtMost: Number(values.seconds),
      isShared: values.shared,
      call: {
        cli: values.cli,
        options: values.engine === undefined ? [] : ["--engine", values.engine],
      },
      tell: (what) => process.stderr.write(`${what}\n`),
    };
    const text = report(
      MODELS.filter(({ name }) => wanted(name)),
      { alone: wanted("alone"), live: wanted("live") },
      plan,
    );
    process.stdout.write(text);
    if (values.markdown !== undefined) {
      writeFileSync(values.markdown, text);
    }
    return /WRONG COUNT/.test(text) ? 1 : 0;
  } finally {
    rmSync(tools, { recursive: true, force: true });
  }
}

function report(
  models: readonly BenchModel[],
  also: { readonly alone: boolean; readonly live: boolean },
  plan: Plan,
): string {
  buildMeasure(join(bench, "measure.c"), plan.tools);
  const hint = installHint(models.flatMap((model) => contendersFor(model, plan.call)));
  if (hint !== null) {
    plan.tell(`Some tools are missing, and their rows will be empty: ${hint}`);
  }
  const alone = also.alone ? runAlone(plan, join(root, "specs")) : null;
  const all = runVersus(models, plan);
  const live = also.live ? runLive(plan) : null;
  const targets = targetsOf(all, alone, live);
  const parts = [
    machineText(plan),
    NOTES,
    ...all.map(versusText),
    ...(alone === null ? [] : [aloneText(alone)]),
    ...(live === null ? [] : [liveText(live)]),
    ...(targets.length === 0 ? [] : [targetsText(targets)]),
    ...(all.length === 0 ? [] : [quietText(all)]),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** How to read the tables, in the document with them. */
const NOTES = `Every tool found the same number of states. *In all* is translating, compiling and
running; *exploring* is what the tool says of itself (mdcheck, SPIN, C), or the whole run (Rumur,
which tells whole seconds only). *Bytes/state* is the peak of the whole process over its states.
*mdcheck ×* says how many states a second mdcheck explores with one worker for one of that row.
All C is compiled with \`gcc -O3 -march=native\`; SPIN runs with \`-DSAFETY -DNOREDUCE\` and a hash
table that suits the model, Rumur without symmetry reduction, and all of them look for deadlocks, mdcheck
with \`--no-hung\`; what hangs cost has a table of its own.
*One process* is a twin in Promela written for speed: all steps written out in one process instead
of a process for each participant.`;

function machineText({ rounds, isQuick, isShared }: Plan): string {
  const cores = cpus();
  const versions = [
    `Node ${process.versions.node}`,
    ...(isInstalled("gcc") ? [`gcc ${run(["gcc", "-dumpfullversion"], tmpdir()).trim()}`] : []),
    ...(isInstalled("spin")
      ? [/Spin Version [\d.]+/.exec(run(["spin", "-V"], tmpdir()))?.[0]]
      : []),
    ...(isInstalled("rumur") ? [run(["rumur", "--version"], tmpdir()).trim()] : []),
  ];
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const times = rounds === 1 ? "one round" : `medians of ${rounds} interleaved rounds`;
  return (
    `${cores.length} cores (${cores[0]?.model ?? "unknown"}), ${memory}; ${versions.join(", ")}. ` +
    `${isQuick ? "Quick: small models, " : ""}${times}.` +
    `${isShared ? " Exploring is told in processor time." : ""}`
  );
}

process.exitCode = main();
