import { join } from "node:path";
import { mdcheckCommand, readMdcheck } from "./contenders.ts";
import { Failure, measure, median } from "./measure.ts";
import type { Size } from "./models.ts";
import { type Cell, digits, grouped, megabytes, seconds, tableText } from "./table.ts";
import type { Plan } from "./versus.ts";

/** What is measured of mdcheck alone; NaN where a run failed. */
export interface Alone {
  /** Time per state at about 20 million states, in times that at 2 million. */
  readonly growth: number;
  /** Two workers on narrow levels, in times one worker. */
  readonly narrow: number;
  /** The ABBA example, in times `node -e 0`. */
  readonly latency: number;
  readonly raid10Ms: number;
  /** Of a run with a few dozen states. */
  readonly peakBytesIdle: number;
  readonly rows: readonly (readonly Cell[])[];
}

/** A command that is run in every round. */
interface Subject {
  readonly about: string;
  readonly command: readonly [string, ...string[]];
  readonly states: number | null;
}

interface Measured {
  readonly wallMs: number;
  /** Of the search itself; the whole run where that was not told. */
  readonly exploringMs: number;
  readonly peakBytes: number;
  readonly failure: string | null;
}

const NOTHING: Measured = {
  wallMs: Number.NaN,
  exploringMs: Number.NaN,
  peakBytes: Number.NaN,
  failure: "not run",
};

/** Measures what concerns no other tool: growth, narrow levels, latency, a whole library spec. */
export function runAlone(plan: Plan, specs: string): Alone {
  const subjects = subjectsOf(plan, specs);
  const names = Object.keys(subjects);
  const rounds: Record<string, Measured>[] = [];
  for (let round = 1; round <= plan.rounds; round++) {
    plan.tell(`round ${round} of ${plan.rounds}: mdcheck alone`);
    rounds.push(
      Object.fromEntries(names.map((name) => [name, runSubject(subjects[name] as Subject, plan)])),
    );
  }
  const results = new Map(names.map((name) => [name, middle(rounds.map((one) => one[name]))]));
  const of = (name: string): Measured => results.get(name) ?? NOTHING;
  const sizes = growthSizes(plan);
  const perState = (name: string, size: Size): number => of(name).exploringMs / size.states;
  return {
    growth: perState("growth-large", sizes.large) / perState("growth-small", sizes.small),
    narrow: of("narrow-2").exploringMs / of("narrow-1").exploringMs,
    latency: of("abba").wallMs / of("node").wallMs,
    raid10Ms: of("raid10").wallMs,
    peakBytesIdle: of("abba").peakBytes,
    rows: names.map((name) => cellsOf(subjects[name] as Subject, of(name))),
  };
}

function growthSizes({ isQuick }: Plan): { readonly small: Size; readonly large: Size } {
  const wheels = isQuick ? 5 : 7;
  const size = (notches: number): Size => ({
    constants: { WHEELS: wheels, NOTCHES: notches },
    states: notches ** wheels,
    spinDepth: 0,
  });
  return { small: size(8), large: size(11) };
}

function subjectsOf(plan: Plan, specs: string): Readonly<Record<string, Subject>> {
  const { cli, options } = plan.call;
  const search = (name: string, size: Size, workers: number): Subject => {
    const constants = Object.entries(size.constants).map((pair) => pair.join(" "));
    const call = { cli, options: [...options, "--no-hung", "--workers", String(workers)] };
    return {
      about: `${name}, ${constants.join(", ")}, ${workers} worker${workers === 1 ? "" : "s"}`,
      command: mdcheckCommand(join(plan.models, `${name}.spec`), size.constants, call),
      states: size.states,
    };
  };
  const whole = (file: string): Subject => ({
    about: `${file}, all checks`,
    command: [process.execPath, cli, "--progress", "never", ...options, join(specs, file)],
    states: null,
  });
  const { small, large } = growthSizes(plan);
  const length = plan.isQuick ? 10_000 : 100_000;
  const narrow: Size = {
    constants: { LENGTH: length },
    states: (length + 1) * 4,
    spinDepth: 0,
  };
  return {
    node: { about: "`node -e 0`", command: [process.execPath, "-e", "0"], states: null },
    abba: whole("examples/abba.spec"),
    raid10: whole("raid10.spec"),
    "narrow-1": search("narrow", narrow, 1),
    "narrow-2": search("narrow", narrow, 2),
    "growth-small": search("growth", small, 1),
    "growth-large": search("growth", large, 1),
    "growth-small-2": search("growth", small, 2),
    "growth-large-2": search("growth", large, 2),
  };
}

/** How often what takes milliseconds is run in a round. */
const REPEATS_SHORT = 5;

function runSubject({ about, command, states }: Subject, plan: Plan): Measured {
  plan.tell(about);
  const isShort = states === null && !about.startsWith("raid10");
  const runs = Array.from({ length: isShort ? REPEATS_SHORT : 1 }, () => {
    try {
      const around = { folder: plan.tools, seconds: plan.secondsAtMost };
      const { stdout, wallMs, peakBytes } = measure(command, plan.tools, around);
      if (states === null) {
        return { wallMs, exploringMs: wallMs, peakBytes, failure: null };
      }
      const { figures } = readMdcheck(stdout);
      if (figures.states !== states) {
        throw new Failure(`WRONG COUNT: ${figures.states} states, not ${states}`);
      }
      return { wallMs, exploringMs: figures.exploringMs, peakBytes, failure: null };
    } catch (error) {
      if (!(error instanceof Failure)) {
        throw error;
      }
      return { ...NOTHING, failure: error.message };
    }
  });
  return middle(runs);
}

function middle(runs: readonly (Measured | undefined)[]): Measured {
  const all = runs.filter((run) => run !== undefined);
  const failed = all.find((run) => run.failure !== null);
  if (failed !== undefined || all.length === 0) {
    return failed ?? NOTHING;
  }
  return {
    wallMs: median(all.map((run) => run.wallMs)),
    exploringMs: median(all.map((run) => run.exploringMs)),
    peakBytes: median(all.map((run) => run.peakBytes)),
    failure: null,
  };
}

function cellsOf({ about, states }: Subject, one: Measured): readonly Cell[] {
  if (one.failure !== null) {
    return [`${about}: ${one.failure}`, ...Array(5).fill("–")];
  }
  return [
    about,
    states === null ? "–" : grouped(states),
    seconds(one.wallMs),
    states === null ? "–" : seconds(one.exploringMs),
    states === null ? "–" : digits((one.exploringMs * 1e6) / states),
    megabytes(one.peakBytes),
  ];
}

/** The table of what concerns mdcheck alone. */
export function aloneText(alone: Alone): string {
  const head = ["what", "states", "run s", "exploring s", "ns/state", "peak MB"];
  return ["### mdcheck alone", "", tableText(head, alone.rows)].join("\n");
}
