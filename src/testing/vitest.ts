import { describe, expect, test } from "vitest";
import { NO_LIMITS, runCheck } from "../check/check.ts";
import { type Prepared, prepare } from "../check/prepare.ts";
import type { Program } from "../core/program.ts";
import { type ConstantValues, surroundings } from "../index/check-spec.ts";
import { insideCwd, nodeHost } from "../index/node-host.ts";
import { memoryLimit } from "../index/node-memory.ts";
import { type SearchSettings, settled } from "../index/search-settings.ts";
import type { JudgedFinding, Outcome } from "../outcome/outcome.ts";
import { outcomeText, type TextOptions } from "../report/text.ts";
import { didYouMean } from "../support/did-you-mean.ts";
import { diagnosticsText, type SearchedSpec, searchSpec } from "./search.ts";

/** Values for constants, by name. */
export type { ConstantValues } from "../index/check-spec.ts";
/** How specs are searched. */
export type { SearchSettings } from "../index/search-settings.ts";

/** A spec and the constants it is to be checked with; what matchers look at. */
export interface Spec {
  /** Relative to the current folder. */
  readonly path: string;
  readonly constants: ConstantValues;
  readonly settings: SearchSettings;
  /** The same spec with some constants changed. */
  with(constants: ConstantValues): Spec;
}

/** The spec at `path`; constants that are not given have the values that it declares. */
export function spec(
  path: string,
  constants: ConstantValues = {},
  settings: SearchSettings = {},
): Spec {
  const change = (more: ConstantValues): Spec => spec(path, { ...constants, ...more }, settings);
  return { path, constants, settings, with: change };
}

/** What `mdcheck/vitest` adds to `expect(spec(…))`; all of them are to be awaited. */
export interface SpecMatchers {
  /** No thread can be blocked for ever: no reachable state is a deadlock, and in none a thread hangs. */
  toBeDeadlockFree(): Promise<void>;
  /** In some reachable state exactly these threads, or without an argument any, are blocked for ever. */
  toHang(threads?: readonly string[]): Promise<void>;
  /** The property `name` holds, or the `reachable` is reached; without a name, nothing at all is found. */
  toHold(name?: string): Promise<void>;
  /** Some reachable state satisfies the `reachable` called `name`. */
  toReach(name: string): Promise<void>;
  /** The number of distinct reachable states. */
  toHaveStates(count: number): Promise<void>;
}

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: merging needs vitest's own parameter and default.
  interface Matchers<T = any> extends SpecMatchers {}
}

interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
  readonly actual?: unknown;
  readonly expected?: unknown;
}

expect.extend({
  toBeDeadlockFree: async (received: unknown): Promise<MatcherResult> => {
    const searched = await search(received);
    return found(searched, searched.outcome.findings.find(isHang), "be free of deadlocks");
  },

  toHang: async (received: unknown, threads?: readonly string[]): Promise<MatcherResult> => {
    const searched = await search(received);
    const finding = hangOf(searched, threads);
    if (threads === undefined || finding !== undefined) {
      return hung(searched, finding, threads);
    }
    // Perhaps they hang only until more do.
    const again = await search(received, threads);
    return hung(again, hangOf(again, threads), threads);
  },

  toHold: async (received: unknown, name?: string): Promise<MatcherResult> => {
    const searched = await search(received);
    const { outcome } = searched;
    if (name !== undefined) {
      known(name, searched);
      const finding = outcome.findings.find((one) => "name" in one && one.name === name);
      const result = outcome.properties.find((one) => one.name === name)?.result;
      const pass = result === "holds" || result === "reached";
      return found(searched, finding, `keep ${name}`, pass);
    }
    return found(searched, outcome.findings[0], "hold");
  },

  toReach: async (received: unknown, name: string): Promise<MatcherResult> => {
    const searched = await search(received);
    known(name, searched);
    const { properties, findings } = searched.outcome;
    const property = properties.find((one) => one.name === name);
    if (property?.property !== "reachable") {
      throw new Error(`'${name}' is no \`reachable\`; toHold("${name}") checks it`);
    }
    const finding = findings.find((one) => "name" in one && one.name === name);
    return found(searched, finding, `reach ${name}`, property.result === "reached");
  },

  toHaveStates: async (received: unknown, count: number): Promise<MatcherResult> => {
    const { outcome, prepared } = await search(received);
    const { states } = outcome.statistics;
    return {
      pass: states === count,
      message: () => `expected ${prepared.file} to have ${count} states, found ${states}`,
      actual: states,
      expected: count,
    };
  },
});

async function search(received: unknown, threads?: readonly string[]): Promise<SearchedSpec> {
  if (typeof received !== "object" || received === null || !("path" in received)) {
    throw new TypeError("this matcher looks at spec(path, constants)");
  }
  const { path, constants, settings } = received as Spec;
  return await searchSpec(path, constants, settings, threads);
}

