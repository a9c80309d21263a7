import type { Block } from "./markdown.ts";

/** A spec made of an ```mdspec block: the block itself, or a module put round it. */
export interface Example {
  readonly page: string;
  readonly line: number;
  /** `module`, `library`, `declarations`, `statements`, `expression`, or `context`. */
  readonly form: string;
  readonly text: string;
  /** The code that the block must be refused with; null if it must be right. */
  readonly error: string | null;
  /** Whether some check of it must not be met. */
  readonly fails: boolean;
  /** The file under which console blocks and imports of the page find it; null if it has no name. */
  readonly file: string | null;
}

const FORMS: readonly string[] = ["library", "declarations", "statements", "expression", "context"];

/**
 * The examples of a page. A `context` block is put in front of all later blocks that are not
 * modules themselves, so a page can declare once what its fragments use.
 */
export function examplesOf(blocks: readonly Block[]): Example[] {
  const examples: Example[] = [];
  let context = "";
  for (const block of blocks.filter((one) => one.info[0] === "mdspec")) {
    const words = block.info.slice(1);
    const body = block.lines.join("\n");
    const form = FORMS.find((one) => words.includes(one)) ?? "module";
    const errorAt = words.indexOf("error");
    examples.push({
      page: block.page,
      line: block.line,
      form,
      text: wrap(form, body, context),
      error: errorAt < 0 ? null : (words[errorAt + 1] ?? ""),
      fails: words.includes("fails"),
      file: words.find((word) => word.endsWith(".spec")) ?? null,
    });
    if (form === "context") context += `${body}\n`;
  }
  return examples;
}

function wrap(form: string, body: string, context: string): string {
  switch (form) {
    case "module":
    case "library":
      return body;
    case "statements":
      return `module example;\n${context}\nthread statements {\n${body}\n}\n`;
    case "expression":
      return `module example;\n${context}\n${expressions(body)}\nfinal: true;\n`;
    default:
      return `module example;\n${context}\n${body}\n`;
  }
}

/** One invariant a line: `e // = v` says that `e` has the value `v`; a bare `e` only that it has one. */
function expressions(body: string): string {
  const rows = body.split("\n").filter((row) => row.trim() !== "");
  const invariants = rows.map((row, at) => {
    const [expression = "", value] = row.split("// =");
    const claim = value === undefined ? `let value = (${expression}): true` : "";
    return `invariant line_${at + 1}: ${claim === "" ? `(${expression}) == (${value})` : claim};`;
  });
  return invariants.join("\n");
}
