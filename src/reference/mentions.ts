import type { Expression, SlotIndex } from "../core/expressions.ts";
import type { Def } from "../core/program.ts";
import type { Argument, Call, Place } from "../core/statements.ts";
import { childrenOf } from "../core/walk.ts";
import { present } from "../support/internal-error.ts";
import type { Code } from "./code.ts";

/**
 * Whether something shared is mentioned (decision 0001, rule 3), as far as the text alone can tell:
 * a `ref` parameter counts as shared exactly when what it is bound to is.
 */
export interface Mention {
  readonly shared: boolean;
  /** The `ref` parameters that are mentioned. */
  readonly references: readonly SlotIndex[];
}

/** What locals and constants mention. */
export const NOTHING: Mention = { shared: false, references: [] };
const SHARED: Mention = { shared: true, references: [] };

/** What has its value from the state itself. */
const OF_THE_STATE: ReadonlySet<Expression["kind"]> = new Set([
  "variable",
  "prime",
  "threadLocal",
  "at",
  "done",
  "blocked",
  "enabledThread",
  "enabledTransition",
]);

/** What `expression` mentions in the code it stands in. */
export function mentionOf(expression: Expression, code: Code, defs: readonly Def[]): Mention {
  if (OF_THE_STATE.has(expression.kind)) {
    return SHARED;
  }
  switch (expression.kind) {
    case "local":
      return code.body.locals[expression.slot]?.kind === "reference"
        ? { shared: false, references: [expression.slot] }
        : NOTHING;
    case "apply":
      return join([
        mentionOfDef(present(defs[expression.def], "a def"), code, defs),
        ...expression.arguments.map((argument) => mentionOf(argument, code, defs)),
      ]);
    default:
      return join(childrenOf(expression).map((part) => mentionOf(part, code, defs)));
  }
}

/** Whether the value of an expression of a property depends on the state, as far as the text tells. */
export function readsState(expression: Expression, defs: readonly Def[]): boolean {
  if (OF_THE_STATE.has(expression.kind)) {
    return true;
  }
  switch (expression.kind) {
    case "apply":
      return (
        readsState(present(defs[expression.def], "a def").body, defs) ||
        expression.arguments.some((argument) => readsState(argument, defs))
      );
    default:
      return childrenOf(expression).some((part) => readsState(part, defs));
  }
}

/** A def reads no locals, so what it mentions does not depend on who calls it. */
const OF_DEFS = new WeakMap<Def, Mention>();

function mentionOfDef(def: Def, code: Code, defs: readonly Def[]): Mention {
  let known = OF_DEFS.get(def);
  if (known === undefined) {
    known = mentionOf(def.body, code, defs);
    OF_DEFS.set(def, known);
  }
  return known;
}

/** What evaluating a place mentions: its indices, and with `withRoot` the variable or local itself. */
export function mentionOfPlace(
  place: Place,
  withRoot: boolean,
  code: Code,
  defs: readonly Def[],
): Mention {
  const { root } = place;
  const indices = place.path.map((step) =>
    step.kind === "element" ? mentionOf(step.index, code, defs) : NOTHING,
  );
  if (!withRoot) {
    return join(indices);
  }
  if (root.kind === "variable") {
    return SHARED;
  }
  const isReference = code.body.locals[root.slot]?.kind === "reference";
  return join([...indices, isReference ? { shared: false, references: [root.slot] } : NOTHING]);
}

/** What the arguments of a call mention: the values, and the indices of what `ref`s are bound to. */
export function mentionOfCall(call: Call, code: Code, defs: readonly Def[]): Mention {
  return join(
    call.arguments.map((argument: Argument) =>
      argument.kind === "value"
        ? mentionOf(argument.value, code, defs)
        : mentionOfPlace(argument.place, false, code, defs),
    ),
  );
}

/** All that some parts mention together. */
export function join(mentions: readonly Mention[]): Mention {
  if (mentions.some((mention) => mention.shared)) {
    return SHARED;
  }
  const references = new Set(mentions.flatMap((mention) => mention.references));
  return references.size === 0 ? NOTHING : { shared: false, references: [...references] };
}
