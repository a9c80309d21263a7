/** Tab stops as the kernel has them. */
const TAB_COLUMNS = 8;

/** East Asian wide and full-width blocks, ends included (Unicode Standard Annex 11, by block). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

// Controls, formats that reorder or hide text, line separators and lone surrogates.
const HARMFUL = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\p{Cs}]/u;
const HARMFUL_ALL = new RegExp(HARMFUL, "gu");
const ZERO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;
const EMOJI = /\p{Emoji_Presentation}/u;
const ASCII = /^[\x20-\x7e]*$/;

/** The columns of a terminal that `text`, free of control characters, takes. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) {
    return text.length;
  }
  let columns = 0;
  for (const character of text) {
    columns += characterWidth(character);
  }
  return columns;
}

function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) {
    return 1;
  }
  if (ZERO_WIDTH.test(character)) {
    return 0;
  }
  const wide = WIDE.some(([first, last]) => first <= code && code <= last);
  return wide || EMOJI.test(character) ? 2 : 1;
}

/**
 * `text` with everything that could steer a terminal or reorder a line replaced by a picture of
 * it: an escape character becomes `␛`, a right-to-left override `<U+202E>`. Tabs become pictures too.
 */
export function harmless(text: string): string {
  return ASCII.test(text) ? text : text.replace(HARMFUL_ALL, picture);
}

function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) {
    return String.fromCodePoint(0x2400 + code);
  }
  return code === 0x7f ? "␡" : `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
}

/** One line of text as a terminal shows it. */
export interface DisplayedLine {
  /** One string for each code point; tabs are blanks, control characters pictures. */
  readonly cells: readonly string[];
  /** Where in the line, in UTF-16 units, each cell begins; one more entry for its end. */
  readonly offsets: readonly number[];
  /** The column at which each cell begins, from 0; one more entry for the end of the line. */
  readonly columns: readonly number[];
}

/** Lays out `line` (without its line break) on a terminal. */
export function displayLine(line: string): DisplayedLine {
  const cells: string[] = [];
  const offsets: number[] = [0];
  const columns: number[] = [0];
  let offset = 0;
  let column = 0;
  for (const character of line) {
    const cell =
      character === "\t" ? " ".repeat(TAB_COLUMNS - (column % TAB_COLUMNS)) : harmless(character);
    offset += character.length;
    column += displayWidth(cell);
    cells.push(cell);
    offsets.push(offset);
    columns.push(column);
  }
  return { cells, offsets, columns };
}

/** `text` filled up with blanks to `columns`; longer text stays as it is. */
export function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - displayWidth(text)));
}

/** As `padEnd`, with the blanks in front. */
export function padStart(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - displayWidth(text))) + text;
}

/** `text`, cut with `…` where it would take more than `columns`. */
export function cut(text: string, columns: number): string {
  if (displayWidth(text) <= columns) {
    return text;
  }
  let kept = "";
  let used = 0;
  for (const character of text) {
    used += displayWidth(character);
    if (used > columns - 1) {
      break;
    }
    kept += character;
  }
  return columns < 1 ? "" : `${kept.trimEnd()}…`;
}

/** As `cut`, with the `…` inside: names that begin alike often end differently, as in `[0]`, `[1]`. */
export function cutInside(text: string, columns: number): string {
  const characters = [...text];
  if (displayWidth(text) <= columns) {
    return text;
  }
  const end = headOf(characters.reverse().join(""), Math.floor((columns - 1) / 2));
  const tail = [...end].reverse().join("");
  return `${cut(text, columns - displayWidth(tail))}${tail}`;
}

/**
 * `text` as lines of at most `columns`, broken at blanks; a word longer than a line is broken
 * where the line ends. At least one line.
 */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (displayWidth(joined) <= columns) {
      line = joined;
      continue;
    }
    if (line !== "") {
      lines.push(line);
    }
    line = word;
    while (displayWidth(line) > columns && columns > 0) {
      const head = headOf(line, columns);
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  lines.push(line);
  return lines;
}

/** The longest beginning of `text` that fits `columns`, at least one character of it. */
function headOf(text: string, columns: number): string {
  let head = "";
  let used = 0;
  for (const character of text) {
    used += displayWidth(character);
    if (used > columns && head !== "") {
      break;
    }
    head += character;
  }
  return head;
}
