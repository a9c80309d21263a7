import type { Predicate, Program, Property } from "../core/program.ts";
import type { Sources } from "../diagnostics/diagnostic.ts";
import type {
  Finding,
  PropertyKind,
  PropertyResult,
  SearchResult,
  WaitingThread,
  WaitView,
  Witness,
} from "../outcome/outcome.ts";
import { present } from "../support/internal-error.ts";
import type { Candidate } from "./candidates.ts";
import { createMachine, type Machine } from "./machine.ts";
import { createObserver, observe, statusOf } from "./observer.ts";
import { type Search, type SearchOptions, search } from "./search.ts";
import { lineOf, statementLine } from "./source-text.ts";
import { framesAt, type State } from "./state.ts";
import { waysOf } from "./steps.ts";
import { type Telling, takenAt, traceOf } from "./trace.ts";
import { changesState } from "./ways.ts";

/** What a search is told from outside. */
export interface ExploreOptions extends SearchOptions {
  /** For the text of the steps. */
  readonly sources: Sources;
}

/**
 * Searches the states of a program: deadlocks, invariants, `step` properties, assertions, errors
 * and `reachable`. Hangs, `recoverable` and temporal properties are not judged here (`unknown`).
 */
export async function explore(program: Program, options: ExploreOptions): Promise<SearchResult> {
  const machine = createMachine(program);
  const done = await search(machine, options);
  const isComplete = isSearchComplete(done);
  const telling: Telling = { machine, store: done.store, sources: options.sources };
  const candidates = [...done.candidates.values()].sort((a, b) => compareKinds(program, a, b));
  const findings = candidates
    .filter(({ what }) => what.kind !== "witness")
    .map((candidate) => findingOf(telling, candidate));
  return {
    findings: isComplete ? [...findings, ...unreached(done)] : findings,
    witnesses: witnessesOf(telling, done),
    properties: propertiesOf(done, isComplete),
    statistics: {
      engine: "reference",
      states: done.states,
      transitions: done.transitions,
      depth: done.depth,
      initialStates: done.initialStates,
      elapsedMs: options.clock() - done.startedMs,
      complete: isComplete,
    },
    incomplete: done.incomplete,
  };
}

function isSearchComplete({ queue, incomplete }: Search): boolean {
  return incomplete === null && queue === 0;
}

/** Findings as `SearchResult` wants them: shortest first, then by kind, then as declared. */
function compareKinds(program: Program, a: Candidate, b: Candidate): number {
  if (a.length !== b.length) {
    return a.length - b.length;
  }
  const kind = kindRank(a) - kindRank(b);
  return kind === 0 ? compareDeclared(program, a, b) : kind;
}

function kindRank({ what }: Candidate): number {
  const order = ["error", "assertion", "invariant", "step", "deadlock", "reachable"];
  const isProperty = what.kind === "violation" || what.kind === "witness";
  return order.indexOf(isProperty ? what.property : what.kind);
}

function compareDeclared(program: Program, { what: a }: Candidate, { what: b }: Candidate): number {
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

function findingOf(telling: Telling, candidate: Candidate): Finding {
  const { what } = candidate;
  const trace = traceOf(telling, candidate);
  switch (what.kind) {
    case "error":
    case "assertion": {
      const { kind, span, message } = what;
      return { kind, span, message, trace, waiting: [] };
    }
    case "deadlock": {
      const state = present(candidate.state, "the state of a deadlock").state;
      return {
        kind: "deadlock",
        threads: what.threads.map((thread) => instanceName(telling.machine, thread)),
        span: null,
        message: null,
        trace,
        waiting: waitingAt(telling, state),
      };
    }
    default: {
      const { property, predicate } = what;
      const { name, span } = predicate;
      return { kind: "violation", property, name, span, message: null, trace, waiting: [] };
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

function witnessesOf(telling: Telling, { candidates, predicates }: Search): readonly Witness[] {
  return predicates.reachables.flatMap((reachable): Witness[] => {
    const candidate = candidates.get(`reachable ${reachable.name}`);
    const { name, span } = reachable;
    return candidate === undefined ? [] : [{ name, span, trace: traceOf(telling, candidate) }];
  });
}

/** What a complete search did not reach. */
function unreached({ candidates, predicates }: Search): readonly Finding[] {
  return predicates.reachables
    .filter(({ name }) => !candidates.has(`reachable ${name}`))
    .map(({ name, span }) => ({
      kind: "violation",
      property: "reachable",
      name,
      span,
      message: null,
      trace: null,
      waiting: [],
    }));
}

function propertiesOf(
  { machine, candidates, options, states }: Search,
  isComplete: boolean,
): readonly PropertyResult[] {
  const { program } = machine;
  const hasErrors = candidates.has("error");
  const resultOf = (property: PropertyKind, name: string): PropertyResult["result"] => {
    const isFound = candidates.has(`${property} ${name}`);
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
      .filter(({ name }) => options.properties?.has(name) ?? true)
      .map(({ name, span }) => ({ name, property, span, result: resultOf(property, name) }));
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
