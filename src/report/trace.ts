import type { FrameView, StateView, Trace, TraceStep } from "../outcome/outcome.ts";
import type { Paint } from "../support/ansi.ts";
import {
  cut,
  cutInside,
  displayWidth,
  harmless,
  padEnd,
  padStart,
  wrap,
} from "../support/display.ts";
import { showValue } from "../values/show.ts";
import { showChange } from "../values/show-change.ts";
import { bareStatement, counted } from "./phrases.ts";
import type { Places } from "./places.ts";

/** How a trace is laid out. */
export interface TraceOptions {
  /** Columns from the left edge of the terminal to the right. */
  readonly columns: number;
  /** Whole states under each step in place of its changes. */
  readonly fullStates: boolean;
  /** Whether to begin with the initial state: where a spec has several. */
  readonly showInitial: boolean;
  /** What the margin points out. */
  readonly marks: TraceMarks;
  readonly places: Places;
  readonly paint: Paint;
}

/** Where a trace turns, and where it begins to go round. */
export interface TraceMarks {
  /** The number of the step behind which nothing is as before, from 1; null for none. */
  readonly turn: number | null;
  /** How many steps come before the cycle that the rest of the trace is; null where it has none. */
  readonly cycleStart: number | null;
}

/** A trace in which the margin points out nothing. */
export const NO_MARKS: TraceMarks = { turn: null, cycleStart: null };

/** In the margin, at the step that a line of words below tells about. */
export const TURN_MARK = "▸";
/** In the margin, at a cycle of one line; words below tell about it too. */
export const CYCLE_MARK = "↻";

const INDENT = "    ";
/** As wide as `INDENT`, with room for a mark. */
const MARGIN = { before: "  ", after: " " } as const;
const GAP = "  ";
const AGENT_COLUMNS_MAX = 16;
const STEP_COLUMNS_MAX = 60;
/** Step and changes side by side need at least this together. */
const SIDE_BY_SIDE_COLUMNS = 44;
const STEP_COLUMNS_LEAST = 20;
/** A longer statement is cut: its place is beside it. */
const STEP_LINES_MAX = 2;
/** A statement that is cut is worth some lines. */
const CUT_COST_LINES = 2;

interface Row {
  readonly number: string;
  readonly agent: string;
  readonly step: string;
  readonly where: string;
  readonly changes: readonly string[];
  /** Said below the step: its doc comment, its shell command. */
  readonly remarks: readonly string[];
  readonly state: StateView | null;
}

interface Widths {
  readonly number: number;
  readonly agent: number;
  readonly step: number;
  readonly where: number;
  /** Null where the changes go under the step. */
  readonly changes: number | null;
}

/** A trace as a table, a step a row. Lines without line breaks. */
export function traceLines(trace: Trace, options: TraceOptions): readonly string[] {
  const { paint } = options;
  if (trace.steps.length === 0) {
    return [
      `${INDENT}${paint("dim", "the initial state:")}`,
      ...stateLines(trace.initial, 4, options),
    ];
  }
  const rows = trace.steps.map((_step, index) => rowOf(trace, index, options));
  const shapes = widthsOf(rows, options).map((widths) => {
    const tables = rows.map((row) => rowLines(row, widths, options));
    const table = marked(tables, options);
    const cuts = rows.filter((row) => wrap(row.step, widths.step).length > STEP_LINES_MAX);
    return { widths, table, cost: table.length + cuts.length * CUT_COST_LINES };
  });
  // Beside the step if that costs no more than below it.
  const { widths, table } = shapes.reduce((best, one) => (one.cost < best.cost ? one : best));
  const heading = [
    padStart("#", widths.number),
    padEnd("thread", widths.agent),
    padEnd("step", widths.step),
    padEnd("where", widths.where),
    ...(widths.changes === null || options.fullStates ? [] : ["changes"]),
  ].join(GAP);
  const lines = [`${INDENT}${paint("dim", heading.trimEnd())}`];
  const under = INDENT.length + widths.number + GAP.length;
  if (options.showInitial || options.fullStates) {
    lines.push(`${INDENT}${padStart("0", widths.number)}${GAP}${paint("dim", "initially")}`);
    lines.push(...stateLines(trace.initial, under, options));
  }
  return [...lines, ...table];
}

