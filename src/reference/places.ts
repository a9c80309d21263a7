import type { Place } from "../core/statements.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { InternalError, present } from "../support/internal-error.ts";
import { evaluate } from "../values/evaluate.ts";
import { checkFits, checkIndex, elementAt, valueOfKey } from "../values/parts.ts";
import type { ListValue, MapValue, Value } from "../values/value.ts";
import type { BoundStep, Reference, Root } from "./frames.ts";
import { type Run, topOf, variableOf } from "./run.ts";

/**
 * Binds a place of the innermost frame: indices are evaluated now and kept, a `ref` parameter at
 * its root is replaced by what it is bound to.
 */
export function bind(run: Run, place: Place): Reference {
  const path = place.path.map((step): BoundStep => {
    if (step.kind === "field") {
      return step;
    }
    const index = evaluate(step.index, run.context);
    checkKept(run, index, step);
    return { kind: "element", index, of: step.of, span: step.span };
  });
  if (place.root.kind === "variable") {
    return { root: place.root, path };
  }
  const { slot } = place.root;
  const outer = topOf(run).references[slot];
  if (outer === undefined || outer === null) {
    return { root: { kind: "local", frame: run.frames.length - 1, slot }, path };
  }
  return { root: outer.root, path: [...outer.path, ...path] };
}

/** An index that is kept must be one that the place could ever have. */
function checkKept(
  run: Run,
  index: Value,
  step: { readonly of: BoundStep["of"]; readonly span: Span },
): void {
  if (step.of.kind === "map") {
    checkFits(index, step.of.key, { span: step.span, what: "key of a map" }, run.context);
  } else if (step.of.kind === "seq") {
    checkIndex(Number(index), step.of.lengthMax, step.span);
  }
}

/** The value of what a reference is bound to. */
export function readReference(run: Run, reference: Reference): Value {
  let value = readRoot(run, reference.root);
  for (const step of reference.path) {
    value = part(run, value, step);
  }
  return value;
}

/** Stores a value that fits the declared type of the place. */
export function writeReference(run: Run, reference: Reference, value: Value): void {
  const { root, path } = reference;
  writeRoot(
    run,
    root,
    path.length === 0 ? value : replace(run, readRoot(run, root), path, 0, value),
  );
}

function readRoot(run: Run, root: Root): Value {
  if (root.kind === "variable") {
    return variableOf(run, root.variable);
  }
  return present(run.frames[root.frame], "the frame of a ref").locals[root.slot] as Value;
}

function writeRoot(run: Run, root: Root, value: Value): void {
  if (root.kind === "variable") {
    run.variables.set(root.variable, value);
  } else {
    present(run.frames[root.frame], "the frame of a ref").locals[root.slot] = value;
  }
}

/** The field or element of `value` that `step` leads to; `ValueError` when there is none. */
function part(run: Run, value: Value, step: BoundStep): Value {
  if (step.kind === "field") {
    const found = (value as MapValue).get(step.field);
    if (found === undefined) {
      throw new InternalError(`no field ${step.field}`);
    }
    return found;
  }
  const { index, of, span } = step;
  return of.kind === "map"
    ? valueOfKey(value as MapValue, index, { type: of, span }, run.context)
    : elementAt(value as ListValue, Number(index), span);
}

function replace(
  run: Run,
  value: Value,
  path: readonly BoundStep[],
  index: number,
  by: Value,
): Value {
  const step = path[index];
  if (step === undefined) {
    return by;
  }
  const changed = replace(run, part(run, value, step), path, index + 1, by);
  if (step.kind === "field") {
    return (value as MapValue).set(step.field, changed);
  }
  return step.of.kind === "map"
    ? (value as MapValue).set(step.index, changed)
    : (value as ListValue).set(Number(step.index), changed);
}
