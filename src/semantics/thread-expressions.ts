import type * as core from "../core/expressions.ts";
import type { Type } from "../core/types.ts";
import { didYouMean } from "../support/did-you-mean.ts";
import type * as ast from "../syntax/ast.ts";
import { showType } from "../values/types.ts";
import { type Context, fail } from "./context.ts";
import { describeEntity, type ProcEntity, type ThreadEntity } from "./entities.ts";
import { expectType } from "./expressions.ts";
import { entityNamed } from "./names.ts";
import {
  labelNotDeclared,
  threadLocalAmbiguous,
  threadLocalNotDeclared,
  wrongKind,
} from "./problems-names.ts";
import { symmetricLocal, threadNotIndexed, typeOfLocalUnknown } from "./problems-types.ts";
import { emptySetting, find, isEntity, type Setting, use } from "./scopes.ts";
import { threadBody } from "./thread-bodies.ts";
import { threadEntities, threadIndexing } from "./threads.ts";
import { resolveType } from "./type-expressions.ts";
import { symmetricIn, THREAD } from "./type-relations.ts";
import { labelsIn, statementsIn } from "./walk-tree.ts";

/** The thread declaration that `t` or `t[i]` names; null for any other expression. */
export function threadNamedBy(
  context: Context,
  setting: Setting,
  expression: ast.Expression,
): ThreadEntity | null {
  const named = expression.kind === "index" ? expression.of : expression;
  const entity = entityNamed(context, setting, named);
  return entity?.kind === "thread" ? entity : null;
}

/** `t[i]` as written. */
export interface ThreadElementText {
  readonly thread: ThreadEntity;
  readonly index: ast.Expression;
  readonly of: ast.Expression;
  readonly span: ast.Node["span"];
}

/** `t[i]`, an instance of an indexed thread; whether there is one for `i` may depend on constants. */
export function inferThreadElement(
  context: Context,
  setting: Setting,
  { thread, index, of, span }: ThreadElementText,
): core.Expression | null {
  if (thread.declaration.index === null) {
    return fail(context, threadNotIndexed(of.span, thread.name.text));
  }
  const indexing = threadIndexing(context, thread.index);
  if (indexing === null) {
    return null;
  }
  const typed = expectType(context, setting, index, indexing.type);
  if (typed === null) {
    return null;
  }
  return { kind: "threadElement", thread: thread.index, index: typed, type: THREAD, span };
}

/** `t.x`: a local declared in the thread's own body, or its index. */
export function inferThreadLocal(
  context: Context,
  setting: Setting,
  { of, name, span }: ast.Expression & { readonly kind: "field" },
  thread: ThreadEntity,
): core.Expression | null {
  const what = `'${thread.name.text}.${name.text}', a local of a thread,`;
  const allowed = use(context, setting, "state", { span, what });
  const typed = expectType(context, setting, of, THREAD);
  const local = localOf(context, thread, name);
  return typed === null || local === null || !allowed
    ? null
    : { kind: "threadLocal", thread: thread.index, of: typed, ...local, span };
}

interface LocalInText {
  readonly name: ast.Name;
  readonly type: ast.TypeExpression | null;
}

/** The locals of a thread's own body in order of the text, which is the order of their slots. */
function localsInText(thread: ThreadEntity): readonly LocalInText[] {
  const { index, body } = thread.declaration;
  const locals: LocalInText[] = index === null ? [] : [{ name: index.name, type: null }];
  for (const statement of statementsIn(body)) {
    switch (statement.kind) {
      case "let":
        locals.push({ name: statement.name, type: null });
        break;
      case "local":
        locals.push({ name: statement.name, type: statement.type });
        break;
      case "choose":
        locals.push({ name: statement.binding.name, type: null });
        break;
    }
  }
  return locals;
}

function localOf(
  context: Context,
  thread: ThreadEntity,
  name: ast.Name,
): { readonly slot: core.SlotIndex; readonly type: Type } | null {
  const locals = localsInText(thread);
  const slots = [...locals.keys()].filter((slot) => locals[slot]?.name.text === name.text);
  const [slot] = slots;
  const local = slot === undefined ? undefined : locals[slot];
  if (slot === undefined || local === undefined) {
    const near = didYouMean(
      name.text,
      locals.map((one) => one.name.text),
    );
    return fail(context, threadLocalNotDeclared(name.span, name.text, thread.name.text, near));
  }
  if (slots.length > 1) {
    const places = slots.flatMap((one) => locals[one]?.name.span ?? []);
    return fail(context, threadLocalAmbiguous(name.span, name.text, thread.name.text, places));
  }
  const isIndex = slot === 0 && thread.declaration.index !== null;
  const type = isIndex
    ? (threadIndexing(context, thread.index)?.type ?? null)
    : typeOfLocal(context, thread, local, slot, name);
  if (type === null) {
    return null;
  }
  const symmetric = isIndex ? null : symmetricIn(type);
  return symmetric === null
    ? { slot, type }
    : fail(context, symmetricLocal(name.span, name.text, showType(symmetric)));
}

