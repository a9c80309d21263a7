import {
  Set as ImmutableSet,
  isCollection,
  isList,
  isOrderedMap,
  isSet,
  List,
  Map as MapOf,
  OrderedMap,
} from "immutable";
import type { Value } from "./value.ts";

/** Stands for an immutable collection where there can be plain data only. */
interface Carried {
  /** No other object in what is carried has a field of this name. */
  readonly "@": "set" | "map" | "struct" | "list";
  readonly of: readonly unknown[];
}

/**
 * Plain data with values of the language in it, made ready for another thread, which is given copies
 * of plain data alone. What was one object stays one object.
 */
export function carried(tree: unknown): unknown {
  return rebuilt(tree, new Map(), (node, inner) => {
    if (!isCollection(node)) {
      return undefined;
    }
    const kind = isSet(node)
      ? "set"
      : isList(node)
        ? "list"
        : isOrderedMap(node)
          ? "struct"
          : "map";
    return { "@": kind, of: [...(node as Iterable<unknown>)].map(inner) } satisfies Carried;
  });
}

/** What `carried` was given, on the other side. */
export function received(tree: unknown): unknown {
  return rebuilt(tree, new Map(), (node, inner) => {
    if (!("@" in node)) {
      return undefined;
    }
    const { "@": kind, of } = node as Carried;
    const items = of.map(inner);
    switch (kind) {
      case "set":
        return ImmutableSet(items as Value[]);
      case "list":
        return List(items as Value[]);
      case "struct":
        return OrderedMap(items as [Value, Value][]);
      default:
        return MapOf(items as [Value, Value][]);
    }
  });
}

/** A copy in which `exchange` may put something else in the place of an object. */
function rebuilt(
  tree: unknown,
  known: Map<object, unknown>,
  exchange: (node: object, inner: (child: unknown) => unknown) => unknown,
): unknown {
  const of = (node: unknown): unknown => {
    if (typeof node !== "object" || node === null) {
      return node;
    }
    let made = known.get(node);
    if (made === undefined) {
      made = exchange(node, of) ?? copyOf(node, of);
      known.set(node, made);
    }
    return made;
  };
  return of(tree);
}

function copyOf(node: object, of: (child: unknown) => unknown): unknown {
  if (Array.isArray(node)) {
    return node.map(of);
  }
  if (node instanceof Map) {
    return new Map([...node].map(([key, value]) => [of(key), of(value)]));
  }
  if (node instanceof Set) {
    return new Set([...node].map(of));
  }
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    copy[key] = of(value);
  }
  return copy;
}
