import type { Program } from "../core/program.ts";
import type { Sources } from "../diagnostics/diagnostic.ts";
import type { IncompleteReason, Outcome, Progress, SearchResult } from "../outcome/outcome.ts";
import { explore } from "../reference/explore.ts";
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
  /** The properties to be checked, by name; null for all. */
  readonly properties: ReadonlySet<string> | null;
  /** Whether to search to the end although a finding may decide the check before. */
  readonly exhaustive?: boolean;
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
    return judge(nothingSearched("interrupted"), asked);
  }
  const { check } = asked;
  // A pinned count, whatever it is, needs the whole state space (docs/language.md section 9).
  const searched =
    options.exhaustive === true
      ? { ...asked, check: { ...check, states: check.states ?? 0 } }
      : asked;
  const result = await explore(searched, {
    sources: options.sources,
    limits: options.limits,
    deadlock: options.deadlock,
    properties: options.properties,
    clock: () => surroundings.clock(),
    pause: () => surroundings.pause(),
    memoryUsed: () => surroundings.memoryUsed(),
    onProgress: (progress) => options.onProgress?.(progress),
    signal: surroundings.signal,
  });
  return judge(result, asked);
}

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
function nothingSearched(reason: IncompleteReason): SearchResult {
  return {
    findings: [],
    witnesses: [],
    properties: [],
    statistics: {
      engine: "reference",
      states: 0,
      transitions: 0,
      depth: 0,
      initialStates: 0,
      elapsedMs: 0,
      complete: false,
    },
    incomplete: reason,
  };
}
