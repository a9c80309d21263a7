import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { blocksOf, pages, ROOT, textOf } from "./markdown.ts";

/** A block whose fence names a file shows that file, which vitest runs by itself. */
const shown = pages()
  .flatMap((page) => blocksOf(page, textOf(page)))
  .filter((block) => block.info[0] === "ts" && block.info.length > 1);

describe("test files shown in the pages", () => {
  test("there are some", () => {
    expect(shown.length).toBeGreaterThan(2);
  });

  for (const block of shown) {
    const file = block.info[1] ?? "";
    test(`${block.page}:${block.line} shows ${file}`, () => {
      expect(file).toMatch(/^test\/.*\.test\.ts$/);
      expect(existsSync(join(ROOT, file))).toBe(true);
      expect(readFileSync(join(ROOT, file), "utf8")).toBe(`${block.lines.join("\n")}\n`);
    });
  }
});
