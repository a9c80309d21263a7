import type { Expression, InstanceIndex } from "../core/expressions.ts";
import type {
  Call,
  Condition,
  ShellTemplate,
  Source,
  Statement,
  WaitKind,
} from "../core/statements.ts";
import { InternalError, present, unreachable } from "../support/internal-error.ts";
import { elementsOf, evaluate, truth } from "../values/evaluate.ts";
import { checkFits } from "../values/parts.ts";
import type { Value } from "../values/value.ts";
import type { Frame, Reference } from "./frames.ts";
import { mentionOfPlace } from "./mentions.ts";
import { bind, writeReference } from "./places.ts";
import {
  type Decision,
  enter,
  Failure,
  framesOf,
  jump,
  pick,
  popFrame,
  proceed,
  type Run,
  topOf,
  type WorkingFrame,
} from "./run.ts";
import { isStepping } from "./stepping.ts";

/** A try that found no way: where it ended. */
export interface Wait {
  readonly wait: WaitKind;
  readonly statement: Statement;
}

type Of<Kind> = Extract<Statement, { readonly kind: Kind }>;

/**
 * Goes on from the current statement of the innermost frame until the step is over and the thread
 * rests or is done (null), or waits. Throws `Failure` and `ValueError`.
 */
export function go(run: Run): Wait | null {
  for (let frame = run.frames.at(-1); frame !== undefined; frame = run.frames.at(-1)) {
    const statement = frame.at;
    const steps =
      run.atomic === null && isStepping(statement, frame.code, run.program.defs, run.sharing);
    if (steps && run.phase === "settling") {
      return null;
    }
    tellShell(run, statement.shell, statement);
    if (steps && statement.kind !== "either" && statement.kind !== "choose") {
      logTaken(run, statement);
      run.phase = "settling";
      run.seeking = null;
    }
    run.executed?.add(statement.id);
    const wait = execute(run, statement);
    if (wait !== null) {
      return wait;
    }
  }
  return null;
}

function execute(run: Run, statement: Statement): Wait | null {
  const { context } = run;
  switch (statement.kind) {
    case "skip":
      proceed(run);
      return null;
    case "break":
    case "continue":
      jump(run, statement.kind);
      return null;
    case "assign":
    case "declare":
      obtain(run, statement.value);
      return null;
    case "await":
      if (!holds(run, "wait", statement.condition)) {
        return { wait: statement.wait, statement };
      }
      proceed(run);
      return null;
    case "assert":
      if (!truth(statement.condition, context)) {
        throw new Failure("assertion", statement.span, "assertion does not hold");
      }
      proceed(run);
      return null;
    case "if":
    case "while":
      decide(run, statement.condition);
      return null;
    case "loop":
    case "block":
      enter(run, statement.body);
      return null;
    case "either":
      executeEither(run, statement);
      return null;
    case "choose":
      return executeChoose(run, statement);
    case "atomic":
      run.atomic ??= { depth: run.frames.length - 1, statement };
      enter(run, statement.body);
      return null;
    case "call":
      call(run, statement.call);
      return null;
    case "return":
      if (statement.value === null) {
        giveBack(run, undefined);
      } else {
        obtain(run, statement.value);
      }
      return null;
    case "start":
      executeStart(run, statement);
      return null;
    default:
      return unreachable(statement);
  }
}

/** Gets the value that the current statement stores, at once or by a call. */
function obtain(run: Run, source: Source | null): void {
  if (source?.kind === "call") {
    call(run, source.call);
  } else {
    deliver(run, source === null ? undefined : () => wantedValue(run, source.expression));
  }
}

function wantedValue(run: Run, expression: Expression): Value {
  return run.guide !== null && expression.type.kind === "bool"
    ? holds(run, "value", expression)
    : evaluate(expression, run.context);
}

/** Whether a condition holds, or is to count as if it did. */
function holds(run: Run, kind: Decision["kind"], condition: Expression): boolean {
  const found = truth(condition, run.context);
  return run.guide === null
    ? found
    : run.guide.decide({ kind, condition, statement: topOf(run).at }, found);
}

function decide(run: Run, condition: Condition): void {
  if (condition.kind === "call") {
    call(run, condition.call);
  } else {
    branch(run, holds(run, "branch", condition.expression));
  }
}

