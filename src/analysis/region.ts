import type { AgentIndex } from "../reference/machine.ts";
import type { State } from "../reference/state.ts";
import { waysOf } from "../reference/steps.ts";
import { afterStep } from "../reference/ways.ts";
import { present } from "../support/internal-error.ts";
import type { Asking } from "./guards.ts";

/** More states than these are not looked at around the one that is explained. */
const REGION_MAX = 2_000;

/**
 * Some states of those that come again and again after `state`, spread over all of them: where others
 * go on for ever, what is only so in passing explains nothing. After a deadlock it is `state` itself.
 */
export function lastingStates(
  { machine }: Asking,
  agents: readonly AgentIndex[],
  state: State,
  countMax: number,
): readonly State[] {
  const states = [state];
  const indices = new Map([[state.key, 0]]);
  const next: number[][] = [];
  let isWhole = true;
  // The list grows while it is walked.
  for (const from of states) {
    const targets = new Set<number>();
    for (const agent of agents) {
      for (const way of waysOf(machine, from, agent)) {
        if (way.kind !== "step") {
          continue;
        }
        const to = afterStep(from, way);
        const known = indices.get(to.key);
        if (known === undefined && states.length >= REGION_MAX) {
          isWhole = false;
          continue;
        }
        const index = known ?? states.push(to) - 1;
        indices.set(to.key, index);
        targets.add(index);
      }
    }
    next.push([...targets]);
  }
  const lasting = isWhole ? lastingOf(next) : [...states.keys()].slice(-countMax);
  return spread(lasting, countMax).map((index) => present(states[index], "a state"));
}

function spread(list: readonly number[], countMax: number): readonly number[] {
  const count = Math.min(countMax, list.length);
  return Array.from({ length: count }, (_, at) =>
    present(list[Math.floor((at * list.length) / count)], "a state"),
  );
}

/** The nodes that can be come back to from everything that can be reached from them, in order. */
function lastingOf(next: readonly (readonly number[])[]): readonly number[] {
  const component = componentsOf(next);
  const leaving = new Set(
    next.flatMap((targets, node) =>
      targets.some((to) => component[to] !== component[node]) ? [component[node]] : [],
    ),
  );
  return [...next.keys()].filter((node) => !leaving.has(component[node]));
}

/** By node, the number of its strongly connected component (Tarjan 1972, without recursion). */
function componentsOf(next: readonly (readonly number[])[]): readonly number[] {
  const order = new Array<number>(next.length).fill(-1);
  const low = new Array<number>(next.length).fill(0);
  const component = new Array<number>(next.length).fill(-1);
  const open: number[] = [];
  let met = 0;
  let components = 0;
  const calls: { readonly node: number; edge: number }[] = [{ node: 0, edge: 0 }];
  for (let call = calls.at(-1); call !== undefined; call = calls.at(-1)) {
    const { node } = call;
    if (call.edge === 0 && order[node] === -1) {
      order[node] = met;
      low[node] = met;
      met += 1;
      open.push(node);
    }
    const to = next[node]?.[call.edge];
    call.edge += 1;
    if (to !== undefined) {
      if (order[to] === -1) {
        calls.push({ node: to, edge: 0 });
      } else if (component[to] === -1) {
        low[node] = Math.min(low[node] as number, order[to] as number);
      }
      continue;
    }
    calls.pop();
    const caller = calls.at(-1)?.node;
    if (caller !== undefined) {
      low[caller] = Math.min(low[caller] as number, low[node] as number);
    }
    if (low[node] === order[node]) {
      for (let member = -1; member !== node; ) {
        member = open.pop() as number;
        component[member] = components;
      }
      components += 1;
    }
  }
  return component;
}
