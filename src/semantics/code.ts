import type * as core from "../core/expressions.ts";
import type { Local } from "../core/statements.ts";
import type { Type } from "../core/types.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import type { Name } from "../syntax/ast.ts";
import type { Context } from "./context.ts";
import { type Rules, type Setting, withLocal } from "./scopes.ts";
import { BOOL } from "./type-relations.ts";

/** The code of a thread, proc or transition while it is elaborated. */
export interface BodyUnderWay {
  readonly kind: "thread" | "proc" | "transition";
  readonly name: Name;
  /** By slot; grows in order of the text. */
  readonly locals: Local[];
  /** Slots whose type is in error; nothing is made of the body then. */
  readonly unknown: Set<core.SlotIndex>;
  /** Where each label stands. */
  readonly labels: Map<string, Span>;
  readonly hasResult: boolean;
  /** Null without a result, or where an error has been reported. */
  readonly result: Type | null;
}

/** Where a statement stands. */
export interface Code extends Setting {
  readonly body: BodyUnderWay;
  readonly inLoop: boolean;
  /** Why no label may stand here: "inside an atomic"; null where one may. */
  readonly atomic: string | null;
}

/** What code of threads and procs may use. */
export function codeRules(place: string, self: boolean): Rules {
  return { place, state: true, self, observe: false, prime: false, code: true };
}

/** A new local of the body and the code in which it is in sight. */
export function declareLocal(
  context: Context,
  code: Code,
  name: Name,
  role: Local["kind"],
  type: Type | null,
): { readonly code: Code; readonly slot: core.SlotIndex } {
  const slot = code.body.locals.length;
  if (type === null) {
    code.body.unknown.add(slot);
  }
  code.body.locals.push({ name: name.text, span: name.span, type: type ?? BOOL, kind: role });
  const local = { kind: "slot", slot, role, type, span: name.span } as const;
  return { code: withLocal(context, code, name, local), slot };
}
