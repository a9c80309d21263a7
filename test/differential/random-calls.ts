import { conditionOf, leafOf, typedValueFor, valueFor } from "./random-expressions.ts";
import { isUsable, placeToWrite, type RandomProc } from "./random-scope.ts";
import type { CodeScope } from "./random-statements.ts";
import { fits, isNameless, type RandomType, shapeOf } from "./random-types.ts";

/** A call as a statement; null where nothing can be called. */
export function randomCall(scope: CodeScope): string | null {
  const { draw, procs } = scope.making;
  if (draw.chance(0.2)) {
    return genericCall(scope);
  }
  const allowed = procs.filter((proc) => isAllowed(scope, proc));
  const text = allowed.length === 0 ? null : callText(scope, draw.pick(allowed));
  return text === null ? null : `${text};`;
}

/**
 * A call whose result fits `type`; null where there is none. `exact`: where nothing says that a `T`
 * is to be a `T?`.
 */
export function randomCallOf(scope: CodeScope, type: RandomType, exact = false): string | null {
  const { draw, procs, risk } = scope.making;
  const goes = (from: RandomType, to: RandomType): boolean =>
    shapeOf(from) === shapeOf(to) && (fits(from, to) || draw.chance(risk));
  const fitting = procs.filter(({ result, ...rest }) => {
    const proc = { ...rest, result };
    return (
      result !== null &&
      isAllowed(scope, proc) &&
      (goes(result, type) || (!exact && type.kind === "option" && goes(result, type.of)))
    );
  });
  return fitting.length === 0 ? null : callText(scope, draw.pick(fitting));
}

function isAllowed(scope: CodeScope, proc: RandomProc): boolean {
  const usable = proc.parameters.every(({ type }) => isUsable(scope, type));
  return usable && (proc.ends || !scope.atomic) && (scope.self || !proc.self);
}

function callText(scope: CodeScope, { name, parameters, ends, self }: RandomProc): string | null {
  const values = parameters.map(({ type, byReference }) =>
    byReference
      ? (placeToWrite(scope, type, (key) => indexOf(scope, key))?.text ?? null)
      : valueFor(scope, type),
  );
  if (values.some((value) => value === null)) {
    return null;
  }
  scope.traits.ends &&= ends;
  scope.traits.self ||= self;
  return `${name}(${values.join(", ")})`;
}

/** An index that may mention something shared, so that the call is a step. */
function indexOf(scope: CodeScope, type: RandomType): string {
  return scope.making.draw.chance(0.3) ? valueFor(scope, type, 1) : leafOf(scope, type);
}

/** A call of one of the generic procs that every spec has. */
function genericCall(scope: CodeScope): string | null {
  const { draw } = scope.making;
  const writeKey = (key: RandomType): string => indexOf(scope, key);
  const one = placeToWrite(scope, null, writeKey);
  if (one === null || isNameless(one.type)) {
    return null;
  }
  if (one.type.kind === "set" && draw.chance(0.7)) {
    return `put_g(${valueFor(scope, one.type.of, 1)}, ${one.text});`;
  }
  if (draw.chance(0.5)) {
    return `set_g(${one.text}, ${typedValueFor(scope, one.type, 1)});`;
  }
  const other = placeToWrite(scope, one.type, writeKey);
  return other === null ? null : `swap_g(${conditionOf(scope, 1)}, ${one.text}, ${other.text});`;
}
