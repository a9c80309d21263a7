import type { SlotIndex } from "../core/expressions.ts";
import type { Thread } from "../core/program.ts";
import type { Local } from "../core/statements.ts";
import { elaborateBody } from "./bodies.ts";
import { type BodyUnderWay, type Code, codeRules, declareLocal } from "./code.ts";
import type { Context } from "./context.ts";
import type { ThreadEntity } from "./entities.ts";
import { emptySetting } from "./scopes.ts";
import { shellTemplate } from "./shell.ts";
import { threadIndexing } from "./threads.ts";

/** The body of a thread, perhaps still under way: then `locals` holds those met so far. */
export interface ThreadBody {
  readonly locals: readonly Local[];
  /** Slots whose type is in error. */
  readonly unknown: ReadonlySet<SlotIndex>;
  isDone: boolean;
  /** Null while the body is under way, and where it has an error. */
  thread: Thread | null;
}

/**
 * The body of a thread, elaborated when first needed; one that is under way is given as it is, since
 * threads may name each other's locals.
 */
export function threadBody(context: Context, entity: ThreadEntity): ThreadBody {
  const known = context.threadBodies.get(entity.index);
  if (known !== undefined) {
    return known;
  }
  const { declaration, name } = entity;
  const body: BodyUnderWay = {
    kind: "thread",
    name,
    locals: [],
    unknown: new Set(),
    labels: new Map(),
    hasResult: false,
    result: null,
  };
  const result: ThreadBody = {
    locals: body.locals,
    unknown: body.unknown,
    isDone: false,
    thread: null,
  };
  context.threadBodies.set(entity.index, result);
  const rules = codeRules("the code of a thread", true);
  let code: Code = { ...emptySetting(entity.module, rules), body, inLoop: false, atomic: null };
  if (declaration.index !== null) {
    const type = threadIndexing(context, entity.index)?.type ?? null;
    code = declareLocal(context, code, declaration.index.name, "index", type).code;
  }
  const shell = declaration.shell === null ? null : shellTemplate(context, code, declaration.shell);
  const elaborated = elaborateBody(context, code, declaration.body);
  result.isDone = true;
  if (elaborated !== null) {
    result.thread = {
      name: name.text,
      doc: declaration.doc,
      span: name.span,
      dormant: declaration.qualifiers.includes("dormant"),
      unfair: declaration.qualifiers.includes("unfair"),
      escape: declaration.qualifiers.includes("escape"),
      shell,
      indexed: declaration.index !== null,
      body: elaborated,
    };
  }
  return result;
}
