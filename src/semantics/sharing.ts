import type * as core from "../core/expressions.ts";
import type { Def } from "../core/program.ts";
import type { Argument, Body, Call, Place } from "../core/statements.ts";
import { present } from "../support/internal-error.ts";
import { expressionsIn } from "./walk-core.ts";

/** What is known of the code of one call: which of its references are bound to something shared. */
export interface Frame {
  readonly body: Body;
  /** One for each parameter; false for those by value. */
  readonly sharedReferences: readonly boolean[];
  /** Whether what becomes of the result mentions something shared. */
  readonly sharedResult: boolean;
}

/** Whether an expression mentions something shared (decision 0001, rule 3). */
export function mentionsShared(
  expression: core.Expression,
  frame: Frame,
  defs: readonly Def[],
): boolean {
  for (const one of expressionsIn(expression)) {
    switch (one.kind) {
      case "variable":
      case "threadLocal":
      case "done":
        return true;
      case "local":
        if (isSharedReference(one.slot, frame)) {
          return true;
        }
        break;
      case "apply":
        // A def sees no locals, so that what it mentions is the same in every frame.
        if (mentionsShared(present(defs[one.def], "a def").body, frame, defs)) {
          return true;
        }
        break;
    }
  }
  return false;
}

function isSharedReference(slot: core.SlotIndex, frame: Frame): boolean {
  return frame.body.locals[slot]?.kind === "reference" && (frame.sharedReferences[slot] ?? false);
}

/** Whether a place is, or lies in, a module variable. */
export function isShared({ root }: Place, frame: Frame): boolean {
  return root.kind === "variable" || isSharedReference(root.slot, frame);
}

/** Whether one of the indices of a place mentions something shared. */
export function indicesMentionShared(place: Place, frame: Frame, defs: readonly Def[]): boolean {
  return place.path.some(
    (step) => step.kind === "element" && mentionsShared(step.index, frame, defs),
  );
}

/** Whether a call is a step of its own: its values or the indices of its references are shared. */
export function callMentionsShared(call: Call, frame: Frame, defs: readonly Def[]): boolean {
  return call.arguments.some((argument: Argument) =>
    argument.kind === "value"
      ? mentionsShared(argument.value, frame, defs)
      : indicesMentionShared(argument.place, frame, defs),
  );
}
