import type { Agent } from "../core/program.ts";
import type { Statement } from "../core/statements.ts";
import type { Sources } from "../diagnostics/diagnostic.ts";
import type { StateView, Trace, TraceStep } from "../outcome/outcome.ts";
import { InternalError, present } from "../support/internal-error.ts";
import { evaluate } from "../values/evaluate.ts";
import { showValue } from "../values/show.ts";
import type { LastStep } from "./candidates.ts";
import { spotOf } from "./code.ts";
import { snapshot } from "./execute.ts";
import type { Frame } from "./frames.ts";
import type { AgentIndex, Machine } from "./machine.ts";
import { type Log, type ShellEvent, variableOf } from "./run.ts";
import { lineOf, statementLine } from "./source-text.ts";
import { retakeStart, type Start, startsOf } from "./starts.ts";
import type { State, StateKey } from "./state.ts";
import { retakeWay, waysOf } from "./steps.ts";
import { agentName, changesOf, type Parts, partsOf, viewOf } from "./views.ts";
import { afterStep, type Way } from "./ways.ts";

/** What traces are told from. */
export interface Telling {
  readonly machine: Machine;
  readonly sources: Sources;
  /** As `startsOf` says; worked out when first asked for. */
  starts(): readonly Start[];
  /** A state of a trace as plain data; the same object for the same state. */
  view(state: State): StateView;
  /** What was told of traces that begin at a state: traces begin alike. By its key. */
  readonly begun: Map<StateKey, ToldState>;
}

/** A state on the way of some traces, and how these go on from it. */
interface ToldState {
  /** As it was before the step that comes next. */
  readonly pending: Pending;
  /** The first steps to other states. */
  readonly ways: Map<StateKey, LastStep>;
  /** By agent and picks. */
  readonly steps: Map<string, ToldStep>;
}

interface ToldStep {
  readonly step: TraceStep;
  readonly next: ToldState;
}

/** How what is told comes about. */
export interface Route {
  /** From an initial state, in steps; empty where starting fails. */
  readonly path: readonly State[];
  /** The last step where it leads to no state of `path`; the start, where that fails. */
  readonly step: LastStep | null;
  /** Of a behaviour that goes on for ever: which steps it takes, and how it goes on; else null. */
  readonly lasso: Lasso | null;
}

/** A behaviour that goes on for ever. */
export interface Lasso {
  /** Where the cycle begins in the path; null where nothing happens any more after its end. */
  readonly loop: number | null;
  /** Those between the states of the path, and the one that closes the cycle. */
  readonly steps: readonly LastStep[];
}

/** Makes ready to tell of the runs of a machine. */
export function createTelling(machine: Machine, sources: Sources): Telling {
  let starts: readonly Start[] | null = null;
  const views = new Map<StateKey, StateView>();
  return {
    machine,
    sources,
    starts: () => {
      starts ??= startsOf(machine);
      return starts;
    },
    begun: new Map(),
    view: (state) => {
      let view = views.get(state.key);
      if (view === undefined) {
        view = viewOf(machine, partsOf(machine, state));
        views.set(state.key, view);
      }
      return view;
    },
  };
}

/** A command met while a step was taken, filled in. */
interface Command extends ShellEvent {
  readonly text: string;
}

/** By thread: commands of what its next step is the first step of. */
type Pending = Map<number, string[]>;

/**
 * Tells a route step by step; between two states the step is the first in canonical order, unless
 * the route says which it is.
 */
export function traceOf(telling: Telling, { path, step, lasso }: Route): Trace {
  const { machine } = telling;
  const [first] = path;
  if (first === undefined) {
    return { initial: viewOf(machine, failedStart(machine, step)), steps: [] };
  }
  const given = lasso === null ? [] : lasso.steps;
  const steps: TraceStep[] = [];
  let at = begunAt(telling, first);
  for (const [index, from] of path.entries()) {
    const to = path[index + 1];
    const taken = to === undefined ? (step ?? given[index]) : given[index];
    const one = taken ?? (to === undefined ? null : wayTo(machine, at, from, to.key));
    if (one !== null) {
      const told = toldStep(telling, at, from, one);
      steps.push(told.step);
      at = told.next;
    }
  }
  return { initial: telling.view(first), steps };
}

function begunAt(telling: Telling, first: State): ToldState {
  let begun = telling.begun.get(first.key);
  if (begun === undefined) {
    begun = toldState(new Map());
    tellStart(telling, first, begun.pending);
    telling.begun.set(first.key, begun);
  }
  return begun;
}

function toldState(pending: Pending): ToldState {
  return { pending, ways: new Map(), steps: new Map() };
}

function toldStep(telling: Telling, at: ToldState, from: State, one: LastStep): ToldStep {
  const key = `${one.agent}:${one.picks.join()}`;
  let told = at.steps.get(key);
  if (told === undefined) {
    const next = toldState(new Map(at.pending));
    told = { step: tellStep(telling, from, one, next.pending), next };
    at.steps.set(key, told);
  }
  return told;
}

function wayTo(machine: Machine, at: ToldState, from: State, to: StateKey): LastStep {
  let way = at.ways.get(to);
  if (way === undefined) {
    way = firstWayTo(machine, from, to);
    at.ways.set(to, way);
  }
  return way;
}

function firstWayTo(machine: Machine, from: State, to: StateKey): LastStep {
  for (const agent of machine.program.agents.keys()) {
    for (const way of waysOf(machine, from, agent)) {
      if (way.kind === "step" && afterStep(from, way).key === to) {
        return { agent, picks: way.picks };
      }
    }
  }
  throw new InternalError("no step leads to the next state of a path");
}

