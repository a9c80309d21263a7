import { leaf, typedValueFor, type Wanted } from "./random-expressions.ts";
import { fresh, type Scope, usableTypes } from "./random-scope.ts";
import { fits, type RandomType, shapeOf } from "./random-types.ts";

/**
 * A value of the wanted type that is taken out of a larger one: a field, an element, the least of a
 * set, the value of an option. Where there may be none, a test stands before it, in most specs.
 */
export function randomPart(scope: Scope, wanted: Wanted): string | null {
  const { draw, risk } = scope.making;
  const isTolerant = draw.chance(risk);
  const goes = (from: RandomType): boolean =>
    shapeOf(from) === shapeOf(wanted.type) && (isTolerant || fits(from, wanted.type));
  const wholes = usableTypes(scope).filter((type) => contents(type).some(goes));
  if (wholes.length === 0) {
    return null;
  }
  const type = draw.pick(wholes);
  const name = fresh(scope.making, "o");
  const whole = typedValueFor(scope, type, Math.min(1, wanted.depth - 1));
  const { test, part } = taken(scope, type, name, goes);
  const isSafe = test === null || draw.chance(risk);
  const value = isSafe ? part : `(${test} ? ${leaf(scope, wanted)} : ${part})`;
  return `(let ${name} = ${whole}: ${value})`;
}

/** The types of what can be taken out of a value. */
function contents(type: RandomType): readonly RandomType[] {
  switch (type.kind) {
    case "option":
      return [type.of];
    case "seq":
      return type.lengthMax > 0 ? [type.of] : [];
    case "set":
      return ["int", "enum", "bool"].includes(type.of.kind) ? [type.of] : [];
    case "map":
      return [type.value];
    case "struct":
      return type.fields.map((field) => field.type);
    default:
      return [];
  }
}

/** When `name` has no such part (null: never), and how it is written. */
function taken(
  scope: Scope,
  type: RandomType,
  name: string,
  goes: (type: RandomType) => boolean,
): { readonly test: string | null; readonly part: string } {
  const { draw } = scope.making;
  switch (type.kind) {
    case "option":
      return { test: `${name} == none`, part: `the(${name})` };
    case "seq":
      return {
        test: `${name} == []`,
        part: draw.pick([`head(${name})`, `${name}[0]`, `${name}[len(${name}) - 1]`]),
      };
    case "set":
      return { test: `size(${name}) == 0`, part: `${draw.pick(["min", "max"])}(${name})` };
    case "map": {
      const key = leaf(scope, { type: type.key, depth: 0, alone: false });
      return { test: null, part: `${name}[${key}]` };
    }
    case "struct": {
      const field = type.fields.find((one) => goes(one.type)) ?? draw.pick(type.fields);
      return { test: null, part: `${name}.${field.name}` };
    }
    default:
      return { test: null, part: name };
  }
}
