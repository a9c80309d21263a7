import type * as core from "../core/expressions.ts";
import { childrenOf } from "../core/walk.ts";

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
