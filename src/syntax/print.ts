import type { Checked } from "../diagnostics/diagnostic.ts";
import type { Declaration, Expression, Import, ModuleFile } from "./ast.ts";
import type { ModuleHeader } from "./build-declarations.ts";
import { type Emitter, followSource, PLAIN_EMITTER } from "./emitter.ts";
import { type Layout, sequence, write } from "./layout.ts";
import { parse } from "./parse.ts";
import { item } from "./print-declarations.ts";
import { ANYWHERE, expression } from "./print-expressions.ts";
import { scan } from "./scan.ts";

const COLUMNS = 100;

/**
 * The text of a `.spec` file in the one style: two columns of indentation, at most 100 columns
 * where that is possible, comments and single empty lines where they were. Formatting it again
 * changes nothing. A text that does not parse is left alone; its problems come back.
 */
export function formatSource(file: string, text: string): Checked<string> {
  const parsed = parse(file, text);
  if (!parsed.ok) {
    return parsed;
  }
  const layout = moduleLayout(parsed.value, followSource(scan(file, text)));
  const formatted = write(layout, COLUMNS);
  // Line breaks and parentheses can take a text that is just within the limits of length and depth
  // beyond them. It had better stay as it is.
  const value = parse(file, formatted).ok ? formatted : text;
  return { ok: true, value, diagnostics: parsed.diagnostics };
}

/** The text of a module; reading it gives the same tree, apart from the spans. */
export function printModule(module: ModuleFile): string {
  return write(moduleLayout(module, PLAIN_EMITTER), COLUMNS);
}

/** An expression on one line, without comments. */
export function printExpression(node: Expression): string {
  return write(expression(node, ANYWHERE, PLAIN_EMITTER), Number.POSITIVE_INFINITY).trimEnd();
}

type Item = ModuleHeader | Import | Declaration;

function moduleLayout(module: ModuleFile, emit: Emitter): Layout {
  const header: ModuleHeader = { ...module, kind: "header" };
  const items: Item[] = [...module.imports, ...module.declarations];
  // Imports may stand anywhere in the file. In a tree without source all spans may be alike, and
  // the order stays as it is.
  items.sort((a, b) => a.span.start - b.span.start);
  const parts: Layout[] = [emit.leading(), item(header, emit)];
  let previous: Item = header;
  for (const one of items) {
    parts.push(emit.gap(false, isApart(previous, one)), emit.leading(), item(one, emit));
    previous = one;
  }
  parts.push(emit.dangling());
  return sequence(parts);
}

/** Without a source: declarations of one kind stand together, unless they have a block or a doc. */
function isApart(previous: Item, next: Item): boolean {
  const hasDoc = next.kind !== "import" && next.doc !== null;
  return previous.kind !== next.kind || hasBlock(previous) || hasBlock(next) || hasDoc;
}

function hasBlock(item: Item): boolean {
  return item.kind === "thread" || item.kind === "transition"
    ? true
    : item.kind === "proc" && item.body !== null;
}
