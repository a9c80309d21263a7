import type { Map as ImmutableMap, Set as ImmutableSet, List } from "immutable";

/**
 * A value of the language, independent of its type: `bool` is a boolean, an integer a number, a
 * member of an enum its name, a `Thread` the name of the instance (`writer`, `worker[2]`), `none`
 * null (an optional value is not wrapped: there is no option of an option), a set an immutable Set,
 * a map an immutable Map with an entry for every key, a sequence a List, a struct an OrderedMap from
 * the names of its fields, in their order (which tells it from a map where no type is at hand).
 * Equality is `is()` of immutable; equal Sets may iterate in different orders, so whatever is
 * printed or chosen goes through `compareValues`.
 */
export type Value =
  | boolean
  | number
  | string
  | null
  | ImmutableSet<Value>
  | ImmutableMap<Value, Value>
  | List<Value>;

/** The values of all variables, by name, in the order of declaration. */
export type Valuation = ImmutableMap<string, Value>;

/** What a map or a struct is made of. */
export type MapValue = ImmutableMap<Value, Value>;
/** A struct: an `OrderedMap` by the names of its fields, which makes it a map as well. */
export type StructValue = ImmutableMap<Value, Value>;
/** A set. */
export type SetValue = ImmutableSet<Value>;
/** A sequence. */
export type ListValue = List<Value>;
