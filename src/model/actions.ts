import type { Program } from "../core/program.ts";
import { present } from "../support/internal-error.ts";
import { type Node, nextOf, type Rest } from "./flow.ts";
import type { ThreadModel, TransitionModel } from "./model.ts";

/** Steps that fairness takes together (docs/language.md section 8): those of an agent or of a part of it. */
export interface Action {
  /** Index into `Program.agents`. */
  readonly agent: number;
  readonly kind: "thread" | "transition";
  /** Of a transition that is fair for each choice of its parameters, which one in canonical order. */
  readonly choice: number | null;
  /** The place with a strong wait that the steps begin at; null for all other places together. */
  readonly rest: Rest | null;
}

/**
 * The actions of a program. Those of an agent stand together, in canonical order: of a thread first
 * that of its places without a strong wait, then one for each place with one; of a transition one, or
 * one for each choice of its parameters. `actionStarts`: by agent, the first of its actions.
 */
export function actionsOf(
  program: Program,
  threads: readonly ThreadModel[],
  transitions: readonly TransitionModel[],
): { readonly actions: readonly Action[]; readonly actionStarts: readonly number[] } {
  const actions: Action[] = [];
  const actionStarts: number[] = [];
  for (const [index, agent] of program.agents.entries()) {
    actionStarts.push(actions.length);
    if (agent.kind === "thread") {
      const { rests } = present(threads[agent.instance], "a thread");
      const strong = rests.filter((rest) => waitsFrom(rest).strong);
      for (const rest of [null, ...strong]) {
        actions.push({ agent: index, kind: "thread", choice: null, rest });
      }
    } else {
      const transition = present(transitions[agent.transition], "a transition");
      const isFair = transition.transition.fairness !== "none";
      for (const choice of isFair ? Array(choiceCount(transition)).keys() : [null]) {
        actions.push({ agent: index, kind: "transition", choice, rest: null });
      }
    }
  }
  return { actions, actionStarts };
}

/** For how many choices of its parameters a transition can be taken. */
function choiceCount({ choices, chosen }: TransitionModel): number {
  return chosen === null
    ? choices.length
    : chosen.reduce((count, values) => count * values.length, 1);
}

/** What waits can be met in the next step from a place of rest. */
export interface StepWaits {
  /** Some that is not idle. */
  readonly notIdle: boolean;
  /** Some that is strongly fair. */
  readonly strong: boolean;
}

const WAITS = new WeakMap<Rest, StepWaits>();

/** The waits of a step, both outcomes of each condition counted, also where constants decide it. */
export function waitsFrom(rest: Rest): StepWaits {
  let found = WAITS.get(rest);
  if (found === undefined) {
    const kinds = waitKinds(rest.entry);
    found = { notIdle: kinds.has("plain") || kinds.has("strong"), strong: kinds.has("strong") };
    WAITS.set(rest, found);
  }
  return found;
}

function waitKinds(entry: Node): ReadonlySet<string> {
  const kinds = new Set<string>();
  const seen = new Set<Node>([entry]);
  for (const node of seen) {
    const { op } = node;
    if (op.kind === "wait") {
      kinds.add(op.wait);
    } else if (op.kind === "clear" && op.never !== null) {
      seen.add(op.never);
    }
    for (const next of nextOf(node)) {
      seen.add(next);
    }
  }
  return kinds;
}
