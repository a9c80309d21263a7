import type { LassoView, WaitingThread, WaitView } from "../outcome/outcome.ts";
import type {
  AbsentHelper,
  WaitFor,
  WaitForGraph,
  WaitFrame,
  WaitHelper,
} from "../outcome/wait-for.ts";
import { type Json, valueToJson } from "../values/json.ts";
import type { Write } from "./json-write.ts";

/** Where a thread stands and what it waits for there. */
export function waitingJson(waiting: WaitingThread, write: Write): Json {
  const { thread, status, procs, waits } = waiting;
  return { thread, status, procs, waits: waits.map((one) => waitJson(one, write)) };
}

/** One wait at which a thread stands. */
export function waitJson({ kind, text, span }: WaitView, write: Write): Json {
  return { kind, text, span: write.span(span) };
}

/** How a behaviour goes on for ever. */
export function lassoJson({ start, parties }: LassoView, write: Write): Json {
  return {
    start,
    parties: parties.map(({ agent, isTransition, fairness, role, waiting }) => ({
      [isTransition ? "transition" : "thread"]: agent,
      fairness,
      role,
      waiting: waiting === null ? null : waitingJson(waiting, write),
    })),
  };
}

/** Who waits for whom. */
export function waitForJson({ waits, cycles }: WaitForGraph, write: Write): Json {
  return { waits: waits.map((one) => needJson(one, write)), cycles };
}

function needJson(need: WaitFor, write: Write): Json {
  const { waiter, role, kind, condition, span, frames, missing, lock, helpers, absent } = need;
  return {
    waiter,
    role,
    kind,
    condition,
    span: write.span(span),
    frames: frames.map((one) => frameJson(one, write)),
    missing: missing.map(({ text, reads }) => ({
      text,
      reads: reads.map(({ place, value }) => ({ place, value: valueToJson(value) })),
    })),
    lock: lock === null ? null : { place: lock.place, owner: lock.owner },
    helpers: helpers.map((one) => helperJson(one, write)),
    absent: absent.map((one) => absentJson(one, write)),
  };
}

function frameJson({ proc, span, text }: WaitFrame, write: Write): Json {
  return { proc, text, span: write.span(span) };
}

function helperJson(helper: WaitHelper, write: Write): Json {
  const { agent, needs, text, span, frames, elsewhere } = helper;
  return {
    agent,
    needs,
    text,
    span: write.span(span),
    frames: frames.map((one) => frameJson(one, write)),
    elsewhere,
  };
}

function absentJson(absent: AbsentHelper, write: Write): Json {
  const { agent, why, text, span, frames, lastStep } = absent;
  return {
    agent,
    why,
    text,
    span: write.span(span),
    frames: frames.map((one) => frameJson(one, write)),
    lastStep,
  };
}
