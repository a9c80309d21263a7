import type { InstanceIndex } from "../core/expressions.ts";
import { present } from "../support/internal-error.ts";
import { type LockPlace, lockPlaces } from "../values/lock-places.ts";
import type { MapValue, Value } from "../values/value.ts";
import {
  type Candidate,
  type Candidates,
  type LastStep,
  type Matter,
  matterKey,
  propose,
} from "./candidates.ts";
import type { AgentIndex, Machine } from "./machine.ts";
import { answer, type Observer, observe, statusOf } from "./observer.ts";
import type { Search } from "./search.ts";
import { type Look, type Space, stateAt } from "./space.ts";
import { framesAt, type State, threadPart, valueAt } from "./state.ts";
import { waysOf } from "./steps.ts";
import { depthOf, type StateIndex } from "./store.ts";
import { waitsInStep } from "./waits-of-step.ts";
import { afterStep, changesState } from "./ways.ts";

/**
 * Looks for unstable waits and for locks that are taken in both orders. Between two states only the
 * least sight of a place, or of a pair of locks, is kept.
 */
export function judgeSuspicions(search: Search, space: Space): void {
  for (const [index, look] of space.looks.entries()) {
    if (look !== null) {
      addUnstable(search, space, { index, look, state: stateAt(space, index) });
    }
  }
  addOrders(search, space);
}

interface Here {
  readonly index: StateIndex;
  readonly look: Look;
  readonly state: State;
}

function candidateOf(search: Search, what: Matter, { index, state }: Here): Candidate {
  return { what, length: depthOf(search.store, index) + 1, state: { index, state }, step: null };
}

function addUnstable(search: Search, space: Space, here: Here): void {
  const { machine, candidates } = search;
  const { look, state } = here;
  for (const [thread, status] of look.statuses.entries()) {
    const statement = status === "ready" ? statementOf(machine, state, thread) : null;
    const part = threadPart(machine.table, thread);
    const isLost =
      statement !== null &&
      look.edges.some(
        ({ action, target }) =>
          space.looks[target]?.statuses[thread] === "blocked" &&
          !isThread(machine, action.agent, thread) &&
          stateAt(space, target).numbers[part] === state.numbers[part],
      );
    if (isLost) {
      const what: Matter = { kind: "unstable", thread, statement };
      propose(candidates, candidateOf(search, what, here), machine);
    }
  }
}

function isThread({ program }: Machine, agent: AgentIndex, instance: InstanceIndex): boolean {
  const who = present(program.agents[agent], "an agent");
  return who.kind === "thread" && who.instance === instance;
}

/** Where a thread stands, as a sight says it; null where it is done or served in turn. */
export function statementOf(machine: Machine, state: State, thread: InstanceIndex): number | null {
  const frames = framesAt(machine.table, state, thread);
  const innermost = frames.at(-1);
  return innermost === undefined || waitsInStep(machine, frames).has("strong")
    ? null
    : innermost.at.id;
}

/** The first step of another agent that blocks a thread which is ready at `state`, and leaves it where it is. */
export function unstableStep(
  observer: Observer,
  state: State,
  thread: InstanceIndex,
): LastStep | null {
  const { machine } = observer;
  const { agents, constraints } = machine.program;
  const part = threadPart(machine.table, thread);
  observe(observer, state);
  if (statusOf(observer, thread) !== "ready") {
    return null;
  }
  for (const agent of agents.keys()) {
    for (const way of isThread(machine, agent, thread) ? [] : waysOf(machine, state, agent)) {
      if (way.kind !== "step" || !changesState(state, way)) {
        continue;
      }
      const after = afterStep(state, way);
      observe(observer, after);
      if (
        after.numbers[part] === state.numbers[part] &&
        constraints.every((condition) => answer(observer, condition) !== false) &&
        statusOf(observer, thread) === "blocked"
      ) {
        return { agent, picks: way.picks };
      }
    }
  }
  return null;
}

/** The owners of locks, of all variables. */
export function locksOf({ program, types }: Machine): readonly LockPlace[] {
  return lockPlaces(program.variables, types);
}

