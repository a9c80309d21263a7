import { InternalError, present } from "../support/internal-error.ts";
import { elementsOf, evaluate } from "../values/evaluate.ts";
import type { Value } from "../values/value.ts";
import { startThread } from "./execute.ts";
import type { Machine } from "./machine.ts";
import { pick } from "./run.ts";
import { numberOfFrames, type State, stateOf } from "./state.ts";
import { begin, endOf, failureOf, retake, tryWays } from "./steps.ts";
import { afterStep, type FailedStep, type Way } from "./ways.ts";

/** A start: the values of all variables and the frames of all threads, or what it failed of. */
export type Start =
  | { readonly kind: "start"; readonly state: State; readonly picks: readonly number[] }
  | FailedStep;

/** The initial states in canonical order, and the starts of threads that failed. */
export function startsOf(machine: Machine): readonly Start[] {
  const values = initialValues(machine);
  const ways = tryWays(machine.run, null, () => tryStart(machine, values));
  return ways.map((way) => startOf(machine, way));
}

function startOf({ program, table }: Machine, way: Way): Start {
  switch (way.kind) {
    case "failure":
      return way;
    case "step": {
      const done = program.instances.map((_, instance) => numberOfFrames(table, instance, []));
      const nowhere = stateOf([...program.variables.map(() => 0), ...done]);
      return { kind: "start", state: afterStep(nowhere, way), picks: way.picks };
    }
    default:
      throw new InternalError("a start that waits");
  }
}

/** Starts the threads again from the values that `picks` lead to, telling `run.log` about it. */
export function retakeStart(machine: Machine, picks: readonly number[]): void {
  retake(machine.run, picks, () => tryStart(machine, initialValues(machine)));
}

function initialValues(machine: Machine): readonly (readonly Value[])[] {
  return machine.program.variables.map(({ initial }) =>
    initial.kind === "one"
      ? [evaluate(initial.value, machine.constant)]
      : elementsOf(initial.set, machine.constant),
  );
}

/** Null when some variable has no value that it could begin with. */
function tryStart(machine: Machine, values: readonly (readonly Value[])[]): Way | null {
  const { run, program } = machine;
  begin(run);
  for (const [variable, choices] of values.entries()) {
    if (choices.length === 0) {
      return null;
    }
    run.variables.set(variable, choices[pick(run.plan, choices.length)] as Value);
  }
  run.self = null;
  run.frames = [];
  try {
    for (const [instance, { thread }] of program.instances.entries()) {
      if (!present(program.threads[thread], "a thread").dormant) {
        startThread(run, instance);
      }
    }
  } catch (thrown) {
    return failureOf(run, thrown);
  }
  return endOf(machine, null, null);
}
