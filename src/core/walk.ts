import { unreachable } from "../support/internal-error.ts";
import type { Expression } from "./expressions.ts";
import type { Block, Call, Statement } from "./statements.ts";

/** The expressions directly inside one, in order of the text; a def that it calls is not inside it. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "boolean":
    case "integer":
    case "member":
    case "none":
    case "thread":
    case "self":
    case "constant":
    case "variable":
    case "prime":
    case "local":
    case "bound":
    case "universe":
    case "enabledTransition":
      return [];
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
      return unreachable(expression);
  }
}

/** The blocks directly inside a statement, in order of the text. */
export function blocksIn(statement: Statement): readonly Block[] {
  switch (statement.kind) {
    case "if":
      return statement.else === null ? [statement.then] : [statement.then, statement.else];
    case "while":
    case "loop":
    case "choose":
    case "atomic":
    case "block":
      return [statement.body];
    case "either":
      return statement.branches;
    default:
      return [];
  }
}

/** The call that a statement is, or whose result it uses; null for most. */
export function callIn(statement: Statement): Call | null {
  switch (statement.kind) {
    case "call":
      return statement.call;
    case "if":
    case "while":
      return statement.condition.kind === "call" ? statement.condition.call : null;
    case "assign":
    case "declare":
    case "return":
      return statement.value?.kind === "call" ? statement.value.call : null;
    default:
      return null;
  }
}
