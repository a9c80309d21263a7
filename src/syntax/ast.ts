import type { Span } from "../diagnostics/diagnostic.ts";

/**
 * The tree of one `.spec` file as written: names unresolved, nothing typed, operators grouped by
 * precedence. Every node is readonly data with the span it was read from; parentheses leave no node.
 */
export interface Node {
  readonly span: Span;
}

/** A name as written, where it is declared or used. */
export interface Name extends Node {
  readonly text: string;
}

/** The `///` lines before a declaration or statement, joined by newlines, without the slashes. */
export type Doc = string | null;

/** An `@sh("…")` annotation: `text` is the string with its escapes resolved. */
export interface ShellCommand extends Node {
  readonly text: string;
}

// ---------------------------------------------------------------------------------------- module

/** A whole file. */
export interface ModuleFile extends Node {
  readonly kind: "module";
  readonly doc: Doc;
  readonly name: Name;
  readonly imports: readonly Import[];
  readonly declarations: readonly Declaration[];
}

/** `import kernel;` (library) or `import "./x.spec";` (path). */
export interface Import extends Node {
  readonly kind: "import";
  readonly target:
    | { readonly kind: "library"; readonly name: Name }
    | { readonly kind: "path"; readonly path: string };
}

/** What may stand at the top level of a file. */
export type Declaration =
  | ConstDeclaration
  | AssumeDeclaration
  | TypeDeclaration
  | VarDeclaration
  | DefDeclaration
  | ProcDeclaration
  | ThreadDeclaration
  | TransitionDeclaration
  | PredicateDeclaration
  | PropertyDeclaration
  | UnnamedDeclaration
  | FairnessDeclaration
  | CheckDeclaration;

/** `const NAME: T = e;`; `value` is null for a prototype, `const NAME: T;`. */
export interface ConstDeclaration extends Node {
  readonly kind: "const";
  readonly doc: Doc;
  readonly name: Name;
  readonly type: TypeExpression;
  readonly value: Expression | null;
}

/** `assume e;` */
export interface AssumeDeclaration extends Node {
  readonly kind: "assume";
  readonly doc: Doc;
  readonly condition: Expression;
}

/** `type Name = …;` */
export interface TypeDeclaration extends Node {
  readonly kind: "type";
  readonly doc: Doc;
  readonly name: Name;
  readonly definition: TypeExpression;
}

/** `var x: T = e;` (one), `var x: T in S;` (any), `var x: T;` (first value of T). */
export interface VarDeclaration extends Node {
  readonly kind: "var";
  readonly doc: Doc;
  readonly name: Name;
  readonly type: TypeExpression;
  readonly initial:
    | { readonly kind: "first" }
    | { readonly kind: "one"; readonly value: Expression }
    | { readonly kind: "any"; readonly set: Expression };
}

/** A parameter of a def or proc. */
export interface Parameter extends Node {
  readonly name: Name;
  /** `ref T`: binds a place. Only procs have these. */
  readonly byReference: boolean;
  readonly type: TypeExpression;
}

/**
 * `def name<T>(x: T): U = e;`; `parameters` is null for the form without parentheses, `body` for a
 * prototype, `def name(x: T): U;`.
 */
export interface DefDeclaration extends Node {
  readonly kind: "def";
  readonly doc: Doc;
  readonly name: Name;
  readonly typeParameters: readonly Name[];
  readonly parameters: readonly Parameter[] | null;
  readonly result: TypeExpression;
  readonly body: Expression | null;
}

/** `proc name<T>(x: T, r: ref U): V { … }`; `body` is null for a prototype, `proc name(x: T);`. */
export interface ProcDeclaration extends Node {
  readonly kind: "proc";
  readonly doc: Doc;
  readonly name: Name;
  readonly typeParameters: readonly Name[];
  readonly parameters: readonly Parameter[];
  readonly result: TypeExpression | null;
  readonly body: Block | null;
}

/** `x in S`: binds `name` to each value of `set`. */
export interface Binding extends Node {
  readonly name: Name;
  readonly set: Expression;
}

/** Words before `thread`. */
export type ThreadQualifier = "dormant" | "unfair" | "escape";

/** `thread name[i in S] { … }` */
export interface ThreadDeclaration extends Node {
  readonly kind: "thread";
  readonly doc: Doc;
  readonly shell: ShellCommand | null;
  readonly qualifiers: readonly ThreadQualifier[];
  readonly name: Name;
  /** `thread name[i in S]`. */
  readonly index: Binding | null;
  readonly body: Block;
}

/** Words before `transition`. */
export type TransitionQualifier = "fair" | "strong" | "escape";

/** `transition name(x in S) when e { … }` */
export interface TransitionDeclaration extends Node {
  readonly kind: "transition";
  readonly doc: Doc;
  readonly shell: ShellCommand | null;
  readonly qualifiers: readonly TransitionQualifier[];
  readonly name: Name;
  /** Empty for both `transition t` and `transition t()`. */
  readonly parameters: readonly Binding[];
  readonly when: Expression | null;
  readonly body: Block;
}

