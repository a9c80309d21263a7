import type { SearchOptions } from "../check/check.ts";
import { ENGINES, type Engine } from "../check/engines.ts";
import { isWorkerCount, WORKERS_MAX, workersFor } from "../check/workers.ts";
import { parallelism } from "./node-processors.ts";

/** What searches the states of a spec: what is found does not depend on it. */
export interface SearchSettings {
  /** As `--engine`; the default of the command line if left out. */
  readonly engine?: Engine;
  /**
   * How many search at the same time, 1 to 64; if left out, or "auto", as many as the machine runs,
   * at most 8. The reference does with one.
   */
  readonly workers?: number | "auto";
}

/** What settings come to. Throws `RangeError` for an engine or number of workers not on offer. */
export function settled({
  engine = ENGINES[0],
  workers = "auto",
}: SearchSettings): Pick<SearchOptions, "engine" | "workers"> {
  if (!ENGINES.includes(engine)) {
    throw new RangeError(`the engine must be ${ENGINES.join(" or ")}`);
  }
  if (workers !== "auto" && !isWorkerCount(workers)) {
    throw new RangeError(`workers must be "auto" or a whole number from 1 to ${WORKERS_MAX}`);
  }
  return { engine, workers: workers === "auto" ? workersFor(parallelism()) : workers };
}
