import type { Predicate, Program, Property } from "../core/program.ts";
import type {
  CoverageCounts,
  Finding,
  IncompleteReason,
  PropertyKind,
  PropertyResult,
  SearchResult,
  Statistics,
  WaitingThread,
  WaitView,
  Witness,
} from "../outcome/outcome.ts";
import { InternalError, present } from "../support/internal-error.ts";
import { type Matter, matterKey } from "./candidates.ts";
import type { Machine } from "./machine.ts";
import { createObserver, observe, statusOf } from "./observer.ts";
import { searchedPredicates } from "./predicates.ts";
import { lineOf, statementLine } from "./source-text.ts";
import { framesAt, type State } from "./state.ts";
import { waysOf } from "./steps.ts";
import { type Route, type Telling, takenAt, traceOf } from "./trace.ts";
import { changesState } from "./ways.ts";

/** Something to be told, with the states that lead to it. */
export interface Told extends Route {
  readonly what: Matter;
  /** Steps of its trace. */
  readonly length: number;
}

/** What a search of any engine came to. */
export interface Found {
  /** One at most of each kind: the least. In any order. */
  readonly told: readonly Told[];
  /** Names of the properties that were searched for; null for all. */
  readonly properties: ReadonlySet<string> | null;
  readonly statistics: Statistics;
  readonly coverage: CoverageCounts | null;
  readonly incomplete: IncompleteReason | null;
}

/** A search with what was asked of it, at hand for telling. */
interface Findings extends Found {
  readonly program: Program;
  /** By `matterKey`. */
  readonly byKey: ReadonlyMap<string, Told>;
}

/** Tells what was found. */
export function resultOf(telling: Telling, found: Found): SearchResult {
  const { program } = telling.machine;
  const byKey = new Map(found.told.map((told) => [matterKey(told.what), told]));
  if (byKey.size < found.told.length) {
    throw new InternalError("two findings of one kind");
  }
  const all: Findings = { ...found, program, byKey };
  const findings = [...found.told]
    .sort((a, b) => compareKinds(program, a, b))
    .filter(({ what }) => what.kind !== "witness")
    .map((told) => findingOf(telling, told));
  return {
    findings: found.statistics.complete ? [...findings, ...unreached(all)] : findings,
    witnesses: witnessesOf(telling, all),
    properties: propertiesOf(all),
    statistics: found.statistics,
    coverage: found.coverage,
    suspicions: [],
    incomplete: found.incomplete,
  };
}

/** Findings as `SearchResult` wants them: shortest first, then by kind, then as declared. */
function compareKinds(program: Program, a: Told, b: Told): number {
  if (a.length !== b.length) {
    return a.length - b.length;
  }
  const kind = kindRank(a) - kindRank(b);
  return kind === 0 ? compareDeclared(program, a, b) : kind;
}

function kindRank({ what }: Told): number {
  const order = ["error", "assertion", "invariant", "step", "deadlock", "reachable"];
  const isProperty = what.kind === "violation" || what.kind === "witness";
  return order.indexOf(isProperty ? what.property : what.kind);
}

function compareDeclared(program: Program, { what: a }: Told, { what: b }: Told): number {
  if (a.kind === "deadlock" && b.kind === "deadlock") {
    const at = a.threads.findIndex((thread, index) => thread !== b.threads[index]);
    return at < 0
      ? a.threads.length - b.threads.length
      : (a.threads[at] ?? 0) - (b.threads[at] ?? -1);
  }
  if ("predicate" in a && "predicate" in b) {
    const list = [...program.invariants, ...program.steps, ...program.reachables];
    return list.indexOf(a.predicate) - list.indexOf(b.predicate);
  }
  return 0;
}

/** What only some kinds of findings have. */
const NOTHING_MORE = { waiting: [], doomedAt: null, lasso: null, waitFor: null } as const;

function findingOf(telling: Telling, told: Told): Finding {
  const { what } = told;
  const trace = traceOf(telling, told);
  switch (what.kind) {
    case "error":
    case "assertion": {
      const { kind, span, message } = what;
      return { kind, span, message, trace, ...NOTHING_MORE };
    }
    case "deadlock": {
      const state = present(told.path.at(-1), "the state of a deadlock");
      return {
        kind: "deadlock",
        threads: what.threads.map((thread) => instanceName(telling.machine, thread)),
        span: null,
        message: null,
        trace,
        ...NOTHING_MORE,
        waiting: waitingAt(telling, state),
      };
    }
    default: {
      const { property, predicate } = what;
      const { name, span } = predicate;
      return { kind: "violation", property, name, span, message: null, trace, ...NOTHING_MORE };
    }
  }
}

