import type { SlotIndex, VariableIndex } from "../core/expressions.ts";
import type { Statement } from "../core/statements.ts";
import type { Type } from "../core/types.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import type { Value } from "../values/value.ts";
import type { Code } from "./code.ts";

/**
 * One call that is under way, or the thread's own body. Blocks and loops need no entries of their
 * own: where a statement stands in the text says what comes after it.
 */
export interface Frame {
  readonly code: Code;
  /** In the innermost frame the statement that comes next, in the others the one whose call is under way. */
  readonly at: Statement;
  /** By slot; the first value of the type where a local is not in scope. */
  readonly locals: readonly Value[];
  /** By slot; null for every local but the `ref` parameters. */
  readonly references: readonly (Reference | null)[];
}

/** What a `ref` parameter is bound to, with the values that the indices had at the call. */
export interface Reference {
  readonly root: Root;
  readonly path: readonly BoundStep[];
}

/** Where the place of a reference begins. */
export type Root =
  | { readonly kind: "variable"; readonly variable: VariableIndex }
  /** `frame` counts from the outermost frame of the same thread. */
  | { readonly kind: "local"; readonly frame: number; readonly slot: SlotIndex };

/** One step on the way to the place: a field, or an element by an index that is kept. */
export type BoundStep =
  | { readonly kind: "field"; readonly field: string; readonly of: Type }
  | { readonly kind: "element"; readonly index: Value; readonly of: Type; readonly span: Span };
