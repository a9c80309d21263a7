import { present } from "../support/internal-error.ts";
import { type Action, actionOf } from "./actions.ts";
import type { AgentIndex, Machine } from "./machine.ts";
import {
  isEscape,
  type Observer,
  observe,
  observedWays,
  type Status,
  statusOf,
} from "./observer.ts";
import { decodeState, type State, type StateKey } from "./state.ts";
import { afterStep, changesState } from "./ways.ts";

/** Number of a state in a `Space`. */
export type SpaceIndex = number;

/** A part of the state space, as what happens for ever is judged on it. */
export interface Space {
  readonly machine: Machine;
  /** By `SpaceIndex`. */
  readonly keys: readonly StateKey[];
  /** By `SpaceIndex`; null where not all steps are known, or none counts: what comes there may go on well. */
  readonly looks: readonly (Look | null)[];
}

/** What can happen at a state. */
export interface Look {
  /** By `InstanceIndex`. */
  readonly statuses: readonly Status[];
  /** Those of which some step changes the state or fails. */
  readonly possible: readonly Action[];
  /** In canonical order of steps; those that fail or change nothing are none. */
  readonly edges: readonly Edge[];
  /** Whether a step fails that is not one of an `escape` thread or transition. */
  readonly fails: boolean;
}

/** A step that changes the state. */
export interface Edge {
  readonly action: Action;
  /** Whether it is one of an `escape` thread or transition. */
  readonly isEscape: boolean;
  readonly target: SpaceIndex;
}

/**
 * What can happen at `state`; `numberOf` says which state another one is. Without escapes, steps of
 * `escape` threads and transitions are no edges.
 */
export function lookAt(
  observer: Observer,
  state: State,
  numberOf: (next: State) => SpaceIndex,
  withEscapes = true,
): Look {
  const { machine } = observer;
  observe(observer, state);
  const { agents, instances } = machine.program;
  const possible = new Map<string, Action>();
  const edges: Edge[] = [];
  let fails = false;
  for (const agent of agents.keys()) {
    for (const way of observedWays(observer, agent)) {
      if (way.kind === "wait" || (way.kind === "step" && !changesState(state, way))) {
        continue;
      }
      const action = knownAction(machine, state, agent, way.picks);
      possible.set(action.key, action);
      const escapes = isEscape(machine, agent);
      fails ||= way.kind === "failure" && !escapes;
      if (way.kind === "step" && (withEscapes || !escapes)) {
        edges.push({ action, isEscape: escapes, target: numberOf(afterStep(state, way)) });
      }
    }
  }
  const statuses = [...instances.keys()].map((instance) => statusOf(observer, instance));
  return { statuses, possible: [...possible.values()], edges, fails };
}

const ACTIONS = new WeakMap<Machine, Map<string, Action>>();

/** One object for each action: there are many states. */
function knownAction(
  machine: Machine,
  state: State,
  agent: AgentIndex,
  picks: readonly number[],
): Action {
  let known = ACTIONS.get(machine);
  if (known === undefined) {
    known = new Map();
    ACTIONS.set(machine, known);
  }
  const action = actionOf(machine, state, agent, picks);
  const same = known.get(action.key);
  if (same === undefined) {
    known.set(action.key, action);
  }
  return same ?? action;
}

/** A state of a space. */
export function stateAt({ keys }: Space, index: SpaceIndex): State {
  return decodeState(present(keys[index], "a state of a space"));
}
