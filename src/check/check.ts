import type { Program } from "../core/program.ts";
import type { Sources } from "../diagnostics/diagnostic.ts";
import { exploreFast } from "../explorer/explore.ts";
import type { IncompleteReason, Outcome, Progress, SearchResult } from "../outcome/outcome.ts";
import { type ExploreOptions, explore } from "../reference/explore.ts";
import { retell } from "../reference/retell.ts";
import { covered } from "./coverage.ts";
import type { Engine } from "./engines.ts";
import { explained } from "./explained.ts";
import { judge } from "./judge.ts";

/** Where a search ends before its end; null where nothing ends it. */
export interface Limits {
  readonly states: number | null;
  readonly depth: number | null;
  readonly timeMs: number | null;
  readonly memoryBytes: number | null;
}

/** Nothing ends a search early. */
export const NO_LIMITS: Limits = { states: null, depth: null, timeMs: null, memoryBytes: null };

/** What a search needs of the world outside; doors supply it. */
export interface Surroundings {
  /** Milliseconds from any fixed moment. */
  clock(): number;
  /** Lets others run: signals, timers. */
  pause(): Promise<void>;
  /** Bytes in use by the process. */
  memoryUsed(): number;
  readonly signal: { readonly aborted: boolean };
}

/** How each check of a spec is searched. */
export interface SearchOptions {
  readonly sources: Sources;
  readonly limits: Limits;
  readonly deadlock: boolean;
  /** Whether threads that can never go on are findings, though others go on. */
  readonly hung: boolean;
  /** Whether to look for unstable waits and for locks that are taken in both orders. */
  readonly suspicions: boolean;
  /** The properties to be checked, by name; null for all. */
  readonly properties: ReadonlySet<string> | null;
  readonly engine: Engine;
  /** How many search at the same time; the reference does with one. */
  readonly workers: number;
  /** Whether to count how often transitions are taken and statements executed. */
  readonly coverage: boolean;
  /** Whether to search to the end although a finding may decide the check before. */
  readonly exhaustive?: boolean;
  /**
   * In which deadlocks and hangs to work out who waits for whom, which may take longer than the search
   * of a small spec: in all if not said, or only if the check is not met.
   */
  readonly explain?: "all" | "unmet";
  onProgress?(progress: Progress): void;
}

/** Searches the states of one prepared check and judges what was found. */
export async function runCheck(
  program: Program,
  options: SearchOptions,
  surroundings: Surroundings,
): Promise<Outcome> {
  const asked = narrow(program, options);
  if (surroundings.signal.aborted) {
    return judge(nothingSearched("interrupted", options.engine), asked);
  }
  const { check } = asked;
  // A pinned count, whatever it is, needs the whole state space (docs/language.md section 9).
  const searched =
    options.exhaustive === true
      ? { ...asked, check: { ...check, states: check.states ?? 0 } }
      : asked;
  const result = await ENGINE_SEARCHES[options.engine](searched, {
    sources: options.sources,
    limits: options.limits,
    deadlock: options.deadlock,
    hung: options.hung,
    suspicions: options.suspicions,
    properties: options.properties,
    workers: options.workers,
    coverage: options.coverage,
    clock: () => surroundings.clock(),
    pause: () => surroundings.pause(),
    memoryUsed: () => surroundings.memoryUsed(),
    onProgress: (progress) => options.onProgress?.(progress),
    signal: surroundings.signal,
  });
  const unexplained = judge(result, asked, options.hung);
  const outcome =
    unexplained.met && options.explain === "unmet"
      ? unexplained
      : judge(explained(asked, result, options.sources), asked, options.hung);
  if (result.coverage === null) {
    return outcome;
  }
  const { coverage, warnings } = covered(asked, result.coverage, options.sources);
  // What was not searched may still execute it.
  const { complete } = result.statistics;
  return complete
    ? { ...outcome, coverage, warnings: [...outcome.warnings, ...warnings] }
    : { ...outcome, coverage };
}

/** What every engine is told. */
interface EngineOptions extends ExploreOptions {
  readonly workers: number;
}

/** How each engine searches; `engines.ts` says which of them can be asked for. */
const ENGINE_SEARCHES: Readonly<
  Record<Engine, (program: Program, options: EngineOptions) => Promise<SearchResult>>
> = {
  reference: explore,
  fast: async (program, options) => {
    const { sources, properties } = options;
    return retell(program, await exploreFast(program, options), { sources, properties });
  },
};

/** Without what is not looked for, a check can't expect it either. */
function narrow(program: Program, options: SearchOptions): Program {
  const { properties, deadlock } = options;
  const kept = program.check.expectations.filter((one) => {
    switch (one.kind) {
      case "violation":
        return properties === null || properties.has(one.name);
      case "deadlock":
        return deadlock;
      default:
        return true;
    }
  });
  const expectations = kept.length === 0 ? [{ kind: "ok" } as const] : kept;
  return { ...program, check: { ...program.check, expectations } };
}

/** For the checks that an interruption kept from running. */
function nothingSearched(reason: IncompleteReason, engine: Engine): SearchResult {
  return {
    findings: [],
    witnesses: [],
    properties: [],
    statistics: {
      engine,
      workers: 1,
      states: 0,
      transitions: 0,
      depth: 0,
      levels: [],
      initialStates: 0,
      elapsedMs: 0,
      complete: false,
      storage: null,
      timing: null,
    },
    coverage: null,
    suspicions: [],
    hangs: [],
    incomplete: reason,
  };
}