function isHang(finding: JudgedFinding): boolean {
  return finding.kind === "deadlock" || finding.kind === "hung";
}

/** A deadlock or hang of exactly these threads, or where none are named, of any. */
function hangOf(
  { outcome }: SearchedSpec,
  threads: readonly string[] | undefined,
): JudgedFinding | undefined {
  const wanted = threads === undefined ? null : new Set(threads);
  return outcome.findings.find(
    (one) =>
      "threads" in one &&
      isHang(one) &&
      (wanted === null ||
        (wanted.size === one.threads.length && one.threads.every((name) => wanted.has(name)))),
  );
}

/** Of a hang that was not to be, the report is the counterexample; of one that is not there, the rest. */
function hung(
  searched: SearchedSpec,
  finding: JudgedFinding | undefined,
  threads: readonly string[] | undefined,
): MatcherResult {
  const { file } = searched.prepared;
  const what = threads === undefined ? "hang" : `hang with exactly ${threads.join(", ")}`;
  const other = searched.outcome.findings.find(isHang);
  return {
    pass: finding !== undefined,
    message: () =>
      finding === undefined
        ? `expected ${file} to ${what}\n\n${counterexample(searched, searched.outcome, other)}`
        : `expected ${file} not to ${what}\n\n${counterexample(searched, searched.outcome, finding)}`,
  };
}

/** Refuses a name that the spec has not, also behind `.not`: it must never look as if it had been checked. */
function known(name: string, { prepared }: SearchedSpec): void {
  const { file, propertyNames } = prepared;
  if (!propertyNames.includes(name)) {
    const near = didYouMean(name, propertyNames);
    const names = propertyNames.length === 0 ? "no properties" : propertyNames.join(", ");
    const hint = near === null ? `it has ${names}` : `did you mean '${near}'?`;
    throw new Error(`${file} has no property '${name}'; ${hint}`);
  }
}

function found(
  searched: SearchedSpec,
  finding: JudgedFinding | undefined,
  expectation: string,
  pass: boolean = finding === undefined,
): MatcherResult {
  const { prepared, outcome } = searched;
  return {
    pass,
    message: () =>
      pass
        ? `expected ${prepared.file} not to ${expectation}`
        : `expected ${prepared.file} to ${expectation}\n\n${counterexample(searched, outcome, finding)}`,
  };
}

/** The text report with this finding alone. */
function counterexample(
  { prepared }: SearchedSpec,
  outcome: Outcome,
  finding: JudgedFinding | undefined,
): string {
  const { file, sources } = prepared;
  const only: Outcome =
    finding === undefined
      ? outcome
      : {
          ...outcome,
          findings: [finding],
          unmet: [{ kind: "unexpected", finding }],
          met: false,
        };
  const checks = [outcome.check.name];
  return outcomeText(only, "full", { ...look(), file, checks, sources });
}

function look(): TextOptions {
  const columns = process.stdout.columns ?? 100;
  return { columns, color: false, fullStates: false, stats: false };
}

/** How `describeSpec` runs its tests. */
export interface DescribeOptions extends SearchSettings {
  /** For each check; a minute if left out. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS_DEFAULT = 60_000;

/** One test for each check of the spec at `path`: it passes when the check is met. */
export function describeSpec(path: string, options: DescribeOptions = {}): void {
  const timeout = options.timeoutMs ?? TIMEOUT_MS_DEFAULT;
  const settings = settled(options);
  describe(path, async () => {
    const prepared = await prepare(nodeHost(), insideCwd(path), {
      checks: null,
      constants: [],
      constantsOrigin: "<constants>",
      constantsPrefix: "",
      properties: null,
    }).catch((error: unknown) => {
      test("can be read", () => {
        throw error;
      });
      return null;
    });
    if (prepared?.programs.length === 0) {
      test("has no errors", () => {
        throw new Error(diagnosticsText(prepared));
      });
    }
    for (const program of prepared?.programs ?? []) {
      test(program.check.name, { timeout }, () => expectMet(program, prepared, settings));
    }
  });
}

async function expectMet(
  program: Program,
  prepared: Prepared | null,
  settings: ReturnType<typeof settled>,
): Promise<void> {
  const sources = prepared?.sources ?? new Map();
  const outcome = await runCheck(
    program,
    {
      sources,
      properties: null,
      limits: { ...NO_LIMITS, memoryBytes: memoryLimit(settings.engine) },
      deadlock: true,
      hung: true,
      suspicions: false,
      ...settings,
      coverage: false,
    },
    surroundings(undefined),
  );
  if (!outcome.met) {
    const checks = [outcome.check.name];
    const layout = { ...look(), file: program.file, checks, sources };
    throw new Error(`\n${outcomeText(outcome, "full", layout)}`);
  }
}
