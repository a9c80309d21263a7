import type { Block, Statement } from "../core/statements.ts";
import { blocksIn } from "../core/walk.ts";

/** How control may leave a statement: past its end, or out of the loop around it. */
interface Ways {
  readonly falls: boolean;
  readonly breaks: boolean;
}

/** Whether control can come to the end of a block. Conditions count as undecided, except `true`. */
export function canFallThrough(block: Block): boolean {
  return waysOf(block).falls;
}

/** The first statement of each block that no way leads to. */
export function* unreachableIn(block: Block): Generator<Statement> {
  let falls = true;
  for (const statement of block.statements) {
    if (!falls) {
      yield statement;
      return;
    }
    for (const inner of blocksIn(statement)) {
      yield* unreachableIn(inner);
    }
    falls = waysOfStatement(statement).falls;
  }
}

function waysOf(block: Block): Ways {
  let breaks = false;
  for (const statement of block.statements) {
    const ways = waysOfStatement(statement);
    breaks ||= ways.breaks;
    if (!ways.falls) {
      return { falls: false, breaks };
    }
  }
  return { falls: true, breaks };
}

function waysOfStatement(statement: Statement): Ways {
  switch (statement.kind) {
    case "break":
      return { falls: false, breaks: true };
    case "continue":
    case "return":
      return { falls: false, breaks: false };
    case "loop":
      return { falls: waysOf(statement.body).breaks, breaks: false };
    case "while": {
      const { condition } = statement;
      const isEndless =
        condition.kind === "expression" &&
        condition.expression.kind === "boolean" &&
        condition.expression.value;
      return { falls: !isEndless || waysOf(statement.body).breaks, breaks: false };
    }
    case "if": {
      const then = waysOf(statement.then);
      const otherwise = statement.else === null ? null : waysOf(statement.else);
      return {
        falls: then.falls || otherwise === null || otherwise.falls,
        breaks: then.breaks || (otherwise?.breaks ?? false),
      };
    }
    case "either": {
      const branches = statement.branches.map(waysOf);
      return {
        falls: branches.some((one) => one.falls),
        breaks: branches.some((one) => one.breaks),
      };
    }
    case "choose":
    case "atomic":
    case "block":
      return waysOf(statement.body);
    default:
      return { falls: true, breaks: false };
  }
}
