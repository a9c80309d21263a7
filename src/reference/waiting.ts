import type { InstanceIndex } from "../core/expressions.ts";
import type { WaitingThread, WaitView } from "../outcome/outcome.ts";
import { present } from "../support/internal-error.ts";
import type { Machine } from "./machine.ts";
import { createObserver, observe, statusOf } from "./observer.ts";
import { lineOf, statementLine } from "./source-text.ts";
import { framesAt, type State } from "./state.ts";
import { waysOf } from "./steps.ts";
import { type Telling, takenAt } from "./trace.ts";
import { changesState } from "./ways.ts";

/** The name of a thread instance. */
export function instanceName({ program }: Machine, instance: InstanceIndex): string {
  return present(program.instances[instance], "an instance").name;
}

/** What each thread that is not done does at a state. */
export function waitingAt(telling: Telling, state: State): readonly WaitingThread[] {
  return [...telling.machine.program.instances.keys()].flatMap(
    (instance) => waitingThread(telling, state, instance) ?? [],
  );
}

/** What a thread does at a state; null where it is done. */
export function waitingThread(
  telling: Telling,
  state: State,
  instance: InstanceIndex,
): WaitingThread | null {
  const { machine } = telling;
  const observer = createObserver(machine);
  observe(observer, state);
  const status = statusOf(observer, instance);
  if (status === "done") {
    return null;
  }
  const frames = framesAt(machine.table, state, instance);
  const procs = frames.filter(({ code }) => code.kind === "proc").map(({ code }) => code.name);
  const waits = waitsOf(telling, state, instance);
  return { thread: instanceName(machine, instance), status, procs, waits };
}

/** Where the tries of a thread's step end, each place once. */
export function waitsOf(
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
