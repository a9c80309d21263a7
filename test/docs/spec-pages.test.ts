import { existsSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { check } from "../../src/index.ts";
import { ROOT, textOf } from "./markdown.ts";
import {
  checkCells,
  INDEX,
  type Row,
  rowsOf,
  specCells,
  specPages,
  withCells,
} from "./spec-tables.ts";

/** `UPDATE_DOCS=1 npx vitest run test/docs/spec-pages.test.ts` writes what is true into the tables. */
const UPDATES = process.env["UPDATE_DOCS"] === "1";

const TIMEOUT_MS = 120_000;

/** Fails, or mends the page, where a row does not say what is so. */
function compareRow(page: string, row: Row, cells: ReadonlyMap<string, string>): void {
  const shown = new Map([...cells.keys()].map((column) => [column, row.cells.get(column)]));
  if (UPDATES) {
    writeFileSync(join(ROOT, page), withCells(textOf(page), row, cells));
    return;
  }
  expect({ name: row.name, ...Object.fromEntries(shown) }).toEqual({
    name: row.name,
    ...Object.fromEntries(cells),
  });
}

describe("the page of each spec, and its row in the index", () => {
  const pages = specPages();
  const index = existsSync(join(ROOT, INDEX)) ? rowsOf(textOf(INDEX), ["verdicts", "states"]) : [];

  test("every spec about md or dm is listed, and nothing else is", () => {
    const linked = index.map((row) => join(dirname(INDEX), row.name));
    expect(linked.sort()).toEqual(pages.map((one) => one.page).sort());
  });

  for (const { file, page } of pages) {
    test(`${page} lists all checks of ${file}, with their verdicts and counts`, {
      timeout: TIMEOUT_MS,
    }, async () => {
      const spec = await check(join(ROOT, file));
      expect(spec.outcomes.filter((one) => !one.met).map((one) => one.check.name)).toEqual([]);
      const truth = checkCells(spec);
      const rows = rowsOf(textOf(page), ["check", "verdict", "states"]);
      expect(rows.map((row) => row.name).sort()).toEqual([...truth.keys()].sort());
      for (const row of rows) {
        compareRow(page, row, truth.get(row.name) ?? new Map());
      }
      const listed = index.find((row) => row.name === relative(dirname(INDEX), page));
      expect(listed).toBeDefined();
      if (listed !== undefined) {
        compareRow(INDEX, listed, specCells(spec));
      }
    });
  }
});

describe("tables of pages", () => {
  const text = "| check | why | verdict |\n| --- | --- | --- |\n| `a` | b | holds |\n\n| x |\n";

  test("rows are found by their columns", () => {
    const rows = rowsOf(text, ["check", "verdict"]);
    expect(rows.map((row) => [row.line, row.name, row.cells.get("verdict")])).toEqual([
      [2, "a", "holds"],
    ]);
    expect(rowsOf(text, ["check", "states"])).toEqual([]);
  });

  test("a cell is written in its place, the others stay", () => {
    const [row] = rowsOf(text, ["check", "verdict"]);
    expect(row === undefined ? "" : withCells(text, row, new Map([["verdict", "deadlock"]]))).toBe(
      text.replace("holds", "deadlock"),
    );
  });
});
