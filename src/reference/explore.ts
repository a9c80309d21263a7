import type { Program } from "../core/program.ts";
import type { Sources } from "../diagnostics/diagnostic.ts";
import type { SearchResult } from "../outcome/outcome.ts";
import { resultOf } from "./findings.ts";
import { createMachine } from "./machine.ts";
import { type SearchOptions, search } from "./search.ts";
import { statisticsOf, toldBy } from "./sightings.ts";
import { createTelling } from "./trace.ts";

/** What a search is told from outside. */
export interface ExploreOptions extends SearchOptions {
  /** For the text of the steps. */
  readonly sources: Sources;
}

/** Searches the states of a program, and judges everything that it says about them. */
export async function explore(program: Program, options: ExploreOptions): Promise<SearchResult> {
  const machine = createMachine(program);
  const done = await search(machine, options);
  return resultOf(createTelling(machine, options.sources), {
    told: toldBy(done),
    properties: options.properties,
    statistics: statisticsOf(done),
    coverage: done.counting,
    incomplete: done.incomplete,
    vacuous: done.vacuous,
  });
}