/** Who owns each lock at a state; null: nobody. */
function ownersAt(machine: Machine, locks: readonly LockPlace[], state: State): readonly Value[] {
  return locks.map(({ variable, path }) =>
    path.reduce<Value>(
      (value, step) =>
        (value as MapValue).get(step.kind === "field" ? step.field : step.key) as Value,
      valueAt(machine.table, state, variable),
    ),
  );
}

interface Taking {
  readonly first: number;
  readonly second: number;
}

/** The locks that a step of `name` takes while it holds others, before and afterwards. */
function takings(
  name: string,
  before: readonly Value[],
  after: readonly Value[],
): readonly Taking[] {
  return [...after.keys()]
    .filter((second) => after[second] === name && before[second] !== name)
    .flatMap((second) =>
      [...before.keys()]
        .filter((first) => before[first] === name && after[first] === name)
        .map((first) => ({ first, second })),
    );
}

/** Whether a thread may have to wait in its next step, other than idly. */
export function mayWait(machine: Machine, state: State, thread: InstanceIndex): boolean {
  const waits = waitsInStep(machine, framesAt(machine.table, state, thread));
  return waits.has("plain") || waits.has("strong");
}

/** The first step of a thread from `state` that takes one lock while it holds the other. */
export function orderStep(
  machine: Machine,
  state: State,
  { first, second, thread }: Extract<Matter, { readonly kind: "order" }>,
): LastStep | null {
  const { program } = machine;
  const locks = locksOf(machine);
  const agent = program.agents.findIndex((_, index) => isThread(machine, index, thread));
  const name = present(program.instances[thread], "an instance").name;
  const before = ownersAt(machine, locks, state);
  for (const way of mayWait(machine, state, thread) ? waysOf(machine, state, agent) : []) {
    if (way.kind === "step") {
      const taken = takings(name, before, ownersAt(machine, locks, afterStep(state, way)));
      if (taken.some((one) => one.first === first && one.second === second)) {
        return { agent, picks: way.picks };
      }
    }
  }
  return null;
}

/** Of each pair of locks that different threads take in opposite orders, the least two threads. */
function addOrders(search: Search, space: Space): void {
  const { machine, candidates } = search;
  const locks = locksOf(machine);
  const all: Candidates = new Map();
  for (const [index, look] of space.looks.entries()) {
    if (look !== null && locks.length > 1) {
      const state = stateAt(space, index);
      const before = ownersAt(machine, locks, state);
      for (const what of takingsAt(machine, space, { index, look, state }, { locks, before })) {
        propose(all, candidateOf(search, what, { index, look, state }), machine);
      }
    }
  }
  const takes = (first: number, second: number, thread: number): Candidate | undefined =>
    all.get(matterKey({ kind: "order", first, second, thread }));
  const threads = [...machine.program.instances.keys()];
  for (const first of locks.keys()) {
    for (let second = first + 1; second < locks.length; second++) {
      const pair = threads
        .flatMap((t) => threads.filter((u) => u !== t).map((u) => [t, u] as const))
        .map(([t, u]) => [takes(first, second, t), takes(second, first, u)])
        .find((both) => !both.includes(undefined));
      for (const candidate of pair ?? []) {
        if (candidate !== undefined) {
          candidates.set(matterKey(candidate.what), candidate);
        }
      }
    }
  }
}

function takingsAt(
  machine: Machine,
  space: Space,
  { look, state }: Here,
  { locks, before }: { readonly locks: readonly LockPlace[]; readonly before: readonly Value[] },
): readonly Matter[] {
  const { agents, instances } = machine.program;
  return look.edges.flatMap(({ action, target }): readonly Matter[] => {
    const who = present(agents[action.agent], "an agent");
    if (who.kind !== "thread" || !mayWait(machine, state, who.instance)) {
      return [];
    }
    const thread = who.instance;
    const { name } = present(instances[thread], "an instance");
    // Most steps are of threads that hold nothing.
    if (!before.includes(name)) {
      return [];
    }
    const after = ownersAt(machine, locks, stateAt(space, target));
    return takings(name, before, after).map((taken) => ({ kind: "order", ...taken, thread }));
  });
}
