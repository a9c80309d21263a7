import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, type Printed, trimmed } from "./console.ts";
import { ROOT, textOf } from "./markdown.ts";

/** A command of a page, and what it really printed. */
export interface Correction {
  readonly command: Command;
  readonly printed: Printed;
}

/** Writes what the commands printed in place of what their page shows below them. */
export function updatePage(page: string, corrections: readonly Correction[]): void {
  const rows = textOf(page).split("\n");
  // From the end, so that the lines of the others stay where they are.
  for (const { command, printed } of [...corrections].sort(
    (a, b) => b.command.line - a.command.line,
  )) {
    rows.splice(command.line, command.shown.length, ...trimmed(printed.lines));
  }
  writeFileSync(join(ROOT, page), rows.join("\n"));
}
