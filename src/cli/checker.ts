import { runCheck, type SearchOptions } from "../check/check.ts";
import type { Host } from "../check/host.ts";
import { type Prepared, prepare, type Wanted } from "../check/prepare.ts";
import type { Sources } from "../diagnostics/diagnostic.ts";
import type { Outcome, Progress } from "../outcome/outcome.ts";
import { present } from "../support/internal-error.ts";
import type { Io } from "./io.ts";
import type { CheckCommandOptions } from "./options.ts";

/** A spec that was read, without what is needed to run it. */
export interface ReadSpec extends Omit<Prepared, "programs"> {
  /** The names of the checks that are to be run, in the order of the file. */
  readonly checks: readonly string[];
}

/** How one check is run. */
export interface CheckRun {
  /** Whether the report may show how what is found comes about though the check is met. */
  readonly isTold: boolean;
  onProgress(progress: Progress): void;
}

/** A spec whose checks can be run. */
export interface RunnableSpec {
  readonly spec: ReadSpec;
  /** Runs the check at `index` of `spec.checks`. */
  run(index: number, how: CheckRun): Promise<Outcome>;
}

/** Whatever reads specs and runs their checks. */
export interface Checker {
  /** Reads the spec at this position of the list; rejects with `FileError` if it cannot. */
  prepare(position: number): Promise<RunnableSpec>;
  /** The run is to end soon; `signal` says so already. */
  interrupt(): void;
  /** Ends all that goes on besides. */
  end(): Promise<void>;
}

/** What a checker works with. */
export interface CheckerParts {
  /** The specs of the run, in order. */
  readonly paths: readonly string[];
  readonly wanted: Wanted;
  readonly options: CheckCommandOptions;
  readonly signal: { readonly aborted: boolean };
}

/** Prepares a spec as a run wants it. */
export async function prepareSpec(
  host: Host,
  path: string,
  wanted: Wanted,
): Promise<{ readonly prepared: Prepared; readonly spec: ReadSpec }> {
  const prepared = await prepare(host, path, wanted);
  const { programs, ...rest } = prepared;
  return { prepared, spec: { ...rest, checks: programs.map((one) => one.check.name) } };
}

/** Whether the checks of a spec are run at all; else there is only something to say. */
export function isToBeRun(
  { checks, isLibrary, diagnostics, propertyNames }: ReadSpec,
  { properties }: Pick<CheckCommandOptions, "properties">,
): boolean {
  return (
    checks.length > 0 &&
    !isLibrary &&
    !diagnostics.some((one) => one.severity === "error") &&
    (properties === null || propertyNames.some((name) => properties.has(name)))
  );
}

/** The options of a search as the command line wants it. */
export function searchOptions(
  options: CheckCommandOptions,
  sources: Sources,
  { isTold, onProgress }: CheckRun,
): SearchOptions {
  return {
    sources,
    limits: options.limits,
    deadlock: options.deadlock,
    hung: options.hung,
    suspicions: options.suspicions,
    properties: options.properties,
    engine: options.engine,
    workers: options.workers,
    coverage: options.coverage,
    explain: isTold ? "all" : "unmet",
    onProgress,
  };
}

/** Runs one check after the other, here. */
export function createLocalChecker(
  io: Io,
  host: Host,
  { paths, wanted, options, signal }: CheckerParts,
): Checker {
  const surroundings = {
    clock: () => io.clock(),
    pause: () => io.pause(),
    memoryUsed: () => io.memoryUsed(),
    signal,
  };
  return {
    prepare: async (position) => {
      const path = present(paths[position], "the path of a spec");
      const { prepared, spec } = await prepareSpec(host, path, wanted);
      return {
        spec,
        run: (index, how) =>
          runCheck(
            present(prepared.programs[index], "the program of a check"),
            searchOptions(options, prepared.sources, how),
            surroundings,
          ),
      };
    },
    interrupt: () => {},
    end: async () => {},
  };
}
