import { folderOf, normalizePath } from "../check/paths.ts";
import type { Files } from "./io.ts";

/** One spec to run. */
export interface FoundSpec {
  readonly path: string;
  /** Named itself, not found in a folder or by a pattern: then even a library is looked at. */
  readonly named: boolean;
}

/** What the arguments of a command lead to. */
export interface FoundSpecs {
  readonly specs: readonly FoundSpec[];
  /** Why some argument leads to nothing, ready to print. */
  readonly problems: readonly string[];
}

/** Where specs are looked for when none is named. */
export const FOLDER_DEFAULT = "specs";

const SPEC_ENDING = ".spec";
/** Never searched: they hold other people's specs. */
const FOLDERS_SKIPPED: readonly string[] = ["node_modules", ".git"];

/** The specs that files, folders and patterns stand for, each once, folders sorted by name. */
export async function findSpecs(files: Files, args: readonly string[]): Promise<FoundSpecs> {
  const specs = new Map<string, FoundSpec>();
  const problems: string[] = [];
  for (const arg of args) {
    const path = normalizePath(files.relative(arg));
    const kind = await files.kind(path);
    if (kind === "folder") {
      const found = await specsIn(files, path);
      addAll(specs, found);
      if (found.length === 0) {
        problems.push(`${arg} has no ${SPEC_ENDING} files`);
      }
    } else if (kind === null && /[*?{[]/.test(arg)) {
      const pattern = globPattern(path);
      const all = await specsIn(files, fixedFolder(path));
      const found = all.filter((one) => pattern.test(one));
      addAll(specs, found);
      if (found.length === 0) {
        problems.push(`no file matches ${arg}`);
      }
    } else {
      specs.set(path, { path, named: true });
    }
  }
  return { specs: [...specs.values()], problems };
}

function addAll(specs: Map<string, FoundSpec>, paths: readonly string[]): void {
  for (const path of paths) {
    if (!specs.has(path)) {
      specs.set(path, { path, named: false });
    }
  }
}

/** Every `.spec` file under a folder. */
async function specsIn(files: Files, folder: string): Promise<readonly string[]> {
  if ((await files.kind(folder)) !== "folder") {
    return [];
  }
  const found: string[] = [];
  for (const { name, kind } of await files.entries(folder)) {
    const path = folder === "." ? name : normalizePath(`${folder}/${name}`);
    if (kind === "folder") {
      found.push(...(FOLDERS_SKIPPED.includes(name) ? [] : await specsIn(files, path)));
    } else if (name.endsWith(SPEC_ENDING)) {
      found.push(path);
    }
  }
  return found;
}

/** The folder in front of the first part that has a wildcard. */
function fixedFolder(pattern: string): string {
  const wild = pattern.search(/[*?{[]/);
  return folderOf(pattern.slice(0, wild === -1 ? pattern.length : wild));
}

/** `**`, `*`, `?` and `{a,b}` as shells have them. */
function globPattern(glob: string): RegExp {
  let source = "";
  let depth = 0;
  for (let at = 0; at < glob.length; at++) {
    const rest = glob.slice(at);
    const character = glob[at] ?? "";
    if (rest.startsWith("**/")) {
      source += "(?:.*/)?";
      at += 2;
    } else if (rest.startsWith("**")) {
      source += ".*";
      at += 1;
    } else if (character === "*") {
      source += "[^/]*";
    } else if (character === "?") {
      source += "[^/]";
    } else if (character === "{" && rest.includes("}")) {
      source += "(?:";
      depth += 1;
    } else if (character === "}" && depth > 0) {
      source += ")";
      depth -= 1;
    } else if (character === "," && depth > 0) {
      source += "|";
    } else {
      source += character.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    }
  }
  return new RegExp(`^${source}${")".repeat(depth)}$`);
}
