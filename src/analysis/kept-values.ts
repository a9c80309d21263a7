import type { Expression, SlotIndex } from "../core/expressions.ts";
import type { Block } from "../core/statements.ts";
import { blocksIn } from "../core/walk.ts";
import type { Code } from "../reference/code.ts";

/**
 * Where the values of locals come from: `let n = nr;` keeps what was read, and whoever branches on n
 * branches on what nr was. So such a local stands for the expression that it was given, in every
 * question about what others could change. Told only of locals that are given one value, in one place,
 * other than a literal. Truth values need no such thing: they can be decided where they are read.
 */
export function keptIn(code: Code, slot: SlotIndex): Expression | null {
  let known = KNOWN.get(code);
  if (known === undefined) {
    known = keptOf(code);
    KNOWN.set(code, known);
  }
  return known.get(slot) ?? null;
}

/** The locals of a body that stand for an expression, by slot. */
export function keptSlots(code: Code): readonly SlotIndex[] {
  return code.body.locals.flatMap((_, slot) => (keptIn(code, slot) === null ? [] : [slot]));
}

const KNOWN = new WeakMap<Code, ReadonlyMap<SlotIndex, Expression>>();

function keptOf(code: Code): ReadonlyMap<SlotIndex, Expression> {
  const given = new Map<SlotIndex, (Expression | null)[]>();
  collect(code.body.block, given);
  const kept = new Map<SlotIndex, Expression>();
  for (const [slot, sources] of given) {
    const others = sources.filter((one) => one === null || !LITERALS.has(one.kind));
    const [only] = others;
    const { kind, type } = code.body.locals[slot] ?? {};
    const isOwn = kind === "constant" || kind === "variable";
    if (
      isOwn &&
      type?.kind !== "bool" &&
      others.length === 1 &&
      only !== null &&
      only !== undefined
    ) {
      kept.set(slot, only);
    }
  }
  return kept;
}

/** A value that says nothing about the state. */
const LITERALS: ReadonlySet<Expression["kind"]> = new Set([
  "boolean",
  "integer",
  "member",
  "none",
  "constant",
  "thread",
]);

/** By slot, what it is given; null for the result of a call, or for a part of it. */
function collect(block: Block, given: Map<SlotIndex, (Expression | null)[]>): void {
  const give = (slot: SlotIndex, source: Expression | null): void => {
    given.set(slot, [...(given.get(slot) ?? []), source]);
  };
  for (const statement of block.statements) {
    if (statement.kind === "declare" && statement.value !== null) {
      const { value } = statement;
      give(statement.slot, value.kind === "expression" ? value.expression : null);
    } else if (statement.kind === "assign" && statement.target.root.kind === "local") {
      const { value, target } = statement;
      const isWhole = target.path.length === 0 && value.kind === "expression";
      give(statement.target.root.slot, isWhole ? value.expression : null);
    }
    for (const inner of blocksIn(statement)) {
      collect(inner, given);
    }
  }
}
