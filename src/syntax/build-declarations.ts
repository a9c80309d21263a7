import type { ActionDict, Interval, Node as Parsed } from "ohm-js";
import type {
  Binding,
  Block,
  CheckDeclaration,
  ConstantSetting,
  ConstDeclaration,
  Declaration,
  ExpectationClause,
  Expression,
  FieldDeclaration,
  Import,
  Name,
  Parameter,
  ShellCommand,
  ThreadDeclaration,
  ThreadQualifier,
  ThreadReference,
  TransitionDeclaration,
  TransitionQualifier,
  TypeExpression,
  VarDeclaration,
} from "./ast.ts";
import type { IndexPart } from "./build-expressions.ts";
import { formulaOf } from "./build-formulas.ts";
import { referenceInDef } from "./problems.ts";
import {
  docOf,
  listed,
  nameOf,
  namesOf,
  optional,
  type Reading,
  readingOf,
  spanOf,
  tree,
  trees,
} from "./reading.ts";
import { stringValue } from "./strings.ts";

/** `module name;`, before the rest of the file is known. */
export interface ModuleHeader {
  readonly kind: "header";
  readonly span: ReturnType<typeof spanOf>;
  readonly doc: string | null;
  readonly name: Name;
}

/** What one item of a file can be. */
export type Item = ModuleHeader | Import | Declaration;

/** A thread, transition or check before `@sh` and the doc are known. */
type Bare<T> = Omit<T, "doc" | "shell">;

