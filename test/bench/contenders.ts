import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, isInstalled, run, type Sample } from "./measure.ts";
import type { BenchModel, Size } from "./models.ts";

/** What a tool found, and how long it looked. */
export interface Figures {
  readonly states: number;
  /** Ways that steps can go, those into known states included; the initial states not. */
  readonly transitions: number;
  /** Without translating, compiling and starting, as far as the tool tells. */
  readonly exploringMs: number;
  /** What a reader must know beside the mode; mostly empty. */
  readonly remark: string;
  /** As far as the tool tells. */
  readonly storage: Storage | null;
}

/** Where states are kept. */
export interface Storage {
  readonly bitsPerState: number;
  readonly wordsPerState: number;
  /** With their part of the table that finds them again. */
  readonly bytesPerState: number;
}

/** A tool in one mode of work. */
export interface Contender {
  readonly tool: "mdcheck" | "SPIN" | "Rumur" | "C";
  readonly mode: string;
  /** What must be installed. */
  readonly needs: readonly string[];
  /** Makes ready to run in `folder`. */
  prepare(job: Job): void;
  readonly command: (job: Job) => readonly [string, ...string[]];
  readonly read: (sample: Sample) => Figures;
}

/** What a contender is to do, and where. */
export interface Job {
  readonly model: BenchModel;
  readonly size: Size;
  /** With the models. */
  readonly models: string;
  /** Empty, for what the contender makes. */
  readonly folder: string;
}

/** How mdcheck is started. */
export interface MdcheckCall {
  readonly cli: string;
  readonly options: readonly string[];
}

const GCC = ["gcc", "-O3", "-march=native"] as const;

/** How to install what is missing, on Debian and its kin; null when nothing is. */
export function installHint(contenders: readonly Contender[]): string | null {
  const missing = new Set(contenders.flatMap(({ needs }) => needs.filter((n) => !isInstalled(n))));
  return missing.size === 0 ? null : `apt-get install ${[...missing].join(" ")}`;
}

/** Everybody who can search `model`, the fastest to start first. */
export function contendersFor(model: BenchModel, call: MdcheckCall): readonly Contender[] {
  const spin = ["", ...model.promelaVariants].flatMap((variant) =>
    SPIN_MODES.filter(([, flags]) => variant === "" || !flags.includes("-DCOLLAPSE")).map(
      ([name, flags]) => spinContender(name, flags, variant),
    ),
  );
  return [
    mdcheckContender(1, call),
    mdcheckContender(2, call),
    ...(model.inC ? [handWritten()] : []),
    ...spin,
    rumurContender("1 thread", ["--threads", "1"]),
    rumurContender("1 thread, unpacked", ["--threads", "1", "--pack-state", "off"]),
    rumurContender("2 threads, unpacked", ["--threads", "2", "--pack-state", "off"]),
  ];
}

function definitions(size: Size): string[] {
  return Object.entries(size.constants).map(([name, value]) => `-D${name}=${value}`);
}

/** mdcheck's own account of the one check it ran. */
export interface MdcheckReport {
  readonly verdict: string;
  readonly figures: Figures;
  readonly depth: number;
}

/** Reads the report that `mdcheck --format json` writes. */
export function readMdcheck(text: string): MdcheckReport {
  const { specs } = JSON.parse(text) as { specs: [{ checks: [CheckJson] }] };
  const { verdict, statistics } = specs[0].checks[0];
  const { states, transitions, elapsedMs, depth, engine, storage } = statistics;
  const remark = engine === "fast" ? "" : `, ${engine} engine`;
  const figures = { states, transitions, exploringMs: elapsedMs, remark, storage };
  return { verdict: verdict.kind, figures, depth };
}

interface CheckJson {
  readonly verdict: { readonly kind: string };
  readonly statistics: {
    readonly engine: string;
    readonly storage: Storage | null;
    readonly states: number;
    readonly transitions: number;
    readonly elapsedMs: number;
    readonly depth: number;
  };
}

/** The command that checks `spec` with these constants and writes JSON. */
export function mdcheckCommand(
  spec: string,
  constants: Size["constants"],
  { cli, options }: MdcheckCall,
): readonly [string, ...string[]] {
  const defines = Object.entries(constants).flatMap(([name, value]) => ["-D", `${name}=${value}`]);
  const fixed = ["--progress", "never", "--format", "json"];
  return [process.execPath, cli, ...fixed, ...options, ...defines, spec];
}

function mdcheckContender(workers: number, call: MdcheckCall): Contender {
  // As the others: deadlocks, no other hangs.
  const options = [...call.options, "--no-hung", "--workers", String(workers)];
  return {
    tool: "mdcheck",
    mode: workers === 1 ? "1 worker" : `${workers} workers`,
    needs: [],
    prepare: () => undefined,
    command: ({ model, size, models }) =>
      mdcheckCommand(join(models, `${model.name}.spec`), size.constants, { ...call, options }),
    read: ({ stdout }) => {
      const { verdict, figures } = readMdcheck(stdout);
      if (verdict !== "holds") {
        throw new Failure(`verdict ${verdict}`);
      }
      return figures;
    },
  };
}

