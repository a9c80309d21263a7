import type { Expression } from "../core/expressions.ts";
import type { Type } from "../core/types.ts";
import { childrenOf } from "../core/walk.ts";
import { present } from "../support/internal-error.ts";
import { sameType } from "../values/types.ts";
import type { Emitter } from "./emitter.ts";

/** About how many nodes an expression has with the defs that it calls written out. */
export function sizeOf({ unit }: Pick<Emitter, "unit">, expression: Expression): number {
  const { defs } = unit.model.program;
  const ofDef = (index: number): number => {
    const def = present(defs[index], "a def");
    let size = SIZES.get(def);
    if (size === undefined) {
      size = of(def.body);
      SIZES.set(def, size);
    }
    return size;
  };
  const of = (one: Expression): number =>
    childrenOf(one).reduce(
      (sum, child) => sum + of(child),
      1 + (one.kind === "apply" ? ofDef(one.def) : 0),
    );
  return of(expression);
}

const SIZES = new WeakMap<object, number>();

/** Whether evaluating an expression may end without a value, as far as its text and types tell. */
export function canFail(emitter: Pick<Emitter, "unit">, expression: Expression): boolean {
  switch (expression.kind) {
    case "sequenceElement":
    case "threadElement":
      return true;
    case "mapElement":
      return (
        expression.of.type.kind !== "map" ||
        !isWithin(expression.index.type, expression.of.type.key) ||
        canFail(emitter, expression.of) ||
        canFail(emitter, expression.index)
      );
    case "function":
      return expression.function !== "size" && expression.function !== "length"
        ? true
        : canFail(emitter, expression.of);
    case "negate":
      return true;
    case "binary":
      return (
        isArithmetic(expression.operator) ||
        canFail(emitter, expression.left) ||
        canFail(emitter, expression.right)
      );
    case "struct": {
      const { type, values } = expression;
      return values.some((value, index) => {
        const field = type.kind === "struct" ? type.fields[index]?.type : undefined;
        return field === undefined || !isWithin(value.type, field) || canFail(emitter, value);
      });
    }
    case "apply": {
      const def = present(emitter.unit.model.program.defs[expression.def], "a def");
      return (
        !isWithin(def.body.type, def.result) ||
        expression.arguments.some(
          (argument, index) =>
            !isWithin(argument.type, present(def.parameters[index], "a parameter").type) ||
            canFail(emitter, argument),
        ) ||
        canFail(emitter, def.body)
      );
    }
    default:
      return childrenOf(expression).some((child) => canFail(emitter, child));
  }
}

function isArithmetic(operator: Extract<Expression, { kind: "binary" }>["operator"]): boolean {
  switch (operator) {
    case "add":
    case "subtract":
    case "multiply":
    case "divide":
    case "remainder":
      return true;
    default:
      return false;
  }
}

/** Whether every value of a type fits another one. */
function isWithin(type: Type, within: Type): boolean {
  if (type.kind === "int" && within.kind === "int") {
    return within.low <= type.low && type.high <= within.high;
  }
  return sameType(type, within);
}
