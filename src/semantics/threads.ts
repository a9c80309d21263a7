import { Map as ImmutableMap } from "immutable";
import type * as core from "../core/expressions.ts";
import type { Instance } from "../core/program.ts";
import type { Type } from "../core/types.ts";
import { present } from "../support/internal-error.ts";
import { literal } from "../values/literals.ts";
import { sortedElements } from "../values/order.ts";
import { showValue } from "../values/show.ts";
import type { SetValue, Value } from "../values/value.ts";
import { constantSetting, knownSize, knownValue, typeContext } from "./constants.ts";
import type { Context } from "./context.ts";
import type { ThreadEntity } from "./entities.ts";
import { inferSet } from "./expressions.ts";
import { interval } from "./intervals.ts";
import { THREADS_MAX } from "./limits.ts";
import { notConstant } from "./problems-constants.ts";
import { tooManyThreads } from "./problems-limits.ts";
import { emptySetting } from "./scopes.ts";
import { enter } from "./under-way.ts";
import { isClosed } from "./walk-core.ts";

/** The index of an indexed thread: its type, and its values in canonical order. */
export interface ThreadIndexing {
  readonly type: Type;
  readonly values: readonly Value[];
}

/** All instances of all threads. */
export interface ThreadTable {
  readonly instances: readonly Instance[];
  readonly names: readonly string[];
  /** By thread, then by the value of the index (null for a thread without). */
  readonly byIndex: ReadonlyMap<core.ThreadIndex, ImmutableMap<Value, core.InstanceIndex>>;
  /** Whether all index sets are known; if not, an error has been reported. */
  readonly sound: boolean;
}

const NO_NAMES: readonly string[] = [];

/**
 * The values of `Thread` in canonical order; empty where the index sets have an error, and while
 * they are being worked out: what needs the threads then has been reported.
 */
export function threadNames(context: Context): readonly string[] {
  const tooEarly = context.underWay.some((one) => one.kind === "index" || one.kind === "threads");
  return tooEarly ? NO_NAMES : (threadTable(context)?.names ?? NO_NAMES);
}

/** All threads of the spec, in canonical order. */
export function threadEntities(context: Context): readonly ThreadEntity[] {
  return context.declarations.entities.filter((one) => one.kind === "thread");
}

/** The instances of all threads; null, with a report, when they depend on themselves. */
export function threadTable(context: Context): ThreadTable | null {
  if (context.threads.table !== null) {
    return context.threads.table;
  }
  const entities = threadEntities(context);
  const [first] = entities;
  const table =
    first === undefined
      ? makeTable(context, [])
      : enter(
          context,
          { kind: "threads", name: "Thread", span: first.name.span },
          first.name.span,
          () => makeTable(context, entities),
        );
  if (table !== null) {
    context.threads.table = table;
  }
  return table;
}

function makeTable(context: Context, entities: readonly ThreadEntity[]): ThreadTable {
  const instances: Instance[] = [];
  const byIndex = new Map<core.ThreadIndex, ImmutableMap<Value, core.InstanceIndex>>();
  let sound = true;
  for (const { index: thread, name, declaration } of entities) {
    if (declaration.index === null) {
      byIndex.set(thread, ImmutableMap([[null, instances.length]]));
      instances.push({ thread, index: null, name: name.text });
      continue;
    }
    const indexing = threadIndexing(context, thread);
    if (indexing === null) {
      sound = false;
      continue;
    }
    const { type, values } = indexing;
    const span = declaration.index.set.span;
    byIndex.set(
      thread,
      ImmutableMap(values.map((value, position) => [value, instances.length + position])),
    );
    const types = { threads: NO_NAMES };
    for (const value of values) {
      instances.push({
        thread,
        index: literal(value, type, span, types),
        name: `${name.text}[${showValue(value, type, types)}]`,
      });
    }
    if (instances.length > THREADS_MAX) {
      context.report(tooManyThreads(span, instances.length, THREADS_MAX));
      return { instances: [], names: NO_NAMES, byIndex: new Map(), sound: false };
    }
  }
  return { instances, names: instances.map((one) => one.name), byIndex, sound };
}

/** The indices of an indexed thread; null where an error has been reported. */
export function threadIndexing(context: Context, thread: core.ThreadIndex): ThreadIndexing | null {
  const known = context.threadIndexings.get(thread);
  if (known !== undefined) {
    return known.value;
  }
  const entity = present(threadEntities(context)[thread], "a thread");
  const { name } = entity;
  const item = { kind: "index", name: name.text, span: name.span } as const;
  const value = enter(context, item, name.span, () => makeIndexing(context, entity));
  context.threadIndexings.set(thread, { value });
  return value;
}

function makeIndexing(context: Context, entity: ThreadEntity): ThreadIndexing | null {
  const binding = present(entity.declaration.index, "the index of a thread");
  const setting = constantSetting(emptySetting(entity.module), "the index set of a thread");
  const set = inferSet(context, setting, binding.set, null);
  if (set === null) {
    return null;
  }
  if (!isClosed(set.expression, context.readers)) {
    context.report(notConstant(binding.set.span, setting.rules.place));
    return null;
  }
  const count = knownSize(context, set.expression);
  if (count !== undefined && count > THREADS_MAX) {
    context.report(tooManyThreads(binding.set.span, count, THREADS_MAX));
    return null;
  }
  const value = knownValue(context, set.expression);
  if (value === undefined) {
    return null;
  }
  const values = sortedElements(value as SetValue, set.element, typeContext(context));
  return { type: tightened(set.element, values), values };
}

/** The type of exactly these values as far as it can be written: integers from least to greatest. */
export function tightened(type: Type, values: readonly Value[]): Type {
  const [first] = values;
  const last = values.at(-1);
  return type.kind === "int" && first !== undefined && last !== undefined
    ? interval(Number(first), Number(last))
    : type;
}

/** The instance of a thread with this index (null for a thread without index), if there is one. */
export function instanceOf(
  context: Context,
  thread: core.ThreadIndex,
  index: Value,
): core.InstanceIndex | null {
  return threadTable(context)?.byIndex.get(thread)?.get(index) ?? null;
}

/** The name of the instance of an indexed thread, or null when there is none of that index. */
export function threadElement(
  context: Context,
  thread: core.ThreadIndex,
  index: Value,
): string | null {
  const instance = instanceOf(context, thread, index);
  return instance === null ? null : (threadNames(context)[instance] ?? null);
}
