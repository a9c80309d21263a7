import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { present } from "../support/internal-error.ts";
import type { Declaration, Name, TypeExpression } from "../syntax/ast.ts";
import { isBuiltInFunction } from "./built-in-names.ts";
import type { Entity } from "./entities.ts";
import type { LinkedSpec, ModuleIndex } from "./link.ts";
import { nameDeclaredTwice, nameTaken } from "./problems-names.ts";
import { isPrototype, type Prototypes, prototypeOf, prototypesOf } from "./prototypes.ts";
import { typeExpressionsIn } from "./walk-tree.ts";

/** A declaration and the module it stands in. */
export interface LinkedDeclaration {
  readonly module: ModuleIndex;
  readonly declaration: Declaration;
}

/** All names of a spec, and its declarations in canonical order. */
export interface Declarations {
  readonly names: ReadonlyMap<string, Entity>;
  readonly all: readonly LinkedDeclaration[];
  /** In canonical order; a name declared twice stands here once. */
  readonly entities: readonly Entity[];
  /** The declared names of the enums that are the whole of a `type` declaration. */
  readonly enumNames: ReadonlyMap<TypeExpression, string>;
  /** The names of the prototypes that nothing defines, in canonical order. */
  readonly openPrototypes: readonly string[];
}

/** The names of a spec and what is wrong with them. */
export interface Declared {
  readonly declarations: Declarations;
  readonly problems: readonly Diagnostic[];
}

/** A spec is elaborated once for each of its checks, but its names are the same for all of them. */
const KNOWN = new WeakMap<LinkedSpec, Declared>();

/** Gathers the names of all modules into one namespace; of two that clash the first one counts. */
export function declare(spec: LinkedSpec): Declared {
  let known = KNOWN.get(spec);
  if (known === undefined) {
    const problems: Diagnostic[] = [];
    known = { declarations: gather(spec, (problem) => problems.push(problem)), problems };
    KNOWN.set(spec, known);
  }
  return known;
}

type IndexedDeclaration = Extract<
  Declaration,
  { readonly kind: "const" | "var" | "thread" | "transition" | "def" | "proc" }
>;

function gather(spec: LinkedSpec, report: (problem: Diagnostic) => void): Declarations {
  const names = new Map<string, Entity>();
  const entities: Entity[] = [];
  const enumNames = new Map<TypeExpression, string>();
  const counts = new Map<Entity["kind"], number>();
  const all = declarationsOf(spec);
  const prototypes = prototypesOf(spec, all, report);

  function add(entity: Entity): void {
    // Of two alike the second takes no index, so that those of a program have no gap.
    const { text, span } = entity.name;
    const first = names.get(text);
    if (first !== undefined) {
      report(nameDeclaredTwice(span, first.name.span, text, hintOfTwo(spec, first, entity)));
      return;
    }
    const taken = takenBy(entity);
    if (taken !== null) {
      report(nameTaken(span, text, taken));
    }
    names.set(text, entity);
    if ("index" in entity && entity.index >= 0) {
      counts.set(entity.kind, entity.index + 1);
    }
    entities.push(entity);
  }

  function nextIndex(kind: Entity["kind"]): number {
    return counts.get(kind) ?? 0;
  }

  for (const one of all) {
    const { module, declaration } = one;
    const entity = prototypes.skipped.has(declaration)
      ? null
      : entityOf(one, prototypes, nextIndex);
    if (entity !== null) {
      add(entity);
    }
    for (const one of enumsOf(declaration, enumNames)) {
      for (const name of one.definition.members) {
        add({ kind: "member", name, module, ...one });
      }
    }
  }
  return { names, all, entities, enumNames, openPrototypes: prototypes.open };
}

function declarationsOf(spec: LinkedSpec): readonly LinkedDeclaration[] {
  return spec.modules.flatMap(({ tree }, module) =>
    tree.declarations
      // The checks of an imported module are its own affair.
      .filter((one) => one.kind !== "check" || module === spec.modules.length - 1)
      .map((declaration) => ({ module, declaration })),
  );
}