/** The actions of the rules for items, declarations and types. */
export const DECLARATION_ACTIONS: ActionDict<unknown> = {
  ModuleHeader(_module, name, _semicolon): ModuleHeader {
    const reading = readingOf(this);
    return { ...documented(this, reading), kind: "header", name: nameOf(name, reading) };
  },
  Import(_import, target, _semicolon): Import {
    const reading = readingOf(this);
    const span = spanOf(this.source, reading);
    return target.ctorName === "string"
      ? { span, kind: "import", target: { kind: "path", path: tree(target, reading) } }
      : { span, kind: "import", target: { kind: "library", name: nameOf(target, reading) } };
  },
  Const(_const, name, _colon, type, value, _semicolon): ConstDeclaration {
    const reading = readingOf(this);
    return {
      ...documented(this, reading),
      kind: "const",
      name: nameOf(name, reading),
      type: tree(type, reading),
      value: optional(value, reading),
    };
  },
  Assume(_assume, condition, _semicolon): Declaration {
    const reading = readingOf(this);
    return { ...documented(this, reading), kind: "assume", condition: tree(condition, reading) };
  },
  TypeDeclaration(_type, name, _equals, type, _semicolon): Declaration {
    const reading = readingOf(this);
    return {
      ...documented(this, reading),
      kind: "type",
      name: nameOf(name, reading),
      definition: tree(type, reading),
    };
  },
  Var(_var, name, _colon, type, initial, _semicolon): VarDeclaration {
    const reading = readingOf(this);
    return {
      ...documented(this, reading),
      kind: "var",
      name: nameOf(name, reading),
      type: tree(type, reading),
      initial: optional<VarDeclaration["initial"]>(initial, reading) ?? { kind: "first" },
    };
  },
  Initial_one(_equals, value): VarDeclaration["initial"] {
    return { kind: "one", value: tree(value, readingOf(this)) };
  },
  Initial_any(_in, set): VarDeclaration["initial"] {
    return { kind: "any", set: tree(set, readingOf(this)) };
  },
  Def(_def, name, typeParameters, parameters, _colon, result, body, _semicolon): Declaration {
    const reading = readingOf(this);
    const params = optional<readonly Parameter[]>(parameters, reading);
    const reference = params?.find((parameter) => parameter.byReference);
    if (reference !== undefined) {
      reading.problems.push(referenceInDef(reference.span));
    }
    return {
      ...documented(this, reading),
      kind: "def",
      name: nameOf(name, reading),
      typeParameters: optional<readonly Name[]>(typeParameters, reading) ?? [],
      parameters: params,
      result: tree(result, reading),
      body: optional(body, reading),
    };
  },
  Proc(_proc, name, typeParameters, parameters, result, body): Declaration {
    const reading = readingOf(this);
    return {
      ...documented(this, reading),
      kind: "proc",
      name: nameOf(name, reading),
      typeParameters: optional<readonly Name[]>(typeParameters, reading) ?? [],
      parameters: tree(parameters, reading),
      result: optional(result, reading),
      body: body.isTerminal() ? null : tree(body, reading),
    };
  },
  TypeParameters(_open, first, _comma, rest, _close): readonly Name[] {
    return namesOf(first, rest, readingOf(this));
  },
  Parameters(_open, list, _close): readonly Parameter[] {
    return trees(list.asIteration(), readingOf(this));
  },
  Parameter(name, _colon, ref, type): Parameter {
    const reading = readingOf(this);
    return {
      span: spanOf(this.source, reading),
      name: nameOf(name, reading),
      byReference: ref.children.length > 0,
      type: tree(type, reading),
    };
  },
  Result(_colon, type): TypeExpression {
    return tree(type, readingOf(this));
  },

  Runnable(shell, declaration): Declaration {
    const reading = readingOf(this);
    const bare = tree<Bare<ThreadDeclaration | TransitionDeclaration | CheckDeclaration>>(
      declaration,
      reading,
    );
    return {
      ...bare,
      doc: docOf(this, declaration, reading),
      shell: optional<ShellCommand>(shell, reading),
    } as Declaration;
  },
  Thread(qualifiers, _thread, name, index, body): Bare<ThreadDeclaration> {
    const reading = readingOf(this);
    return {
      span: spanOf(this.source, reading),
      kind: "thread",
      qualifiers: qualifiers.children.map((one) => one.sourceString as ThreadQualifier),
      name: nameOf(name, reading),
      index: optional(index, reading),
      body: tree(body, reading),
    };
  },
  Index(_open, binding, _close): Binding {
    return tree(binding, readingOf(this));
  },
  Transition(qualifiers, _transition, name, parameters, when, body): Bare<TransitionDeclaration> {
    const reading = readingOf(this);
    return {
      span: spanOf(this.source, reading),
      kind: "transition",
      qualifiers: qualifiers.children.map((one) => one.sourceString as TransitionQualifier),
      name: nameOf(name, reading),
      parameters: optional<readonly Binding[]>(parameters, reading) ?? [],
      when: optional(when, reading),
      body: tree<Block>(body, reading),
    };
  },
  Choices(_open, list, _close): readonly Binding[] {
    return trees(list.asIteration(), readingOf(this));
  },
  When(_when, condition): Expression {
    return tree(condition, readingOf(this));
  },

  Check(_check, name, settings, expectations, states, _semicolon): Bare<CheckDeclaration> {
    const reading = readingOf(this);
    return {
      span: spanOf(this.source, reading),
      kind: "check",
      name: nameOf(name, reading),
      constants: optional<readonly ConstantSetting[]>(settings, reading) ?? [],
      expectations: optional<readonly ExpectationClause[]>(expectations, reading) ?? [],
      states: optional(states, reading),
    };
  },
  With(_with, first, _comma, rest): readonly ConstantSetting[] {
    return listed(first, rest, readingOf(this));
  },
  Setting(name, _equals, value): ConstantSetting {
    const reading = readingOf(this);
    return {
      span: spanOf(this.source, reading),
      name: nameOf(name, reading),
      value: tree(value, reading),
    };
  },
  Expect(_expect, first, _comma, rest): readonly ExpectationClause[] {
    return listed(first, rest, readingOf(this));
  },
  Expectation_stuck(word, threads): ExpectationClause {
    const reading = readingOf(this);
    return {
      span: spanOf(this.source, reading),
      kind: word.sourceString as "deadlock" | "hung",
      threads: optional(threads, reading),
    };
  },
  Expectation_violation(_violation, _open, name, _close): ExpectationClause {
    const reading = readingOf(this);
    return { span: spanOf(this.source, reading), kind: "violation", name: nameOf(name, reading) };
  },
  Expectation_outcome(word): ExpectationClause {
    const reading = readingOf(this);
    return {
      span: spanOf(this.source, reading),
      kind: word.sourceString as "ok" | "error" | "assertion",
    };
  },
  Threads(_open, first, _comma, rest, _close): readonly ThreadReference[] {
    return listed(first, rest, readingOf(this));
  },
  States(_states, count) {
    return tree(count, readingOf(this));
  },
  ThreadReference(name, subscript): ThreadReference {
    const reading = readingOf(this);
    const part = optional<IndexPart>(subscript, reading);
    return {
      span: spanOf(this.source, reading),
      name: nameOf(name, reading),
      index: part === null ? null : part.index,
    };
  },
  Predicate(word, name, _colon, condition, _semicolon): Declaration {
    const reading = readingOf(this);
    return {
      ...documented(this, reading),
      kind: word.sourceString as "invariant" | "step" | "reachable" | "recoverable",
      name: nameOf(name, reading),
      condition: tree(condition, reading),
    };
  },
  Property(_property, name, _colon, formula, _semicolon): Declaration {
    const reading = readingOf(this);
    return {
      ...documented(this, reading),
      kind: "property",
      name: nameOf(name, reading),
      formula: formulaOf(formula, reading),
    };
  },
  Unnamed_final(_final, _colon, condition, _semicolon): Declaration {
    const reading = readingOf(this);
    return { ...documented(this, reading), kind: "final", condition: tree(condition, reading) };
  },
  Unnamed_constraint(_constraint, condition, _semicolon): Declaration {
    const reading = readingOf(this);
    return {
      ...documented(this, reading),
      kind: "constraint",
      condition: tree(condition, reading),
    };
  },
  Fairness(_fairness, strength, _open, first, _comma, rest, _close, _semicolon): Declaration {
    const reading = readingOf(this);
    return {
      ...documented(this, reading),
      kind: "fairness",
      strength: strength.sourceString as "weak" | "strong",
      names: namesOf(first, rest, reading),
    };
  },

  Shell(_at, _sh, _open, text, _close): ShellCommand {
    const reading = readingOf(this);
    return { span: spanOf(this.source, reading), text: tree(text, reading) };
  },
  string(_open, _parts, _close): string {
    const reading = readingOf(this);
    return stringValue(this.sourceString, spanOf(this.source, reading), reading.problems);
  },
  name(_first, _rest): Name {
    return nameOf(this, readingOf(this));
  },
};

