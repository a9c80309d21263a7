import type * as core from "../core/expressions.ts";
import type { Type } from "../core/types.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { literal } from "../values/literals.ts";
import { cardinality, firstValue, showType } from "../values/types.ts";
import { typeContext } from "./constants.ts";
import type { Context } from "./context.ts";
import { threadIndexing, threadTable } from "./threads.ts";
import { symmetricIn } from "./type-relations.ts";

/** Why a type has no first value, or null when it has one. */
export function firstValueProblem(context: Context, type: Type): string | null {
  const symmetric = symmetricIn(type);
  if (symmetric !== null) {
    return `no value of the symmetric type ${showType(symmetric)} can be told from another`;
  }
  return hasThread(type) ? firstThreadProblem(context) : null;
}

/**
 * The value that stands for one that nothing gives, so that the rest can be looked at for its
 * mistakes; null where the type has no first value.
 */
export function anyValue(context: Context, type: Type, span: Span): core.Expression | null {
  const types = typeContext(context);
  const isSound = firstValueProblem(context, type) === null && cardinality(type, types) > 0;
  return isSound ? literal(firstValue(type, types), type, span, types) : null;
}

/** Whether a first value contains a thread. */
function hasThread(type: Type): boolean {
  switch (type.kind) {
    case "thread":
      return true;
    case "map":
      return hasThread(type.value);
    case "struct":
      return type.fields.some((field) => hasThread(field.type));
    default:
      return false;
  }
}

function firstThreadProblem(context: Context): string | null {
  const table = threadTable(context);
  if (table === null || !table.sound) {
    return null;
  }
  const [first] = table.instances;
  if (first === undefined) {
    return "there is no thread";
  }
  const indexing = first.index === null ? null : threadIndexing(context, first.thread);
  return indexing?.type.kind === "symmetric"
    ? `the first thread, ${first.name}, is named only through its symmetric index`
    : null;
}
