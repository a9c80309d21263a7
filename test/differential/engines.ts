import type { Program } from "../../src/core/program.ts";
import { exploreFast } from "../../src/explorer/explore.ts";
import type { TeamUse } from "../../src/explorer/search.ts";
import type { SearchResult } from "../../src/outcome/outcome.ts";
import type { ExploreOptions } from "../../src/reference/explore.ts";
import { retell } from "../../src/reference/retell.ts";
import { type NamedEngine, REFERENCE } from "./compare-engines.ts";

/** The fast engine, what it saw being told by the reference. */
function fastWith(workers: number, teamUse?: TeamUse) {
  return async (program: Program, options: ExploreOptions): Promise<SearchResult> =>
    retell(program, await exploreFast(program, { ...options, workers }, teamUse), options);
}

/**
 * The engines that are compared, the one that is right by definition first. The others have to give
 * the same verdicts, counts, traces and witnesses on every spec of these tests.
 */
export const ENGINES: readonly NamedEngine[] = [
  REFERENCE,
  { name: "fast, one worker", run: fastWith(1) },
  { name: "fast, two workers", run: fastWith(2) },
];

/**
 * Threads that search every level together, however small. They take long to start, so that there
 * are tests of their own for them.
 */
export const TOGETHER: readonly NamedEngine[] = [
  REFERENCE,
  {
    name: "fast, two workers on each level",
    run: fastWith(2, { levelMin: 0, statesMin: 0, waits: true }),
  },
];
