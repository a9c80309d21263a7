import type * as core from "../core/expressions.ts";

/** The expressions directly inside one, in order of the text. */
export function childrenOf(expression: core.Expression): readonly core.Expression[] {
  switch (expression.kind) {
    case "some":
    case "threadLocal":
    case "at":
    case "done":
    case "blocked":
    case "enabledThread":
    case "not":
    case "negate":
    case "field":
    case "function":
      return [expression.of];
    case "threadElement":
      return [expression.index];
    case "binary":
      return [expression.left, expression.right];
    case "conditional":
      return [expression.condition, expression.then, expression.else];
    case "mapElement":
    case "sequenceElement":
      return [expression.of, expression.index];
    case "append":
      return [expression.of, expression.element];
    case "range":
      return [expression.low, expression.high];
    case "set":
    case "sequence":
      return expression.elements;
    case "filter":
      return [expression.set, expression.where];
    case "image":
      return expression.where === null
        ? [expression.set, expression.element]
        : [expression.set, expression.where, expression.element];
    case "forall":
    case "exists":
    case "count":
      return [expression.set, expression.body];
    case "map":
      return [expression.value];
    case "mapLiteral":
    case "struct":
      return expression.values;
    case "let":
      return [expression.value, expression.body];
    case "apply":
      return expression.arguments;
    default:
      return [];
  }
}

/** The binder that an expression introduces for (some of) its children, or null. */
function binderOf(expression: core.Expression): core.Binder | null {
  return "binder" in expression && expression.kind !== "bound" ? expression.binder : null;
}

/** Every expression inside one, itself included, outer ones first. */
export function* expressionsIn(expression: core.Expression): Generator<core.Expression> {
  yield expression;
  for (const child of childrenOf(expression)) {
    yield* expressionsIn(child);
  }
}

/**
 * Whether an expression has one value, whatever the state, the locals and the binders around it;
 * `readers` are the defs that read the state or `self`.
 */
export function isClosed(
  expression: core.Expression,
  readers: ReadonlySet<core.DefIndex>,
): boolean {
  const bound = new Set<core.Binder>();
  for (const one of expressionsIn(expression)) {
    const binder = binderOf(one);
    if (binder !== null) {
      bound.add(binder);
    }
    switch (one.kind) {
      case "bound":
        if (!bound.has(one.binder)) {
          return false;
        }
        break;
      case "apply":
        if (readers.has(one.def)) {
          return false;
        }
        break;
      case "local":
      case "variable":
      case "prime":
      case "self":
      case "threadLocal":
      case "at":
      case "done":
      case "blocked":
      case "enabledThread":
      case "enabledTransition":
        return false;
    }
  }
  return true;
}

/** The constants that an expression names itself, in order of the text. */
export function constantsIn(expression: core.Expression): readonly core.ConstantIndex[] {
  const found = new Set<core.ConstantIndex>();
  for (const one of expressionsIn(expression)) {
    if (one.kind === "constant") {
      found.add(one.constant);
    }
  }
  return [...found];
}
