import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, describe, expect, test } from "vitest";
import { parsedModule } from "../../src/check/parsed-module.ts";
import { parse } from "../../src/syntax/parse.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mdcheck-package-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a user's `npm install` would unpack, with the project's own dependencies beside it. */
function unpack(): string {
  const [name = ""] = execFileSync(
    "npm",
    ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder],
    { cwd: root, encoding: "utf8" },
  )
    .trim()
    .split("\n");
  execFileSync("tar", ["-xzf", join(folder, name), "-C", folder]);
  symlinkSync(join(root, "node_modules"), join(folder, "package", "node_modules"), "dir");
  return join(folder, "package");
}

describe("the package", () => {
  test("has nothing that publint would report", async () => {
    const { messages, pkg } = await publint({ pkgDir: root, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test("has the tree of every library module, as its text is parsed", () => {
    const library = join(root, "specs", "lib");
    const names = readdirSync(library).filter((name) => name.endsWith(".spec"));
    expect(names).toContain("kernel.spec");
    for (const name of names) {
      const text = readFileSync(join(library, name), "utf8");
      const made = join(root, "dist", "library", name.replace(/spec$/, "json"));
      const parsed = parse(name, text);
      expect(parsed.diagnostics).toEqual([]);
      expect(parsedModule(readFileSync(made, "utf8"), name, text)).toEqual(
        parsed.ok ? parsed.value : null,
      );
    }
  });

  test("holds all that mdcheck needs to run a spec that imports the library", () => {
    const main = join(unpack(), "dist", "cli", "main.js");
    const spec = join(folder, "package", "specs", "examples", "abba.spec");
    const printed = execFileSync(process.execPath, [main, spec], { encoding: "utf8" });
    expect(printed).toContain("2 checks met");
  });
});
