import type { Program } from "../core/program.ts";
import type { Block, Body, Statement } from "../core/statements.ts";
import type { Type } from "../core/types.ts";
import { blocksIn } from "../core/walk.ts";
import { present } from "../support/internal-error.ts";
import { cardinality, firstValue, type TypeContext } from "../values/types.ts";
import type { Value } from "../values/value.ts";

/** The code of one thread declaration, proc or transition. */
export interface Code {
  readonly kind: "thread" | "proc" | "transition";
  /** Index into the list of `Program` for its kind. */
  readonly index: number;
  readonly name: string;
  readonly body: Body;
  /** What a proc gives back. */
  readonly result: Type | null;
  /** What each local holds where it is not in scope. */
  readonly firstValues: readonly Value[];
}

/** Where a statement stands in its body. */
export interface Spot {
  readonly code: Code;
  readonly block: Block;
  /** In `block.statements`. */
  readonly index: number;
  /** The statement that `block` is a part of; null for the block of the body. */
  readonly container: Statement | null;
}

/** All code of a program, and where each statement stands. */
export interface CodeIndex {
  readonly threads: readonly Code[];
  readonly procs: readonly Code[];
  readonly transitions: readonly Code[];
  /** By `Statement.id`. */
  readonly spots: ReadonlyMap<number, Spot>;
}

/** The code of `program`. */
export function indexCode(program: Program, context: TypeContext): CodeIndex {
  const spots = new Map<number, Spot>();
  const codeOf = (
    kind: Code["kind"],
    index: number,
    of: { readonly name: string; readonly body: Body; readonly result?: Type | null },
  ): Code => {
    const { name, body, result = null } = of;
    // Without threads a `Thread` has no value; what has a local of it can't be called, so any will do.
    const firstValues = body.locals.map(({ type }) =>
      cardinality(type, context) === 0 ? null : firstValue(type, context),
    );
    const code: Code = { kind, index, name, body, result, firstValues };
    addSpots(spots, code, body.block, null);
    return code;
  };
  return {
    threads: program.threads.map((thread, index) => codeOf("thread", index, thread)),
    procs: program.procs.map((proc, index) => codeOf("proc", index, proc)),
    transitions: program.transitions.map((one, index) => codeOf("transition", index, one)),
    spots,
  };
}

function addSpots(
  spots: Map<number, Spot>,
  code: Code,
  block: Block,
  container: Statement | null,
): void {
  for (const [index, statement] of block.statements.entries()) {
    spots.set(statement.id, { code, block, index, container });
    for (const inner of blocksIn(statement)) {
      addSpots(spots, code, inner, statement);
    }
  }
}

/** Where `statement` stands. */
export function spotOf(index: CodeIndex, statement: Statement): Spot {
  return present(index.spots.get(statement.id), "the spot of a statement");
}
