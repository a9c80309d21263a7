import type { Block, Condition, Source, Statement, StatementNode } from "../core/statements.ts";
import type { Type } from "../core/types.ts";
import type * as ast from "../syntax/ast.ts";
import { showType } from "../values/types.ts";
import { elaborateBlock, elaborateStatements } from "./bodies.ts";
import { type Code, declareLocal } from "./code.ts";
import { type Context, fail } from "./context.ts";
import { declaredAs, describeEntity } from "./entities.ts";
import { expectBool, expectType, infer, inferAnyhow, inferSet } from "./expressions.ts";
import { firstValueProblem } from "./first-values.ts";
import { elaboratePlace } from "./places.ts";
import {
  labelInside,
  noResult,
  outsideLoop,
  returnValueMissing,
  returnValueNotWanted,
  startNotDormant,
} from "./problems-code.ts";
import { labelDeclaredTwice, labelIsName, wrongKind } from "./problems-names.ts";
import { firstValueMissing, threadIndexMissing, typeMismatch } from "./problems-types.ts";
import { elaborateCall, procCalled } from "./procs.ts";
import { find, isEntity, lookUp } from "./scopes.ts";
import { shellTemplate } from "./shell.ts";
import { inferThreadElement } from "./thread-expressions.ts";
import { resolveType } from "./type-expressions.ts";
import { BOOL, describeFound, describeType, sameShape } from "./type-relations.ts";

type Of<Kind> = ast.Statement & { readonly kind: Kind };

/** A statement (null on an error) and the code after it, in which its local is in sight. */
export interface Elaborated {
  readonly statement: Statement | null;
  readonly code: Code;
}

/** A statement of core without what every statement has. */
type Bare = Statement extends infer S
  ? S extends Statement
    ? Omit<S, keyof StatementNode>
    : never
  : never;

/** Elaborates one statement. */
export function elaborateStatement(
  context: Context,
  code: Code,
  statement: ast.Statement,
): Elaborated {
  // Taken before anything inside gets its number: numbers grow in the order of the text.
  const id = context.next.statement++;
  noteLabel(context, code, statement.label, id);
  context.depth.now++;
  const { bare, after, inner } = elaborateBare(context, code, statement);
  context.depth.now--;
  const shell =
    statement.shell === null ? null : shellTemplate(context, inner ?? after, statement.shell);
  if (bare === null || (shell === null && statement.shell !== null)) {
    return { statement: null, code: after };
  }
  const node: StatementNode = {
    id,
    span: statement.span,
    doc: statement.doc,
    shell,
    label: statement.label?.text ?? null,
  };
  return { statement: { ...node, ...bare } as Statement, code: after };
}

interface ElaboratedBare {
  readonly bare: Bare | null;
  readonly after: Code;
  /** Where the statement binds a name for its body alone: the code in which that is in sight. */
  readonly inner?: Code;
}

function elaborateBare(context: Context, code: Code, statement: ast.Statement): ElaboratedBare {
  switch (statement.kind) {
    case "let":
      return elaborateLet(context, code, statement);
    case "local":
      return elaborateLocal(context, code, statement);
    case "choose":
      return elaborateChoose(context, code, statement);
    default:
      return { bare: elaborateSimple(context, code, statement), after: code };
  }
}

function elaborateSimple(
  context: Context,
  code: Code,
  statement: Exclude<ast.Statement, Of<"let" | "local" | "choose">>,
): Bare | null {
  switch (statement.kind) {
    case "skip":
      return { kind: "skip" };
    case "break":
    case "continue":
      return code.inLoop
        ? { kind: statement.kind }
        : fail(context, outsideLoop(statement.span, statement.kind));
    case "assign":
      return elaborateAssign(context, code, statement);
    case "await": {
      const condition = expectBool(context, code, statement.condition);
      return condition === null ? null : { kind: "await", wait: statement.wait, condition };
    }
    case "assert": {
      const condition = expectBool(context, code, statement.condition);
      return condition === null ? null : { kind: "assert", condition };
    }
    case "if":
      return elaborateIf(context, code, statement);
    case "while": {
      const condition = elaborateCondition(context, code, statement.condition);
      const body = elaborateBlock(context, { ...code, inLoop: true }, statement.body);
      return condition === null || body === null ? null : { kind: "while", condition, body };
    }
    case "loop": {
      const body = elaborateBlock(context, { ...code, inLoop: true }, statement.body);
      return body === null ? null : { kind: "loop", body };
    }
    case "either": {
      const branches = statement.branches.map((branch) => elaborateBlock(context, code, branch));
      const sound = branches.flatMap((branch) => branch ?? []);
      return sound.length < branches.length ? null : { kind: "either", branches: sound };
    }
    case "atomic": {
      const inside = { ...code, atomic: code.atomic ?? "inside an atomic" };
      const body = elaborateBlock(context, inside, statement.body);
      return body === null ? null : { kind: "atomic", body };
    }
    case "block": {
      const body = elaborateBlock(context, code, statement);
      return body === null ? null : { kind: "block", body };
    }
    case "call":
      return elaborateCallStatement(context, code, statement);
    case "return":
      return elaborateReturn(context, code, statement);
    case "start":
      return elaborateStart(context, code, statement);
  }
}

