import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { mdcheckCommand, readMdcheck } from "./contenders.ts";
import { Failure, isInstalled, measure, median, run, type Sample } from "./measure.ts";
import { MODELS, type Size, sizeOfTicket } from "./models.ts";
import { type Cell, digits, grouped, megabytes, seconds, tableText } from "./table.ts";
import type { Plan } from "./versus.ts";

/** What is asked beyond deadlocks and what it costs; NaN where a run failed. */
export interface Live {
  /** By model: searching and judging hangs, in times searching alone. */
  readonly hangs: readonly { readonly model: string; readonly times: number }[];
  /** A leads-to property: SPIN under weak fairness, in times mdcheck, which never does without. */
  readonly leadsTo: number;
  /** The same against SPIN without fairness, which asks for less. */
  readonly leadsToUnfair: number;
  readonly rows: readonly (readonly Cell[])[];
}

/** One command of every round. */
interface Subject {
  readonly about: string;
  readonly needs: readonly string[];
  readonly prepare: (folder: string) => void;
  readonly command: readonly [string, ...string[]];
  readonly read: (sample: Sample) => { readonly states: number | null; readonly ms: number };
}

/** The models on which the judging of hangs is measured. */
const HANG_MODELS = ["philosophers", "recovery"];

/** Measures what hangs and a leads-to property cost, round by round. */
export function runLive(plan: Plan): Live {
  const subjects = subjectsOf(plan);
  const names = Object.keys(subjects);
  const prepared = new Map(names.map((name) => [name, prepare(name, subjects[name], plan)]));
  const samples = new Map<string, { ms: number; sample: Sample; states: number | null }[]>();
  const failures = new Map<string, string>();
  for (let round = 1; round <= plan.rounds; round++) {
    for (const name of names) {
      const subject = subjects[name] as Subject;
      plan.tell(`round ${round} of ${plan.rounds}: ${subject.about}`);
      try {
        const failed = failures.get(name) ?? prepared.get(name);
        if (typeof failed === "string") {
          throw new Failure(failed);
        }
        const around = { folder: join(plan.tools, `live-${name}`), seconds: plan.secondsAtMost };
        const sample = measure(subject.command, plan.tools, around);
        const { states, ms } = subject.read(sample);
        samples.set(name, [...(samples.get(name) ?? []), { ms, sample, states }]);
      } catch (error) {
        if (!(error instanceof Failure)) {
          throw error;
        }
        failures.set(name, error.message);
      }
    }
  }
  const of = (name: string): number =>
    failures.has(name) ? Number.NaN : median((samples.get(name) ?? []).map(({ ms }) => ms));
  return {
    hangs: HANG_MODELS.map((model) => ({
      model,
      times: of(`${model}-hung`) / of(`${model}-alone`),
    })),
    leadsTo: of("spin-fair") / of("ticket-served"),
    leadsToUnfair: of("spin-unfair") / of("ticket-served"),
    rows: names.map((name): readonly Cell[] => {
      const { about } = subjects[name] as Subject;
      const failure = failures.get(name);
      const all = samples.get(name) ?? [];
      return failure !== undefined
        ? [`${about}: ${failure}`, "–", "–", "–"]
        : [
            about,
            all[0]?.states == null ? "–" : grouped(all[0].states),
            seconds(of(name)),
            megabytes(median(all.map(({ sample }) => sample.peakBytes))),
          ];
    }),
  };
}

/** Null when it is ready to run, else why it is not. */
function prepare(name: string, subject: Subject | undefined, plan: Plan): string | null {
  const folder = join(plan.tools, `live-${name}`);
  mkdirSync(folder, { recursive: true });
  const missing = (subject?.needs ?? []).filter((command) => !isInstalled(command));
  if (missing.length > 0) {
    return `not installed (apt-get install ${missing.join(" ")})`;
  }
  try {
    subject?.prepare(folder);
    return null;
  } catch (error) {
    if (error instanceof Failure) {
      return error.message;
    }
    throw error;
  }
}

