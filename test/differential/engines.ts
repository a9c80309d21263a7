import type { Program } from "../../src/core/program.ts";
import { exploreFast } from "../../src/explorer/explore.ts";
import type { SearchResult } from "../../src/outcome/outcome.ts";
import type { ExploreOptions } from "../../src/reference/explore.ts";
import { retell } from "../../src/reference/retell.ts";
import { type NamedEngine, REFERENCE } from "./compare-engines.ts";

/** The fast engine, what it saw being told by the reference. */
function fastWith(workers: number) {
  return async (program: Program, options: ExploreOptions): Promise<SearchResult> =>
    retell(program, await exploreFast(program, { ...options, workers }), options);
}

/**
 * The engines that are compared, the one that is right by definition first. The others have to give
 * the same verdicts, counts, traces and witnesses on every spec of these tests.
 */
export const ENGINES: readonly NamedEngine[] = [
  REFERENCE,
  { name: "fast, one worker", run: fastWith(1) },
];
