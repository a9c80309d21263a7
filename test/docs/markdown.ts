import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The root folder of the project, with a separator at its end. */
export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));

/** A fenced block of a page. */
export interface Block {
  /** The page, relative to the root, with forward slashes. */
  readonly page: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
  /** The words behind the fence: `["mdspec", "error", "MD2001"]`. */
  readonly info: readonly string[];
  /** The lines between the fences. */
  readonly lines: readonly string[];
}

/** The tracked pages: README.md and the like at the top, and everything below docs and specs. */
export function pages(): string[] {
  const top = readdirSync(ROOT).filter((name) => name.endsWith(".md"));
  const below = ["docs", "specs"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join("/")),
  );
  return [...top, ...below].sort();
}

/** The text of a page, with `\n` at the ends of lines. */
export function textOf(page: string): string {
  return readFileSync(join(ROOT, page), "utf8").replaceAll("\r\n", "\n");
}

/** The fenced blocks of a text, in order; throws where a fence is not closed. */
export function blocksOf(page: string, text: string): Block[] {
  const blocks: Block[] = [];
  let open: { fence: string; line: number; info: string[]; lines: string[] } | null = null;
  for (const [at, row] of text.split("\n").entries()) {
    const fence = /^(`{3,})(.*)$/.exec(row);
    if (open === null) {
      if (fence === null) continue;
      const info = (fence[2] ?? "")
        .trim()
        .split(/\s+/)
        .filter((word) => word !== "");
      open = { fence: fence[1] ?? "", line: at + 1, info, lines: [] };
    } else if (fence?.[1] === open.fence && fence[2]?.trim() === "") {
      const { line, info, lines } = open;
      blocks.push({ page, line, info, lines });
      open = null;
    } else {
      open.lines.push(row);
    }
  }
  if (open !== null) throw new Error(`${page}:${open.line}: this block is not closed`);
  return blocks;
}

/** `text` without its fenced blocks and inline code, for looking at its prose. */
export function proseOf(text: string): string {
  return text.replace(/^(`{3,})[\s\S]*?^\1\s*$/gm, "").replace(/`[^`\n]*`/g, "");
}
