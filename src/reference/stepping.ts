import type { SlotIndex } from "../core/expressions.ts";
import type { Def } from "../core/program.ts";
import type { Condition, Source, Statement } from "../core/statements.ts";
import { callIn } from "../core/walk.ts";
import { unreachable } from "../support/internal-error.ts";
import type { Code } from "./code.ts";
import {
  join,
  type Mention,
  mentionOf,
  mentionOfCall,
  mentionOfPlace,
  NOTHING,
} from "./mentions.ts";

/** What the calls that are under way add to the text: whether a statement mentions something shared. */
export interface Sharing {
  /** Whether a `ref` parameter of the frame is bound to a module variable. */
  isReferenceShared(slot: SlotIndex): boolean;
  /** Whether storing the result of the frame's proc mentions something shared in its caller. */
  isResultShared(): boolean;
}

/** What the text of a statement says about its being a step, outside of `atomic`. */
interface Stepping {
  readonly always: boolean;
  readonly mention: Mention;
  /** Whether it is a `return` that stores a value in the same step. */
  readonly stores: boolean;
}

const KNOWN = new WeakMap<Statement, Stepping>();

/** Whether a statement is a stepping statement (decision 0001, rule 2) outside of `atomic`. */
export function isStepping(
  statement: Statement,
  code: Code,
  defs: readonly Def[],
  sharing: Sharing,
): boolean {
  const { always, mention, stores } = steppingOf(statement, code, defs);
  return (
    always ||
    mention.shared ||
    mention.references.some((slot) => sharing.isReferenceShared(slot)) ||
    (stores && sharing.isResultShared())
  );
}

function steppingOf(statement: Statement, code: Code, defs: readonly Def[]): Stepping {
  let known = KNOWN.get(statement);
  if (known === undefined) {
    known = {
      always: isAlways(statement),
      mention: ownMention(statement, code, defs),
      stores:
        statement.kind === "return" &&
        statement.value !== null &&
        statement.value.kind === "expression",
    };
    KNOWN.set(statement, known);
  }
  return known;
}

function isAlways(statement: Statement): boolean {
  switch (statement.kind) {
    case "await":
    case "choose":
    case "either":
    case "atomic":
    case "start":
      return true;
    case "block":
    case "call":
    case "loop":
      return false;
    default:
      // A statement that waits for the result of a call does nothing of its own (rule 5): as on a
      // call, its label names the first place inside.
      return statement.label !== null && callIn(statement) === null;
  }
}

/** What a statement evaluates or writes itself. */
function ownMention(statement: Statement, code: Code, defs: readonly Def[]): Mention {
  const ofSource = (source: Source | Condition): Mention =>
    source.kind === "call"
      ? mentionOfCall(source.call, code, defs)
      : mentionOf(source.expression, code, defs);
  switch (statement.kind) {
    case "assign":
      return statement.value.kind === "call"
        ? ofSource(statement.value)
        : join([ofSource(statement.value), mentionOfPlace(statement.target, true, code, defs)]);
    case "declare":
    case "return":
      return statement.value === null ? NOTHING : ofSource(statement.value);
    case "assert":
      return mentionOf(statement.condition, code, defs);
    case "if":
    case "while":
      return ofSource(statement.condition);
    case "call":
      return mentionOfCall(statement.call, code, defs);
    case "await":
    case "choose":
    case "either":
    case "atomic":
    case "start":
    case "skip":
    case "break":
    case "continue":
    case "loop":
    case "block":
      return NOTHING;
    default:
      return unreachable(statement);
  }
}