/** A local with a declared type is known at once, any other when its thread has been elaborated. */
function typeOfLocal(
  context: Context,
  thread: ThreadEntity,
  local: LocalInText,
  slot: core.SlotIndex,
  name: ast.Name,
): Type | null {
  if (local.type !== null) {
    return resolveType(context, emptySetting(thread.module), local.type);
  }
  const body = threadBody(context, thread);
  const known = body.locals[slot];
  if (known !== undefined) {
    return body.unknown.has(slot) ? null : known.type;
  }
  // A body that is done and lacks the local has an error, which has been reported.
  return body.isDone ? null : fail(context, typeOfLocalUnknown(name.span, name.text));
}

/** `t@label`, `t@p`, `t@p.label`. */
export function inferAt(
  context: Context,
  setting: Setting,
  expression: ast.Expression & { readonly kind: "at" },
): core.Expression | null {
  const { of, place, label, span } = expression;
  const allowed = use(context, setting, "observe", { span, what: "'@'" });
  const typed = expectType(context, setting, of, THREAD);
  const target = placeOf(context, setting, threadNamedBy(context, setting, of), place, label);
  return typed === null || target === null || !allowed
    ? null
    : { kind: "at", of: typed, ...target, type: { kind: "bool" }, span };
}

interface AtTarget {
  readonly proc: string | null;
  readonly label: string | null;
}

function placeOf(
  context: Context,
  setting: Setting,
  thread: ThreadEntity | null,
  place: ast.Name,
  label: ast.Name | null,
): AtTarget | null {
  const entity = find(context, setting, place.text);
  const proc = isEntity(entity) && entity.kind === "proc" ? entity : null;
  if (label !== null) {
    return proc === null
      ? fail(context, procMeant(context, setting, place))
      : labelOfProc(context, proc, label);
  }
  const labels = thread === null ? labelsOfThreads(context) : labelsIn(thread.declaration.body);
  if (labels.has(place.text)) {
    return { proc: null, label: place.text };
  }
  if (proc !== null) {
    return { proc: place.text, label: null };
  }
  const near = didYouMean(place.text, [...labels.keys(), ...procsInSight(context, setting)]);
  const where = thread === null ? "any thread" : `the thread '${thread.name.text}'`;
  return fail(context, labelNotDeclared(place.span, place.text, `${where}, and no proc`, near));
}

function procMeant(
  context: Context,
  setting: Setting,
  place: ast.Name,
): ReturnType<typeof wrongKind> {
  const found = find(context, setting, place.text);
  if (isEntity(found)) {
    return wrongKind(place.span, place.text, describeEntity(found), "a proc");
  }
  const near = didYouMean(place.text, procsInSight(context, setting));
  return labelNotDeclared(place.span, place.text, "any thread, and no proc", near);
}

function labelOfProc(context: Context, proc: ProcEntity, label: ast.Name): AtTarget | null {
  const { body } = proc.declaration;
  const labels = body === null ? new Map<string, ast.Name>() : labelsIn(body);
  // Which labels a proc will have that nothing defines is not known.
  if (body === null || labels.has(label.text)) {
    return { proc: proc.name.text, label: label.text };
  }
  const where = `the proc '${proc.name.text}'`;
  const near = didYouMean(label.text, labels.keys());
  return fail(context, labelNotDeclared(label.span, label.text, where, near));
}

function labelsOfThreads(context: Context): ReadonlyMap<string, ast.Name> {
  return new Map(
    threadEntities(context).flatMap((thread) => [...labelsIn(thread.declaration.body)]),
  );
}

function procsInSight(context: Context, setting: Setting): readonly string[] {
  return context.declarations.entities
    .filter((one) => one.kind === "proc" && find(context, setting, one.name.text) === one)
    .map((one) => one.name.text);
}