function instanceName({ program }: Machine, instance: number): string {
  return present(program.instances[instance], "an instance").name;
}

/** What each thread that is not done does at a state. */
function waitingAt(telling: Telling, state: State): readonly WaitingThread[] {
  const { machine } = telling;
  const observer = createObserver(machine);
  observe(observer, state);
  return [...machine.program.instances.keys()].flatMap((instance): WaitingThread[] => {
    const status = statusOf(observer, instance);
    if (status === "done") {
      return [];
    }
    const frames = framesAt(machine.table, state, instance);
    const procs = frames.filter(({ code }) => code.kind === "proc").map(({ code }) => code.name);
    const waits = waitsOf(telling, state, instance);
    return [{ thread: instanceName(machine, instance), status, procs, waits }];
  });
}

/** Where the tries of a thread's step end, each place once. */
function waitsOf(
  { machine, sources }: Telling,
  state: State,
  instance: number,
): readonly WaitView[] {
  const agent = machine.program.agents.findIndex(
    (one) => one.kind === "thread" && one.instance === instance,
  );
  const waits = new Map<string, WaitView>();
  for (const way of waysOf(machine, state, agent)) {
    const view = ((): WaitView | null => {
      if (way.kind === "wait") {
        const { wait, statement } = way;
        return statement.kind === "await"
          ? { kind: wait, span: statement.span, text: lineOf(sources, statement.condition.span) }
          : { kind: wait, span: statement.span, text: statementLine(sources, statement) };
      }
      const isRetry = way.kind === "step" && !changesState(state, way);
      const statement = isRetry ? takenAt(machine, state, agent, way.picks) : null;
      return statement === null
        ? null
        : { kind: "retry", span: statement.span, text: statementLine(sources, statement) };
    })();
    if (view !== null) {
      waits.set(`${view.kind} ${view.span.file} ${view.span.start}`, view);
    }
  }
  return [...waits.values()];
}

function witnessesOf(
  telling: Telling,
  { program, properties, byKey }: Findings,
): readonly Witness[] {
  return searchedPredicates(program, properties).reachables.flatMap(({ name, span }): Witness[] => {
    const told = byKey.get(`reachable ${name}`);
    return told === undefined ? [] : [{ name, span, trace: traceOf(telling, told) }];
  });
}

/** What a complete search did not reach. */
function unreached({ program, properties, byKey }: Findings): readonly Finding[] {
  return searchedPredicates(program, properties)
    .reachables.filter(({ name }) => !byKey.has(`reachable ${name}`))
    .map(({ name, span }) => ({
      kind: "violation",
      property: "reachable",
      name,
      span,
      message: null,
      trace: null,
      ...NOTHING_MORE,
    }));
}

function propertiesOf({
  program,
  properties,
  byKey,
  statistics: { states, complete: isComplete },
}: Findings): readonly PropertyResult[] {
  const hasErrors = byKey.has("error");
  const resultOf = (property: PropertyKind, name: string): PropertyResult["result"] => {
    const isFound = byKey.has(`${property} ${name}`);
    switch (property) {
      case "invariant":
      case "step":
        // Where some predicate has no value, or no state could be made, it is not known to hold.
        return isFound ? "violated" : isComplete && !hasErrors && states > 0 ? "holds" : "unknown";
      case "reachable":
        return isFound ? "reached" : isComplete ? "unreached" : "unknown";
      default:
        return "unknown";
    }
  };
  const list = (property: PropertyKind, declared: readonly (Predicate | Property)[]) =>
    declared
      .filter(({ name }) => properties?.has(name) ?? true)
      .map(({ name, span }) => ({
        name,
        property,
        span,
        result: resultOf(property, name),
        vacuous: [],
      }));
  const all = [
    ...list("invariant", program.invariants),
    ...list("step", program.steps),
    ...list("reachable", program.reachables),
    ...list("recoverable", program.recoverables),
    ...list("property", program.properties),
  ];
  return inTextOrder(program, all);
}

/** Imported modules first, then the file itself, each in the order of its text. */
function inTextOrder(
  program: Program,
  results: readonly PropertyResult[],
): readonly PropertyResult[] {
  const files = [...new Set(results.map(({ span }) => span.file))];
  const fileRank = (file: string): number =>
    file === program.file ? files.length : files.indexOf(file);
  return [...results].sort(
    (a, b) => fileRank(a.span.file) - fileRank(b.span.file) || a.span.start - b.span.start,
  );
}
