import { explainHang, type HangInput } from "../../src/analysis/explain-hang.ts";
import type { Program } from "../../src/core/program.ts";
import type { WaitForGraph } from "../../src/outcome/wait-for.ts";
import { createMachine, type Machine } from "../../src/reference/machine.ts";
import { createObserver, observe, statusOf } from "../../src/reference/observer.ts";
import { plainOf } from "../../src/reference/plain.ts";
import { startsOf } from "../../src/reference/starts.ts";
import type { State } from "../../src/reference/state.ts";
import { waysOf } from "../../src/reference/steps.ts";
import { afterStep } from "../../src/reference/ways.ts";
import { type Built, build } from "../reference/run.ts";

/** All states of a program in the order in which a search meets them, and the steps between them. */
interface Space {
  readonly machine: Machine;
  readonly states: readonly State[];
  /** By state, the states that a step of somebody who is no rescuer leads to. */
  readonly next: readonly (readonly number[])[];
  /** By state, the one from which it was found; -1 for an initial one. */
  readonly from: readonly number[];
}

function explore(program: Program, statesMax: number): Space {
  const machine = createMachine(program);
  const states: State[] = [];
  const next: number[][] = [];
  const from: number[] = [];
  const indices = new Map<string, number>();
  const add = (state: State, origin: number): number => {
    let index = indices.get(state.key);
    if (index === undefined) {
      index = states.push(state) - 1;
      indices.set(state.key, index);
      from.push(origin);
      next.push([]);
    }
    return index;
  };
  for (const start of startsOf(machine)) {
    if (start.kind === "start") {
      add(start.state, -1);
    }
  }
  for (let index = 0; index < states.length; index++) {
    const state = states[index] as State;
    if (states.length > statesMax) {
      throw new Error("a large space of states");
    }
    for (const [agent, which] of program.agents.entries()) {
      const isRescuer =
        which.kind === "thread"
          ? program.threads[program.instances[which.instance]?.thread ?? -1]?.escape
          : program.transitions[which.transition]?.escape;
      for (const way of waysOf(machine, state, agent)) {
        const to = way.kind === "step" ? add(afterStep(state, way), index) : index;
        if (to !== index && isRescuer !== true) {
          next[index]?.push(to);
        }
      }
    }
  }
  return { machine, states, next, from };
}

/** By state, the threads that are blocked there and wherever it goes: the greatest such sets. */
function hungSets({ machine, states, next }: Space): readonly ReadonlySet<number>[] {
  const observer = createObserver(machine);
  const hung = states.map((state) => {
    observe(observer, state);
    const blocked = [...machine.program.instances.keys()].filter(
      (instance) => statusOf(observer, instance) === "blocked",
    );
    return new Set(blocked);
  });
  for (let changed = true; changed; ) {
    changed = false;
    for (let index = states.length - 1; index >= 0; index--) {
      const set = hung[index] as Set<number>;
      for (const thread of set) {
        if (next[index]?.some((to) => hung[to]?.has(thread) !== true)) {
          set.delete(thread);
          changed = true;
        }
      }
    }
  }
  return hung;
}

/** How exactly these threads come to hang, so that others never will: the state that reports show. */
export function hangOf(built: Built, threads: readonly string[]): HangInput {
  const { program } = built;
  const wanted = threads.map((name) => program.instances.findIndex((one) => one.name === name));
  const key = wanted.sort((a, b) => a - b).join();
  const hangs = hangsOf(built);
  const found = hangs.find((one) => one.threads.join() === key);
  if (found === undefined) {
    const names = hangs.map((one) =>
      one.threads.map((at) => program.instances[at]?.name).join(", "),
    );
    throw new Error(`no hang of ${threads.join(", ")}, only of: ${names.join(" | ")}`);
  }
  return found;
}

/** How each set of threads comes to hang; throws where there are too many states. */
export function hangsOf({ program, sources }: Built, statesMax = 200_000): readonly HangInput[] {
  const space = explore(program, statesMax);
  const hung = hungSets(space).map((set) => [...set].sort((a, b) => a - b));
  const keys = hung.map((set) => set.join());
  const settled = new Set([...space.states.keys()].filter((index) => keys[index] !== ""));
  for (let changed = true; changed; ) {
    changed = false;
    for (const index of settled) {
      if (space.next[index]?.some((to) => !settled.has(to) || keys[to] !== keys[index])) {
        settled.delete(index);
        changed = true;
      }
    }
  }
  // A deadlock is told as one: at the state where nothing goes on.
  const isStill = (index: number): boolean => space.next[index]?.length === 0;
  const first = new Map<string, number>();
  for (const index of [...settled].sort(
    (a, b) => Number(isStill(b)) - Number(isStill(a)) || a - b,
  )) {
    const key = keys[index] ?? "";
    first.set(key, first.get(key) ?? index);
  }
  return [...first.values()].map((end) => {
    const path: number[] = [];
    for (let at = end; at >= 0; at = space.from[at] ?? -1) {
      path.unshift(at);
    }
    return {
      program,
      sources,
      path: path.map((index) => plainOf(space.machine, space.states[index] as State)),
      threads: hung[end] ?? [],
    };
  });
}

/** Who waits for whom where exactly these threads of a spec hang. */
export function explainText(
  text: string,
  threads: readonly string[],
  check?: string,
): WaitForGraph {
  return explainHang(hangOf(build(text, check), threads));
}
