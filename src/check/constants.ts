import { type Checked, checked, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { ConstantSetting } from "../syntax/ast.ts";
import { parseExpression } from "../syntax/parse.ts";

/** `NAME = value` from outside of the spec; `value` is an expression of the language. */
export interface ConstantText {
  readonly name: string;
  readonly value: string;
}

/** Settings as the front end takes them, and the text that their spans point into. */
export interface ConstantSettings {
  readonly settings: Checked<readonly ConstantSetting[]>;
  readonly source: string;
}

/**
 * Reads the values of `constants`. `origin` names their text (`<command line>`), in which each
 * stands on a line of its own: `prefix`, name, `=`, value.
 */
export function readConstants(
  constants: readonly ConstantText[],
  origin: string,
  prefix: string,
): ConstantSettings {
  const settings: ConstantSetting[] = [];
  const diagnostics: Diagnostic[] = [];
  let source = "";
  for (const { name, value } of constants) {
    const nameStart = source.length + prefix.length;
    const valueStart = nameStart + name.length + 1;
    source += `${prefix}${name}=${value}\n`;
    // Blanks in front put the spans of the value where it stands in the whole text.
    const parsed = parseExpression(origin, " ".repeat(valueStart) + value);
    diagnostics.push(...parsed.diagnostics);
    if (parsed.ok) {
      settings.push({
        span: { file: origin, start: nameStart, end: valueStart + value.length },
        name: {
          span: { file: origin, start: nameStart, end: nameStart + name.length },
          text: name,
        },
        value: parsed.value,
      });
    }
  }
  return { settings: checked(settings, diagnostics), source };
}
