import type { Program } from "../core/program.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import type {
  FrameView,
  LockOrder,
  Outcome,
  SearchResult,
  Suspicion,
  Trace,
} from "../outcome/outcome.ts";
import { present } from "../support/internal-error.ts";
import {
  type LockTaken,
  locksInBothOrders,
  nothingInside,
  propertyVacuous,
  waitUnstable,
} from "./problems.ts";

/**
 * What a search gives cause to suspect, and the warnings about it. Locks of two threads that stand in
 * a deadlock or hang together are left out: that finding says more.
 */
export function suspected(
  { findings, suspicions, properties, statistics }: SearchResult,
  { file, constraints }: Program,
): Pick<Outcome, "suspicions" | "warnings"> {
  const hung = findings.flatMap((one) => ("threads" in one ? [one.threads] : []));
  const kept = suspicions.filter(
    (one) =>
      one.kind !== "lockOrder" ||
      !hung.some((threads) => one.orders.every(({ thread }) => threads.includes(thread))),
  );
  const vacuous = properties.flatMap(({ name, vacuous: sides }) =>
    sides.map((span) => propertyVacuous(span, name)),
  );
  const [constraint] = constraints;
  const isEmpty = statistics.complete && statistics.states === 0 && constraint !== undefined;
  const empty = isEmpty ? [nothingInside(constraint.span)] : [];
  const warned = kept.map((one) => warningOf(one, file));
  return { suspicions: kept, warnings: [...empty, ...vacuous, ...warned] };
}

function warningOf(suspicion: Suspicion, file: string): Outcome["warnings"][number] {
  if (suspicion.kind === "lockOrder") {
    const [first, second] = suspicion.orders;
    return locksInBothOrders(lockTaken(first, file), lockTaken(second, file));
  }
  const { thread, wait, trace } = suspicion;
  const { agent, span } = present(trace.steps.at(-1), "the step that takes it away");
  const waits = placeIn(file, framesOf(trace, thread), wait.span);
  return waitUnstable(waits, thread, placeIn(file, framesOf(trace, agent), span), agent);
}

function lockTaken({ thread, held, taken, trace }: LockOrder, file: string): LockTaken {
  const { span } = present(trace.steps.at(-1), "the step that takes the lock");
  return { thread, held, taken, span: placeIn(file, framesOf(trace, thread), span) };
}

/** Where a thread stands before the last step of a trace. */
function framesOf({ initial, steps }: Trace, thread: string): readonly FrameView[] {
  const state = steps.at(-2)?.state ?? initial;
  return state.threads.find(({ name }) => name === thread)?.stack ?? [];
}

/** `span`, or of what is imported, the call of it in the spec's own file. */
function placeIn(file: string, frames: readonly FrameView[], span: Span): Span {
  const outside = frames.findLast((frame) => frame.span.file === file);
  return span.file === file ? span : (outside?.span ?? span);
}
