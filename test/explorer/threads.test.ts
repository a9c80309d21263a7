import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

/**
 * Threads run built files, also where the tests run the sources: were those of another version, the
 * tests would try one half of each.
 */
const ROOT = new URL("../..", import.meta.url).pathname;
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mdcheck-"));
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", "src", "--outDir", folder], { cwd: ROOT });
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true }));

/** A file and all that it imports, relative to the folder of built files. */
function imported(file: string, seen: Set<string> = new Set()): ReadonlySet<string> {
  if (!seen.has(file)) {
    seen.add(file);
    const text = readFileSync(join(folder, file), "utf8");
    for (const [, target] of text.matchAll(/^(?:import|export) [^"]*"(\.[^"]+)"/gm)) {
      imported(join(file, "..", target as string), seen);
    }
  }
  return seen;
}

test("what threads run is what the sources compile to; if not, run `npx tsc -p src`", () => {
  const files = imported("explorer/team.js");
  expect(files).toContain("explorer/instance.js");
  const stale = [...files].filter((file) => {
    const fresh = readFileSync(join(folder, file), "utf8");
    return readIfThere(join(ROOT, "dist", file)) !== fresh;
  });
  expect(stale).toEqual([]);
});

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
