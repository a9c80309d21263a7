import type { Statement, WaitKind } from "../core/statements.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import type { PartIndex } from "./recall.ts";
import { type State, stateOf } from "./state.ts";

/** One way that a step of an agent can go, or a try that found none. */
export type Way = Step | FailedStep | FailedTry;

/** A step, as what it makes of a state. */
export interface Step {
  readonly kind: "step";
  readonly effects: readonly Effect[];
  readonly picks: readonly number[];
  /** By `Statement.id`, what was executed on the way; empty unless `Run.executed` is kept. */
  readonly executed: readonly number[];
}

/** A part of the state has this number afterwards; it may have had it before. */
export interface Effect {
  readonly part: PartIndex;
  readonly number: number;
}

/** A step that ends in an error or a failed assertion; it is the last of its trace. */
export interface FailedStep {
  readonly kind: "failure";
  readonly failure: "error" | "assertion";
  readonly span: Span;
  readonly message: string;
  readonly picks: readonly number[];
  /** As for a step, what failed included. */
  readonly executed: readonly number[];
}

/** A try that came to a wait and could not go on: no step. */
export interface FailedTry {
  readonly kind: "wait";
  readonly wait: WaitKind;
  readonly statement: Statement;
}

/** The state that a step leads to. */
export function afterStep(state: State, { effects }: Step): State {
  const numbers = state.numbers.slice();
  for (const { part, number } of effects) {
    numbers[part] = number;
  }
  return stateOf(numbers);
}

/** Whether a step leads to another state. */
export function changesState(state: State, { effects }: Step): boolean {
  return effects.some(({ part, number }) => state.numbers[part] !== number);
}
