import type { Span } from "../diagnostics/diagnostic.ts";
import type {
  Binder,
  ConstantIndex,
  Expression,
  Formula,
  InstanceIndex,
  ThreadIndex,
  TransitionIndex,
} from "./expressions.ts";
import type { Body, ShellTemplate } from "./statements.ts";
import type { Type } from "./types.ts";

/**
 * What a spec says under one choice of constants: the narrow waist between the front end and both
 * engines. Declarations stand in canonical order: those of imported modules first, in the order of
 * the imports, then those of the file, in the order of its text.
 */
export interface Program {
  /** The name after `module` in the root file. */
  readonly module: string;
  readonly file: string;
  readonly constants: readonly Constant[];
  readonly variables: readonly Variable[];
  readonly defs: readonly Def[];
  readonly procs: readonly Proc[];
  readonly threads: readonly Thread[];
  /** The values of the type `Thread`: by thread declaration, then by index. */
  readonly instances: readonly Instance[];
  readonly transitions: readonly Transition[];
  /** Who can take steps, in canonical order: thread instances and transitions by declaration. */
  readonly agents: readonly Agent[];
  readonly invariants: readonly Predicate[];
  readonly steps: readonly Predicate[];
  readonly reachables: readonly Predicate[];
  readonly recoverables: readonly Predicate[];
  readonly properties: readonly Property[];
  /** Several declarations of `final` are alternatives, several of `constraint` are all meant. */
  readonly finals: readonly Expression[];
  readonly constraints: readonly Expression[];
  readonly fairness: readonly Fairness[];
  readonly check: Check;
}

/** What every named declaration has. */
export interface Declared {
  readonly name: string;
  readonly doc: string | null;
  /** Of the name in its declaration. */
  readonly span: Span;
}

/** `value` is folded: only literals (boolean, integer, member, none, some, thread, set, sequence, struct, mapLiteral). */
export interface Constant extends Declared {
  readonly type: Type;
  readonly value: Expression;
  /** Whether the check, the command line or the API gave the value. */
  readonly overridden: boolean;
}

/** A state variable and its initial values. */
export interface Variable extends Declared {
  readonly type: Type;
  /** `one`: the only initial value. `any`: each element of a constant set. Over constants only. */
  readonly initial:
    | { readonly kind: "one"; readonly value: Expression }
    | { readonly kind: "any"; readonly set: Expression };
}

/** Monomorphic: a generic def occurs once for each choice of its type parameters. */
export interface Def extends Declared {
  readonly parameters: readonly DefParameter[];
  readonly result: Type;
  readonly body: Expression;
}

/** A parameter of a def, read through its binder. */
export interface DefParameter {
  readonly name: string;
  readonly binder: Binder;
  readonly type: Type;
}

/** Monomorphic, like `Def`. The first `parameterCount` locals are the parameters, in order. */
export interface Proc extends Declared {
  readonly parameterCount: number;
  readonly result: Type | null;
  readonly body: Body;
}

/** A thread declaration; its instances are in `Program.instances`. */
export interface Thread extends Declared {
  readonly dormant: boolean;
  readonly unfair: boolean;
  readonly escape: boolean;
  readonly shell: ShellTemplate | null;
  /** Whether slot 0 is the index; its values are those of the instances. */
  readonly indexed: boolean;
  readonly body: Body;
}

/** One running copy of a thread declaration. */
export interface Instance {
  readonly thread: ThreadIndex;
  /** A folded literal; null for a thread without index. */
  readonly index: Expression | null;
  /** `writer`, `worker[2]`. */
  readonly name: string;
}

/** One atomic step for every choice of its parameters, the first `parameterSets.length` locals. */
export interface Transition extends Declared {
  readonly fairness: "none" | "weak" | "strong";
  readonly escape: boolean;
  readonly shell: ShellTemplate | null;
  /** Constant sets. */
  readonly parameterSets: readonly Expression[];
  readonly when: Expression | null;
  readonly body: Body;
}

/** Something that takes steps. */
export type Agent =
  | { readonly kind: "thread"; readonly instance: InstanceIndex }
  | { readonly kind: "transition"; readonly transition: TransitionIndex };

/** An `invariant`, `step`, `reachable` or `recoverable`. */
export interface Predicate extends Declared {
  readonly condition: Expression;
}

/** A temporal property. */
export interface Property extends Declared {
  readonly formula: Formula;
}

/** A `fairness` declaration: its agents count as one action. */
export interface Fairness {
  readonly span: Span;
  readonly strength: "weak" | "strong";
  readonly agents: readonly Agent[];
}

/** What is run: one `check` of the file, or the one called `default` when there is none. */
export interface Check {
  readonly name: string;
  readonly doc: string | null;
  readonly span: Span | null;
  readonly shell: ShellTemplate | null;
  /** The constants that differ from their declaration, in order of declaration. */
  readonly overridden: readonly ConstantIndex[];
  /** Never empty: `ok` where nothing is said. */
  readonly expectations: readonly Expectation[];
  /** `states N`, or null. */
  readonly states: number | null;
}

/** One entry after `expect`. */
export type Expectation =
  | { readonly kind: "ok" | "error" | "assertion" }
  /** `threads` is null where any set of threads will do; else exactly these, in canonical order. */
  | { readonly kind: "deadlock" | "hung"; readonly threads: readonly InstanceIndex[] | null }
  | { readonly kind: "violation"; readonly name: string };