function rowOf(trace: Trace, index: number, options: TraceOptions): Row {
  const step = trace.steps[index] as TraceStep;
  const before = index === 0 ? trace.initial : (trace.steps[index - 1]?.state ?? trace.initial);
  const frames = before.threads.find((thread) => thread.name === step.agent)?.stack ?? [];
  const { text, where } = placeOf(step, frames, options.places);
  const choices = step.choices.map(({ name, value }) => `${name} = ${showValue(value)}`);
  const firstSentence =
    /^.*?[.](?=\s|$)|^.*/.exec(step.doc?.replace(/\s+/g, " ").trim() ?? "")?.[0] ?? "";
  return {
    number: String(index + 1),
    agent: harmless(step.agent),
    step: harmless(choices.length === 0 ? text : `${text}  [${choices.join(", ")}]`),
    where,
    changes: options.fullStates
      ? []
      : step.changes.map((one) => harmless(`${one.path} ${showChange(one.before, one.after)}`)),
    remarks: [
      ...(firstSentence === "" ? [] : [`// ${harmless(firstSentence)}`]),
      ...(step.shell === null ? [] : [`$ ${harmless(step.shell)}`]),
    ],
    state: step.state,
  };
}

/**
 * What a step does and where: a step inside a primitive is told as the call of it
 * (`lock(reconfig_mutex)`), one inside any other proc with that proc's name in front.
 */
function placeOf(
  step: TraceStep,
  frames: readonly FrameView[],
  places: Places,
): { readonly text: string; readonly where: string } {
  const label = step.label === null ? "" : `${step.label}: `;
  if (!places.isTold(step.span)) {
    const call = frames.findLast((frame) => places.isTold(frame.span));
    if (call !== undefined) {
      const inner = step.label === null ? "" : ` at ${step.label}`;
      return { text: places.text(call.span) + inner, where: places.where(call.span) };
    }
  }
  const proc = step.procs.at(-1);
  const prefix = proc === undefined ? label : `${proc}(): ${label}`;
  return { text: prefix + statementText(step, places), where: places.where(step.span) };
}

/** An engine cuts long statements; how much of one is shown depends on the columns here. */
function statementText(step: TraceStep, places: Places): string {
  const whole = step.text.endsWith("…") ? places.text(step.span) : "";
  const label = step.label === null ? "" : `${step.label}:`;
  const bare = whole.startsWith(label) ? whole.slice(label.length).trimStart() : whole;
  return bareStatement(bare === "" ? step.text : bare);
}

/** The ways to share out the columns, the one with changes beside the steps first. */
function widthsOf(rows: readonly Row[], options: TraceOptions): readonly [Widths, ...Widths[]] {
  const widest = (of: (row: Row) => string, least: number): number =>
    Math.max(least, ...rows.map((row) => displayWidth(of(row))));
  const number = widest((row) => row.number, 2);
  const agent = Math.min(
    AGENT_COLUMNS_MAX,
    widest((row) => row.agent, "thread".length),
  );
  const where = widest((row) => row.where, "where".length);
  const stepWanted = Math.min(
    STEP_COLUMNS_MAX,
    widest((row) => row.step, "step".length),
  );
  const changesWanted = widest((row) => row.changes.join(", "), "changes".length);
  const room = options.columns - INDENT.length - number - agent - where - GAP.length * 4;
  const stepAlone = Math.max(STEP_COLUMNS_LEAST, Math.min(stepWanted, room + GAP.length));
  const below: Widths = { number, agent, step: stepAlone, where, changes: null };
  if (stepWanted + changesWanted <= room) {
    return [{ number, agent, step: stepWanted, where, changes: changesWanted }];
  }
  if (room < SIDE_BY_SIDE_COLUMNS) {
    return [below];
  }
  const step = Math.min(stepWanted, Math.max(room - changesWanted, Math.floor(room / 2)));
  return [{ number, agent, step, where, changes: room - step }, below];
}

