import type * as core from "../core/expressions.ts";
import type { Constant, Def, Proc } from "../core/program.ts";
import type { Type } from "../core/types.ts";
import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";
import type { CheckDeclaration, ConstantSetting, TypeExpression } from "../syntax/ast.ts";
import type { Value } from "../values/value.ts";
import type { Declarations } from "./declare.ts";
import type { Heights } from "./heights.ts";
import type { DefInstance, ProcInstance } from "./instances.ts";
import type { LinkedSpec } from "./link.ts";
import type { ThreadBody } from "./thread-bodies.ts";
import type { ThreadIndexing, ThreadTable } from "./threads.ts";

/**
 * What one elaboration knows and has found out so far. Declarations are elaborated when they are
 * first needed, each once: the tables hold what is done, `underWay` what has begun.
 */
export interface Context {
  readonly spec: LinkedSpec;
  /** Null: the run called `default`. */
  readonly check: CheckDeclaration | null;
  readonly declarations: Declarations;
  readonly report: (problem: Diagnostic) => void;
  /** Declarations being elaborated, outermost first: what comes round to itself is a cycle. */
  readonly underWay: UnderWay[];
  /** Settings of this run by the constant's name. */
  readonly settings: ReadonlyMap<string, ConstantSetting>;
  readonly constants: Map<core.ConstantIndex, Resolved<KnownConstant>>;
  /** Those that something in the spec names. */
  readonly usedConstants: Set<core.ConstantIndex>;
  /**
   * Those whose value decided how something came out that outlives the run: the bound of a type, the
   * instances of a thread. While `isOn` is false nothing is noted.
   */
  readonly consulted: { readonly constants: Set<core.ConstantIndex>; isOn: boolean };
  readonly types: Map<string, Resolved<Type>>;
  readonly variableTypes: Map<core.VariableIndex, Resolved<Type>>;
  readonly enums: Map<TypeExpression, Type>;
  /** By index in `Program`; a hole is a def or proc with an error. */
  readonly defs: (Def | undefined)[];
  readonly procs: (Proc | undefined)[];
  /** Defs that read the state or `self`, so that a call of them is no constant. */
  readonly readers: Set<core.DefIndex>;
  readonly defInstances: Map<string, DefInstance>;
  readonly procInstances: Map<string, ProcInstance>;
  readonly threadIndexings: Map<core.ThreadIndex, Resolved<ThreadIndexing>>;
  readonly threadBodies: Map<core.ThreadIndex, ThreadBody>;
  /** Where the label of a statement stands, by the statement's id. */
  readonly labels: Map<number, Span>;
  /** Null until first needed. */
  readonly threads: { table: ThreadTable | null };
  readonly heights: Heights;
  /** What evaluating constants has cost so far. */
  readonly work: { rounds: number };
  /** Levels of expressions and statements that are under way. */
  readonly depth: { now: number };
  readonly next: { binder: number; statement: number };
}

/** A constant and its value as the evaluator sees it. */
export interface KnownConstant {
  readonly constant: Constant;
  readonly value: Value;
}

/** `value` is null where an error has been reported: whoever meets it stays silent. */
export interface Resolved<T> {
  readonly value: T | null;
}

/** Something that is being elaborated. */
export interface UnderWay {
  /** Unique: the name, for an instance of a generic with its types. */
  readonly name: string;
  readonly kind: "const" | "var" | "type" | "def" | "proc" | "index" | "threads";
  /** Of its declaration. */
  readonly span: Span;
}

/** Reports a problem and yields null, the result of whatever has an error. */
export function fail(context: Context, problem: Diagnostic): null {
  context.report(problem);
  return null;
}

/** A fresh name for a variable bound inside an expression. */
export function newBinder(context: Context): core.Binder {
  return context.next.binder++;
}
