import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { FileError, type Host } from "../../src/check/host.ts";
import { type Prepared, prepare } from "../../src/check/prepare.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Reads one text from memory, and the shipped library and its tests from where they are. */
export function memoryHost(file: string, text: string): Host {
  return {
    libraryFolder: "specs/lib",
    read: async (path) => {
      if (path === file) {
        return text;
      }
      try {
        return await readFile(`${ROOT}${path}`, "utf8");
      } catch {
        throw new FileError(path, "no such file");
      }
    },
  };
}

/** All checks of a spec text, ready to be searched; without programs where something is wrong. */
export async function prepareText(text: string, file = "test.spec"): Promise<Prepared> {
  return prepare(memoryHost(file, text), file, {
    checks: null,
    constants: [],
    constantsOrigin: "<test>",
    constantsPrefix: "",
    properties: null,
  });
}
