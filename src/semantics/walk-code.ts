import type { Block, Call, Place, Statement } from "../core/statements.ts";

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

/** The places that a statement itself may change: what it assigns, and what it passes by reference. */
export function placesChanged(statement: Statement): readonly Place[] {
  const target = statement.kind === "assign" ? [statement.target] : [];
  const call = callIn(statement);
  const passed =
    call?.arguments.flatMap((one) => (one.kind === "reference" ? [one.place] : [])) ?? [];
  return [...target, ...passed];
}

/** Every statement inside a block, outer ones before inner ones; those of `atomic` only if asked for. */
export function* statementsInside(block: Block, withAtomic: boolean): Generator<Statement> {
  for (const statement of block.statements) {
    yield statement;
    if (withAtomic || statement.kind !== "atomic") {
      for (const inner of blocksIn(statement)) {
        yield* statementsInside(inner, withAtomic);
      }
    }
  }
}
