import type { Finding } from "../outcome/outcome.ts";
import type { WaitFor, WaitForGraph, WaitHelper } from "../outcome/wait-for.ts";
import { harmless, wrap } from "../support/display.ts";
import { counted, foldedThreads } from "./phrases.ts";
import {
  callsText,
  WAIT_INDENT,
  type WaitingOptions,
  type WaitRow,
  waitTable,
} from "./wait-table.ts";
import { helperText, needText, nobodyText, whereOf } from "./wait-words.ts";
import { idleLines } from "./waiting.ts";

/** Of many cycles the shortest are told. */
const CYCLES_MAX = 4;
const ARROW = " → ";

/** Who waits for whom at the end of a deadlock or hang: each need, then the cycles that they close. */
export function waitForLines(
  finding: Finding,
  graph: WaitForGraph,
  options: WaitingOptions,
): readonly string[] {
  const order = tellingOrder(graph);
  const rows = order.map((_index, position) => rowOf(graph, order, position, options));
  const waiters = graph.waits.map(({ waiter }) => waiter);
  return [
    `  ${options.paint("bold", "who waits for whom")}`,
    ...waitTable(rows, options),
    ...idleLines(finding, waiters, options),
    ...chainLines(graph, options),
  ];
}

/**
 * Indices into the needs of a graph, in the order in which they are best told: along the cycles, each
 * from one to the next, then the others, with what they lead to right behind them.
 */
export function tellingOrder({ waits, cycles }: WaitForGraph): readonly number[] {
  const told = new Set<number>(cycles.flat());
  const tell = (index: number): void => {
    if (!told.has(index)) {
      told.add(index);
      waits[index]?.helpers.forEach(({ needs }) => {
        tell(needs);
      });
    }
  };
  [...waits.keys()].forEach(tell);
  return [...told];
}

function rowOf(
  graph: WaitForGraph,
  order: readonly number[],
  position: number,
  { places }: WaitingOptions,
): WaitRow {
  const index = order[position] as number;
  const need = graph.waits[index] as WaitFor;
  const before = order.slice(0, position);
  const told = before.map((one) => graph.waits[one] as WaitFor);
  const holdsTold = told.some((one) => one.waiter === need.waiter);
  const asked = askedFor(index, told);
  // Others say themselves what they would do, but not who is told of first; a lock says who holds it.
  const known = need.helpers.filter(
    ({ needs }) => needs === index || (before.includes(needs) && isUnasked(graph, before, needs)),
  );
  const notes = [
    nobodyText(need, places),
    ...(need.lock === null ? known.map((one) => helperText(need, one, places)) : []),
  ];
  const procs = need.frames.flatMap(({ proc }) => (proc === null ? [] : [harmless(proc)]));
  return {
    thread: harmless(need.waiter),
    wait: needText(need, { graph, places, asked, holdsTold }),
    where: whereOf(need, places),
    calls: callsText(procs),
    notes: notes.filter((text) => text !== ""),
  };
}

/** Whether nothing is said of what the waiter of a need that is told before would do. */
function isUnasked({ waits }: WaitForGraph, before: readonly number[], index: number): boolean {
  const told = before.slice(0, before.indexOf(index)).map((one) => waits[one] as WaitFor);
  return askedFor(index, told) === null;
}

/** For which of the needs told before the waiter of need `index` would do something: the last one. */
function askedFor(
  index: number,
  told: readonly WaitFor[],
): { readonly need: WaitFor; readonly helper: WaitHelper } | null {
  const need = told.findLast(({ helpers }) => helpers.some(({ needs }) => needs === index));
  const helper = need?.helpers.find(({ needs }) => needs === index);
  return need === undefined || helper === undefined ? null : { need, helper };
}

/** The cycles, and how those who stand behind them come there. */
function chainLines(graph: WaitForGraph, options: WaitingOptions): readonly string[] {
  const { cycles } = graph;
  const name = (index: number): string => harmless(graph.waits[index]?.waiter ?? "");
  const shown = cycles.slice(0, CYCLES_MAX).map((cycle) => {
    const names = folded([...cycle, cycle[0] as number].map(name));
    return { head: "cycle: ", text: (names.length > 1 ? names : [...names, ...names]).join(ARROW) };
  });
  const tails = tailsOf(graph).map((tail) => folded(tail.map(name)));
  const head = cycles.length === 0 ? "chain: " : "behind it: ";
  const behind = joinedTails(tails.filter((tail) => tail.length > 1));
  const all = [...shown, ...behind.map((text) => ({ head, text }))];
  const more = cycles.length - shown.length;
  return [
    ...all.flatMap(({ head, text }) => hanging(head, text, options)),
    ...(more > 0 ? [`  ${options.paint("dim", `and ${counted(more, "other cycle")}`)}`] : []),
  ];
}

/** Tails as texts; many threads of one name that wait for the same are told as one. */
function joinedTails(tails: readonly (readonly string[])[]): readonly string[] {
  const starts = new Map<string, Set<string>>();
  for (const [start = "", ...rest] of tails) {
    const key = rest.join(ARROW);
    starts.set(key, (starts.get(key) ?? new Set()).add(start));
  }
  return [...starts].flatMap(([rest, names]) =>
    foldedThreads([...names]).map((start) => start + ARROW + rest),
  );
}

function hanging(
  head: string,
  text: string,
  { columns, paint }: WaitingOptions,
): readonly string[] {
  const room = columns - WAIT_INDENT.length / 2 - head.length;
  return wrap(text, room).map((line, index) =>
    index === 0 ? `  ${paint("bold", head)}${line}` : `  ${" ".repeat(head.length)}${line}`,
  );
}

/** A waiter with several needs in a row is told once. */
function folded(names: readonly string[]): readonly string[] {
  return names.filter((name, index) => index === 0 || name !== names[index - 1]);
}

/** From each hung thread that is on no cycle, the way to one, or to where nobody is left. */
function tailsOf({ waits, cycles }: WaitForGraph): readonly (readonly number[])[] {
  const onCycle = new Set(cycles.flat());
  const asked = new Set(waits.flatMap(({ helpers }) => helpers.map(({ needs }) => needs)));
  return [...waits.keys()]
    .filter((index) => waits[index]?.role === "hung" && !onCycle.has(index) && !asked.has(index))
    .map((start) => {
      const tail = [start];
      for (;;) {
        const at = tail.at(-1) as number;
        const next = waits[at]?.helpers.find(({ needs }) => !tail.includes(needs));
        if (onCycle.has(at) || next === undefined) {
          return tail;
        }
        tail.push(next.needs);
      }
    });
}
