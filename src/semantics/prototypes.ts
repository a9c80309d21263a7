import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../support/did-you-mean.ts";
import { present } from "../support/internal-error.ts";
import type { ConstDeclaration, DefDeclaration, ProcDeclaration } from "../syntax/ast.ts";
import type { LinkedDeclaration } from "./declare.ts";
import type { Prototype } from "./entities.ts";
import type { LinkedSpec } from "./link.ts";
import { nameDeclaredTwice } from "./problems-names.ts";
import {
  definitionOfOtherKind,
  prototypeGeneric,
  prototypeUndefined,
} from "./problems-prototypes.ts";

/** What can be declared apart from its definition. */
export type DefinableDeclaration = ConstDeclaration | DefDeclaration | ProcDeclaration;

type LinkedDefinable = Prototype<DefinableDeclaration>;

/** The prototypes of a spec and what defines them. */
export interface Prototypes {
  /** The prototype of each definition that has one. */
  readonly of: ReadonlyMap<DefinableDeclaration, LinkedDefinable>;
  /** Declarations that make no entity: another one stands for them, or they have been reported. */
  readonly skipped: ReadonlySet<LinkedDeclaration["declaration"]>;
  /** The names of those that nothing rightly defines, in canonical order. */
  readonly open: readonly string[];
}

/** Whether a declaration lacks its body or value. */
export function isPrototype(declaration: DefinableDeclaration): boolean {
  return (declaration.kind === "const" ? declaration.value : declaration.body) === null;
}

/** Finds the definition of each prototype: one of its kind, in a module that sees the prototype. */
export function prototypesOf(
  spec: LinkedSpec,
  all: readonly LinkedDeclaration[],
  report: (problem: Diagnostic) => void,
): Prototypes {
  const of = new Map<DefinableDeclaration, LinkedDefinable>();
  const skipped = new Set<LinkedDeclaration["declaration"]>();
  const missing: LinkedDefinable[] = [];
  const open: string[] = [];
  const definable = all.flatMap(linkedDefinable);
  const prototypes = firstPrototypes(definable, (second, first) => {
    const { span, text } = second.name;
    skipped.add(second);
    report(nameDeclaredTwice(span, first.name.span, text));
  });
  for (const [name, prototype] of prototypes) {
    const { declaration } = prototype;
    if (declaration.kind !== "const" && declaration.typeParameters.length > 0) {
      report(prototypeGeneric(declaration.name.span, name));
    }
    const others = all.filter((one) => nameIn(one) === name && one.declaration !== declaration);
    const defining = others
      .flatMap(linkedDefinable)
      .filter((one) => !isPrototype(one.declaration) && sees(spec, one, prototype));
    const definition = defining.find((one) => one.declaration.kind === declaration.kind);
    const [other] = defining;
    if (definition !== undefined) {
      of.set(definition.declaration, prototype);
      skipped.add(declaration);
      continue;
    }
    open.push(name);
    if (other !== undefined) {
      const { name: second, kind } = other.declaration;
      skipped.add(other.declaration);
      report(definitionOfOtherKind(second, kind, declaration.name, declaration.kind));
    } else if (others.length === 0) {
      missing.push(prototype);
    }
  }
  // What defines one prototype is not meant to define another.
  const free = definable.filter((one) => !of.has(one.declaration));
  for (const prototype of missing) {
    report(undefinedIn(spec, prototype, free));
  }
  return { of, skipped, open };
}

/** The prototype of a definition, or null. */
export function prototypeOf<D extends DefinableDeclaration>(
  prototypes: Prototypes,
  declaration: D,
): Prototype<D> | null {
  // A definition is of the kind of its prototype.
  return (prototypes.of.get(declaration) as Prototype<D> | undefined) ?? null;
}

function linkedDefinable({ module, declaration }: LinkedDeclaration): readonly LinkedDefinable[] {
  const { kind } = declaration;
  return kind === "const" || kind === "def" || kind === "proc" ? [{ module, declaration }] : [];
}

function nameIn({ declaration }: LinkedDeclaration): string | null {
  return "name" in declaration ? declaration.name.text : null;
}

function firstPrototypes(
  definable: readonly LinkedDefinable[],
  again: (second: DefinableDeclaration, first: DefinableDeclaration) => void,
): ReadonlyMap<string, LinkedDefinable> {
  const prototypes = new Map<string, LinkedDefinable>();
  for (const one of definable) {
    if (isPrototype(one.declaration)) {
      const first = prototypes.get(one.declaration.name.text);
      if (first === undefined) {
        prototypes.set(one.declaration.name.text, one);
      } else {
        again(one.declaration, first.declaration);
      }
    }
  }
  return prototypes;
}

function sees(spec: LinkedSpec, one: LinkedDefinable, other: LinkedDefinable): boolean {
  return present(spec.modules[one.module], "module").visible.has(other.module);
}

/** What is wrong with a prototype that nothing defines; a definition of nearly its name was meant. */
function undefinedIn(
  spec: LinkedSpec,
  prototype: LinkedDefinable,
  definable: readonly LinkedDefinable[],
): Diagnostic {
  const { name, kind } = prototype.declaration;
  const definitions = definable.filter(
    (one) =>
      one.declaration.kind === kind &&
      !isPrototype(one.declaration) &&
      one.module !== prototype.module &&
      sees(spec, one, prototype),
  );
  const near = didYouMean(
    name.text,
    definitions.map((one) => one.declaration.name.text),
  );
  const meant = definitions.find((one) => one.declaration.name.text === near);
  const { text: module } = present(spec.modules[prototype.module], "module").tree.name;
  return prototypeUndefined(name, kind, module, meant?.declaration.name ?? null);
}