function entityOf(
  { module, declaration }: LinkedDeclaration,
  prototypes: Prototypes,
  nextIndex: (kind: Entity["kind"]) => number,
): Entity | null {
  switch (declaration.kind) {
    case "assume":
    case "final":
    case "constraint":
    case "fairness":
      return null;
    case "invariant":
    case "step":
    case "reachable":
    case "recoverable":
      return { kind: "predicate", name: declaration.name, module, declaration };
    case "type":
      return { kind: "type", name: declaration.name, module, declaration };
    case "property":
      return { kind: "property", name: declaration.name, module, declaration };
    case "check":
      return { kind: "check", name: declaration.name, module, declaration };
    default:
      return indexedEntity(declaration, { name: declaration.name, module }, prototypes, nextIndex);
  }
}

/** A declaration of a kind that a program lists by index. */
function indexedEntity(
  declaration: IndexedDeclaration,
  base: { readonly name: Name; readonly module: ModuleIndex },
  prototypes: Prototypes,
  nextIndex: (kind: Entity["kind"]) => number,
): Entity {
  switch (declaration.kind) {
    case "const":
      return {
        ...base,
        kind: "const",
        declaration,
        prototype: prototypeOf(prototypes, declaration),
        index: nextIndex("const"),
      };
    case "var":
      return { ...base, kind: "var", declaration, index: nextIndex("var") };
    case "thread":
      return { ...base, kind: "thread", declaration, index: nextIndex("thread") };
    case "transition":
      return { ...base, kind: "transition", declaration, index: nextIndex("transition") };
    case "def":
      return {
        ...base,
        kind: "def",
        declaration,
        prototype: prototypeOf(prototypes, declaration),
        index: declaration.typeParameters.length > 0 ? -1 : nextIndex("def"),
      };
    case "proc":
      return {
        ...base,
        kind: "proc",
        declaration,
        prototype: prototypeOf(prototypes, declaration),
        index: declaration.typeParameters.length > 0 ? -1 : nextIndex("proc"),
      };
  }
}

interface EnumInSource {
  readonly definition: TypeExpression & { readonly kind: "enumType" };
  readonly symmetric: string | null;
}

/** The enums written anywhere inside a declaration; notes those that have a name of their own. */
function enumsOf(
  declaration: Declaration,
  enumNames: Map<TypeExpression, string>,
): readonly EnumInSource[] {
  const enums: EnumInSource[] = [];
  const symmetric = new Set<TypeExpression>();
  for (const one of typeExpressionsIn(declaration)) {
    if (one.kind === "symmetricType") {
      symmetric.add(one.of);
    } else if (one.kind === "enumType") {
      // A symmetric type has a name; one that has none is reported where it stands.
      const name = declaration.kind === "type" ? declaration.name.text : "";
      enums.push({ definition: one, symmetric: symmetric.has(one) ? name : null });
    }
  }
  if (declaration.kind === "type" && declaration.definition.kind === "enumType") {
    enumNames.set(declaration.definition, declaration.name.text);
  }
  return enums;
}

/** Of a prototype and what would define it if it saw it: who defines. */
function hintOfTwo(spec: LinkedSpec, first: Entity, second: Entity): string | null {
  const open = [first, second].filter((one) => "prototype" in one && isPrototype(one.declaration));
  const [prototype] = open;
  if (prototype === undefined || open.length > 1 || first.kind !== second.kind) {
    return null;
  }
  const { tree } = present(spec.modules[prototype.module], "module of a prototype");
  return `a definition of the prototype stands in a module that imports ${tree.name.text}`;
}

function takenBy(entity: Entity): string | null {
  if (entity.name.text === "Thread") {
    return "a type";
  }
  const callable = entity.kind === "def" || entity.kind === "proc";
  return callable && isBuiltInFunction(entity.name.text) ? "a function" : null;
}
