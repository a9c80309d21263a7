import type { Expression, InstanceIndex, VariableIndex } from "../core/expressions.ts";
import type { Program } from "../core/program.ts";
import type { Block, ShellTemplate, Statement } from "../core/statements.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { present } from "../support/internal-error.ts";
import type { EvaluationContext } from "../values/evaluate.ts";
import type { Value } from "../values/value.ts";
import type { Code, CodeIndex } from "./code.ts";
import { spotOf } from "./code.ts";
import type { Frame, Reference } from "./frames.ts";
import type { Sharing } from "./stepping.ts";

/** A frame while its thread takes a step. */
export interface WorkingFrame {
  readonly code: Code;
  at: Statement;
  readonly locals: Value[];
  readonly references: readonly (Reference | null)[];
}

/** A statement of one frame whose end matters: the `atomic`, or the `either` being tried. */
interface Extent {
  /** Number of frames below the one it stands in. */
  readonly depth: number;
  /** Null for the body of a transition, which ends with its frame. */
  readonly statement: Statement | null;
}

/**
 * One way of one step while it is taken. Everything in here is private to the try: states are
 * immutable, and what is written is copied first.
 *
 * - `taking`: the statement that the thread stands at is about to be executed.
 * - `seeking`: inside a branch whose first stepping statement has not been reached (rule 6).
 * - `settling`: the step is done; what is local joins it, up to the next place of rest (rule 1).
 */
export interface Run {
  readonly program: Program;
  readonly code: CodeIndex;
  /** Evaluates in the innermost frame of this run. */
  readonly context: EvaluationContext;
  /** Those that this run has written; the others are as in the state. */
  readonly variables: Map<VariableIndex, Value>;
  /** The threads that this run has started. */
  readonly threads: Map<InstanceIndex, readonly Frame[]>;
  /** Reads the state that the step is taken from, and notes which part was read. */
  readonly before: Before;
  /** The thread that is being run; null in a transition. */
  self: InstanceIndex | null;
  /** Innermost last; empty when the thread is done. */
  frames: WorkingFrame[];
  phase: "taking" | "seeking" | "settling";
  seeking: Extent | null;
  atomic: Extent | null;
  /** Rounds of loops in this step so far. */
  rounds: number;
  readonly plan: Plan;
  /** By `Statement.id`, the statements that this try has executed; null: nobody asks. */
  executed: Set<number> | null;
  readonly log: Log;
  /** Hears of decisions and may take them otherwise; null: what holds decides. */
  guide: Guide | null;
  /** What the frames say about sharing, for the innermost one. */
  readonly sharing: Sharing;
}

/** The state in front of a step. Every look at it goes through here: see `recall.ts`. */
export interface Before {
  valueOf(variable: VariableIndex): Value;
  framesOf(instance: InstanceIndex): readonly Frame[];
}

/** Which way a run goes where there are several: the first picks are given, further ones are 0. */
export interface Plan {
  /** What was picked so far, and out of how many. */
  readonly picks: number[];
  readonly counts: number[];
  /** How many picks this run has made. */
  made: number;
}

/** A place where a condition decides how a run goes on, or becomes a truth value that it keeps. */
export interface Decision {
  /**
   * `wait`: goes on only where it holds. `branch`: of `if` and `while`. `value`: is stored in a local or
   * given back to a caller. `when`: of a transition.
   */
  readonly kind: "wait" | "branch" | "value" | "when";
  readonly condition: Expression;
  /** The statement that the innermost frame is at; null for `when`. */
  readonly statement: Statement | null;
}

/** Watches a run from outside, and may send it where it would not go: for questions of what would be. */
export interface Guide {
  /** What is to count as the value of a condition that has the value `holds`. */
  decide(decision: Decision, holds: boolean): boolean;
  /** What is to count as the values that a `choose` can take, in place of `found`. */
  choose(statement: Statement, found: readonly Value[]): readonly Value[];
}

/** What a run tells about itself, for traces; nothing is noted down unless it `isOn`. */
export interface Log {
  isOn: boolean;
  choices: { readonly name: string; readonly value: Value }[];
  /** The statement that made the step one, with the frames at that moment; null before it is reached. */
  taken: { readonly statement: Statement; readonly frames: readonly Frame[] } | null;
  /** Hears of shell commands. */
  onShell: (event: ShellEvent) => void;
}

/** A statement or thread with a `@sh` template is entered; the template has to be filled in at once. */
export interface ShellEvent {
  readonly template: ShellTemplate;
  readonly thread: InstanceIndex | null;
  /** Where it was met: null for the template of a thread or transition. */
  readonly statement: Statement | null;
  /** Number of frames below the one it stands in. */
  readonly depth: number;
  /** Whether the step proper was over: then what is entered may belong to the next step. */
  readonly settling: boolean;
}

/** More rounds than this in one way of a step are an error of the spec (decision 0001, rule 18). */
export const ROUNDS_MAX = 100_000;

/** More ways of one step than this are an error of the spec (decision 0001, rule 18). */
export const WAYS_MAX = 100_000;

