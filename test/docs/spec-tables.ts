import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { SpecOutcome } from "../../src/index.ts";
import { expectationText } from "../../src/report/phrases.ts";
import { ROOT } from "./markdown.ts";

/** The folders whose specs are about md and dm; each has a page of its own. */
const FOLDERS = ["specs", "specs/history"];

/** The page that lists all of them. */
export const INDEX = "docs/specs/README.md";

/** A spec and the page that tells of it. */
export interface SpecPage {
  readonly file: string;
  readonly page: string;
}

export function specPages(): SpecPage[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith(".spec"))
      .sort()
      .map((name) => {
        const file = `${folder}/${name}`;
        return { file, page: `docs/${file.replace(/\.spec$/, ".md")}` };
      }),
  );
}

/** The row of a table that begins with this cell, as `text` shows it. */
export interface Row {
  /** Of the row in the text, from 0. */
  readonly line: number;
  /** What the first cell names, without its marks: `hold_idle`, or the target of a link. */
  readonly name: string;
  /** The cells by the names of their columns. */
  readonly cells: ReadonlyMap<string, string>;
}

/** The rows of all tables of a text that have these columns, whatever others they have. */
export function rowsOf(text: string, columns: readonly string[]): Row[] {
  const rows: Row[] = [];
  let head: readonly string[] | null = null;
  for (const [line, source] of text.split("\n").entries()) {
    if (!source.startsWith("|")) {
      head = null;
      continue;
    }
    const cells = cellsOf(source);
    if (head === null) {
      head = cells;
    } else if (columns.every((one) => head?.includes(one)) && !/^\|[ :|-]+$/.test(source)) {
      const named = new Map(head.map((column, at) => [column, cells[at] ?? ""]));
      const first = cells[0] ?? "";
      const name = /\]\(([^)]+)\)/.exec(first)?.[1] ?? first.replaceAll("`", "");
      rows.push({ line, name, cells: named });
    }
  }
  return rows;
}

/** `text` with other cells in a row. */
export function withCells(text: string, row: Row, cells: ReadonlyMap<string, string>): string {
  const lines = text.split("\n");
  const all = [...row.cells].map(([column, cell]) => cells.get(column) ?? cell);
  lines[row.line] = `| ${all.join(" | ")} |`;
  return lines.join("\n");
}

function cellsOf(row: string): string[] {
  return row
    .replace(/^\||\|\s*$/g, "")
    .split("|")
    .map((cell) => cell.trim());
}

/** What the columns `verdict` and `states` say of each check, by its name. */
export function checkCells(spec: SpecOutcome): Map<string, ReadonlyMap<string, string>> {
  return new Map(
    spec.outcomes.map(({ check, statistics }) => {
      const expected = check.expectations.filter((one) => one.kind !== "ok").map(expectationText);
      const verdict = expected.length === 0 ? "holds" : expected.join(", ");
      return [
        check.name,
        new Map([
          ["verdict", verdict],
          ["states", grouped(statistics.states)],
        ]),
      ];
    }),
  );
}

/** What the columns `verdicts` and `states` say of a spec. */
export function specCells(spec: SpecOutcome): ReadonlyMap<string, string> {
  const words = spec.outcomes.map(({ check }) => {
    const kinds = check.expectations.map((one) => one.kind);
    if (kinds.includes("deadlock")) return "deadlock";
    if (kinds.includes("hung")) return "hang";
    return kinds.every((one) => one === "ok") ? "hold" : "violate";
  });
  const counted = ["hold", "deadlock", "hang", "violate"].flatMap((word) => {
    const count = words.filter((one) => one === word).length;
    return count === 0 ? [] : [`${count} ${count === 1 ? `${word}s` : word}`];
  });
  const states = spec.outcomes.map(({ statistics }) => statistics.states);
  const [least, most] = [Math.min(...states), Math.max(...states)];
  return new Map([
    ["verdicts", counted.join(", ")],
    ["states", least === most ? grouped(most) : `${grouped(least)} to ${grouped(most)}`],
  ]);
}

/** Digits in groups of three, with plain spaces. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, " ");
}
