import type { Block } from "./markdown.ts";

/**
 * Applies a ```diff block: its lines that begin with a blank or `-` are looked for in the text, once,
 * and give way to those that begin with a blank or `+`.
 */
export function patched(text: string, block: Block): string {
  const pick = (signs: string): string =>
    block.lines
      .filter((line) => signs.includes(line[0] ?? " "))
      .map((line) => `${line.slice(1)}\n`)
      .join("");
  const [before, after] = [pick(" -"), pick(" +")];
  const at = text.indexOf(before);
  if (at < 0 || text.includes(before, at + 1)) {
    throw new Error(`${block.page}:${block.line}: the diff does not fit in exactly one place`);
  }
  return text.slice(0, at) + after + text.slice(at + before.length);
}
