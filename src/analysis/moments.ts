import type { InstanceIndex, VariableIndex } from "../core/expressions.ts";
import { snapshot } from "../reference/execute.ts";
import type { Frame } from "../reference/frames.ts";
import type { AgentIndex, Machine } from "../reference/machine.ts";
import { type Run, topOf, type WorkingFrame } from "../reference/run.ts";
import { type State, variablePart } from "../reference/state.ts";
import { begin } from "../reference/steps.ts";
import { evaluate } from "../values/evaluate.ts";
import type { Value } from "../values/value.ts";
import { ValueError } from "../values/value-error.ts";
import { keptIn, keptSlots } from "./kept-values.ts";
import { readsShared, UNOPENED } from "./opening.ts";

/**
 * Where somebody was in the middle of a step when a condition was asked: enough to ask it again as if
 * others had gone on meanwhile.
 */
export interface Moment {
  readonly agent: AgentIndex;
  /** The state that the step was taken from. */
  readonly state: State;
  /** Null in a transition. */
  readonly self: InstanceIndex | null;
  /** Outermost first; the innermost is at the statement that asks. */
  readonly frames: readonly Frame[];
  /** What the step had written and started before it asked. */
  readonly variables: ReadonlyMap<VariableIndex, Value>;
  readonly threads: ReadonlyMap<InstanceIndex, readonly Frame[]>;
}

/** The moment that the run of `machine` is in. */
export function momentOf(machine: Machine, agent: AgentIndex, state: State): Moment {
  const { run } = machine;
  return {
    agent,
    state,
    self: run.self,
    frames: snapshot(run),
    variables: new Map(run.variables),
    threads: new Map(run.threads),
  };
}

/**
 * Asks something as at `moment`, but of `state`. What the step had written counts unless somebody
 * else has written there as well.
 */
export function askAt<Result>(
  machine: Machine,
  moment: Moment,
  state: State,
  ask: (run: Run) => Result,
): Result {
  const { run, looking } = machine;
  looking.state = state;
  begin(run);
  run.self = moment.self;
  run.frames = moment.frames.map(
    (frame): WorkingFrame => ({ ...frame, locals: [...frame.locals] }),
  );
  readAgain(run);
  for (const [variable, value] of moment.variables) {
    const part = variablePart(variable);
    if (state.numbers[part] === moment.state.numbers[part]) {
      run.variables.set(variable, value);
    }
  }
  for (const [instance, frames] of moment.threads) {
    run.threads.set(instance, frames);
  }
  return ask(run);
}

/** What locals keep of the state they would keep of the one that is asked about. */
function readAgain(run: Run): void {
  const frame = run.frames.at(-1);
  for (const slot of frame === undefined ? [] : keptSlots(frame.code)) {
    const kept = keptIn(topOf(run).code, slot);
    if (kept !== null && readsShared(run, kept, UNOPENED)) {
      try {
        topOf(run).locals[slot] = evaluate(kept, run.context);
      } catch (thrown) {
        if (!(thrown instanceof ValueError)) {
          throw thrown;
        }
      }
    }
  }
}
