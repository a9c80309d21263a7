import type { Variable } from "../core/program.ts";
import type { Type } from "../core/types.ts";
import { showValue } from "./show.ts";
import { cardinality, type TypeContext, valuesOf } from "./types.ts";
import type { Value } from "./value.ts";

/**
 * A place that can say which thread owns something: a field of an optional thread type, in a struct
 * that a variable is or contains. That a thread really takes it shows in the run: it becomes its owner.
 */
export interface LockPlace {
  /** As written, without the field of the owner: `reconfig_mutex`, `fork[1]`, `md.suspend_lock`. */
  readonly name: string;
  /** Index into `Program.variables`. */
  readonly variable: number;
  /** From the variable to the owner. */
  readonly path: readonly LockStep[];
}

/** One step into a value. */
export type LockStep =
  | { readonly kind: "field"; readonly field: string }
  /** Of a map. */
  | { readonly kind: "key"; readonly key: Value };

/** So many places at most are looked at; maps with more keys than this are left out. */
const PLACES_MAX = 256;

/** The places of owners, in order of declaration; elements of sequences have no fixed place. */
export function lockPlaces(
  variables: readonly Variable[],
  context: TypeContext,
): readonly LockPlace[] {
  return variables
    .flatMap(({ name, type }, variable) =>
      ownersIn(type, { name, variable, path: [] }, name, context),
    )
    .slice(0, PLACES_MAX);
}

/** `written` is the text of the place itself, `at.name` that of the struct around it. */
function ownersIn(
  type: Type,
  at: LockPlace,
  written: string,
  context: TypeContext,
): readonly LockPlace[] {
  switch (type.kind) {
    case "option":
      return type.of.kind === "thread" && at.path.at(-1)?.kind === "field" ? [at] : [];
    case "struct":
      return type.fields.flatMap(({ name, type: of }) => {
        const path: readonly LockStep[] = [...at.path, { kind: "field", field: name }];
        return ownersIn(of, { ...at, name: written, path }, `${written}.${name}`, context);
      });
    case "map":
      if (cardinality(type.key, context) > PLACES_MAX) {
        return [];
      }
      return [...valuesOf(type.key, context)].flatMap((key) => {
        const path: readonly LockStep[] = [...at.path, { kind: "key", key }];
        const element = `${written}[${showValue(key, type.key, context)}]`;
        return ownersIn(type.value, { ...at, path }, element, context);
      });
    default:
      return [];
  }
}
