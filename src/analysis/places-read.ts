import type { Expression } from "../core/expressions.ts";
import type { Type } from "../core/types.ts";
import { childrenOf } from "../core/walk.ts";
import type { Reference } from "../reference/frames.ts";
import { type Run, topOf } from "../reference/run.ts";
import { present } from "../support/internal-error.ts";
import { evaluate } from "../values/evaluate.ts";
import { showValue } from "../values/show.ts";
import type { Value } from "../values/value.ts";
import { ValueError } from "../values/value-error.ts";
import { keptIn } from "./kept-values.ts";
import { type Opened, open, UNOPENED, walkOf } from "./opening.ts";

/** A variable or local, or a part of one, as an expression reads it. */
export interface ReadPlace {
  /** With the indices as values: `table[2].holder`. */
  readonly text: string;
  /** The same without a field at its end. */
  readonly around: string;
  /** Null for a local of a thread, and for whether a thread is done. */
  readonly variable: number | null;
  /** Whether it is a local of the one who reads it. */
  readonly isOwn: boolean;
  /** From the variable inwards. */
  readonly path: readonly PathStep[];
  readonly value: Value;
}

/** One step from a variable into what it contains. */
export type PathStep =
  | { readonly kind: "field"; readonly field: string }
  | { readonly kind: "element"; readonly index: Value; readonly of: Type };

interface Route {
  readonly root: string;
  readonly isOwn: boolean;
  readonly variable: number | null;
  readonly path: readonly PathStep[];
}

/** The place that an expression names, where it names one; asked of the innermost frame of `run`. */
export function placeOf(run: Run, expression: Expression, opened: Opened): ReadPlace | null {
  const route = routeOf(run, expression, opened);
  if (route === null) {
    return null;
  }
  try {
    const last = route.path.at(-1);
    const text = textOf(run, route);
    const around =
      last?.kind === "field" ? textOf(run, { ...route, path: route.path.slice(0, -1) }) : text;
    const { variable, path, isOwn } = route;
    return { text, around, variable, isOwn, path, value: evaluate(expression, run.context) };
  } catch (thrown) {
    return withoutValue(thrown);
  }
}

/** Where an expression goes through a set, no more elements than these are looked at. */
const ELEMENTS_MAX = 16;

/** The places that an expression reads, each once, in order of the text. */
export function placesRead(run: Run, expression: Expression, opened: Opened): readonly ReadPlace[] {
  const found = new Map<string, ReadPlace>();
  try {
    collect(run, expression, opened, found);
  } catch (thrown) {
    withoutValue(thrown);
  }
  return [...found.values()];
}

function collect(
  run: Run,
  expression: Expression,
  opened: Opened,
  found: Map<string, ReadPlace>,
): void {
  const place = placeOf(run, expression, opened);
  if (place !== null) {
    if (!found.has(place.text)) {
      found.set(place.text, place);
    }
    return;
  }
  if (expression.kind === "bound") {
    const meaning = opened.get(expression.binder);
    if (meaning !== undefined) {
      collect(run, meaning.expression, meaning.opened, found);
    }
  } else if (expression.kind === "apply" || expression.kind === "let") {
    const meaning = open(run, expression, opened);
    collect(run, meaning.expression, meaning.opened, found);
  } else {
    collectInside(run, expression, opened, found);
  }
}

function collectInside(
  run: Run,
  expression: Expression,
  opened: Opened,
  found: Map<string, ReadPlace>,
): void {
  const walk = walkOf(run, expression);
  const asked = new Set(walk?.parts);
  for (const part of childrenOf(expression)) {
    if (!asked.has(part)) {
      collect(run, part, opened, found);
    }
  }
  for (const element of walk?.elements.slice(0, ELEMENTS_MAX) ?? []) {
    for (const part of asked) {
      run.context.binders.set(walk?.binder ?? 0, element);
      collect(run, part, opened, found);
    }
  }
}

function routeOf(run: Run, expression: Expression, opened: Opened): Route | null {
  switch (expression.kind) {
    case "variable": {
      const { variable } = expression;
      return {
        root: present(run.program.variables[variable], "a variable").name,
        variable,
        isOwn: false,
        path: [],
      };
    }
    case "local":
      return routeOfLocal(run, expression.slot);
    case "bound": {
      const meaning = opened.get(expression.binder);
      return meaning === undefined ? null : routeOf(run, meaning.expression, meaning.opened);
    }
    case "some":
      return routeOf(run, expression.of, opened);
    case "function":
      return expression.function === "the" ? routeOf(run, expression.of, opened) : null;
    case "field": {
      const route = routeOf(run, expression.of, opened);
      return route === null
        ? null
        : { ...route, path: [...route.path, { kind: "field", field: expression.field }] };
    }
    case "mapElement":
    case "sequenceElement": {
      const route = routeOf(run, expression.of, opened);
      const index = route === null ? undefined : attempt(run, expression.index);
      const of = expression.of.type;
      return route === null || index === undefined
        ? null
        : { ...route, path: [...route.path, { kind: "element", index, of }] };
    }
    case "threadLocal": {
      const thread = attempt(run, expression.of);
      const { body } = present(run.program.threads[expression.thread], "a thread");
      const { name } = present(body.locals[expression.slot], "a local");
      return { root: `${String(thread)}.${name}`, isOwn: false, variable: null, path: [] };
    }
    case "done": {
      const thread = String(attempt(run, expression.of));
      return { root: `done(${thread})`, isOwn: false, variable: null, path: [] };
    }
    default:
      return null;
  }
}

function routeOfLocal(run: Run, slot: number): Route {
  const frame = topOf(run);
  const reference = frame.references[slot] ?? null;
  if (reference !== null) {
    return routeOfReference(run, reference);
  }
  const kept = keptIn(frame.code, slot);
  const source = kept === null ? null : routeOf(run, kept, UNOPENED);
  if (source !== null) {
    return source;
  }
  return {
    root: present(frame.code.body.locals[slot], "a local").name,
    isOwn: true,
    variable: null,
    path: [],
  };
}

function routeOfReference(run: Run, { root, path }: Reference): Route {
  const steps = path.map(
    (step): PathStep =>
      step.kind === "field" ? step : { kind: "element", index: step.index, of: step.of },
  );
  if (root.kind === "variable") {
    const { name } = present(run.program.variables[root.variable], "a variable");
    return { root: name, isOwn: false, variable: root.variable, path: steps };
  }
  const { code } = present(run.frames[root.frame], "the frame of a ref");
  const { name } = present(code.body.locals[root.slot], "a local");
  return { root: name, isOwn: true, variable: null, path: steps };
}

/** The text of a variable, or of the part of it that a path leads to. */
export function pathText(run: Run, variable: number, path: readonly PathStep[]): string {
  const { name } = present(run.program.variables[variable], "a variable");
  return textOf(run, { root: name, isOwn: false, variable, path });
}

function textOf(run: Run, { root, path }: Route): string {
  return root + path.map((step) => stepText(run, step)).join("");
}

function stepText(run: Run, step: PathStep): string {
  if (step.kind === "field") {
    return `.${step.field}`;
  }
  const key = step.of.kind === "map" ? step.of.key : null;
  return `[${showValue(step.index, key, run.context)}]`;
}

function attempt(run: Run, expression: Expression): Value | undefined {
  try {
    return evaluate(expression, run.context);
  } catch (thrown) {
    withoutValue(thrown);
    return undefined;
  }
}

function withoutValue(thrown: unknown): null {
  if (thrown instanceof ValueError) {
    return null;
  }
  throw thrown;
}
