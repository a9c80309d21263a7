import type { Block, Body, Statement } from "../core/statements.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import type * as ast from "../syntax/ast.ts";
import type { Code } from "./code.ts";
import type { Context } from "./context.ts";
import { unreachableCode } from "./problems-code.ts";
import { elaborateStatement } from "./statements.ts";
import { unreachableIn } from "./ways-through.ts";

/** The body of a thread, proc or transition whose parameters stand in `code`; null on an error. */
export function elaborateBody(context: Context, code: Code, block: ast.Block): Body | null {
  const elaborated = elaborateBlock(context, code, block);
  if (elaborated === null) {
    return null;
  }
  for (const statement of unreachableIn(elaborated)) {
    context.report(unreachableCode(statement.span));
  }
  return { locals: code.body.locals, block: elaborated };
}

/** A block of its own scope; null where one of its statements has an error. */
export function elaborateBlock(context: Context, code: Code, block: ast.Block): Block | null {
  return elaborateStatements(context, code, block.body, block.span);
}

/** Statements in the scope of `code`, which each of them may widen for those after it. */
export function elaborateStatements(
  context: Context,
  code: Code,
  statements: readonly ast.Statement[],
  span: Span,
): Block | null {
  const done: Statement[] = [];
  const slots: number[] = [];
  let current = code;
  for (const statement of statements) {
    const next = elaborateStatement(context, current, statement);
    if (next.statement !== null) {
      done.push(next.statement);
      if (next.statement.kind === "declare") {
        slots.push(next.statement.slot);
      }
    }
    current = next.code;
  }
  return done.length < statements.length ? null : { span, statements: done, slots };
}