function subjectsOf(plan: Plan): Readonly<Record<string, Subject>> {
  const mdcheck = (model: string, size: Size, options: readonly string[], how: string): Subject => {
    // As SPIN: what comes after the search is done by one thread in any case.
    const one = ["--workers", "1"];
    const call = { cli: plan.call.cli, options: [...plan.call.options, ...one, ...options] };
    const { constants } = size;
    return {
      about: `mdcheck, ${model}, ${how}`,
      needs: [],
      prepare: () => undefined,
      command: mdcheckCommand(join(plan.models, `${model}.spec`), constants, call),
      read: ({ stdout }) => {
        const { verdict, figures } = readMdcheck(stdout);
        if (verdict !== "holds") {
          throw new Failure(`verdict ${verdict}`);
        }
        if (figures.states !== size.states) {
          throw new Failure(`WRONG COUNT: ${figures.states} states, not ${size.states}`);
        }
        return { states: figures.states, ms: figures.exploringMs };
      },
    };
  };
  const hangs = HANG_MODELS.flatMap((name): [string, Subject][] => {
    const model = MODELS.find((one) => one.name === name);
    const size = plan.isQuick ? model?.quick : model?.full;
    return size === undefined
      ? []
      : [
          [`${name}-alone`, mdcheck(name, size, ["--no-hung"], "without hangs")],
          [`${name}-hung`, mdcheck(name, size, [], "hangs judged")],
        ];
  });
  const ticket = sizeOfTicket(plan.isQuick ? 5 : 6, 2);
  const bare = ["--no-hung", "-p", "exclusive"];
  return {
    ...Object.fromEntries(hangs),
    "ticket-alone": mdcheck("ticket", ticket, bare, "states alone"),
    "ticket-served": mdcheck("ticket", ticket, ["--no-hung"], "waiting ~> inside"),
    "spin-fair": spin(plan, ticket, ["-a", "-f"], "weak fairness"),
    "spin-unfair": spin(plan, ticket, ["-a"], "no fairness"),
  };
}

/** SPIN on the twin, with the property as a never claim; its states are those of the product. */
function spin(plan: Plan, size: Size, options: readonly string[], how: string): Subject {
  const defines = Object.entries(size.constants).map(([name, value]) => `-D${name}=${value}`);
  return {
    about: `SPIN, ticket, [] (waiting -> <> inside), ${how}`,
    needs: ["spin", "gcc"],
    prepare: (folder) => {
      run(["spin", ...defines, "-DLIVE", "-a", join(plan.models, "ticket.pml")], folder);
      // NFAIR: a word for each 8 processes or so; -w: SPIN warns of its own string bounds.
      const flags = ["-DNOREDUCE", "-DNFAIR=3", "-DMEMLIM=16000", "-w"];
      run(["gcc", "-O3", "-march=native", ...flags, "-o", "pan", "pan.c"], folder);
    },
    command: ["./pan", ...options, `-m${size.spinDepth}`, "-w23"],
    read: ({ stdout, wallMs }) => {
      if (!/errors: 0\b/.test(stdout) || /max search depth too small/.test(stdout)) {
        throw new Failure("found an error, or -m is too small");
      }
      const told = Number(/elapsed time ([\d.]+)/.exec(stdout)?.[1]);
      return { states: null, ms: told >= 0.1 ? told * 1000 : wallMs };
    },
  };
}

/** The table of what is asked beyond deadlocks. */
export function liveText(live: Live): string {
  const ratios = [
    ...live.hangs.map(({ model, times }) => `${model} with hangs ${digits(times)} × without`),
    `SPIN with weak fairness ${digits(live.leadsTo)} × mdcheck`,
    `SPIN without fairness ${digits(live.leadsToUnfair)} × mdcheck`,
  ];
  return [
    "### Hangs and a leads-to property",
    "",
    tableText(["what", "states", "exploring s", "peak MB"], live.rows),
    "",
    `In exploring time: ${ratios.join("; ")}.`,
  ].join("\n");
}
