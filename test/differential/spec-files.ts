import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A spec of the project. */
export interface SpecFile {
  /** From the root of the project, with slashes. */
  readonly file: string;
  readonly text: string;
}

/** A module of the library: it runs as part of those that import it, and may need their bodies. */
const LIBRARY_MODULE = /^specs\/lib\/[^/]+$/;

/** All specs that engines are compared on: those that are shipped, and the corpus written for that. */
export function specFiles(): readonly SpecFile[] {
  return ["specs", "test/differential/corpus"]
    .flatMap(specsIn)
    .filter(({ file }) => !LIBRARY_MODULE.test(file));
}

/** Whether a spec lies in specs/ itself, not in a folder of it. */
export function isSystem({ file }: SpecFile): boolean {
  return /^specs\/[^/]+$/.test(file);
}

function specsIn(folder: string): readonly SpecFile[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".spec"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({
      file: relative(ROOT, path).split(sep).join("/"),
      text: readFileSync(path, "utf8"),
    }));
}