function noteLabel(context: Context, code: Code, label: ast.Name | null, id: number): void {
  if (label === null) {
    return;
  }
  const { text, span } = label;
  context.labels.set(id, span);
  const first = code.body.labels.get(text);
  if (first !== undefined && first !== span) {
    context.report(labelDeclaredTwice(span, first, text));
  }
  code.body.labels.set(text, first ?? span);
  if (code.atomic !== null) {
    const hint = code.body.kind === "transition" ? null : "put it on the 'atomic' itself";
    context.report(labelInside(span, text, code.atomic, hint));
  }
  const entity = find(context, code, text);
  if (isEntity(entity) && entity.kind === "proc") {
    context.report(labelIsName(span, entity.name.span, text));
  }
}

function elaborateLet(context: Context, code: Code, statement: Of<"let">): ElaboratedBare {
  const source = elaborateSource(context, code, statement.value, null);
  const { code: after, slot } = declareLocal(
    context,
    code,
    statement.name,
    "constant",
    source?.type ?? null,
  );
  const bare: Bare | null = source && { kind: "declare", slot, value: source.source };
  return { bare, after };
}

function elaborateLocal(context: Context, code: Code, statement: Of<"local">): ElaboratedBare {
  const type = resolveType(context, code, statement.type);
  const source =
    statement.value === null
      ? null
      : type === null
        ? typedAnyhow(context, code, statement.value)
        : elaborateSource(context, code, statement.value, type);
  const { code: after, slot } = declareLocal(context, code, statement.name, "variable", type);
  if (statement.value === null && type !== null) {
    const why = firstValueProblem(context, type);
    if (why !== null) {
      context.report(firstValueMissing(statement.type.span, showType(type), why));
    }
  }
  if (type === null || (statement.value !== null && source === null)) {
    return { bare: null, after };
  }
  return { bare: { kind: "declare", slot, value: source?.source ?? null }, after };
}

function elaborateChoose(context: Context, code: Code, statement: Of<"choose">): ElaboratedBare {
  const { binding, wait } = statement;
  const set = inferSet(context, code, binding.set, null);
  const { code: inner, slot } = declareLocal(
    context,
    code,
    binding.name,
    "choice",
    set?.element ?? null,
  );
  const where = statement.where === null ? null : expectBool(context, inner, statement.where);
  const body = elaborateBlock(context, inner, statement.body);
  if (set === null || body === null || (where === null && statement.where !== null)) {
    return { bare: null, after: code, inner };
  }
  // The chosen value goes out of scope together with the locals of the block it is chosen for.
  const scoped: Block = { ...body, slots: [slot, ...body.slots] };
  return {
    bare: { kind: "choose", wait, slot, set: set.expression, where, body: scoped },
    after: code,
    inner,
  };
}

const DESUGARED = { "+=": "+", "-=": "-", "|=": "|", "&=": "&" } as const;

function elaborateAssign(context: Context, code: Code, statement: Of<"assign">): Bare | null {
  const { operator, target, value, span } = statement;
  const place = elaboratePlace(context, code, target);
  if (operator === ":=") {
    const source =
      place === null
        ? typedAnyhow(context, code, value)
        : elaborateSource(context, code, value, place.type);
    return place === null || source === null
      ? null
      : { kind: "assign", target: place, value: source.source };
  }
  if (place === null) {
    return typedAnyhow(context, code, value);
  }
  const whole: ast.Expression = {
    kind: "binary",
    operator: DESUGARED[operator],
    left: target,
    right: value,
    span,
  };
  const expression = expectType(context, code, whole, place.type);
  return expression === null
    ? null
    : { kind: "assign", target: place, value: { kind: "expression", expression } };
}

/** Finds the mistakes in a value whose destination is in error already. */
function typedAnyhow(context: Context, code: Code, value: ast.Expression): null {
  const entity = procCalled(context, code, value);
  if (entity === null || value.kind !== "call") {
    return inferAnyhow(context, code, value);
  }
  elaborateCall(context, code, value, entity);
  return null;
}

