/** The few ways in which text is set off on a terminal. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "blue" | "cyan";

/** Sets off `text`, or leaves it as it is where the output takes no colour. */
export type Paint = (style: Style, text: string) => string;

const CODES: Readonly<Record<Style, readonly [on: number, off: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
};

/** A painter with ANSI codes, or one that changes nothing. Empty text stays empty. */
export function painter(color: boolean): Paint {
  if (!color) {
    return (_style, text) => text;
  }
  return (style, text) => {
    const [on, off] = CODES[style];
    return text === "" ? "" : `\u001b[${on}m${text}\u001b[${off}m`;
  };
}
