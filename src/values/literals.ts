import type { Set as ImmutableSet, List } from "immutable";
import type * as core from "../core/expressions.ts";
import type { Type } from "../core/types.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { InternalError, unreachable } from "../support/internal-error.ts";
import { sortedElements } from "./order.ts";
import { type TypeContext, valuesOf } from "./types.ts";
import type { MapValue, Value } from "./value.ts";

/** The literal of core that stands for a value of a type. */
export function literal(
  value: Value,
  type: Type,
  span: Span,
  context: TypeContext,
): core.Expression {
  switch (type.kind) {
    case "bool":
      return { kind: "boolean", value: value === true, type, span };
    case "int":
      return { kind: "integer", value: Number(value), type, span };
    case "enum":
    case "symmetric":
      return { kind: "member", value: value as string | number, type, span };
    case "thread":
      return { kind: "thread", instance: context.threads.indexOf(value as string), type, span };
    case "option":
      return value === null
        ? { kind: "none", type, span }
        : { kind: "some", of: literal(value, type.of, span, context), type, span };
    case "set": {
      const elements = sortedElements(value as ImmutableSet<Value>, type.of, context);
      return {
        kind: "set",
        elements: elements.map((one) => literal(one, type.of, span, context)),
        type,
        span,
      };
    }
    case "seq":
      return {
        kind: "sequence",
        elements: (value as List<Value>)
          .toArray()
          .map((one) => literal(one, type.of, span, context)),
        type,
        span,
      };
    case "map":
      return {
        kind: "mapLiteral",
        values: [...valuesOf(type.key, context)].map((key) =>
          literal(entry(value, key), type.value, span, context),
        ),
        type,
        span,
      };
    case "struct":
      return {
        kind: "struct",
        values: type.fields.map((field) =>
          literal(entry(value, field.name), field.type, span, context),
        ),
        type,
        span,
      };
    default:
      return unreachable(type);
  }
}

function entry(of: Value, key: Value): Value {
  const found = (of as MapValue).get(key);
  if (found === undefined) {
    throw new InternalError(`a literal without ${String(key)}`);
  }
  return found;
}