/** Goes on behind a condition of `if` or `while`. */
function branch(run: Run, isTrue: boolean): void {
  const { at } = topOf(run);
  if (at.kind === "if") {
    const block = isTrue ? at.then : at.else;
    if (block === null) {
      proceed(run);
    } else {
      enter(run, block);
    }
  } else if (at.kind === "while") {
    if (isTrue) {
      enter(run, at.body);
    } else {
      proceed(run);
    }
  } else {
    throw new InternalError("a truth value for a statement without condition");
  }
}

/**
 * Hands the current statement the value it waits for, and goes on. The value is asked for after
 * the indices of what it is stored into, except that a call has returned before them (rule 5).
 */
function deliver(run: Run, value: (() => Value) | undefined): void {
  const frame = topOf(run);
  const { at } = frame;
  switch (at.kind) {
    case "assign": {
      const place = bind(run, at.target);
      store(run, place, at, wanted(value));
      proceed(run);
      return;
    }
    case "declare":
      declare(run, frame, at, value);
      proceed(run);
      return;
    case "return":
      giveBack(run, wanted(value));
      return;
    case "if":
    case "while": {
      const isTrue = wanted(value) === true;
      branch(run, at.condition.kind === "call" && at.condition.negated ? !isTrue : isTrue);
      return;
    }
    case "call":
      proceed(run);
      return;
    default:
      throw new InternalError(`${at.kind} takes no value`);
  }
}

function wanted(value: (() => Value) | undefined): Value {
  if (value === undefined) {
    throw new InternalError("a call without result where a value belongs");
  }
  return value();
}

function store(run: Run, place: Reference, statement: Of<"assign">, value: Value): void {
  const { target } = statement;
  const what = nameOf(run, target.root);
  checkFits(value, target.type, { span: statement.span, what }, run.context);
  writeReference(run, place, value);
}

function nameOf(run: Run, root: Of<"assign">["target"]["root"]): string {
  return root.kind === "variable"
    ? present(run.program.variables[root.variable], "a variable").name
    : present(topOf(run).code.body.locals[root.slot], "a local").name;
}

function declare(
  run: Run,
  frame: WorkingFrame,
  statement: Of<"declare">,
  value: (() => Value) | undefined,
): void {
  const local = present(frame.code.body.locals[statement.slot], "a local");
  if (value === undefined) {
    frame.locals[statement.slot] = frame.code.firstValues[statement.slot] as Value;
    return;
  }
  const found = value();
  checkFits(found, local.type, { span: statement.span, what: local.name }, run.context);
  frame.locals[statement.slot] = found;
}

function executeEither(run: Run, statement: Of<"either">): void {
  const chosen = present(statement.branches[pick(run.plan, statement.branches.length)], "a branch");
  seek(run, statement, chosen.statements[0] ?? statement);
  enter(run, chosen);
}

function executeChoose(run: Run, statement: Of<"choose">): Wait | null {
  const { slot, where, wait } = statement;
  const frame = topOf(run);
  const found = elementsOf(statement.set, run.context).filter((element) => {
    frame.locals[slot] = element;
    return where === null || truth(where, run.context);
  });
  const elements = run.guide === null ? found : run.guide.choose(statement, found);
  if (elements.length === 0) {
    return { wait, statement };
  }
  const value = elements[pick(run.plan, elements.length)] as Value;
  frame.locals[slot] = value;
  if (run.log.isOn) {
    const { name } = present(frame.code.body.locals[slot], "a local");
    run.log.choices.push({ name, value });
  }
  seek(run, statement, statement.body.statements[0] ?? statement);
  enter(run, statement.body);
  return null;
}

/** Outside of `atomic` the first stepping statement of the branch makes the step (rule 6). */
function seek(run: Run, statement: Statement, first: Statement): void {
  if (run.atomic === null) {
    run.phase = "seeking";
    run.seeking = { depth: run.frames.length - 1, statement };
    logTaken(run, first);
  }
}