interface TypedSource {
  readonly source: Source;
  readonly type: Type;
}

/** An expression or one call of a proc, of the given type if there is one. */
function elaborateSource(
  context: Context,
  code: Code,
  value: ast.Expression,
  type: Type | null,
): TypedSource | null {
  const entity = procCalled(context, code, value);
  if (entity === null || value.kind !== "call") {
    const expression =
      type === null ? infer(context, code, value, null) : expectType(context, code, value, type);
    return expression === null
      ? null
      : { source: { kind: "expression", expression }, type: expression.type };
  }
  const typed = elaborateCall(context, code, value, entity);
  if (declaredAs(entity).result === null) {
    return fail(context, noResult(value.span, entity.name.text, entity.name.span));
  }
  if (typed === null || typed.result === null) {
    return null;
  }
  const { call, result } = typed;
  const isOptional = type?.kind === "option" && result.kind !== "option";
  if (type !== null && !sameShape(result, isOptional ? type.of : type)) {
    return fail(context, typeMismatch(value.span, describeFound(result), describeType(type)));
  }
  return { source: { kind: "call", call }, type: result };
}

function elaborateCondition(
  context: Context,
  code: Code,
  condition: ast.Expression,
): Condition | null {
  const negated = condition.kind === "unary" && condition.operator === "!";
  const inner = negated ? condition.operand : condition;
  if (procCalled(context, code, inner) === null) {
    const expression = expectBool(context, code, condition);
    return expression === null ? null : { kind: "expression", expression };
  }
  const source = elaborateSource(context, code, inner, BOOL);
  return source?.source.kind === "call"
    ? { kind: "call", call: source.source.call, negated }
    : null;
}

function elaborateIf(context: Context, code: Code, statement: Of<"if">): Bare | null {
  const condition = elaborateCondition(context, code, statement.condition);
  const then = elaborateBlock(context, code, statement.then);
  const last = statement.else;
  const otherwise =
    last === null
      ? null
      : last.kind === "block" && last.label === null
        ? elaborateBlock(context, code, last)
        : elaborateStatements(context, code, [last], last.span);
  return condition === null || then === null || (last !== null && otherwise === null)
    ? null
    : { kind: "if", condition, then, else: otherwise };
}

function elaborateCallStatement(context: Context, code: Code, statement: Of<"call">): Bare | null {
  const { call } = statement;
  const entity = procCalled(context, code, call);
  if (entity !== null) {
    const typed = elaborateCall(context, code, call, entity);
    return typed === null ? null : { kind: "call", call: typed.call };
  }
  const found = lookUp(context, code, call.name);
  if (found !== null) {
    const kind = isEntity(found) ? describeEntity(found) : "a local";
    const hint =
      kind === "a def" ? "a def only computes a value, and nothing is done with it" : null;
    context.report(wrongKind(call.name.span, call.name.text, kind, "a proc", hint));
  }
  return null;
}

function elaborateReturn(context: Context, code: Code, statement: Of<"return">): Bare | null {
  const { body } = code;
  if (!body.hasResult) {
    if (statement.value === null) {
      return { kind: "return", value: null };
    }
    const owner = body.kind === "proc" ? `the proc '${body.name.text}'` : `a ${body.kind}`;
    context.report(returnValueNotWanted(statement.value.span, owner));
    return typedAnyhow(context, code, statement.value);
  }
  if (statement.value === null) {
    return fail(context, returnValueMissing(statement.span, body.name.text));
  }
  if (body.result === null) {
    return typedAnyhow(context, code, statement.value);
  }
  const source = elaborateSource(context, code, statement.value, body.result);
  return source === null ? null : { kind: "return", value: source.source };
}

function elaborateStart(context: Context, code: Code, statement: Of<"start">): Bare | null {
  const { name, index, span } = statement.thread;
  const found = lookUp(context, code, name);
  if (found === null) {
    return null;
  }
  if (!isEntity(found) || found.kind !== "thread") {
    const kind = isEntity(found) ? describeEntity(found) : "a local";
    return fail(context, wrongKind(name.span, name.text, kind, "a thread"));
  }
  if (!found.declaration.qualifiers.includes("dormant")) {
    context.report(startNotDormant(name.span, name.text, found.name.span));
  }
  if (index === null) {
    return found.declaration.index === null
      ? { kind: "start", thread: found.index, index: null }
      : fail(context, threadIndexMissing(name.span, name.text));
  }
  const of: ast.Expression = { kind: "name", name, span: name.span };
  const element = inferThreadElement(context, code, { thread: found, index, of, span });
  return element?.kind === "threadElement"
    ? { kind: "start", thread: found.index, index: element.index }
    : null;
}
