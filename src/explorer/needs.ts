import type { Program } from "../core/program.ts";
import type { SearchOptions } from "./search.ts";

/** What can be judged only when all states are known, as far as a search is asked for it. */
export interface Needs {
  /** Whether threads can hang at all, and somebody wants to know. */
  readonly hung: boolean;
  /** Indices into `Program.recoverables` and `.properties`. */
  readonly recoverables: readonly number[];
  readonly properties: readonly number[];
  readonly suspicions: boolean;
}

/** What a search is asked for. */
export function needsOf(
  { instances, threads, recoverables, properties }: Program,
  options: Pick<SearchOptions, "hung" | "suspicions" | "properties">,
): Needs {
  const asked = (declared: readonly { readonly name: string }[]): readonly number[] =>
    [...declared.keys()].filter(
      (index) => options.properties?.has((declared[index] as { name: string }).name) ?? true,
    );
  const canHang = instances.some(({ thread }) => threads[thread]?.escape === false);
  return {
    hung: options.hung && canHang,
    recoverables: asked(recoverables),
    properties: asked(properties),
    suspicions: options.suspicions && canHang,
  };
}

/** Whether the kernel has to survey states. */
export function isAnythingNeeded({ hung, recoverables, properties, suspicions }: Needs): boolean {
  return hung || suspicions || recoverables.length > 0 || properties.length > 0;
}
