import type { Expression } from "../core/expressions.ts";
import type { Def, Program } from "../core/program.ts";
import type { Call, Condition, Place, Source, Statement } from "../core/statements.ts";
import { callIn, childrenOf } from "../core/walk.ts";
import { present, unreachable } from "../support/internal-error.ts";
import type { Frame } from "./frames.ts";

/** Whether a statement steps outside of `atomic` when it is met in this frame (decision 0001, rule 2). */
export function isStepping(program: Program, frame: Frame, statement: Statement): boolean {
  switch (statement.kind) {
    case "await":
    case "choose":
    case "either":
    case "atomic":
    case "start":
      return true;
    case "block":
    case "loop":
      return false;
    case "call":
      return callMentions(program, frame, statement.call);
    default:
      return (
        // The label of a statement that is a call's is that of the call (rule 16).
        (statement.label !== null && callIn(statement) === null) ||
        mentionsShared(program, frame, statement) ||
        (statement.kind === "return" &&
          statement.value?.kind === "expression" &&
          isResultShared(program, frame))
      );
  }
}

type Plain = Exclude<
  Statement,
  { kind: "await" | "choose" | "either" | "atomic" | "start" | "block" | "loop" | "call" }
>;

function mentionsShared(program: Program, frame: Frame, statement: Plain): boolean {
  switch (statement.kind) {
    case "assign":
      return (
        sourceMentions(program, frame, statement.value) ||
        (statement.value.kind === "expression" && placeMentions(program, frame, statement.target))
      );
    case "declare":
    case "return":
      return statement.value !== null && sourceMentions(program, frame, statement.value);
    case "assert":
      return mentions(program, frame, statement.condition);
    case "if":
    case "while":
      return sourceMentions(program, frame, statement.condition);
    case "skip":
    case "break":
    case "continue":
      return false;
    default:
      return unreachable(statement);
  }
}

function sourceMentions(program: Program, frame: Frame, source: Source | Condition): boolean {
  return source.kind === "call"
    ? callMentions(program, frame, source.call)
    : mentions(program, frame, source.expression);
}

/** By-value arguments, and the indices inside of `ref` arguments. */
function callMentions(program: Program, frame: Frame, call: Call): boolean {
  return call.arguments.some((argument) =>
    argument.kind === "value"
      ? mentions(program, frame, argument.value)
      : indicesMention(program, frame, argument.place),
  );
}

function indicesMention(program: Program, frame: Frame, { path }: Place): boolean {
  return path.some((step) => step.kind === "element" && mentions(program, frame, step.index));
}

/** Whether writing to a place mentions something shared: its root or its indices. */
function placeMentions(program: Program, frame: Frame, place: Place): boolean {
  return (
    place.root.kind === "variable" ||
    isSharedReference(frame, place.root.slot) ||
    indicesMention(program, frame, place)
  );
}

/** Whether a slot is a `ref` parameter bound to a module variable (rule 3). */
export function isSharedReference(frame: Frame, slot: number): boolean {
  const storage = frame.storages[slot];
  return storage?.kind === "reference" && storage.place.root.kind === "variable";
}

/** Whether a value given back by a frame is stored into something shared (rule 5). */
export function isResultShared(program: Program, { parent, call }: Frame): boolean {
  if (parent === null || call === null) {
    return false;
  }
  if (call.kind === "return") {
    return isResultShared(program, parent);
  }
  return call.kind === "assign" && placeMentions(program, parent, call.target);
}

function mentions(program: Program, frame: Frame, expression: Expression): boolean {
  switch (expression.kind) {
    case "variable":
    case "prime":
    case "threadLocal":
    case "at":
    case "done":
    case "blocked":
    case "enabledThread":
    case "enabledTransition":
      return true;
    case "local":
      return isSharedReference(frame, expression.slot);
    case "apply":
      return (
        defMentions(program, frame, present(program.defs[expression.def], "a def")) ||
        expression.arguments.some((argument) => mentions(program, frame, argument))
      );
    default:
      return childrenOf(expression).some((part) => mentions(program, frame, part));
  }
}

/** A def reads no locals, so the frame does not matter to it. */
const DEFS = new WeakMap<Def, boolean>();

function defMentions(program: Program, frame: Frame, def: Def): boolean {
  let known = DEFS.get(def);
  if (known === undefined) {
    known = mentions(program, frame, def.body);
    DEFS.set(def, known);
  }
  return known;
}
