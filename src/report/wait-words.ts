import type {
  AbsentHelper,
  WaitFor,
  WaitForGraph,
  WaitFrame,
  WaitHelper,
} from "../outcome/wait-for.ts";
import { cut, harmless } from "../support/display.ts";
import { showValue } from "../values/show.ts";
import type { Places } from "./places.ts";

/** A longer statement inside a sentence is cut. */
const STATEMENT_COLUMNS_MAX = 60;
/** No line breaks here. */
const EQUALS = "\u00a0=\u00a0";
/** Of a condition about more places the first ones are told. */
const READS_MAX = 4;

/** What is said of a need: why its waiter matters, and what it waits for. */
export interface NeedWords {
  /** The graph that the need is one of. */
  readonly graph: WaitForGraph;
  readonly places: Places;
  /** What the waiter would do for the need that is told before; null where nobody has asked for it. */
  readonly asked: { readonly need: WaitFor; readonly helper: WaitHelper } | null;
  /** Whether what the waiter holds is said already. */
  readonly holdsTold: boolean;
}

/** A need in a sentence without its waiter: `would end, but waits until nr_pending == 0`. */
export function needText(need: WaitFor, words: NeedWords): string {
  const { asked, graph } = words;
  const held = words.holdsTold ? [] : locksOf(graph, need.waiter);
  const waits = waitsText(need, words.places);
  const holds = held.length === 0 ? "" : `holds ${listedPlaces(held)} and `;
  const isOwner = asked !== null && asked.need.lock?.owner === need.waiter;
  if (asked === null || isOwner) {
    return holds + waits;
  }
  return `${wouldText(asked.need, asked.helper, words.places)}, but ${holds}${waits}`;
}

/** The locks that somebody keeps others from, by their places. */
export function locksOf(graph: WaitForGraph, agent: string): readonly string[] {
  const places = graph.waits.flatMap(({ waiter, lock }) =>
    lock !== null && lock.owner === agent && waiter !== agent ? [lock.place] : [],
  );
  return [...new Set(places)];
}

function listedPlaces(places: readonly string[]): string {
  return harmless(places.join(" and "));
}

/** `would do clear_bit(PENDING) in md_update_sb()`. */
function wouldText(need: WaitFor, helper: WaitHelper, places: Places): string {
  if (endOf(need) === helper.agent) {
    return "would end";
  }
  const { text, proc } = stepOf(helper, places);
  const inside = proc === null ? "" : ` in ${harmless(proc)}()`;
  const other = helper.elsewhere ? ", if only for something else" : "";
  return `would do ${statementText(text)}${inside}${other}`;
}

/** The step of somebody who could help: of one inside the library, which says less, the call in the spec's own file. */
export function stepOf(
  { frames, text, span }: WaitHelper | AbsentHelper,
  places: Places,
): Pick<WaitFrame, "text" | "proc" | "span"> {
  const outside = frames.findLast((frame) => places.isRoot(frame.span));
  return outside ?? { text, proc: null, span };
}

/** Who would do what for a need: `writer would do nr_pending -= 1 in end_io() (raid10.spec:301)`. */
export function helperText(need: WaitFor, helper: WaitHelper, places: Places): string {
  const isEnd = endOf(need) === helper.agent;
  const who = helper.agent === need.waiter ? "it" : harmless(helper.agent);
  const where = places.where(stepOf(helper, places).span);
  return isEnd ? "" : `${who} ${wouldText(need, helper, places)} (${where})`;
}

function statementText(text: string): string {
  return cut(harmless(text), STATEMENT_COLUMNS_MAX);
}

/** Whose end a need waits for: `t` of `done(t)`; null for other conditions. */
function endOf({ kind, condition }: WaitFor): string | null {
  return kind === "exit" ? (/^done\((.+)\)$/.exec(condition)?.[1] ?? null) : null;
}

/** `waits for the end of sync_thread`, `tries reconfig_mutex, which action_store holds`. */
function waitsText(need: WaitFor, places: Places): string {
  const { role, kind, lock } = need;
  if (lock !== null) {
    return lockText(role, harmless(lock.place), lock.owner, need.waiter);
  }
  const call = callOf(need, places);
  const within = call === null ? "" : ` in ${call}`;
  const ending = endOf(need);
  if (ending !== null && role !== "passes") {
    return `${WAITS_FOR[role]}${within} for ${harmless(ending)} to end`;
  }
  const inside = kind === "gracePeriod" ? " those inside have left," : "";
  return `${WAITS_FOR[role]}${within} until${inside} ${harmless(need.condition)}${missingText(need)}`;
}

const WAITS_FOR: Readonly<Record<WaitFor["role"], string>> = {
  hung: "waits",
  idle: "sleeps",
  retries: "tries again",
  passes: "goes another way",
};

function lockText(role: WaitFor["role"], place: string, owner: string, waiter: string): string {
  const holder = owner === waiter ? "it holds itself" : `${harmless(owner)} holds`;
  switch (role) {
    case "retries":
      return `tries ${place}, which ${holder}`;
    case "passes":
      return `goes another way, because of ${place}, which ${holder}`;
    case "idle":
      return `sleeps until ${place} is free, which ${holder}`;
    default:
      return `waits for ${place}, which ${holder}`;
  }
}

/** A wait inside an imported proc is told as the call of it; null for one in the file itself. */
function callOf(need: WaitFor, places: Places): string | null {
  if (places.isRoot(need.span)) {
    return null;
  }
  const call = need.frames.findLast((frame) => places.isRoot(frame.span));
  return call === undefined ? null : places.text(call.span);
}

/** What of a condition is false, and the values that make it so, as far as that says more. */
function missingText({ condition, missing }: WaitFor): string {
  const texts = missing.map((part) => part.text).filter((text) => !condition.startsWith(text));
  const reads = new Map(
    missing
      // `!pending` says itself that it is true.
      .filter(({ text, reads: [first] }) => text.replace(/^!/, "") !== first?.place)
      .flatMap((part) => part.reads.map(({ place, value }) => [place, showValue(value)])),
  );
  const values = [...reads]
    .slice(0, READS_MAX)
    .map(([place, value]) => `${place}${EQUALS}${value}`);
  const some = texts.length === 0 ? "" : `; missing: ${texts.join(", ")}`;
  const now = values.length === 0 ? "" : ` (${values.join(", ")})`;
  return harmless(some + now);
}

/** That nobody helps any more, and what became of those who could have; empty where somebody would. */
export function nobodyText(need: WaitFor, places: Places): string {
  if (need.helpers.length > 0) {
    return "";
  }
  const whys = need.absent.map((one) => absentText(one, places));
  const what = need.lock === null ? "make it true" : "let go of it";
  return [`nobody is left to ${what}`, ...(whys.length === 0 ? [] : [whys.join("; ")])].join(": ");
}

function absentText(absent: AbsentHelper, places: Places): string {
  const { agent, why, lastStep } = absent;
  const who = harmless(agent);
  const { text, span } = stepOf(absent, places);
  const what = `${statementText(text)} (${places.where(span)})`;
  if (lastStep === null) {
    return why === "ended" ? `${who} has ended without ${what}` : `${who} does not get to ${what}`;
  }
  const state = why === "ended" ? "has ended" : "does not come there any more";
  return `${who} ${state}; it did ${what} at step ${lastStep}, too early`;
}

/** The place in the spec's own file where a waiter stands. */
export function whereOf({ span, frames }: WaitFor, places: Places): string {
  const outside = frames.findLast((frame) => places.isRoot(frame.span));
  return places.where(places.isRoot(span) ? span : (outside?.span ?? span));
}
