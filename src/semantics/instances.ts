import type * as core from "../core/expressions.ts";
import type { Type } from "../core/types.ts";
import type { Name } from "../syntax/ast.ts";
import type { Uses } from "./scopes.ts";

/** A parameter of a def or proc for one choice of its type parameters. */
export interface InstanceParameter {
  readonly name: Name;
  readonly byReference: boolean;
  /** Null where an error has been reported. */
  readonly type: Type | null;
}

/** A def for one choice of its type parameters. */
export interface DefInstance {
  readonly index: core.DefIndex;
  readonly parameters: readonly InstanceParameter[];
  readonly result: Type | null;
  readonly uses: Uses;
  /** Whether the body has no error, so that calls can be evaluated. */
  readonly sound: boolean;
}

/** A proc for one choice of its type parameters. */
export interface ProcInstance {
  readonly index: core.ProcIndex;
  readonly parameters: readonly InstanceParameter[];
  readonly hasResult: boolean;
  readonly result: Type | null;
  readonly uses: Uses;
}