function handWritten(): Contender {
  return {
    tool: "C",
    mode: "by hand, 1 thread",
    needs: ["gcc"],
    prepare: ({ model, size, models, folder }) => {
      const source = join(models, "..", `${model.name}.c`);
      run([...GCC, ...definitions(size), "-o", "search", source], folder);
    },
    command: () => ["./search"],
    read: ({ stdout }) => {
      const { states, transitions, elapsedMs } = JSON.parse(stdout) as Record<string, number>;
      return figures({ states, transitions, exploringMs: elapsedMs });
    },
  };
}

/** The exact searches of SPIN: a bit state or hash-compact search may miss states. */
const SPIN_MODES: readonly (readonly [string, readonly string[]])[] = [
  ["DFS", []],
  ["BFS", ["-DBFS"]],
  ["DFS, COLLAPSE", ["-DCOLLAPSE"]],
  ["BFS, COLLAPSE", ["-DBFS", "-DCOLLAPSE"]],
];

function spinContender(mode: string, flags: readonly string[], variant: string): Contender {
  return {
    tool: "SPIN",
    mode: variant === "" ? mode : `${mode}, ${variant.toLowerCase().replaceAll("_", " ")}`,
    needs: ["spin", "gcc"],
    prepare: ({ model, size, models, folder }) => {
      const defines = [...definitions(size), ...(variant === "" ? [] : [`-D${variant}`])];
      run(["spin", ...defines, "-a", join(models, `${model.name}.pml`)], folder);
      const exact = ["-DSAFETY", "-DNOREDUCE", "-DMEMLIM=16000"];
      run([...GCC, ...exact, ...flags, "-o", "pan", "pan.c"], folder);
    },
    // A table of at least as many slots as states, so that chains stay short.
    command: ({ size }) => {
      const slotBits = Math.max(16, Math.ceil(Math.log2(size.states)) + 1);
      return ["./pan", `-m${size.spinDepth}`, `-w${slotBits}`];
    },
    read: readSpin,
  };
}

function readSpin({ stdout, wallMs }: Sample): Figures {
  if (/max search depth too small/.test(stdout)) {
    throw new Failure("-m is too small");
  }
  if (!/errors: 0\b/.test(stdout)) {
    throw new Failure("found an error");
  }
  const transitions = /(\d+) transitions \(= stored\+matched\)/.exec(stdout)?.[1];
  const seconds = Number(/elapsed time ([\d.]+)/.exec(stdout)?.[1]);
  return figures({
    states: Number(/(\d+) states, stored/.exec(stdout)?.[1]),
    // SPIN counts the way into the initial state.
    transitions: Number(transitions) - 1,
    // It tells hundredths; of a search shorter than a few of them the whole run says more.
    exploringMs: seconds >= 0.1 ? seconds * 1000 : wallMs,
  });
}

function rumurContender(mode: string, options: readonly string[]): Contender {
  return {
    tool: "Rumur",
    mode,
    needs: ["rumur", "gcc"],
    prepare: ({ model, size, models, folder }) => {
      writeFileSync(join(folder, "model.m"), murphiText(model, size, models));
      // As SPIN: a state without any step is a deadlock; there are no scalarsets to be symmetric.
      const same = ["--deadlock-detection", "stuck", "--symmetry-reduction", "off"];
      run(["rumur", ...options, ...same, "-o", "model.c", "model.m"], folder);
      run([...GCC, "-o", "model", "model.c", "-lpthread", "-latomic"], folder);
    },
    command: () => ["./model"],
    read: ({ stdout, wallMs }) => {
      const [, states, transitions] = /(\d+) states, (\d+) rules fired/.exec(stdout) ?? [];
      if (!/No error found/.test(stdout)) {
        throw new Failure("found an error");
      }
      // It tells whole seconds only, and starts at once.
      const told = { states: Number(states), transitions: Number(transitions) };
      return figures({ ...told, exploringMs: wallMs });
    },
  };
}

/** Murphi has no option to set a constant. */
function murphiText(model: BenchModel, size: Size, models: string): string {
  const text = readFileSync(join(models, `${model.name}.m`), "utf8");
  return Object.entries(size.constants).reduce(
    (made, [name, value]) => made.replace(new RegExp(`\\b${name}: \\d+;`), `${name}: ${value};`),
    text,
  );
}

function figures(
  told: Readonly<Record<"states" | "transitions" | "exploringMs", number | undefined>>,
): Figures {
  const { states = Number.NaN, transitions = Number.NaN, exploringMs = Number.NaN } = told;
  if (Number.isNaN(states + transitions + exploringMs)) {
    throw new Failure("its output was not understood");
  }
  return { states, transitions, exploringMs, remark: "", storage: null };
}
