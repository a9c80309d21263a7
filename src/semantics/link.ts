import { type Checked, checked, type Diagnostic, type Span } from "../diagnostics/diagnostic.ts";
import { present } from "../support/internal-error.ts";
import type { CheckDeclaration, Import, ModuleFile } from "../syntax/ast.ts";
import { importCycle } from "./problems-names.ts";

/** One parsed file and where its imports were found. */
export interface LoadedModule {
  readonly tree: ModuleFile;
  /** Resolved path of each import, in the order of `tree.imports`. */
  readonly imports: readonly string[];
}

/** A root file with everything it imports, by resolved path. */
export interface LoadedModules {
  readonly root: string;
  readonly modules: ReadonlyMap<string, LoadedModule>;
}

/** Index into `LinkedSpec.modules`. */
export type ModuleIndex = number;

/** One module of a linked spec. */
export interface LinkedModule {
  readonly path: string;
  readonly tree: ModuleFile;
  /** Itself and what it imports, transitively: the modules whose names it sees. */
  readonly visible: ReadonlySet<ModuleIndex>;
}

/** All modules of a spec in canonical order: imported ones first, in import order, the root last. */
export interface LinkedSpec {
  /** The path of the root file. */
  readonly file: string;
  /** The name after `module` in the root file. */
  readonly module: string;
  readonly modules: readonly LinkedModule[];
  /** Of the root file only: an imported module's checks are its own affair. */
  readonly checks: readonly CheckDeclaration[];
}

/** An import that is being followed: who imports what, and where that is written. */
interface Following {
  readonly path: string;
  readonly by: Import;
}

/**
 * Puts the modules of a spec in order, each once, and refuses import cycles. That two modules
 * declare one name is found by `elaborate`, together with all the other mistakes of the spec.
 */
export function link(loaded: LoadedModules): Checked<LinkedSpec> {
  const diagnostics: Diagnostic[] = [];
  const modules: LinkedModule[] = [];
  const indices = new Map<string, ModuleIndex>();

  function visit(path: string, following: readonly Following[]): ReadonlySet<ModuleIndex> {
    const done = indices.get(path);
    if (done !== undefined) {
      return present(modules[done], "linked module").visible;
    }
    const { tree, imports } = present(loaded.modules.get(path), `loaded module ${path}`);
    const visible = new Set<ModuleIndex>();
    tree.imports.forEach((by, position) => {
      const target = present(imports[position], "resolved import");
      const next = [...following, { path: target, by }];
      const cycle = cycleTo(target, path, next, loaded.root);
      if (cycle !== null) {
        diagnostics.push(importCycle(by.span, target, cycle));
        return;
      }
      for (const seen of visit(target, next)) {
        visible.add(seen);
      }
    });
    const index = modules.length;
    visible.add(index);
    indices.set(path, index);
    modules.push({ path, tree, visible });
    return visible;
  }

  visit(loaded.root, []);
  const { tree } = present(loaded.modules.get(loaded.root), "root module");
  const spec: LinkedSpec = {
    file: loaded.root,
    module: tree.name.text,
    modules,
    checks: tree.declarations.filter((one) => one.kind === "check"),
  };
  return checked(spec, diagnostics);
}

/** The other imports of the cycle that the last of `following` closes, or null when it closes none. */
function cycleTo(
  target: string,
  importer: string,
  following: readonly Following[],
  root: string,
): readonly Span[] | null {
  if (target === importer) {
    return [];
  }
  const before = following.slice(0, -1);
  const from = target === root ? -1 : before.findIndex((one) => one.path === target);
  if (target !== root && from < 0) {
    return null;
  }
  return before.slice(from + 1).map((one) => one.by.span);
}