function call(run: Run, { proc, arguments: given }: Call): void {
  const code = present(run.code.procs[proc], "a proc");
  const locals = code.firstValues.slice();
  const references = new Array<Reference | null>(locals.length).fill(null);
  for (const [slot, argument] of given.entries()) {
    if (argument.kind === "reference") {
      references[slot] = bind(run, argument.place);
    } else {
      const local = present(code.body.locals[slot], "a parameter");
      const value = evaluate(argument.value, run.context);
      const what = `parameter ${local.name} of ${code.name}`;
      checkFits(value, local.type, { span: argument.value.span, what }, run.context);
      locals[slot] = value;
    }
  }
  const [first] = code.body.block.statements;
  if (first !== undefined) {
    run.frames.push({ code, at: first, locals, references });
  } else if (code.result === null) {
    proceed(run);
  } else {
    throw new InternalError(`${code.name} has no statement that could give its result`);
  }
}

/** `return`: the innermost frame ends, and its caller goes on with the value. */
function giveBack(run: Run, value: Value | undefined): void {
  const { code, at } = popFrame(run);
  if (value !== undefined && code.result !== null) {
    const place = { span: at.span, what: `result of ${code.name}` };
    checkFits(value, code.result, place, run.context);
  }
  if (run.frames.length > 0) {
    deliver(run, value === undefined ? undefined : () => value);
  }
}

function executeStart(run: Run, statement: Of<"start">): void {
  const { thread, index } = statement;
  const name =
    index === null
      ? run.program.threads[thread]?.name
      : run.context.threadElement(thread, evaluate(index, run.context));
  const instance = run.program.instances.findIndex((one) => one.name === name);
  if (instance < 0) {
    throw new Failure("error", statement.span, "there is no thread of this index");
  }
  if (framesOf(run, instance).length > 0) {
    throw new Failure("error", statement.span, `${name} is running already`);
  }
  startThread(run, instance);
  proceed(run);
}

/** Starts a thread afresh and lets it go on to its first place of rest (rule 1). */
export function startThread(run: Run, instance: InstanceIndex): void {
  const { self, frames, phase, seeking, atomic } = run;
  const { thread, index } = present(run.program.instances[instance], "an instance");
  const code = present(run.code.threads[thread], "the code of a thread");
  const locals = code.firstValues.slice();
  if (index !== null) {
    locals[0] = evaluate(index, run.context);
  }
  const [first] = code.body.block.statements;
  const references = new Array<Reference | null>(locals.length).fill(null);
  run.self = instance;
  run.frames = first === undefined ? [] : [{ code, at: first, locals, references }];
  run.phase = "settling";
  run.seeking = null;
  run.atomic = null;
  tellShell(run, present(run.program.threads[thread], "a thread").shell, null);
  go(run);
  run.threads.set(instance, run.frames);
  run.self = self;
  run.frames = frames;
  run.phase = phase;
  run.seeking = seeking;
  run.atomic = atomic;
}

/** Tells a trace of a command that is met. */
export function tellShell(
  run: Run,
  template: ShellTemplate | null,
  statement: Statement | null,
): void {
  if (template !== null && run.log.isOn) {
    run.log.onShell({
      template,
      thread: run.self,
      statement,
      depth: run.frames.length - 1,
      settling: run.phase === "settling" && run.atomic === null,
    });
  }
}

/** The frames of the run as they are now. */
export function snapshot(run: Run): readonly Frame[] {
  return run.frames.map((frame) => ({ ...frame, locals: frame.locals.slice() }));
}

function logTaken(run: Run, statement: Statement): void {
  if (run.log.isOn) {
    run.log.taken = { statement, frames: snapshot(run) };
  }
}

/** Whether storing the result of the frame at `depth` mentions something shared (rule 5). */
export function isResultShared(run: Run, depth: number): boolean {
  const caller = run.frames[depth - 1];
  if (caller === undefined) {
    return false;
  }
  const { at, code } = caller;
  if (at.kind === "return") {
    return isResultShared(run, depth - 1);
  }
  if (at.kind !== "assign") {
    return false;
  }
  const mention = mentionOfPlace(at.target, true, code, run.program.defs);
  return mention.shared || mention.references.some((slot) => isShared(caller.references[slot]));
}

/** Whether a `ref` parameter is bound to a module variable, or to a part of one. */
export function isShared(reference: Reference | null | undefined): boolean {
  return reference?.root.kind === "variable";
}
