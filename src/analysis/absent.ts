import type { AbsentHelper } from "../outcome/wait-for.ts";
import { startThread } from "../reference/execute.ts";
import type { AgentIndex, Machine } from "../reference/machine.ts";
import { statementLine } from "../reference/source-text.ts";
import { framesAt, numberOfFrames, type State, stateOf, threadPart } from "../reference/state.ts";
import { begin, failureOf, retakeWay, waysOf } from "../reference/steps.ts";
import { agentName } from "../reference/views.ts";
import { afterStep } from "../reference/ways.ts";
import { InternalError, present } from "../support/internal-error.ts";
import { viewAtom } from "./atoms.ts";
import { createForcing } from "./forcing.ts";
import { aimOf } from "./goals.ts";
import { type Asking, type Guard, gapOfQuestion } from "./guards.ts";
import { askAt } from "./moments.ts";
import type { Needs } from "./needs.ts";
import type { ReadPlace } from "./places-read.ts";
import { findRuns, type HelpingRun } from "./runs.ts";
import { mayWrite, type Writer } from "./writers.ts";

/** A step of the trace: whose, and by `Statement.id` what was executed. */
interface TakenStep {
  readonly agent: AgentIndex;
  readonly executed: ReadonlySet<number>;
  /** The calls that were under way before it. */
  readonly calls: ReadonlySet<number>;
}

/** What was done on the way to a state. */
export interface Past {
  readonly state: State;
  readonly steps: readonly TakenStep[];
}

/** The steps of a trace. Between two states it is the first in canonical order. */
export function pastOf({ machine }: Asking, path: readonly State[]): Past {
  const { program } = machine;
  const steps = path.slice(1).map((to, index): TakenStep => {
    const from = present(path[index], "a state");
    for (const agent of program.agents.keys()) {
      for (const way of waysOf(machine, from, agent)) {
        if (way.kind === "step" && afterStep(from, way).key === to.key) {
          return taken(machine, from, agent, way.picks);
        }
      }
    }
    throw new InternalError("no step leads to the next state of a path");
  });
  return { state: present(path.at(-1), "the end of a trace"), steps };
}

/** Takes a step once more, to see what is executed. */
function taken(
  machine: Machine,
  from: State,
  agent: AgentIndex,
  picks: readonly number[],
): TakenStep {
  const { run, program, table } = machine;
  const which = present(program.agents[agent], "an agent");
  const frames = which.kind === "thread" ? framesAt(table, from, which.instance) : [];
  run.executed = new Set();
  retakeWay(machine, from, agent, picks);
  const executed = new Set(run.executed);
  run.executed = null;
  return { agent, executed, calls: new Set(frames.map(({ at }) => at.id)) };
}

/** Those whose code would see to a need that nobody sees to, and why they do not. */
export function absentFor(needs: Needs, need: Guard, past: Past): readonly AbsentHelper[] {
  const { asking } = needs;
  const { reads, holders } = aboutOf(asking, need);
  return writing(needs, need, reads).flatMap((absent) => {
    const { agent } = absent;
    const which = present(asking.machine.program.agents[agent], "an agent");
    if (holders.length > 0) {
      const isHolder = holders.includes(nameOf(asking, agent) ?? "");
      return isHolder ? [tellAbsent(asking, absent, past)] : [];
    }
    // A transition might see to it whenever it is possible.
    const [run] = anew(needs, need, agent);
    return run !== undefined || which.kind === "transition"
      ? [tellAbsent(asking, absent, past, run)]
      : [];
  });
}

/**
 * Threads that have ended or are stuck, and that would see to a need for no more than `cost` if they
 * began anew; nobody where somebody holds what is needed.
 */
export function absentForLess(
  needs: Needs,
  need: Guard,
  past: Past,
  { cost, stuck }: { readonly cost: number; readonly stuck: ReadonlySet<AgentIndex> },
): readonly AbsentHelper[] {
  const { asking } = needs;
  const { reads, holders } = aboutOf(asking, need);
  return writing(needs, need, holders.length > 0 ? [] : reads)
    .filter(({ agent }) => stuck.has(agent) || isDone(asking, agent, past.state))
    .flatMap((absent) => {
      const run = anew(needs, need, absent.agent).find((one) => one.cost <= cost);
      return run === undefined ? [] : [tellAbsent(asking, absent, past, run)];
    });
}

/**
 * Those who wrote there on the way, whatever they would do now: where nothing better is known. Of what
 * somebody holds nobody else is told.
 */
export function writersBefore(
  needs: Needs,
  need: Guard,
  past: Past,
  stuck: ReadonlySet<AgentIndex>,
): readonly AbsentHelper[] {
  const { asking } = needs;
  const { reads, holders } = aboutOf(asking, need);
  return writing(needs, need, holders.length > 0 ? [] : reads)
    .filter(({ agent }) => !stuck.has(agent))
    .map((absent) => tellAbsent(asking, absent, past))
    .filter(({ lastStep }) => lastStep !== null);
}