/** The actions of the rules for types. */
export const TYPE_ACTIONS: ActionDict<unknown> = {
  Type(plain, marks): TypeExpression {
    const reading = readingOf(this);
    const start = spanOf(plain.source, reading).start;
    return marks.children.reduce(
      (of: TypeExpression, mark): TypeExpression => ({
        span: { file: reading.file, start, end: spanOf(mark.source, reading).end },
        kind: "optionType",
        of,
      }),
      tree<TypeExpression>(plain, reading),
    );
  },
  BoolType(_bool): TypeExpression {
    return { span: spanOf(this.source, readingOf(this)), kind: "boolType" };
  },
  Symmetric(_symmetric, of): TypeExpression {
    const reading = readingOf(this);
    return { span: spanOf(this.source, reading), kind: "symmetricType", of: tree(of, reading) };
  },
  SetType(_set, _open, of, _close): TypeExpression {
    const reading = readingOf(this);
    return { span: spanOf(this.source, reading), kind: "setType", of: tree(of, reading) };
  },
  MapType(_map, _open, key, _comma, value, _close): TypeExpression {
    const reading = readingOf(this);
    return {
      span: spanOf(this.source, reading),
      kind: "mapType",
      key: tree(key, reading),
      value: tree(value, reading),
    };
  },
  SeqType(_seq, _open, of, _comma, length, _close): TypeExpression {
    const reading = readingOf(this);
    return {
      span: spanOf(this.source, reading),
      kind: "seqType",
      of: tree(of, reading),
      length: tree(length, reading),
    };
  },
  StructType(_struct, _open, fields, _close): TypeExpression {
    const reading = readingOf(this);
    const span = spanOf(this.source, reading);
    return { span, kind: "structType", fields: trees<FieldDeclaration>(fields, reading) };
  },
  NamedType(name): TypeExpression {
    const reading = readingOf(this);
    const span = spanOf(this.source, reading);
    return name.sourceString === "Thread"
      ? { span, kind: "threadType" }
      : { span, kind: "namedType", name: nameOf(name, reading) };
  },
  EnumType(_enum, _open, first, _comma, rest, _close): TypeExpression {
    const reading = readingOf(this);
    const members = namesOf(first, rest, reading);
    return { span: spanOf(this.source, reading), kind: "enumType", members };
  },
  RangeType(low, _dots, high): TypeExpression {
    const reading = readingOf(this);
    return {
      span: spanOf(this.source, reading),
      kind: "rangeType",
      low: tree(low, reading),
      high: tree(high, reading),
    };
  },
  FieldDeclaration(name, _colon, type, _semicolon): FieldDeclaration {
    const reading = readingOf(this);
    return {
      ...documented(this, reading),
      name: nameOf(name, reading),
      type: tree(type, reading),
    };
  },
};

function documented(node: Parsed & { readonly source: Interval }, reading: Reading) {
  return { span: spanOf(node.source, reading), doc: docOf(node, node, reading) };
}