function rowLines(row: Row, widths: Widths, options: TraceOptions): readonly string[] {
  const { paint } = options;
  const step = wrap(row.step, widths.step).slice(0, STEP_LINES_MAX);
  if (wrap(row.step, widths.step).length > STEP_LINES_MAX) {
    const last = step.length - 1;
    step[last] = cut(`${step[last]}…`, widths.step);
  }
  const changes = widths.changes === null ? [] : wrapList(row.changes, widths.changes);
  const lines: string[] = [];
  for (let index = 0; index < Math.max(step.length, changes.length); index++) {
    const first = index === 0;
    lines.push(
      [
        dimmed(padStart(first ? row.number : "", widths.number), paint),
        padEnd(first ? cutInside(row.agent, widths.agent) : "", widths.agent),
        padEnd(step[index] ?? "", widths.step),
        dimmed(padEnd(first ? row.where : "", widths.where), paint),
        paint("cyan", changes[index] ?? ""),
      ].join(GAP),
    );
  }
  const stepColumn = widths.number + widths.agent + 2 * GAP.length;
  const room = options.columns - INDENT.length - stepColumn;
  const under = (style: "cyan" | "dim", text: string): string =>
    " ".repeat(stepColumn) + paint(style, text);
  if (widths.changes === null) {
    lines.push(...wrapList(row.changes, room).map((line) => under("cyan", line)));
  }
  for (const remark of row.remarks) {
    lines.push(...wrap(remark, room).map((line) => under("dim", line)));
  }
  const whole =
    options.fullStates && row.state !== null
      ? stateLines(row.state, INDENT.length + stepColumn, options)
      : [];
  return [...lines.map((line) => INDENT + line).map((line) => line.trimEnd()), ...whole];
}

/** The lines of each step, with what the margin says of them. */
function marked(steps: readonly (readonly string[])[], options: TraceOptions): readonly string[] {
  const { paint, marks } = options;
  const { turn, cycleStart } = marks;
  const cycle = cycleStart === null ? 0 : steps.slice(cycleStart).flat().length;
  const lines = steps.flat();
  const first = lines.length - cycle;
  const turning = turn === null ? -1 : steps.slice(0, turn - 1).flat().length;
  return lines.map((line, index) => {
    const ofCycle = index < first ? null : bracket(index - first, cycle);
    const mark = index === turning ? TURN_MARK : ofCycle;
    return mark === null
      ? line
      : MARGIN.before + paint("yellow", mark) + MARGIN.after + line.slice(INDENT.length);
  });
}

/** What stands beside line `index` of a cycle that takes `count` lines. */
function bracket(index: number, count: number): string {
  if (count === 1) {
    return CYCLE_MARK;
  }
  return index === 0 ? "╭" : index === count - 1 ? "╰" : "│";
}

/** Blanks are left as they are: coloured ones could not be trimmed. */
function dimmed(text: string, paint: Paint): string {
  return text.replace(/\S+/, (word) => paint("dim", word));
}

/** `items` joined by commas, in lines of at most `columns`; breaks inside an item only if it must. */
function wrapList(items: readonly string[], columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  items.forEach((item, index) => {
    const part = index < items.length - 1 ? `${item},` : item;
    const joined = line === "" ? part : `${line} ${part}`;
    if (displayWidth(joined) <= columns) {
      line = joined;
      return;
    }
    if (line !== "") {
      lines.push(line);
    }
    const broken = wrap(part, columns);
    lines.push(...broken.slice(0, -1));
    line = broken.at(-1) ?? "";
  });
  return line === "" ? lines : [...lines, line];
}

/** A whole state: the variables, then where each thread is and its locals. */
function stateLines(state: StateView, indent: number, options: TraceOptions): readonly string[] {
  const { columns, paint, places } = options;
  const variables = [...state.variables].map(([name, value]) => `${name} = ${showValue(value)}`);
  const threads = state.threads.map((thread) => {
    const inside = thread.stack.findLast((frame) => places.isTold(frame.span));
    const frame = inside ?? thread.stack.at(-1);
    if (thread.done || frame === undefined) {
      return `${thread.name} done`;
    }
    const locals = thread.stack.flatMap((one) =>
      [...one.locals].map(([name, value]) => `${name} = ${showValue(value)}`),
    );
    const at = `${thread.name} at ${places.where(frame.span)}`;
    return locals.length === 0 ? at : `${at} (${locals.join(", ")})`;
  });
  return [variables, threads]
    .flatMap((items) => wrapList(items.map(harmless), columns - indent))
    .map((line) => " ".repeat(indent) + paint("cyan", line));
}

/** `14 steps`; for a trace without steps, that the initial state shows it. */
export function wayText(trace: Trace): string {
  return trace.steps.length === 0
    ? "An initial state shows it"
    : `Shortest way there: ${counted(trace.steps.length, "step")}`;
}
