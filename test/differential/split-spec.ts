import { isPrototype } from "../../src/semantics/prototypes.ts";
import { typeExpressionsIn } from "../../src/semantics/walk-tree.ts";
import type { Declaration, ModuleFile } from "../../src/syntax/ast.ts";
import { parse } from "../../src/syntax/parse.ts";
import { printModule } from "../../src/syntax/print.ts";

/** A spec in two files, and how many names are declared in the one and defined in the other. */
export interface SplitSpec {
  /** All that is not in the other, with prototypes for what is; no checks. */
  readonly core: string;
  /** Imports the core. */
  readonly root: string;
  readonly prototypes: number;
}

/**
 * The same spec with its defs, procs and constants moved out of the module that uses them, `wants`
 * saying which. What cannot be moved stays: generic ones, and those whose signature has an enum in it.
 */
export function splitSpec(text: string, corePath: string, wants: () => boolean): SplitSpec | null {
  const parsed = parse("test.spec", text);
  if (!parsed.ok) {
    return null;
  }
  const core: Declaration[] = [];
  const root: Declaration[] = [];
  let prototypes = 0;
  for (const declaration of parsed.value.declarations) {
    const prototype = prototypeOf(declaration);
    if (declaration.kind === "check") {
      root.push(declaration);
    } else if (prototype === null || !wants()) {
      core.push(declaration);
    } else {
      prototypes += 1;
      core.push(prototype);
      root.push(declaration);
    }
  }
  const { span } = parsed.value;
  const header: ModuleFile = { ...parsed.value, doc: null, imports: [], declarations: root };
  const target = { kind: "path", path: corePath } as const;
  return {
    core: printed({ ...parsed.value, declarations: core }),
    root: printed({ ...header, imports: [{ span, kind: "import", target }] }),
    prototypes,
  };
}

/** Printed where the declarations stand in the list, not where they stood in the text. */
function printed(module: ModuleFile): string {
  const nowhere = { file: "", start: 0, end: 0 };
  const without = <T extends object>(node: T): T => ({ ...node, span: nowhere });
  return printModule({
    ...module,
    imports: module.imports.map(without),
    declarations: module.declarations.map(without),
  });
}

function prototypeOf(declaration: Declaration): Declaration | null {
  switch (declaration.kind) {
    case "const":
      return movable(declaration, { ...declaration, value: null });
    case "def":
    case "proc": {
      const isGeneric = declaration.typeParameters.length > 0;
      return isGeneric ? null : movable(declaration, { ...declaration, body: null });
    }
    default:
      return null;
  }
}

function movable<D extends Extract<Declaration, { kind: "const" | "def" | "proc" }>>(
  declaration: D,
  prototype: D,
): D | null {
  const hasEnum = typeExpressionsIn(prototype).some((one) => one.kind === "enumType");
  return isPrototype(declaration) || hasEnum ? null : prototype;
}
