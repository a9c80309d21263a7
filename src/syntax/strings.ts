import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";
import { unknownEscape } from "./problems.ts";

const ESCAPE = /\\(?:u\{([0-9A-Fa-f]{1,6})\}|(.))/gsu;
const SIMPLE: Readonly<Record<string, string>> = { "\\": "\\", '"': '"', n: "\n", t: "\t" };
const CODE_POINT_MAX = 0x10ffff;

/** What the string literal `raw`, quotes included, stands for. `span` is where it is written. */
export function stringValue(raw: string, span: Span, problems: Diagnostic[]): string {
  return raw
    .slice(1, -1)
    .replace(ESCAPE, (written: string, code?: string, letter?: string, ...rest) => {
      const value = code === undefined ? simple(letter) : codePoint(code);
      if (value === null) {
        const at = typeof rest[0] === "number" ? rest[0] : 0;
        const start = span.start + 1 + at;
        problems.push(unknownEscape({ ...span, start, end: start + written.length }, written));
      }
      return value ?? written;
    });
}

/** The string literal for `value`, quotes included: what `stringValue` reads back. */
export function stringLiteral(value: string): string {
  const body = Array.from(value, (point) => {
    const code = point.codePointAt(0) ?? 0;
    switch (point) {
      case "\\":
      case '"':
        return `\\${point}`;
      case "\n":
        return "\\n";
      case "\t":
        return "\\t";
      default:
        return isPlain(code) ? point : `\\u{${code.toString(16)}}`;
    }
  });
  return `"${body.join("")}"`;
}

function simple(letter: string | undefined): string | null {
  return letter !== undefined && Object.hasOwn(SIMPLE, letter) ? (SIMPLE[letter] ?? null) : null;
}

function codePoint(code: string): string | null {
  const value = Number.parseInt(code, 16);
  return value <= CODE_POINT_MAX ? String.fromCodePoint(value) : null;
}

/** Neither a control character, nor half a surrogate pair, nor a line break of Unicode. */
function isPlain(code: number): boolean {
  const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return !isControl && !isSurrogate && code !== 0x2028 && code !== 0x2029 && code !== 0xfeff;
}
