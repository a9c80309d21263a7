import type { Span } from "../diagnostics/diagnostic.ts";
import type { Type } from "./types.ts";

/** An expression of core: every name resolved, every node typed, every coercion explicit. */
export interface Typed {
  readonly span: Span;
  readonly type: Type;
}

/** Index into `Program.constants`, `Program.variables` and so on. */
export type ConstantIndex = number;
/** Index into `Program.variables`. */
export type VariableIndex = number;
/** Index into `Program.defs`. */
export type DefIndex = number;
/** Index into `Program.procs`. */
export type ProcIndex = number;
/** Index into `Program.threads`: a declaration, not an instance. */
export type ThreadIndex = number;
/** Index into `Program.instances`: the values of the type `Thread`, in canonical order. */
export type InstanceIndex = number;
/** Index into `Program.transitions`. */
export type TransitionIndex = number;
/** Index into the `locals` of the body (of a thread, proc or transition) in which the code stands. */
export type SlotIndex = number;
/** Names a variable bound inside an expression (quantifier, comprehension, `let`, def parameter); unique in the program. */
export type Binder = number;

/** What a binary node computes; the operand types are those the group names. */
export type BinaryOperator =
  /** bool × bool; `and`, `or` and `implies` evaluate the right side only as far as needed. */
  | "and"
  | "or"
  | "implies"
  | "iff"
  /** Both sides of one type, up to the bounds of integers. */
  | "equal"
  | "notEqual"
  /** Integers. Division truncates toward zero, the remainder has the sign of the dividend. */
  | "less"
  | "lessEqual"
  | "greater"
  | "greaterEqual"
  | "add"
  | "subtract"
  | "multiply"
  | "divide"
  | "remainder"
  /** Sets. */
  | "union"
  | "intersection"
  | "difference"
  | "subset"
  /** Element × set; element × sequence. */
  | "inSet"
  | "inSequence";

/** Built-in functions of one argument. */
export type FunctionName =
  /** Of a set: number of elements; least and greatest element (an error when empty). */
  | "size"
  | "min"
  | "max"
  /** Of a sequence: length, first element, rest (errors when empty). */
  | "length"
  | "head"
  | "tail"
  /** Of an optional value: the value; an error when it is none. */
  | "the";

/** The expressions of core; docs/language.md section 5 gives the meaning of each form. */
export type Expression =
  | (Typed & { readonly kind: "boolean"; readonly value: boolean })
  | (Typed & { readonly kind: "integer"; readonly value: number })
  /** A value of an enum (`type` says which) or, in folded constants only, of a symmetric type. */
  | (Typed & { readonly kind: "member"; readonly value: string | number })
  | (Typed & { readonly kind: "none" })
  /** A `T` used as a `T?`; the only coercion besides the bounds of integers. */
  | (Typed & { readonly kind: "some"; readonly of: Expression })
  | (Typed & { readonly kind: "thread"; readonly instance: InstanceIndex })
  | (Typed & {
      readonly kind: "threadElement";
      readonly thread: ThreadIndex;
      readonly index: Expression;
    })
  | (Typed & { readonly kind: "self" })
  | (Typed & { readonly kind: "constant"; readonly constant: ConstantIndex })
  | (Typed & { readonly kind: "variable"; readonly variable: VariableIndex })
  /** `x'`: the variable after the step; only in `step` properties. */
  | (Typed & { readonly kind: "prime"; readonly variable: VariableIndex })
  /** A local, parameter, thread index or chosen value of the body; for a `ref` parameter, what it is bound to. */
  | (Typed & { readonly kind: "local"; readonly slot: SlotIndex })
  | (Typed & { readonly kind: "bound"; readonly binder: Binder })
  /** `t.x`: a local of the body of thread declaration `thread`, in the instance that `of` gives. */
  | (Typed & {
      readonly kind: "threadLocal";
      readonly thread: ThreadIndex;
      readonly of: Expression;
      readonly slot: SlotIndex;
    })
  /**
   * `t@label` (proc null), `t@p` (label null), `t@p.label`. Procs are named as declared: all
   * instances of a generic proc count.
   */
  | (Typed & {
      readonly kind: "at";
      readonly of: Expression;
      readonly proc: string | null;
      readonly label: string | null;
    })
  | (Typed & { readonly kind: "done" | "blocked" | "enabledThread"; readonly of: Expression })
  | (Typed & { readonly kind: "enabledTransition"; readonly transition: TransitionIndex })
  | (Typed & { readonly kind: "not" | "negate"; readonly of: Expression })
  | (Typed & {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Typed & {
      readonly kind: "conditional";
      readonly condition: Expression;
      readonly then: Expression;
      readonly else: Expression;
    })
  | (Typed & { readonly kind: "field"; readonly of: Expression; readonly field: string })
  /** `m[k]`: an error unless the key fits the key type. `q[i]`: an error unless 0 ≤ i < len(q). */
  | (Typed & {
      readonly kind: "mapElement" | "sequenceElement";
      readonly of: Expression;
      readonly index: Expression;
    })
  | (Typed & {
      readonly kind: "function";
      readonly function: FunctionName;
      readonly of: Expression;
    })
  | (Typed & { readonly kind: "append"; readonly of: Expression; readonly element: Expression })
  /** `low..high` as a set; empty when low > high. */
  | (Typed & { readonly kind: "range"; readonly low: Expression; readonly high: Expression })
  /** The set of all values of a type: its name used as a set. */
  | (Typed & { readonly kind: "universe"; readonly of: Type })
  | (Typed & { readonly kind: "set" | "sequence"; readonly elements: readonly Expression[] })
  | (Typed & {
      readonly kind: "filter";
      readonly binder: Binder;
      readonly set: Expression;
      readonly where: Expression;
    })
  | (Typed & {
      readonly kind: "image";
      readonly binder: Binder;
      readonly set: Expression;
      readonly where: Expression | null;
      readonly element: Expression;
    })
  | (Typed & {
      readonly kind: "forall" | "exists" | "count";
      readonly binder: Binder;
      readonly set: Expression;
      readonly body: Expression;
    })
  /** `[k in K -> e]` over every value of the key type of `type`. */
  | (Typed & { readonly kind: "map"; readonly binder: Binder; readonly value: Expression })
  /** A folded map constant: one value for each key, in canonical order of keys. */
  | (Typed & { readonly kind: "mapLiteral"; readonly values: readonly Expression[] })
  /** One value for each field, in the order of the struct type. */
  | (Typed & { readonly kind: "struct"; readonly values: readonly Expression[] })
  | (Typed & {
      readonly kind: "let";
      readonly binder: Binder;
      readonly value: Expression;
      readonly body: Expression;
    })
  /** A call of a def. Arguments are evaluated first, left to right, each checked against its parameter's type. */
  | (Typed & {
      readonly kind: "apply";
      readonly def: DefIndex;
      readonly arguments: readonly Expression[];
    });

/** A temporal formula over state predicates. */
export type Formula =
  | { readonly kind: "predicate"; readonly span: Span; readonly expression: Expression }
  | { readonly kind: "always" | "eventually" | "not"; readonly span: Span; readonly of: Formula }
  | {
      readonly kind: "and" | "or" | "implies" | "iff" | "leadsTo";
      readonly span: Span;
      readonly left: Formula;
      readonly right: Formula;
    }
  /** Over a constant set; `binder` may occur in the predicates of `body`. */
  | {
      readonly kind: "forall" | "exists";
      readonly span: Span;
      readonly binder: Binder;
      readonly set: Expression;
      readonly body: Formula;
    };
