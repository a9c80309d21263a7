import type { Binder, Expression } from "../core/expressions.ts";
import { childrenOf } from "../core/walk.ts";
import { isShared } from "../reference/execute.ts";
import { type Run, topOf } from "../reference/run.ts";
import { elementsOf, evaluate } from "../values/evaluate.ts";
import { universe } from "../values/universe.ts";
import type { Value } from "../values/value.ts";
import { keptIn } from "./kept-values.ts";

/** What the parameters of defs and the names of `let` stand for, as far as they were given by text. */
export type Opened = ReadonlyMap<Binder, Meaning>;

/** An expression, and what the binders in it stand for. */
export interface Meaning {
  readonly expression: Expression;
  readonly opened: Opened;
}

/** Nothing has been opened. */
export const UNOPENED: Opened = new Map();

type Of<Kind> = Extract<Expression, { readonly kind: Kind }>;

/**
 * What a call of a def or a `let` means: its body, with the names in it opened and in force in the
 * context of `run`. Throws `ValueError` where an argument has no value.
 */
export function open(run: Run, expression: Of<"apply" | "let">, opened: Opened): Meaning {
  if (expression.kind === "let") {
    const { binder, value, body } = expression;
    run.context.binders.set(binder, evaluate(value, run.context));
    return {
      expression: body,
      opened: new Map([...opened, [binder, { expression: value, opened }]]),
    };
  }
  const { parameters, body } = run.context.def(expression.def);
  const values = expression.arguments.map((argument) => evaluate(argument, run.context));
  const inside = new Map<Binder, Meaning>(opened);
  for (const [index, { binder }] of parameters.entries()) {
    run.context.binders.set(binder, values[index] as Value);
    inside.set(binder, { expression: expression.arguments[index] as Expression, opened });
  }
  return { expression: body, opened: inside };
}

/** What is asked of each element where an expression goes through a set. */
export interface Walk {
  readonly binder: Binder;
  readonly elements: readonly Value[];
  readonly parts: readonly Expression[];
}

/** How an expression goes through the elements of a set; null for most. */
export function walkOf(run: Run, expression: Expression): Walk | null {
  switch (expression.kind) {
    case "forall":
    case "exists":
    case "count":
      return walk(run, expression, expression.set, [expression.body]);
    case "filter":
      return walk(run, expression, expression.set, [expression.where]);
    case "image": {
      const { where, element } = expression;
      return walk(run, expression, expression.set, where === null ? [element] : [where, element]);
    }
    case "map":
      return expression.type.kind === "map"
        ? {
            binder: expression.binder,
            elements: universe(expression.type.key, run.context),
            parts: [expression.value],
          }
        : null;
    default:
      return null;
  }
}

function walk(
  run: Run,
  { binder }: { readonly binder: Binder },
  set: Expression,
  parts: readonly Expression[],
): Walk {
  return { binder, elements: elementsOf(set, run.context), parts };
}

/**
 * Whether the value of an expression can be changed by somebody else: whether it reads a variable, or
 * how another thread stands. Asked of the innermost frame of `run`.
 */
export function readsShared(run: Run, expression: Expression, opened: Opened): boolean {
  switch (expression.kind) {
    case "variable":
    case "threadLocal":
    case "done":
      return true;
    case "local": {
      const { code, references } = topOf(run);
      const kept = keptIn(code, expression.slot);
      return isShared(references[expression.slot]) || (kept !== null && readsDirectly(run, kept));
    }
    case "bound": {
      const meaning = opened.get(expression.binder);
      return meaning !== undefined && readsShared(run, meaning.expression, meaning.opened);
    }
    case "apply":
      return (
        readsShared(run, run.context.def(expression.def).body, opened) ||
        expression.arguments.some((argument) => readsShared(run, argument, opened))
      );
    default:
      return childrenOf(expression).some((part) => readsShared(run, part, opened));
  }
}

/** As `readsShared`, but of what stands in the text: locals do not count for what they keep. */
export function readsDirectly(run: Run, expression: Expression): boolean {
  switch (expression.kind) {
    case "variable":
    case "threadLocal":
    case "done":
      return true;
    case "local":
      return isShared(topOf(run).references[expression.slot]);
    case "apply":
      return (
        readsDirectly(run, run.context.def(expression.def).body) ||
        expression.arguments.some((argument) => readsDirectly(run, argument))
      );
    default:
      return childrenOf(expression).some((part) => readsDirectly(run, part));
  }
}
