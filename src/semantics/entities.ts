import type {
  CheckDeclaration,
  ConstDeclaration,
  DefDeclaration,
  Name,
  PredicateDeclaration,
  ProcDeclaration,
  PropertyDeclaration,
  ThreadDeclaration,
  TransitionDeclaration,
  TypeDeclaration,
  TypeExpression,
  VarDeclaration,
} from "../syntax/ast.ts";
import type { ModuleIndex } from "./link.ts";

interface EntityBase {
  /** Where it is declared. */
  readonly name: Name;
  readonly module: ModuleIndex;
}

/** `index` counts the entities of one kind in canonical order, as `Program` lists them. */
interface Indexed extends EntityBase {
  readonly index: number;
}

/** A declaration without body or value, and the module it stands in: whoever sees that sees the name. */
export interface Prototype<D> {
  readonly module: ModuleIndex;
  readonly declaration: D;
}

/**
 * What can be declared by a prototype and defined elsewhere. It stands where its definition does;
 * where nothing defines it, `declaration` is the prototype itself, and `prototype` is null.
 */
interface Definable<D> extends Indexed {
  readonly declaration: D;
  readonly prototype: Prototype<D> | null;
}

/** What its users go by: the prototype, if there is one. */
export function declaredAs<D>(entity: Definable<D>): D {
  return entity.prototype?.declaration ?? entity.declaration;
}

/** A constant. */
export type ConstEntity = Definable<ConstDeclaration> & { readonly kind: "const" };
/** A named type. */
export type TypeEntity = EntityBase & {
  readonly kind: "type";
  readonly declaration: TypeDeclaration;
};
/** A member of an enum. `definition` is the `enum {…}` (or `symmetric enum {…}`) that lists the member. */
export type MemberEntity = EntityBase & {
  readonly kind: "member";
  readonly definition: TypeExpression & { readonly kind: "enumType" };
  /** The name of the symmetric type that the member is a value of; null for an enum. */
  readonly symmetric: string | null;
};
/** A state variable. */
export type VarEntity = Indexed & { readonly kind: "var"; readonly declaration: VarDeclaration };
/** A def. `index` counts those without type parameters; a generic one has -1 and gets its places later. */
export type DefEntity = Definable<DefDeclaration> & { readonly kind: "def" };
/** A proc; `index` as for `DefEntity`. */
export type ProcEntity = Definable<ProcDeclaration> & { readonly kind: "proc" };
/** A thread, indexed or not. */
export type ThreadEntity = Indexed & {
  readonly kind: "thread";
  readonly declaration: ThreadDeclaration;
};
/** A transition. */
export type TransitionEntity = Indexed & {
  readonly kind: "transition";
  readonly declaration: TransitionDeclaration;
};
/** An invariant, step, reachable or recoverable property. */
export type PredicateEntity = EntityBase & {
  readonly kind: "predicate";
  readonly declaration: PredicateDeclaration;
};
/** A temporal property. */
export type PropertyEntity = EntityBase & {
  readonly kind: "property";
  readonly declaration: PropertyDeclaration;
};
/** A check of the root file. */
export type CheckEntity = EntityBase & {
  readonly kind: "check";
  readonly declaration: CheckDeclaration;
};

/** What a name of a module stands for. */
export type Entity =
  | ConstEntity
  | TypeEntity
  | MemberEntity
  | VarEntity
  | DefEntity
  | ProcEntity
  | ThreadEntity
  | TransitionEntity
  | PredicateEntity
  | PropertyEntity
  | CheckEntity;

/** An entity in words, with its article. */
export function describeEntity(entity: Entity): string {
  switch (entity.kind) {
    case "const":
      return "a constant";
    case "type":
      return "a type";
    case "member":
      return "a member of an enum";
    case "var":
      return "a variable";
    case "predicate":
      return entity.declaration.kind === "invariant"
        ? "an invariant"
        : `a ${entity.declaration.kind} property`;
    default:
      return `a ${entity.kind}`;
  }
}
