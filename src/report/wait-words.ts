import type {
  AbsentHelper,
  WaitFor,
  WaitForGraph,
  WaitFrame,
  WaitHelper,
} from "../outcome/wait-for.ts";
import { cut, harmless } from "../support/display.ts";
import { showValue } from "../values/show.ts";
import { firstStatement } from "./phrases.ts";
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
  const holds = held.length === 0 ? "" : `holds ${listedPlaces(held)} and `;
  const isOwner = asked !== null && asked.need.lock?.owner === need.waiter;
  if (asked === null || isOwner) {
    return holds + waitsText(need, false, words.places);
  }
  const would = wouldText(asked.need, asked.helper, words.places);
  return `${would}, but ${holds}${waitsText(need, true, words.places)}`;
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
  const { text, proc, span } = stepOf(helper, places);
  const inside = proc === null ? "" : ` in ${harmless(proc)}()`;
  const other = helper.elsewhere ? ", if only for something else" : "";
  const statement = statementText(text);
  // A section and what branches are told by the proc they are in, or by their place.
  const isLong = text.startsWith("atomic ") && proc !== null;
  const branches = /^(?:if|while|loop|either|choose)\b/.test(statement);
  const around = proc === null ? places.where(span) : `${harmless(proc)}()`;
  const target = isLong || branches ? around : null;
  return target === null
    ? `would do ${statement}${inside}${other}`
    : `would come to ${target}${other}`;
}

/** The step of somebody who could help: of one inside a primitive, which says less, the call of it. */
export function stepOf(
  { frames, text, span }: WaitHelper | AbsentHelper,
  places: Places,
): Pick<WaitFrame, "text" | "proc" | "span"> {
  const outside = frames.findLast((frame) => places.isTold(frame.span));
  return outside ?? { text, proc: null, span };
}

/** Who would do what for a need: `writer would do nr_pending -= 1 in end_io()`; empty for its end. */
export function helperText(need: WaitFor, helper: WaitHelper, places: Places): string {
  const isEnd = endOf(need) === helper.agent;
  const who = helper.agent === need.waiter ? "it" : harmless(helper.agent);
  return isEnd ? "" : `${who} ${wouldText(need, helper, places)}`;
}

function statementText(text: string): string {
  return cut(harmless(firstStatement(text)), STATEMENT_COLUMNS_MAX);
}

/** Whose end a need waits for; null for other conditions. */
function endOf({ kind, condition, missing }: WaitFor): string | null {
  const [part] = missing;
  return kind === "exit" ? (/^done\((.+)\)$/.exec(part?.text ?? condition)?.[1] ?? null) : null;
}

/** `waits for the end of sync_thread`, `tries reconfig_mutex, which action_store holds`. */
function waitsText(need: WaitFor, isAsked: boolean, places: Places): string {
  const { role, kind, lock } = need;
  if (lock !== null) {
    return lockText(need, lock);
  }
  const call = callOf(need, places);
  const ending = endOf(need);
  const condition = conditionText(need, call !== null);
  const now = valuesText(need, condition);
  if (role === "passes") {
    const only = condition === "" ? harmless(need.condition) : condition;
    return `${isAsked ? "only" : "goes on there only"} if ${only}${now}`;
  }
  if (isSpinning(need)) {
    return `does ${statementText(need.condition)} again and again, which changes nothing`;
  }
  const verb = WAITS[role] + (call === null ? "" : ` in ${call}`);
  if (ending !== null) {
    return `${verb.replace(/\(.*/, "()")} for ${harmless(ending)} to end`;
  }
  if (kind === "gracePeriod") {
    return `${verb} until those inside have left${now}`;
  }
  return `${verb}${condition === "" ? "" : ` until ${condition}`}${now}`;
}

/** Whether its waiter waits for nothing, but its steps lead nowhere: the condition is the statement. */
function isSpinning({ condition, missing, frames }: WaitFor): boolean {
  const at = frames.at(-1)?.text;
  return missing.length === 0 && at === condition && !condition.startsWith("choose ");
}

const WAITS: Readonly<Record<Exclude<WaitFor["role"], "passes">, string>> = {
  hung: "waits",
  idle: "sleeps",
  retries: "tries again",
};

/**
 * The condition as written; of one inside a primitive, whose words are about its own parameters, what
 * of it is missing, and nothing where that is several things.
 */
function conditionText({ condition, missing }: WaitFor, isInside: boolean): string {
  if (!isInside) {
    // What reads nothing has no value to tell it by.
    const silent = missing.filter(({ text, reads }) => reads.length === 0 && text !== condition);
    const rest =
      silent.length === 0 ? "" : `; missing: ${silent.map(({ text }) => text).join(", ")}`;
    return harmless(condition + rest);
  }
  return harmless(missing.length === 1 ? (missing[0]?.text ?? "") : "");
}

/** The values that make a condition false, as far as it does not tell them itself. */
function valuesText({ condition, missing }: WaitFor, shown: string): string {
  const isPlain = !/&&|\|\||=>|\b(?:forall|exists)\b/.test(condition);
  const told = missing.filter(({ text, reads: [first] }) => {
    // `!pending` says itself that it is true, and `!(a in s)` that a is there.
    const says = text.replace(/^!/, "") === first?.place || text.includes(" in ");
    return !(says && (harmless(text) === shown || (isPlain && shown !== "")));
  });
  const reads = new Map(
    told.flatMap((part) => part.reads.map(({ place, value }) => [place, showValue(value)])),
  );
  if (reads.size === 1 && told.some(({ text }) => harmless(text) === shown)) {
    return ` (now\u00a0${harmless([...reads.values()][0] ?? "")})`;
  }
  const values = [...reads]
    .slice(0, READS_MAX)
    .map(([place, value]) => `${place}${EQUALS}${value}`);
  return values.length === 0 ? "" : harmless(` (${values.join(", ")})`);
}

function lockText(
  { role, waiter }: WaitFor,
  { place, owner }: NonNullable<WaitFor["lock"]>,
): string {
  const holder = owner === waiter ? "it holds itself" : `${harmless(owner)} holds`;
  const lock = `${harmless(place)}, which ${holder}`;
  switch (role) {
    case "retries":
    case "passes":
      return `tries ${lock}`;
    case "idle":
      return `sleeps until it gets ${lock}`;
    default:
      return `waits for ${lock}`;
  }
}

/** A wait inside a primitive is told as the call of it; null for any other. */
function callOf(need: WaitFor, places: Places): string | null {
  if (places.isTold(need.span)) {
    return null;
  }
  const call = need.frames.findLast((frame) => places.isTold(frame.span));
  return call === undefined ? null : places.text(call.span);
}

/** That nobody helps any more, and what became of those who could have; empty where somebody would. */
export function nobodyText(need: WaitFor, places: Places): string {
  if (need.helpers.length > 0 || isSpinning(need)) {
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

/** The place where a waiter stands: of one inside a primitive, the call of it. */
export function whereOf({ span, frames }: WaitFor, places: Places): string {
  const outside = frames.findLast((frame) => places.isTold(frame.span));
  return places.where(places.isTold(span) ? span : (outside?.span ?? span));
}
