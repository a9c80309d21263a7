import type { Binder, Expression } from "../core/expressions.ts";
import { locationsAt } from "../model/labels.ts";
import { present } from "../support/internal-error.ts";
import { sameType } from "../values/types.ts";
import { type Bound, type Emitter, known } from "./emitter.ts";

/** The instance that an expression of type `Thread` means, where that is known. */
export function instanceOf(emitter: Emitter, of: Expression): number | null {
  const found = known(emitter, of);
  return found === null ? null : emitter.unit.model.types.threads.indexOf(found.value as string);
}

/**
 * What a condition comes to in every state, where the places that threads can come to tell that: most
 * threads never come to most labels, so of what is asked of all threads little is left for each.
 * Null where it is not known, or where something has to be evaluated that may have no value.
 */
export function decided(emitter: Emitter, condition: Expression): boolean | null {
  switch (condition.kind) {
    case "at": {
      const instance = instanceOf(emitter, condition.of);
      const isNowhere =
        instance !== null && locationsAt(emitter.unit.model, instance, condition).length === 0;
      return isNowhere ? false : null;
    }
    case "not": {
      const of = decided(emitter, condition.of);
      return of === null ? null : !of;
    }
    case "binary":
      return decidedShort(emitter, condition) ?? knownToBe(emitter, condition);
    case "apply":
      return knownToBe(emitter, condition) ?? decidedDef(emitter, condition);
    default:
      return knownToBe(emitter, condition);
  }
}

function knownToBe(emitter: Emitter, condition: Expression): boolean | null {
  const found = condition.type.kind === "bool" ? known(emitter, condition) : null;
  return found === null ? null : (found.value as boolean);
}

/** The left side decides alone, or leaves it to the right side. */
function decidedShort(
  emitter: Emitter,
  { operator, left, right }: Extract<Expression, { readonly kind: "binary" }>,
): boolean | null {
  if (operator !== "and" && operator !== "or" && operator !== "implies") {
    return null;
  }
  const first = decided(emitter, left);
  if (first === null) {
    return null;
  }
  const goesOn = first !== (operator === "or");
  return goesOn ? decided(emitter, right) : operator !== "and";
}

/** With arguments that are known, a def is its body. */
function decidedDef(
  emitter: Emitter,
  { def: index, arguments: given }: Extract<Expression, { readonly kind: "apply" }>,
): boolean | null {
  const { parameters, body } = present(emitter.unit.model.program.defs[index], "a def");
  const { binders } = emitter;
  const bound: [Binder, Bound][] = [];
  for (const [position, argument] of given.entries()) {
    const { binder, type } = present(parameters[position], "a parameter");
    const found = known(emitter, argument);
    if (found === null || !sameType(argument.type, type)) {
      return null;
    }
    bound.push([binder, { kind: "constant", value: found.value, type }]);
  }
  const before = bound.map(([binder]) => binders.get(binder));
  for (const [binder, value] of bound) {
    binders.set(binder, value);
  }
  const found = decided(emitter, body);
  for (const [position, [binder]] of bound.entries()) {
    const value = before[position];
    if (value === undefined) {
      binders.delete(binder);
    } else {
      binders.set(binder, value);
    }
  }
  return found;
}
