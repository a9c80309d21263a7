import { type Limits, NO_LIMITS, runCheck } from "../check/check.ts";
import type { ConstantText } from "../check/constants.ts";
import type { Host } from "../check/host.ts";
import { prepare } from "../check/prepare.ts";
import type { Outcome, Progress, SpecOutcome, TraceStep, Verdict } from "../outcome/outcome.ts";
import { insideCwd, nodeHost } from "./node-host.ts";
import { memoryLimit, memoryUsed } from "./node-memory.ts";
import { type SearchSettings, settled } from "./search-settings.ts";

/** Values for constants, by name; a string is a member of an enum or any expression of the language. */
export type ConstantValues = Readonly<Record<string, boolean | number | string>>;

/** What to check of a spec, and how. All of it may be left out. */
export interface CheckOptions extends SearchSettings {
  /** Set for the checks of `checks`; without `checks` there is then one run that expects `ok`. */
  readonly constants?: ConstantValues;
  /** Names of checks; all if left out. */
  readonly checks?: readonly string[];
  /** Names of properties; all if left out. */
  readonly properties?: readonly string[];
  /** Whether deadlocks are looked for; they are if left out. */
  readonly deadlock?: boolean;
  /** Whether threads that can never go on are looked for, though others go on; as deadlocks if left out. */
  readonly hung?: boolean;
  /** Whether to look for unstable waits and for locks taken in both orders; not if left out. */
  readonly suspicions?: boolean;
  /** Where each search ends before its end. */
  readonly limits?: Partial<Limits>;
  /** Whether to count how often transitions are taken and statements executed. */
  readonly coverage?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the search; what was found until then is judged as incomplete. */
  readonly signal?: AbortSignal;
  /** Where texts come from; the files of this machine if left out. */
  readonly host?: Host;
}

/** What came of a spec; at the top what came of the check that decides. */
export interface CheckResult extends SpecOutcome {
  /** Whether the spec is without errors and every check is met. */
  readonly met: boolean;
  /** Of the first check that is not met, else of the first; `refused` where the spec has errors. */
  readonly verdict: Verdict | { readonly kind: "refused" };
  /** The steps to the first finding of that check; empty where there is none. */
  readonly trace: readonly TraceStep[];
  /** Distinct reachable states that were found in that check. */
  readonly states: number;
}

/**
 * Runs the checks of the spec at `path`. Errors in the spec come back as diagnostics; rejects only
 * with `FileError`, if the file cannot be read, with `RangeError` for an engine or a
 * number of workers that is not there, or with `InternalError`, a fault of mdcheck.
 */
export async function check(path: string, options: CheckOptions = {}): Promise<CheckResult> {
  const properties = options.properties === undefined ? null : new Set(options.properties);
  const settings = settled(options);
  const prepared = await prepare(options.host ?? nodeHost(), insideCwd(path), {
    checks: options.checks ?? null,
    constants: constantTexts(options.constants ?? {}),
    constantsOrigin: "<constants>",
    constantsPrefix: "",
    properties,
  });
  const { file, module, diagnostics, sources } = prepared;
  const outcomes: Outcome[] = [];
  for (const program of prepared.programs) {
    const outcome = await runCheck(
      program,
      {
        sources,
        properties,
        limits: { ...NO_LIMITS, memoryBytes: memoryLimit(settings.engine), ...options.limits },
        deadlock: options.deadlock ?? true,
        hung: options.hung ?? options.deadlock ?? true,
        suspicions: options.suspicions ?? false,
        ...settings,
        coverage: options.coverage ?? false,
        onProgress: (progress) => options.onProgress?.(progress),
      },
      surroundings(options.signal),
    );
    outcomes.push(outcome);
  }
  return { file, module, outcomes, diagnostics, sources, ...decisive(outcomes) };
}

/** What the machine gives to a search. */
export function surroundings(signal: AbortSignal | undefined): {
  readonly clock: () => number;
  readonly pause: () => Promise<void>;
  readonly memoryUsed: () => number;
  readonly signal: { readonly aborted: boolean };
} {
  return {
    clock: () => performance.now(),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    memoryUsed,
    signal: signal ?? { aborted: false },
  };
}

/** Constants as texts of the language. */
export function constantTexts(constants: ConstantValues): readonly ConstantText[] {
  return Object.entries(constants).map(([name, value]) => ({ name, value: String(value) }));
}

function decisive(
  outcomes: readonly Outcome[],
): Pick<CheckResult, "met" | "verdict" | "trace" | "states"> {
  const decides = outcomes.find((one) => !one.met) ?? outcomes[0];
  return {
    met: outcomes.length > 0 && outcomes.every((one) => one.met),
    verdict: decides?.verdict ?? { kind: "refused" },
    trace: decides?.findings[0]?.trace?.steps ?? [],
    states: decides?.statistics.states ?? 0,
  };
}