/** `invariant`, `step`, `reachable` and `recoverable`: a name and a state (or step) predicate. */
export interface PredicateDeclaration extends Node {
  readonly kind: "invariant" | "step" | "reachable" | "recoverable";
  readonly doc: Doc;
  readonly name: Name;
  readonly condition: Expression;
}

/** `property name: t;` */
export interface PropertyDeclaration extends Node {
  readonly kind: "property";
  readonly doc: Doc;
  readonly name: Name;
  readonly formula: Formula;
}

/** `final: e;` and `constraint e;`. */
export interface UnnamedDeclaration extends Node {
  readonly kind: "final" | "constraint";
  readonly doc: Doc;
  readonly condition: Expression;
}

/** `fairness weak(a, b);` */
export interface FairnessDeclaration extends Node {
  readonly kind: "fairness";
  readonly doc: Doc;
  readonly strength: "weak" | "strong";
  /** Transitions and threads, taken together as one action. */
  readonly names: readonly Name[];
}

/** `check name with A = 1 expect … states N;` */
export interface CheckDeclaration extends Node {
  readonly kind: "check";
  readonly doc: Doc;
  readonly shell: ShellCommand | null;
  readonly name: Name;
  readonly constants: readonly ConstantSetting[];
  /** Empty without `expect`. */
  readonly expectations: readonly ExpectationClause[];
  /** `states N`. */
  readonly states: IntegerLiteral | null;
}

/** `NAME = value` after `with`, or from `-D`. */
export interface ConstantSetting extends Node {
  readonly name: Name;
  readonly value: Expression;
}

/** One entry after `expect`. */
export type ExpectationClause = Node &
  (
    | { readonly kind: "ok" | "error" | "assertion" }
    /** `threads` is null without parentheses; else thread names, an index for an indexed thread. */
    | { readonly kind: "deadlock" | "hung"; readonly threads: readonly ThreadReference[] | null }
    | { readonly kind: "violation"; readonly name: Name }
  );

/** `writer` or `worker[2]`. */
export interface ThreadReference extends Node {
  readonly name: Name;
  readonly index: Expression | null;
}

// ----------------------------------------------------------------------------------------- types

/** A type as written. */
export type TypeExpression =
  | (Node & { readonly kind: "boolType" | "threadType" })
  | (Node & { readonly kind: "rangeType"; readonly low: Expression; readonly high: Expression })
  | (Node & { readonly kind: "enumType"; readonly members: readonly Name[] })
  | (Node & { readonly kind: "symmetricType"; readonly of: TypeExpression })
  | (Node & { readonly kind: "optionType"; readonly of: TypeExpression })
  | (Node & { readonly kind: "setType"; readonly of: TypeExpression })
  | (Node & {
      readonly kind: "mapType";
      readonly key: TypeExpression;
      readonly value: TypeExpression;
    })
  | (Node & { readonly kind: "seqType"; readonly of: TypeExpression; readonly length: Expression })
  | (Node & { readonly kind: "structType"; readonly fields: readonly FieldDeclaration[] })
  | (Node & { readonly kind: "namedType"; readonly name: Name });

/** A field of a struct type. */
export interface FieldDeclaration extends Node {
  readonly doc: Doc;
  readonly name: Name;
  readonly type: TypeExpression;
}

// ----------------------------------------------------------------------------------- expressions

/** Infix operators, loosest first. */
export type BinaryOperator =
  | "<=>"
  | "=>"
  | "||"
  | "&&"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "in"
  | "subset"
  | ".."
  | "|"
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "&";

