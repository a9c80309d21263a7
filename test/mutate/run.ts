import { covered } from "../../src/check/coverage.ts";
import { judge } from "../../src/check/judge.ts";
import type { Program } from "../../src/core/program.ts";
import type { Sources } from "../../src/diagnostics/diagnostic.ts";
import { exploreFast } from "../../src/explorer/explore.ts";
import type { Unmet } from "../../src/outcome/outcome.ts";
import { gateOf } from "./spots.ts";
import { untold } from "./untold.ts";

/** Where a search gives up. */
export interface Limits {
  readonly states: number | null;
  readonly timeMs: number | null;
}

/** What came of one check, its pinned count left aside. */
export interface Run {
  /** What the check says that it should not, or does not say; without `states`. */
  readonly unmet: readonly Exclude<Unmet, { readonly kind: "states" }>[];
  /** Of all reachable states where `isComplete`. */
  readonly states: number;
  readonly isComplete: boolean;
  /** The statements that were executed, as gates name them; empty where that was not asked. */
  readonly executed: ReadonlySet<string>;
}

const MEMORY_BYTES_MAX = 2 ** 30;

/** Runs one check with one worker, without working out who waits for whom. */
export async function runProgram(
  program: Program,
  sources: Sources,
  limits: Limits,
  coverage = false,
): Promise<Run> {
  // A check that expects nothing wrong ends at the first finding, unless a count is pinned.
  const unpinned = { ...program, check: { ...program.check, states: coverage ? 0 : null } };
  const seen = await exploreFast(unpinned, {
    limits: { ...limits, depth: null, memoryBytes: MEMORY_BYTES_MAX },
    deadlock: true,
    hung: true,
    suspicions: false,
    properties: null,
    workers: 1,
    coverage,
    clock: () => performance.now(),
    pause: () => Promise.resolve(),
    onProgress: () => {},
    signal: { aborted: false },
  });
  const result = untold(program, seen);
  const { unmet } = judge(result, { ...program, check: { ...program.check, states: null } });
  const executed = new Set(
    result.coverage === null
      ? []
      : covered(program, result.coverage, sources)
          .coverage.statements.filter(({ taken, atStart }) => taken > 0 || atStart)
          .map(({ span }) => gateOf(span)),
  );
  return {
    unmet: unmet.filter((one) => one.kind !== "states"),
    states: result.statistics.states,
    isComplete: result.statistics.complete && result.incomplete === null,
    executed,
  };
}

/** What was noticed, in a few words. */
export function unmetText(unmet: Unmet): string {
  switch (unmet.kind) {
    case "missing": {
      const { expectation: one } = unmet;
      const what = one.kind === "violation" ? `violation(${one.name})` : one.kind;
      return `missing ${what}${"threads" in one && one.threads ? `(${one.threads.join(", ")})` : ""}`;
    }
    case "unexpected": {
      const { finding: one } = unmet;
      const what = one.kind === "violation" ? `violation(${one.name})` : one.kind;
      return `found ${what}${"threads" in one ? `(${one.threads.join(", ")})` : ""}`;
    }
    case "incomplete":
      return `incomplete (${unmet.reason})`;
    default:
      return `${unmet.actual} states, not ${unmet.expected}`;
  }
}
