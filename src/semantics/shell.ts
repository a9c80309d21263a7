import type * as core from "../core/expressions.ts";
import type { ShellTemplate } from "../core/statements.ts";
import { didYouMean } from "../support/did-you-mean.ts";
import type { ShellCommand } from "../syntax/ast.ts";
import { type Context, fail } from "./context.ts";
import { inferName } from "./names.ts";
import { shellNameUnknown } from "./problems-names.ts";
import { find, isEntity, type Setting } from "./scopes.ts";

/** The parts of a command: text, doubled braces, and names in braces. */
const PARTS = /\{\{|\}\}|\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}/g;

/**
 * An `@sh("…")` with its `{x}` resolved to parameters, locals and constants; `{{` and `}}` stand for
 * braces, and a brace around anything but a name is the shell's own. Null on an unknown name.
 */
export function shellTemplate(
  context: Context,
  setting: Setting,
  { text, span }: ShellCommand,
): ShellTemplate | null {
  const parts: (string | core.Expression)[] = [];
  let pending = "";
  let from = 0;
  let sound = true;
  for (const match of text.matchAll(PARTS)) {
    pending += text.slice(from, match.index);
    from = match.index + match[0].length;
    const name = match[1];
    if (name === undefined) {
      pending += match[0].slice(1);
      continue;
    }
    const part = partNamed(context, setting, name, span);
    if (part === null) {
      sound = false;
      continue;
    }
    if (pending !== "") {
      parts.push(pending);
      pending = "";
    }
    parts.push(part);
  }
  pending += text.slice(from);
  if (pending !== "") {
    parts.push(pending);
  }
  return sound ? { span, parts } : null;
}

function partNamed(
  context: Context,
  setting: Setting,
  text: string,
  span: ShellCommand["span"],
): core.Expression | null {
  const found = find(context, setting, text);
  const isValue = isEntity(found)
    ? found.kind === "const"
    : found !== null && found.kind !== "type";
  if (isValue) {
    return inferName(context, setting, { text, span });
  }
  const constants = context.declarations.entities
    .filter((one) => one.kind === "const")
    .map((one) => one.name.text);
  return fail(
    context,
    shellNameUnknown(span, text, didYouMean(text, [...setting.locals.keys(), ...constants])),
  );
}
