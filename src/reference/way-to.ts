import type { PlainStep } from "../outcome/sighting.ts";
import { InternalError } from "../support/internal-error.ts";
import { choiceOf } from "./actions.ts";
import type { LastStep } from "./candidates.ts";
import type { Machine } from "./machine.ts";
import type { State, StateKey } from "./state.ts";
import { waysOf } from "./steps.ts";
import { afterStep, type Step } from "./ways.ts";

/** The first way of an agent, and of one choice where it is fair for each, that leads to a state. */
export function wayTo(
  machine: Machine,
  from: State,
  to: StateKey,
  { agent, choice }: PlainStep,
): LastStep | null {
  for (const way of waysOf(machine, from, agent)) {
    if (
      way.kind === "step" &&
      choiceOf(machine, agent, way.picks) === choice &&
      afterStep(from, way).key === to
    ) {
      return { agent, picks: way.picks };
    }
  }
  return null;
}

/** The step that an agent takes from a state by a way that was found there. */
export function wayOf(machine: Machine, from: State, { agent, picks }: LastStep): Step {
  const taken = waysOf(machine, from, agent ?? -1).find(
    (way) => way.kind === "step" && way.picks.join() === picks.join(),
  );
  if (taken?.kind !== "step") {
    throw new InternalError("a step that cannot be taken");
  }
  return taken;
}
