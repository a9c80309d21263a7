import { type Checked, checked, type Diagnostic, type Sources } from "../diagnostics/diagnostic.ts";
import type { LoadedModule, LoadedModules } from "../semantics/link.ts";
import type { Import, ModuleFile } from "../syntax/ast.ts";
import { parse } from "../syntax/parse.ts";
import { FileError, type Host } from "./host.ts";
import { parsedModule } from "./parsed-module.ts";
import { folderOf, normalizePath, resolvePath } from "./paths.ts";
import { importsTooLarge, importUnreadable, libraryModuleMissing } from "./problems.ts";

/** docs/language.md section 2: what a file and its imports may have together. */
const CHARACTERS_MAX = 200_000;

/** The modules of a spec, and the texts that spans in them point into. */
export interface Loading {
  readonly loaded: Checked<LoadedModules>;
  readonly sources: Sources;
}

/**
 * Reads and parses the file at `path` and all that it imports, each file once. Everything wrong is
 * a diagnostic, except that the file itself cannot be read: then the host's `FileError` passes through.
 */
export async function load(host: Host, path: string): Promise<Loading> {
  const root = normalizePath(path);
  const sources = new Map<string, string>();
  const modules = new Map<string, LoadedModule>();
  const diagnostics: Diagnostic[] = [];
  const queue: { readonly path: string; readonly from: Import | null }[] = [
    { path: root, from: null },
  ];
  let characters = 0;
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (sources.has(next.path)) {
      continue;
    }
    const text = await read(host, next.path, next.from, diagnostics);
    if (text === null) {
      continue;
    }
    sources.set(next.path, text);
    characters += text.length;
    if (next.from !== null && characters > CHARACTERS_MAX) {
      diagnostics.push(importsTooLarge(next.from.span, characters, CHARACTERS_MAX));
      break;
    }
    const parsed = await parsedOf(host, next.path, next.from, text);
    diagnostics.push(...parsed.diagnostics);
    if (parsed.ok) {
      const tree = parsed.value;
      const imports = tree.imports.map((one) => importPath(host, next.path, one));
      modules.set(next.path, { tree, imports });
      tree.imports.forEach((one, index) => {
        queue.push({ path: imports[index] ?? root, from: one });
      });
    }
  }
  return { loaded: checked({ root, modules }, diagnostics), sources };
}

/** The tree of a text; of the library's own modules it need not be made again. */
async function parsedOf(
  host: Host,
  path: string,
  from: Import | null,
  text: string,
): Promise<Checked<ModuleFile>> {
  const made =
    from?.target.kind === "library" ? await host.libraryParsed?.(from.target.name.text) : null;
  const tree = typeof made === "string" ? parsedModule(made, path, text) : null;
  return tree === null ? parse(path, text) : { ok: true, value: tree, diagnostics: [] };
}

/** A library module is looked for in the library, a path beside the file that names it. */
function importPath(host: Host, importer: string, one: Import): string {
  return one.target.kind === "library"
    ? normalizePath(`${host.libraryFolder}/${one.target.name.text}.spec`)
    : resolvePath(folderOf(importer), one.target.path);
}

/** Null when an import cannot be read; that has then become a diagnostic. */
async function read(
  host: Host,
  path: string,
  from: Import | null,
  diagnostics: Diagnostic[],
): Promise<string | null> {
  try {
    return await host.read(path);
  } catch (error) {
    if (from === null || !(error instanceof FileError)) {
      throw error;
    }
    if (from.target.kind === "library") {
      const modules = (await host.libraryModules?.()) ?? [];
      diagnostics.push(libraryModuleMissing(from.span, from.target.name.text, modules));
    } else {
      diagnostics.push(importUnreadable(from.span, from.target.path, error.reason));
    }
    return null;
  }
}
