import type { Block, Expression } from "./ast.ts";
import type { Emitter } from "./emitter.ts";
import { BREAK, indent, type Layout, LINE, row, sequence } from "./layout.ts";
import { expression, parenthesized } from "./print-expressions.ts";

/** `{ item item }` with the comments and empty lines between the items. */
export function bracketed<T>(
  items: readonly T[],
  print: (item: T) => Layout,
  isPlainFlat: boolean,
  emit: Emitter,
): Layout {
  const open = emit.token("{");
  const isFlat = emit.isFlat(isPlainFlat);
  const inner: Layout[] = [];
  for (const [index, item] of items.entries()) {
    const separator = index === 0 ? (isFlat ? LINE : BREAK) : emit.gap(isFlat, false);
    inner.push(separator, emit.leading(), print(item));
  }
  const rest = emit.dangling();
  const isEmpty = items.length === 0 && rest === "";
  const end = isEmpty ? "" : isFlat ? LINE : BREAK;
  return row(open, indent(sequence([...inner, rest])), end, emit.token("}"));
}

/**
 * An expression before a block. `S { l: {} }` is a struct literal to the grammar, so before a block
 * that could be its fields the expression is put in parentheses.
 */
export function beforeBlock(node: Expression, rank: number, body: Block, emit: Emitter): Layout {
  return looksLikeFields(body) ? parenthesized(node, emit) : expression(node, rank, emit);
}

/** Whether a block reads like `{ field: value }`: a label before an empty block, nothing else. */
export function looksLikeFields(body: Block): boolean {
  let rest = body;
  for (;;) {
    const [only, ...others] = rest.body;
    if (only?.kind !== "block" || only.label === null || only.shell !== null || others.length > 0) {
      return false;
    }
    if (only.body.length === 0) {
      return true;
    }
    rest = only;
  }
}
