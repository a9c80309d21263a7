import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, type Printed, trimmed } from "./console.ts";
import { ROOT, textOf } from "./markdown.ts";

/** A command of a page, and what it really printed. */
export interface Correction {
  readonly command: Command;
  readonly printed: Printed;
}

/** A step of a trace is known by its thread and proc. */
const KEY_COLUMNS = 34;

/** Writes what the commands printed in place of what their page shows below them. */
export function updatePage(page: string, corrections: readonly Correction[]): void {
  const rows = textOf(page).split("\n");
  // From the end, so that the lines of the others stay where they are.
  for (const { command, printed } of [...corrections].sort(
    (a, b) => b.command.line - a.command.line,
  )) {
    rows.splice(
      command.line,
      command.shown.length,
      ...elidedAlike(command.shown, trimmed(printed.lines)).map(withTime),
    );
  }
  writeFileSync(join(ROOT, page), rows.join("\n"));
}

/**
 * The lines of `actual` that stand where `shown` shows some, with `…` between them as there; all of
 * `actual` where these are not to be found again. Numbers and places may have changed.
 */
export function elidedAlike(shown: readonly string[], actual: readonly string[]): string[] {
  const parts = partsOf(shown);
  const keys = actual.map(keyOf);
  const kept: string[] = [];
  let from = 0;
  for (const [at, part] of parts.entries()) {
    // An empty line is not known again: there are many.
    const [first, last] = [part.find(isText), part.findLast(isText)];
    kept.push(...(at > 0 ? ["…"] : []));
    if (first === undefined || last === undefined) continue;
    let start = at === 0 ? 0 : keys.indexOf(keyOf(first), from);
    let end = at === parts.length - 1 ? keys.length - 1 : keys.indexOf(keyOf(last), start);
    if (start < 0 || end < start) return [...actual];
    if (!isText(part[0]) && keys[start - 1] === "") start -= 1;
    if (!isText(part.at(-1)) && keys[end + 1] === "") end += 1;
    kept.push(...actual.slice(start, end + 1));
    from = end + 1;
  }
  return kept;
}

function isText(line: string | undefined): line is string {
  return line !== undefined && line.trim() !== "";
}

/** The clock of these tests all but stands still; here is a time as a user would see it. */
function withTime(line: string): string {
  return line.replace(/ 0\.00 s$/, " 0.03 s");
}

/** What stands between the lines of dots. */
function partsOf(shown: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  for (const line of shown) {
    if (line.trim() === "…") parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts;
}

/** The beginning of a line, by which it is known again when numbers, places and line breaks change. */
function keyOf(line: string): string {
  const bare = line
    .replace(/\S+\.spec:\d+$/, "")
    .replaceAll(/\d+/g, "0")
    .replaceAll(/[\s\u00a0]+/g, " ")
    .replaceAll("0 0", "0")
    .trim();
  return bare.slice(0, KEY_COLUMNS);
}
