import type { AbsentHelper } from "../outcome/wait-for.ts";
import { startThread } from "../reference/execute.ts";
import type { AgentIndex } from "../reference/machine.ts";
import { statementLine } from "../reference/source-text.ts";
import { framesAt, numberOfFrames, type State, stateOf, threadPart } from "../reference/state.ts";
import { begin, failureOf, retakeWay, waysOf } from "../reference/steps.ts";
import { agentName } from "../reference/views.ts";
import { afterStep } from "../reference/ways.ts";
import { present } from "../support/internal-error.ts";
import { viewAtom } from "./atoms.ts";
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
}

/** What was done on the way to a state. */
export interface Past {
  readonly state: State;
  readonly steps: readonly TakenStep[];
}

/** The steps of a trace. Between two states it is the first in canonical order. */
export function pastOf({ machine }: Asking, path: readonly State[]): Past {
  const { run, program } = machine;
  const steps = path.slice(1).map((to, index): TakenStep => {
    const from = present(path[index], "a state");
    for (const agent of program.agents.keys()) {
      for (const way of waysOf(machine, from, agent)) {
        if (way.kind === "step" && afterStep(from, way).key === to.key) {
          run.executed = new Set();
          retakeWay(machine, from, agent, way.picks);
          const executed = new Set(run.executed);
          run.executed = null;
          return { agent, executed };
        }
      }
    }
    return { agent: -1, executed: new Set() };
  });
  return { state: present(path.at(-1), "the end of a trace"), steps };
}

/** Those whose code would see to a need that nobody sees to, and why they do not. */
export function absentFor(needs: Needs, need: Guard, past: Past): readonly AbsentHelper[] {
  const { asking } = needs;
  const { reads, holders } = aboutOf(asking, need);
  return writing(needs, need, reads)
    .filter(({ agent }) =>
      holders.length > 0
        ? holders.includes(nameOf(asking, agent) ?? "")
        : wouldHelp(needs, need, agent),
    )
    .map((absent) => tellAbsent(asking, absent, past));
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
    .filter(({ agent }) => anew(needs, need, agent).some((run) => run.cost <= cost))
    .map((absent) => tellAbsent(asking, absent, past));
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

/** Whether a thread would see to it if it began anew; a transition might whenever it is possible. */
function wouldHelp(needs: Needs, need: Guard, agent: AgentIndex): boolean {
  const { machine } = needs.asking;
  const which = present(machine.program.agents[agent], "an agent");
  return which.kind === "transition" || anew(needs, need, agent).length > 0;
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

function tellAbsent(
  { machine, sources }: Asking,
  { agent, writers }: Absent,
  { state, steps }: Past,
): AbsentHelper {
  const last = steps.findLastIndex(
    (step) => step.agent === agent && writers.some((writer) => isOn(writer, step)),
  );
  const done = steps.flatMap((step) => (step.agent === agent ? [...step.executed] : []));
  const writer = writerOf(writers, steps[last], new Set(done));
  const frames = writer.chain.map((statement, depth) => ({
    proc: depth === 0 ? null : present(writer.codes[depth], "code").name,
    span: statement.span,
    text: statementLine(sources, statement),
  }));
  const innermost = present(frames.at(-1), "a statement");
  const which = present(machine.program.agents[agent], "an agent");
  return {
    agent: agentName(machine.program, machine, which, []),
    why: isDone({ machine, sources }, agent, state) ? "ended" : "past",
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

/** The writer that was executed in a step, as far as can be told inside calls that were made. */
function writerOf(
  writers: readonly Writer[],
  step: TakenStep | undefined,
  done: ReadonlySet<number>,
): Writer {
  const then = step === undefined ? writers : writers.filter((one) => isOn(one, step));
  const called = then.filter(({ chain }) => chain.every(({ id }) => done.has(id)));
  return present(called.at(-1) ?? then.at(-1), "a writer");
}

function isOn({ chain }: Writer, { executed }: TakenStep): boolean {
  return executed.has(chain.at(-1)?.id ?? -1);
}