/** As far as the threads were started when one of them failed. */
function failedStart(machine: Machine, step: LastStep | null): Parts {
  retakeStart(machine, present(step, "a start").picks);
  const { run, program } = machine;
  return {
    variables: program.variables.map((_, index) => variableOf(run, index)),
    threads: program.instances.map((_, index) =>
      index === run.self ? snapshot(run) : (run.threads.get(index) ?? []),
    ),
  };
}

/** Takes the start again, to hear of the commands that belong to first steps. */
function tellStart({ machine, starts }: Telling, first: State, pending: Pending): void {
  const start = starts().find((one) => one.kind === "start" && one.state.key === first.key);
  const { picks } = present(start, "an initial state");
  const { commands } = listen(machine, () => {
    retakeStart(machine, picks);
    return null;
  });
  sortCommands(machine, commands, partsOf(machine, first).threads, pending);
}

function tellStep(
  telling: Telling,
  from: State,
  { agent: index, picks }: LastStep,
  pending: Pending,
): TraceStep {
  const { machine, sources } = telling;
  const { program } = machine;
  const agent = present(program.agents[index ?? -1], "an agent");
  const { way, log, commands } = listen(machine, () =>
    retakeWay(machine, from, index ?? -1, picks),
  );
  const state = way?.kind === "step" ? afterStep(from, way) : null;
  const after = state === null ? null : partsOf(machine, state);
  const thread = agent.kind === "thread" ? agent.instance : null;
  const before = thread === null ? [] : (pending.get(thread) ?? []);
  pending.delete(thread ?? -1);
  const own = sortCommands(machine, commands, after?.threads ?? [], pending);
  const shell = [...before, ...own];
  const old = partsOf(machine, from);
  const taken = takenOf(machine, old, agent, log);
  return {
    agent: agentName(program, machine, agent, picks),
    isTransition: agent.kind === "transition",
    procs: taken.frames.filter(({ code }) => code.kind === "proc").map(({ code }) => code.name),
    ...taken.place(sources),
    choices: log.choices,
    shell: shell.length === 0 ? null : shell.join("\n"),
    changes: after === null ? [] : changesOf(machine, old, after),
    state: state === null ? null : telling.view(state),
  };
}

type Place = Pick<TraceStep, "label" | "doc" | "span" | "text">;

/** Where a step is shown: at the statement that made it one, or at its transition. */
function takenOf(
  machine: Machine,
  from: Parts,
  agent: Agent,
  log: Log,
): { readonly frames: readonly Frame[]; place(sources: Sources): Place } {
  if (agent.kind === "transition") {
    const { doc, span, body } = present(machine.program.transitions[agent.transition], "one");
    const text = (sources: Sources): string =>
      lineOf(sources, body.block.span)
        .replace(/^\{\s*/, "")
        .replace(/\s*\}$/, "");
    return { frames: [], place: (sources) => ({ label: null, doc, span, text: text(sources) }) };
  }
  const frames = present(from.threads[agent.instance], "a thread");
  const rest = present(frames.at(-1), "a frame").at;
  const { statement, frames: within } = log.taken ?? { statement: rest, frames };
  return {
    frames: within,
    place: (sources) => ({
      label: statement.label ?? rest.label,
      doc: statement.doc ?? rest.doc,
      span: statement.span,
      text: statementLine(sources, statement),
    }),
  };
}

/** Takes a way and notes what it tells. */
function listen(
  machine: Machine,
  take: () => Way | null,
): { readonly way: Way | null; readonly log: Log; readonly commands: readonly Command[] } {
  const { log, context } = machine.run;
  const commands: Command[] = [];
  log.onShell = (event) => {
    const text = event.template.parts
      .map((part) =>
        typeof part === "string"
          ? part
          : showValue(evaluate(part, context), part.type, machine.types),
      )
      .join("");
    commands.push({ ...event, text });
  };
  const way = take();
  return { way, log: { ...log }, commands };
}

/**
 * The commands of the step itself. Those of blocks, calls and threads that were entered after it,
 * and that the thread has not left, are kept for its next step, which is their first one.
 */
function sortCommands(
  machine: Machine,
  commands: readonly Command[],
  threads: readonly (readonly Frame[])[],
  pending: Pending,
): readonly string[] {
  const own: string[] = [];
  for (const { text, thread, statement, depth, settling } of commands) {
    const frames = thread === null ? [] : (threads[thread] ?? []);
    if (thread !== null && settling && isInside(machine, frames, statement, depth)) {
      pending.set(thread, [...(pending.get(thread) ?? []), text]);
    } else {
      own.push(text);
    }
  }
  return own;
}

function isInside(
  machine: Machine,
  frames: readonly Frame[],
  statement: Statement | null,
  depth: number,
): boolean {
  let at: Statement | null = frames[depth]?.at ?? null;
  if (statement === null || at === null) {
    return at !== null;
  }
  while (at !== null && at !== statement) {
    at = spotOf(machine.code, at).container;
  }
  return at === statement;
}

/** The statement that made a way of an agent's step one. */
export function takenAt(
  machine: Machine,
  from: State,
  agent: AgentIndex,
  picks: readonly number[],
): Statement | null {
  const { log } = listen(machine, () => retakeWay(machine, from, agent, picks));
  return log.taken?.statement ?? null;
}
