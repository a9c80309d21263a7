/**
 * The types of core: closed (no type parameters, constants known) and finite. Integers are
 * intervals; enums and structs are nominal (`id` decides), everything else is structural.
 */
export type Type =
  | { readonly kind: "bool" }
  | IntegerType
  | EnumType
  | SymmetricType
  | { readonly kind: "thread" }
  | { readonly kind: "option"; readonly of: Type }
  | { readonly kind: "set"; readonly of: Type }
  | { readonly kind: "map"; readonly key: Type; readonly value: Type }
  | { readonly kind: "seq"; readonly of: Type; readonly lengthMax: number }
  | StructType;

/** The integers `low` to `high`, both included, inside −2³¹ … 2³¹−1. */
export interface IntegerType {
  readonly kind: "int";
  readonly low: number;
  readonly high: number;
}

/** Named values in order of declaration. */
export interface EnumType {
  readonly kind: "enum";
  /** Unique in the program: the declared name, or a made-up one for an enum written in place. */
  readonly id: string;
  readonly members: readonly string[];
}

/** A scalarset: its values may be permuted without changing a verdict. Never an option. */
export interface SymmetricType {
  readonly kind: "symmetric";
  readonly id: string;
  /** All numbers (`symmetric 0..2`) or all names (`symmetric enum {…}`), in canonical order. */
  readonly values: readonly number[] | readonly string[];
}

/** A record; nominal. */
export interface StructType {
  readonly kind: "struct";
  readonly id: string;
  readonly fields: readonly FieldType[];
}

/** A field of a struct, in the order of its declaration. */
export interface FieldType {
  readonly name: string;
  readonly type: Type;
}
