import type { ModuleFile } from "../syntax/ast.ts";

/** What the build writes of a library module: spans of the tree have "" for their file. */
interface ParsedModule {
  readonly text: string;
  readonly tree: ModuleFile;
}

/**
 * The tree in `made`, which the build wrote, as if `text` at `path` had been parsed now. Null where
 * it was made of another text: somebody has changed the module since.
 */
export function parsedModule(made: string, path: string, text: string): ModuleFile | null {
  // Inside of JSON's strings quotes are escaped, so this meets nothing but spans.
  const placed = made.replaceAll('"file":""', () => `"file":${JSON.stringify(path)}`);
  const parsed = JSON.parse(placed) as ParsedModule;
  return parsed.text === text ? parsed.tree : null;
}