/** A statement that fails; like `ValueError` control flow inside this room, always caught in `steps.ts`. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly failure: "error" | "assertion";
  readonly span: Span;

  constructor(failure: "error" | "assertion", span: Span, message: string) {
    super(message);
    this.failure = failure;
    this.span = span;
  }
}

/** Picks one of `count` ways; in the order of plans the first one comes first. */
export function pick(plan: Plan, count: number): number {
  const index = plan.made;
  plan.made += 1;
  if (index === plan.picks.length) {
    plan.picks.push(0);
    plan.counts.push(count);
  }
  return present(plan.picks[index], "a pick");
}

/** Turns `plan` into the one that comes after it; false when it was the last. */
export function nextPlan(plan: Plan): boolean {
  // Picks that this run did not come to belong to no way at all.
  plan.picks.length = plan.made;
  plan.counts.length = plan.made;
  plan.made = 0;
  for (;;) {
    const last = plan.picks.pop();
    const count = plan.counts.pop();
    if (last === undefined || count === undefined) {
      return false;
    }
    if (last + 1 < count) {
      plan.picks.push(last + 1);
      plan.counts.push(count);
      return true;
    }
  }
}

/** The value of a variable at this moment of the step. */
export function variableOf(run: Run, variable: VariableIndex): Value {
  const written = run.variables.get(variable);
  return written === undefined ? run.before.valueOf(variable) : written;
}

/** The frames of a thread at this moment of the step. */
export function framesOf(run: Run, instance: InstanceIndex): readonly Frame[] {
  return instance === run.self
    ? run.frames
    : (run.threads.get(instance) ?? run.before.framesOf(instance));
}

/** The innermost frame. */
export function topOf(run: Run): WorkingFrame {
  return present(run.frames.at(-1), "a frame");
}

/** Goes on with the first statement of a part of the current statement. */
export function enter(run: Run, block: Block): void {
  const [first] = block.statements;
  if (first === undefined) {
    closeBlock(run, block, topOf(run).at);
  } else {
    topOf(run).at = first;
  }
}

/** Goes on after the current statement. */
export function proceed(run: Run): void {
  const frame = topOf(run);
  const { block, index, container } = spotOf(run.code, frame.at);
  const next = block.statements[index + 1];
  if (next === undefined) {
    closeBlock(run, block, container);
  } else {
    frame.at = next;
  }
}

/** Goes on after the end of a block that is a part of `container`, or of a body. */
function closeBlock(run: Run, block: Block, container: Statement | null): void {
  forget(run, block.slots);
  if (container === null) {
    leaveFrame(run);
    return;
  }
  topOf(run).at = container;
  if (container.kind === "while" || container.kind === "loop") {
    anotherRound(run, container);
  } else {
    leave(run, container);
    proceed(run);
  }
}

/** Pops the innermost frame; a caller goes on as if after a call without a result. */
function leaveFrame(run: Run): void {
  const { code } = popFrame(run);
  const caller = run.frames.at(-1);
  if (caller === undefined) {
    return;
  }
  if (code.result !== null && caller.at.kind !== "call") {
    throw new Failure("error", caller.at.span, `${code.name} ends without a result`);
  }
  proceed(run);
}

/** Removes the innermost frame and with it all that ends there. */
export function popFrame(run: Run): WorkingFrame {
  const frame = present(run.frames.pop(), "a frame");
  const depth = run.frames.length;
  if (run.atomic !== null && run.atomic.depth >= depth) {
    run.atomic = null;
  }
  if (run.seeking !== null && run.seeking.depth >= depth) {
    endSearch(run);
  }
  return frame;
}

/** `break` and `continue`: goes up to the innermost loop and past it, or to its next round. */
export function jump(run: Run, kind: "break" | "continue"): void {
  const frame = topOf(run);
  for (;;) {
    const { block, container } = spotOf(run.code, frame.at);
    forget(run, block.slots);
    const loop = present(container, "a loop around break and continue");
    frame.at = loop;
    if (loop.kind === "while" || loop.kind === "loop") {
      if (kind === "continue") {
        anotherRound(run, loop);
      } else {
        leave(run, loop);
        proceed(run);
      }
      return;
    }
    leave(run, loop);
  }
}

function anotherRound(run: Run, loop: Statement): void {
  run.rounds += 1;
  if (run.rounds > ROUNDS_MAX) {
    throw new Failure("error", loop.span, `more than ${ROUNDS_MAX} rounds of a loop in one step`);
  }
}

/** A statement with parts is left, by its end or by a jump. */
export function leave(run: Run, statement: Statement): void {
  const depth = run.frames.length - 1;
  if (statement.kind === "choose") {
    forget(run, [statement.slot]);
  }
  if (run.atomic?.statement === statement && run.atomic.depth === depth) {
    run.atomic = null;
  }
  if (run.seeking?.statement === statement && run.seeking.depth === depth) {
    endSearch(run);
  }
}

/** A branch left before a stepping statement was reached is a step of its own (rule 6). */
function endSearch(run: Run): void {
  run.seeking = null;
  run.phase = "settling";
}

/** Locals that go out of scope take their first values (rule 10). */
function forget(run: Run, slots: readonly number[]): void {
  const frame = topOf(run);
  for (const slot of slots) {
    frame.locals[slot] = frame.code.firstValues[slot] as Value;
  }
}
