import type { Alone } from "./alone.ts";
import type { Live } from "./live.ts";
import { digits, tableText } from "./table.ts";
import { fastestOf, mdcheckRow, type Row, rateOf, type Versus } from "./versus.ts";

/** Something to reach, and what was measured. */
export interface Target {
  readonly about: string;
  readonly measured: number;
  readonly bound: number;
  readonly isLowerBound: boolean;
  readonly unit: string;
}

/** From how many states on a search says something about workers and memory: two-phase is in. */
const STATES_MANY = 1_700_000;

/** SPIN on a twin as SPIN's users write them, and on one written for speed. */
const PLAIN = /^[^,]*(, COLLAPSE)?$/;
const FOR_SPEED = /one process/;

/** What each model and the measurements of mdcheck alone say about the goals. */
export function targetsOf(
  all: readonly Versus[],
  alone: Alone | null,
  live: Live | null,
): readonly Target[] {
  return [
    ...all.flatMap((versus) => targetsOfModel(versus, alone)),
    ...(alone === null ? [] : targetsAlone(alone)),
    ...(live === null ? [] : targetsLive(live)),
  ];
}

function targetsOfModel(versus: Versus, alone: Alone | null): Target[] {
  const { model, size } = versus;
  const one = mdcheckRow(versus, 1);
  const two = mdcheckRow(versus, 2);
  if (one === undefined) {
    return [];
  }
  const spin = fastestOf(versus, "SPIN", PLAIN);
  const tuned = fastestOf(versus, "SPIN", FOR_SPEED);
  const byHand = fastestOf(versus, "C", /./);
  const times = (about: string, measured: number, bound: number): Target => ({
    about: `${model.name}: ${about}`,
    measured,
    bound,
    isLowerBound: true,
    unit: "×",
  });
  const targets = [
    ...(spin ? [times(`SPIN (${spin.mode})`, rateOf(one) / rateOf(spin), 5)] : []),
    ...(tuned ? [times(`SPIN (${tuned.mode})`, rateOf(one) / rateOf(tuned), 5)] : []),
    ...(byHand ? [times("C by hand", rateOf(one) / rateOf(byHand), 0.5)] : []),
  ];
  if (size.states < STATES_MANY) {
    return targets;
  }
  const workers = two ? [times("2 workers against 1", rateOf(two) / rateOf(one), 1.7)] : [];
  return [...targets, ...workers, ...memoryTargets(versus, one, alone)];
}

/** As the tool tells, and from outside: what the process took beyond a run with few states. */
function memoryTargets({ model, size }: Versus, one: Row, alone: Alone | null): Target[] {
  const { storage } = one.figures;
  if (storage === null) {
    return [];
  }
  const words = storage.wordsPerState;
  const target = (about: string, measured: number): Target => ({
    about: `${model.name}: ${about}`,
    measured,
    bound: words <= 2 ? 24 : 4 * words + 12,
    isLowerBound: false,
    unit: "bytes",
  });
  const idle = alone?.peakBytesIdle ?? Number.NaN;
  return [
    target("memory of a state, as told", storage.bytesPerState),
    target("memory of a state, by the peak", (one.peakBytes - idle) / size.states),
  ];
}

function targetsAlone(alone: Alone): Target[] {
  const atMost = (about: string, measured: number, bound: number, unit = "×"): Target => ({
    about,
    measured,
    bound,
    isLowerBound: false,
    unit,
  });
  return [
    atMost("narrow levels: 2 workers, in times 1", alone.narrow, 1.1),
    atMost("growth: time per state, many in times few", alone.growth, 1.5),
    atMost("latency: abba.spec, in times `node -e 0`", alone.latency, 6),
    atMost("raid10.spec, all checks", alone.raid10Ms / 1000, 2, "s"),
    atMost("memory of a small run", alone.peakBytesIdle / 1e6, 160, "MB"),
  ];
}

/** About one more exploration for hangs; for a property as for states. */
function targetsLive({ hangs, leadsTo }: Live): Target[] {
  const unit = "×";
  return [
    ...hangs.map(({ model, times }) => ({
      about: `${model}: with hangs, in times without`,
      measured: times,
      bound: 2,
      isLowerBound: false,
      unit,
    })),
    {
      about: "leads-to: SPIN with weak fairness, in times mdcheck",
      measured: leadsTo,
      bound: 5,
      isLowerBound: true,
      unit,
    },
  ];
}

/** Which goals were reached. */
export function targetsText(targets: readonly Target[]): string {
  const rows = targets.map(({ about, measured, bound, isLowerBound, unit }) => [
    about,
    `${digits(measured)} ${unit}`,
    `${isLowerBound ? "at least" : "at most"} ${bound} ${unit}`,
    Number.isNaN(measured) ? "–" : reached(measured, bound, isLowerBound) ? "yes" : "NO",
  ]);
  const head = ["goal", "measured", "to reach", "reached"];
  return ["### To reach", "", tableText(head, rows)].join("\n");
}

function reached(measured: number, bound: number, isLowerBound: boolean): boolean {
  return isLowerBound ? measured >= bound : measured <= bound;
}