function writing(
  { agents, reaches }: Needs,
  need: Guard,
  reads: readonly ReadPlace[],
): readonly Absent[] {
  return agents.flatMap((agent) => {
    const { writers } = present(reaches[agent], "a reach");
    const there = writers.filter((writer) => reads.some((read) => mayWrite(writer, read)));
    return agent === need.moment.agent || there.length === 0 ? [] : [{ agent, writers: there }];
  });
}

/** Somebody who is not there for it any more. */
interface Absent {
  readonly agent: AgentIndex;
  readonly writers: readonly Writer[];
}

/** What a need is about, and where it is about threads that have to let go or to leave, who they are. */
function aboutOf(
  { machine, sources }: Asking,
  { moment, question, wanted }: Guard,
): { readonly reads: readonly ReadPlace[]; readonly holders: readonly string[] } {
  return askAt(machine, moment, moment.state, (run) => {
    const { atoms } = gapOfQuestion(run, question, wanted);
    const views = atoms.map((atom) => ({ atom, view: viewAtom(run, sources, atom) }));
    const holders = views.flatMap(({ atom, view }) =>
      view.kind === "gracePeriod"
        ? atom.pieces.map((piece) => piece.slice(1))
        : view.lock === null
          ? []
          : [view.lock.owner],
    );
    return { reads: views.flatMap(({ view }) => view.reads), holders };
  });
}

function nameOf({ machine }: Asking, agent: AgentIndex): string | null {
  const { agents, instances } = machine.program;
  const which = present(agents[agent], "an agent");
  return which.kind === "thread" ? present(instances[which.instance], "an instance").name : null;
}

/** What a thread would do for a need if it began anew. */
function anew(needs: Needs, need: Guard, agent: AgentIndex): readonly HelpingRun[] {
  const { state } = need.moment;
  const { asking, budget } = needs;
  const { machine } = asking;
  const which = present(machine.program.agents[agent], "an agent");
  if (which.kind === "transition") {
    return [];
  }
  const { run, looking, table } = machine;
  looking.state = state;
  begin(run);
  try {
    startThread(run, which.instance);
  } catch (thrown) {
    failureOf(run, thrown);
    return [];
  }
  const frames = present(run.threads.get(which.instance), "the frames of a thread");
  const numbers = [...state.numbers];
  numbers[threadPart(table, which.instance)] = numberOfFrames(table, which.instance, frames);
  const from = stateOf(numbers);
  return findRuns(
    asking,
    { agent, from, need, goal: aimOf(asking, need).goal, freely: true },
    budget,
  );
}

/** `run` is what it would do if it began anew. */
function tellAbsent(
  asking: Asking,
  { agent, writers }: Absent,
  { state, steps }: Past,
  run?: HelpingRun,
): AbsentHelper {
  const { machine, sources } = asking;
  const helping = run === undefined ? [] : writers.filter((one) => isOn(one, lastOf(asking, run)));
  const those = helping.length > 0 ? helping : writers;
  const last = steps.findLastIndex(
    (step) => step.agent === agent && those.some((one) => isOn(one, step)),
  );
  const step = steps[last];
  const then = step === undefined ? those : those.filter((one) => isOn(one, step));
  const writer = present(then.at(-1), "a writer");
  const frames = writer.chain.map((statement, depth) => ({
    proc: depth === 0 ? null : present(writer.codes[depth], "code").name,
    span: statement.span,
    text: statementLine(sources, statement),
  }));
  const innermost = present(frames.at(-1), "a statement");
  const which = present(machine.program.agents[agent], "an agent");
  return {
    agent: agentName(machine.program, machine, which, []),
    why: isDone(asking, agent, state) ? "ended" : "past",
    text: innermost.text,
    span: innermost.span,
    frames,
    lastStep: last < 0 ? null : last + 1,
  };
}

function isDone({ machine }: Asking, agent: AgentIndex, state: State): boolean {
  const which = present(machine.program.agents[agent], "an agent");
  return which.kind === "thread" && framesAt(machine.table, state, which.instance).length === 0;
}

/** The step of a run that helps. */
function lastOf(asking: Asking, { agent, last }: HelpingRun): TakenStep {
  const { machine } = asking;
  machine.run.guide = createForcing(asking, last.options);
  const step = taken(machine, last.options.state, agent, last.picks);
  machine.run.guide = null;
  return step;
}

/** Whether a writer was executed in a step, inside the calls that lead to it. */
function isOn({ chain }: Writer, { executed, calls }: TakenStep): boolean {
  return (
    executed.has(chain.at(-1)?.id ?? -1) &&
    chain.slice(0, -1).every(({ id }) => executed.has(id) || calls.has(id))
  );
}
