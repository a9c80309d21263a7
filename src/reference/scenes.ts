import type { Call, Statement } from "../core/statements.ts";
import { present } from "../support/internal-error.ts";
import type { Code } from "./code.ts";
import { isShared } from "./execute.ts";
import type { Frame } from "./frames.ts";
import type { Machine } from "./machine.ts";
import { mentionOfPlace } from "./mentions.ts";
import type { Sharing } from "./stepping.ts";

/** One frame as far as the text alone decides what comes next in it. */
export interface Scene {
  readonly code: Code;
  readonly sharing: Sharing;
}

/** The scene of one of `frames`. */
export function sceneOf(machine: Machine, frames: readonly Frame[], frame: Frame): Scene {
  const caller = frames[frames.indexOf(frame) - 1];
  return {
    code: frame.code,
    sharing: {
      isReferenceShared: (slot) => isShared(frame.references[slot]),
      isResultShared: () =>
        caller !== undefined && storesShared(machine, caller.at, sceneOf(machine, frames, caller)),
    },
  };
}

/** Whether a value that a call gives to `statement` is stored somewhere shared (rule 5). */
function storesShared(machine: Machine, statement: Statement, { code, sharing }: Scene): boolean {
  if (statement.kind === "return") {
    return sharing.isResultShared();
  }
  if (statement.kind !== "assign") {
    return false;
  }
  const mention = mentionOfPlace(statement.target, true, code, machine.program.defs);
  return mention.shared || mention.references.some((slot) => sharing.isReferenceShared(slot));
}

/** The scene of what `call`, made by `statement`, calls. */
export function calleeOf(machine: Machine, scene: Scene, statement: Statement, call: Call): Scene {
  return {
    code: present(machine.code.procs[call.proc], "a proc"),
    sharing: {
      isReferenceShared: (slot) => {
        const argument = call.arguments[slot];
        if (argument?.kind !== "reference") {
          return false;
        }
        const { root } = argument.place;
        return (
          root.kind === "variable" ||
          (scene.code.body.locals[root.slot]?.kind === "reference" &&
            scene.sharing.isReferenceShared(root.slot))
        );
      },
      isResultShared: () => storesShared(machine, statement, scene),
    },
  };
}
