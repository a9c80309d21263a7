import type { Statistics, StorageStatistics, TimingStatistics } from "../outcome/outcome.ts";
import type { Paint } from "../support/ansi.ts";
import { displayWidth, padEnd, padStart, wrap } from "../support/display.ts";
import { counted, grouped } from "./phrases.ts";

/** How figures are laid out. */
export interface StatisticsOptions {
  readonly columns: number;
  readonly paint: Paint;
}

/** A figure, and what there is to know of it. */
interface Row {
  readonly label: string;
  readonly value: string;
  readonly remarks: readonly string[];
}

const INDENT = "    ";
const GAP = "  ";
/** The longest label, and hundreds of millions: the blocks of all checks line up. */
const LABEL_COLUMNS = 13;
const VALUE_COLUMNS = 11;
const BARS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/** The size of a search in a few lines; none for a search that was not run. */
export function statisticsLines(
  statistics: Statistics,
  options: StatisticsOptions,
): readonly string[] {
  const { levels, storage } = statistics;
  if (statistics.states === 0) {
    return [];
  }
  const rows = [...searchRows(statistics), ...(storage === null ? [] : storageRows(storage))];
  const speed = speedRow(statistics);
  const all = speed === null ? rows : [...rows, speed];
  const lines = all.map((row) => rowLines(row, options));
  // Behind the depth, whose picture it is.
  lines.splice(3, 0, levels.length < 2 ? [] : [levelsLine(levels, options)]);
  return lines.flat();
}

function searchRows(statistics: Statistics): readonly Row[] {
  const { states, transitions, depth, initialStates, levels } = statistics;
  const most = greatest(levels);
  const widest = `widest level ${counted(most, "state")}, at depth ${grouped(levels.indexOf(most))}`;
  return [
    { label: "states", value: grouped(states), remarks: [`${grouped(initialStates)} initial`] },
    {
      label: "transitions",
      value: grouped(transitions),
      remarks: [`${(transitions / states).toFixed(2)} from a state on average`],
    },
    { label: "depth", value: grouped(depth), remarks: [widest] },
  ];
}

function storageRows(storage: StorageStatistics): readonly Row[] {
  const { bitsPerState, wordsPerState, bytesPerState, storeBytes, tableBytes } = storage;
  const packed = `${counted(bitsPerState, "bit")} in ${counted(wordsPerState, "word")}`;
  const load = `${Math.round(storage.tableLoad * 100)} % full`;
  return [
    {
      label: "memory",
      value: bytesText(storage.peakBytes),
      remarks: [`at most; store ${bytesText(storeBytes)}, table ${bytesText(tableBytes)}, ${load}`],
    },
    { label: "bytes a state", value: bytesPerState.toFixed(1), remarks: [packed] },
  ];
}

/** Null where the clock has seen nothing. */
function speedRow({ states, elapsedMs, workers, timing }: Statistics): Row | null {
  return elapsedMs <= 0
    ? null
    : {
        label: "states/s",
        value: grouped((states * 1000) / elapsedMs),
        remarks: timing === null ? [] : [counted(workers, "worker"), ...timingRemarks(timing)],
      };
}

function timingRemarks(timing: TimingStatistics): readonly string[] {
  const { compileMs, generateMs, probeMs, judgeMs } = timing;
  return [
    `compiling ${shortDuration(compileMs)}`,
    `generating ${shortDuration(generateMs)}`,
    `probing ${shortDuration(probeMs)}`,
    `judging ${shortDuration(judgeMs)}`,
  ];
}

function rowLines(
  { label, value, remarks }: Row,
  { columns, paint }: StatisticsOptions,
): readonly string[] {
  const number = padStart(value, VALUE_COLUMNS);
  const head = `${INDENT}${paint("dim", padEnd(label, LABEL_COLUMNS))}${GAP}${number}`;
  const indent = INDENT.length + LABEL_COLUMNS + GAP.length + VALUE_COLUMNS + GAP.length;
  const [first = "", ...rest] = wrap(remarks.join(" · "), columns - indent);
  return [
    first === "" ? head : `${head}${GAP}${paint("dim", first)}`,
    ...rest.map((line) => " ".repeat(indent) + paint("dim", line)),
  ];
}

/** How the levels grow and shrink. Of more levels than there is room for, a bar stands for several. */
function levelsLine(levels: readonly number[], { columns, paint }: StatisticsOptions): string {
  const room = columns - INDENT.length - LABEL_COLUMNS - GAP.length;
  const note = (count: number): string => `${GAP}a bar for ${grouped(count)} levels`;
  const narrow = Math.ceil(levels.length / (room - displayWidth(note(levels.length))));
  const levelsPerBar = levels.length <= room ? 1 : narrow;
  const bars: number[] = [];
  for (let from = 0; from < levels.length; from += levelsPerBar) {
    bars.push(greatest(levels.slice(from, from + levelsPerBar)));
  }
  const shown = paint("cyan", sparkline(bars));
  const remark = levelsPerBar === 1 ? "" : paint("dim", note(levelsPerBar));
  return `${INDENT}${paint("dim", padEnd("levels", LABEL_COLUMNS))}${GAP}${shown}${remark}`;
}

/** The highest bar is the largest number; what is not zero has a bar. */
function sparkline(numbers: readonly number[]): string {
  const most = greatest(numbers);
  return numbers
    .map((one) => BARS[Math.max(0, Math.ceil((one * BARS.length) / most) - 1)] ?? "")
    .join("");
}

/** A deep search has more levels than a call may have arguments. */
function greatest(numbers: readonly number[]): number {
  return numbers.reduce((most, one) => Math.max(most, one), 0);
}

/** `3.2 ms`, `0.31 s`. */
function shortDuration(ms: number): string {
  return ms < 99.95 ? `${ms.toFixed(1)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** `640 B`, `16.4 kB`, `1.2 GB`: units of 1024. */
function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  const unit = Math.min(3, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const amount = bytes / 2 ** (10 * unit);
  return `${unit === 0 ? grouped(amount) : amount.toFixed(1)} ${units[unit]}`;
}
