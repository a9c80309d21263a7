import type { Span } from "../diagnostics/diagnostic.ts";
import type {
  Expression,
  ProcIndex,
  SlotIndex,
  ThreadIndex,
  VariableIndex,
} from "./expressions.ts";
import type { Type } from "./types.ts";

/** Still structured: nothing inlined or fused; docs/language.md section 6 gives the meaning. */
export interface StatementNode {
  /**
   * Unique in the program; within one body ids grow in the order of the text (pre-order), which is
   * the canonical order of places.
   */
  readonly id: number;
  readonly span: Span;
  readonly doc: string | null;
  readonly shell: ShellTemplate | null;
  readonly label: string | null;
}

/** `@sh("dmsetup resume {dev}")`: text and the expressions to be filled in, in order. */
export interface ShellTemplate {
  readonly span: Span;
  readonly parts: readonly (string | Expression)[];
}

/** A variable or local, or a field or element of one: what can be assigned and bound to a `ref`. */
export interface Place {
  readonly span: Span;
  readonly root:
    | { readonly kind: "variable"; readonly variable: VariableIndex }
    /** A local of the body; for a `ref` parameter, the place it is bound to. */
    | { readonly kind: "local"; readonly slot: SlotIndex };
  readonly path: readonly PlaceStep[];
  /** The declared type of the place: what a value must fit. */
  readonly type: Type;
}

/** One step from a variable or local into what it contains. */
export type PlaceStep =
  | { readonly kind: "field"; readonly field: string; readonly of: Type }
  /** Of a map or a sequence; `of` is the type of what is indexed. */
  | {
      readonly kind: "element";
      readonly index: Expression;
      readonly of: Type;
      readonly span: Span;
    };

/** What a proc's parameter is bound to. */
export type Argument =
  | { readonly kind: "value"; readonly value: Expression }
  | { readonly kind: "reference"; readonly place: Place };

/** A call of a proc; one argument for each parameter. */
export interface Call {
  readonly span: Span;
  readonly proc: ProcIndex;
  readonly arguments: readonly Argument[];
}

/** What decides an `if` or `while`: an expression, or the boolean result of one call, perhaps negated. */
export type Condition =
  | { readonly kind: "expression"; readonly expression: Expression }
  | { readonly kind: "call"; readonly call: Call; readonly negated: boolean };

/**
 * Where a value comes from: an expression, or the result of one call, which may be a `T` where a
 * `T?` is stored.
 */
export type Source =
  | { readonly kind: "expression"; readonly expression: Expression }
  | { readonly kind: "call"; readonly call: Call };

/** How long a wait may last: `plain` must end, `idle` may last for ever, `strong` is plain and strongly fair. */
export type WaitKind = "plain" | "idle" | "strong";

/** The statements of core; docs/language.md section 6 gives the meaning of each form. */
export type Statement =
  | (StatementNode & { readonly kind: "skip" | "break" | "continue" })
  /** `x += e` has become `x := x + e`. */
  | (StatementNode & { readonly kind: "assign"; readonly target: Place; readonly value: Source })
  /** `let x = e;`, `var x: T = e;`; `value` is null for `var x: T;` (the type's first value). */
  | (StatementNode & {
      readonly kind: "declare";
      readonly slot: SlotIndex;
      readonly value: Source | null;
    })
  | (StatementNode & {
      readonly kind: "await";
      readonly wait: WaitKind;
      readonly condition: Expression;
    })
  | (StatementNode & { readonly kind: "assert"; readonly condition: Expression })
  | (StatementNode & {
      readonly kind: "if";
      readonly condition: Condition;
      readonly then: Block;
      readonly else: Block | null;
    })
  | (StatementNode & {
      readonly kind: "while";
      readonly condition: Condition;
      readonly body: Block;
    })
  | (StatementNode & { readonly kind: "loop"; readonly body: Block })
  | (StatementNode & { readonly kind: "either"; readonly branches: readonly Block[] })
  | (StatementNode & {
      readonly kind: "choose";
      readonly wait: WaitKind;
      readonly slot: SlotIndex;
      readonly set: Expression;
      readonly where: Expression | null;
      readonly body: Block;
    })
  | (StatementNode & { readonly kind: "atomic"; readonly body: Block })
  | (StatementNode & { readonly kind: "block"; readonly body: Block })
  /** The result, if the proc has one, is dropped. */
  | (StatementNode & { readonly kind: "call"; readonly call: Call })
  | (StatementNode & { readonly kind: "return"; readonly value: Source | null })
  | (StatementNode & {
      readonly kind: "start";
      readonly thread: ThreadIndex;
      /** Null for a thread without index. */
      readonly index: Expression | null;
    });

/** A sequence of statements and the locals that end with it. */
export interface Block {
  readonly span: Span;
  readonly statements: readonly Statement[];
  /** Slots declared directly in this block: out of scope, hence at their first value, outside of it. */
  readonly slots: readonly SlotIndex[];
}

/** A slot of a body. */
export interface Local {
  readonly name: string;
  readonly span: Span;
  readonly type: Type;
  /** `index` is the `i` of `thread t[i in S]`; `choice` the `x` of `choose` or of a transition's parameter. */
  readonly kind: "parameter" | "reference" | "index" | "choice" | "constant" | "variable";
}

/** The code of a thread, proc or transition. Parameters and index come first in `locals`. */
export interface Body {
  readonly locals: readonly Local[];
  readonly block: Block;
}