/** An expression as written. */
export type Expression =
  | IntegerLiteral
  | (Node & { readonly kind: "boolean"; readonly value: boolean })
  | (Node & { readonly kind: "none" | "self" })
  | (Node & { readonly kind: "name"; readonly name: Name })
  /** `bool` used as the set of its values. */
  | (Node & { readonly kind: "boolSet" })
  | (Node & { readonly kind: "unary"; readonly operator: "!" | "-"; readonly operand: Expression })
  | (Node & {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Node & {
      readonly kind: "conditional";
      readonly condition: Expression;
      readonly then: Expression;
      readonly else: Expression;
    })
  | (Node & { readonly kind: "field"; readonly of: Expression; readonly name: Name })
  | (Node & { readonly kind: "index"; readonly of: Expression; readonly index: Expression })
  /** `x'`. */
  | (Node & { readonly kind: "prime"; readonly name: Name })
  /** `t@label`, `t@proc`, `t@proc.label`. */
  | (Node & {
      readonly kind: "at";
      readonly of: Expression;
      readonly place: Name;
      readonly label: Name | null;
    })
  /** A def, a proc or a built-in function (`size`, `len`, `the`, `done`, `enabled`, …). */
  | CallExpression
  | (Node & { readonly kind: "set"; readonly elements: readonly Expression[] })
  /** `{x in S where P}`. */
  | (Node & { readonly kind: "filter"; readonly binding: Binding; readonly where: Expression })
  /** `{e for x in S where P}`; `where` is optional. */
  | (Node & {
      readonly kind: "image";
      readonly element: Expression;
      readonly binding: Binding;
      readonly where: Expression | null;
    })
  | (Node & {
      readonly kind: "quantifier";
      readonly quantifier: "forall" | "exists" | "count";
      readonly binding: Binding;
      readonly body: Expression;
    })
  /** `[k in K -> e]`. */
  | (Node & { readonly kind: "map"; readonly binding: Binding; readonly value: Expression })
  | (Node & { readonly kind: "sequence"; readonly elements: readonly Expression[] })
  /** `Msg { cmd: a }`; `name` is null where the context gives the type: `{ cmd: a }`. */
  | (Node & {
      readonly kind: "struct";
      readonly name: Name | null;
      readonly fields: readonly FieldValue[];
    })
  /** `let x = e: f`. */
  | (Node & {
      readonly kind: "let";
      readonly name: Name;
      readonly value: Expression;
      readonly body: Expression;
    });

/** `raw` keeps `0x10` as written; `value` may exceed 32 bits (then a diagnostic). */
export interface IntegerLiteral extends Node {
  readonly kind: "integer";
  readonly raw: string;
  readonly value: number;
}

/** `f(a, b)`. */
export interface CallExpression extends Node {
  readonly kind: "call";
  readonly name: Name;
  readonly arguments: readonly Expression[];
}

/** `field: value` in a struct literal. */
export interface FieldValue extends Node {
  readonly name: Name;
  readonly value: Expression;
}

/** A temporal formula; a state predicate is a leaf (the largest sub-formula without temporal operators). */
export type Formula =
  | (Node & { readonly kind: "predicate"; readonly expression: Expression })
  | (Node & { readonly kind: "always" | "eventually" | "not"; readonly of: Formula })
  | (Node & {
      readonly kind: "connective";
      readonly operator: "~>" | "&&" | "||" | "=>" | "<=>";
      readonly left: Formula;
      readonly right: Formula;
    })
  | (Node & {
      readonly kind: "quantified";
      readonly quantifier: "forall" | "exists";
      readonly binding: Binding;
      readonly body: Formula;
    });

// ------------------------------------------------------------------------------------ statements

/** What every statement may carry before it: `/// doc`, `@sh("…")`, `label:`. */
export interface StatementNode extends Node {
  readonly doc: Doc;
  readonly shell: ShellCommand | null;
  readonly label: Name | null;
}

/** The operators of assignment statements. */
export type AssignOperator = ":=" | "+=" | "-=" | "|=" | "&=";
/** The qualifier of an `await` or `choose`; `plain` where none is written. */
export type WaitKind = "plain" | "idle" | "strong";

/** `{ … }` */
export interface Block extends StatementNode {
  readonly kind: "block";
  readonly body: readonly Statement[];
}

/** A statement as written. */
export type Statement =
  | (StatementNode & { readonly kind: "skip" | "break" | "continue" })
  | (StatementNode & {
      readonly kind: "assign";
      /** A name, field or index expression; anything else is a diagnostic of semantics. */
      readonly target: Expression;
      readonly operator: AssignOperator;
      readonly value: Expression;
    })
  /** `let x = e;` */
  | (StatementNode & { readonly kind: "let"; readonly name: Name; readonly value: Expression })
  /** `var x: T = e;`, `var x: T;` */
  | (StatementNode & {
      readonly kind: "local";
      readonly name: Name;
      readonly type: TypeExpression;
      readonly value: Expression | null;
    })
  | (StatementNode & {
      readonly kind: "await";
      readonly wait: WaitKind;
      readonly condition: Expression;
    })
  | (StatementNode & { readonly kind: "assert"; readonly condition: Expression })
  | (StatementNode & {
      readonly kind: "if";
      readonly condition: Expression;
      readonly then: Block;
      /** A block, an `if` (for `else if`), or null. */
      readonly else: Statement | null;
    })
  | (StatementNode & {
      readonly kind: "while";
      readonly condition: Expression;
      readonly body: Block;
    })
  | (StatementNode & { readonly kind: "loop"; readonly body: Block })
  | (StatementNode & { readonly kind: "either"; readonly branches: readonly Block[] })
  | (StatementNode & {
      readonly kind: "choose";
      readonly wait: WaitKind;
      readonly binding: Binding;
      readonly where: Expression | null;
      readonly body: Block;
    })
  | (StatementNode & { readonly kind: "atomic"; readonly body: Block })
  | Block
  | (StatementNode & { readonly kind: "call"; readonly call: CallExpression })
  | (StatementNode & { readonly kind: "return"; readonly value: Expression | null })
  /** `start t;`, `start t[i];` */
  | (StatementNode & { readonly kind: "start"; readonly thread: ThreadReference });
