import type { Block, Place, Statement } from "../core/statements.ts";
import { blocksIn, callIn } from "../core/walk.ts";

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
