import { NO_LIMITS, runCheck } from "../check/check.ts";
import { type Prepared, prepare } from "../check/prepare.ts";
import type { Program } from "../core/program.ts";
import { renderDiagnostic } from "../diagnostics/render.ts";
import { type ConstantValues, constantTexts, surroundings } from "../index/check-spec.ts";
import { insideCwd, nodeHost } from "../index/node-host.ts";
import { memoryLimit } from "../index/node-memory.ts";
import { type SearchSettings, settled } from "../index/search-settings.ts";
import type { Outcome } from "../outcome/outcome.ts";
import { didYouMean } from "../support/did-you-mean.ts";

/** A spec under one choice of constants, searched to its end. */
export interface SearchedSpec {
  readonly prepared: Prepared;
  /** Judged as a check that expects `ok`. */
  readonly outcome: Outcome;
}

/** Searches that ran or run, by the texts, the constants and the threads they are of. */
const SEARCHES = new Map<string, Promise<Outcome>>();

/**
 * Searches the whole state space of a spec under `constants`, whatever its checks expect, for
 * everything that there is to find. The same texts and constants are searched once by each engine:
 * what is found does not depend on the workers. With `hung`, names of threads, also for a state in
 * which exactly these hang, though more of them do later. Rejects with the rendered diagnostics if
 * the spec has errors.
 */
export async function searchSpec(
  path: string,
  constants: ConstantValues,
  settings: SearchSettings,
  hung: readonly string[] = [],
): Promise<SearchedSpec> {
  const how = settled(settings);
  const prepared = await prepare(nodeHost(), insideCwd(path), {
    // The check that expects nothing in particular.
    checks: null,
    ignoreChecks: true,
    constants: constantTexts(constants),
    constantsOrigin: "<constants>",
    constantsPrefix: "",
    properties: null,
  });
  const [program] = prepared.programs;
  if (program === undefined) {
    throw new Error(diagnosticsText(prepared));
  }
  const threads = threadsNamed(hung, program);
  const key = JSON.stringify([how.engine, threads, ...prepared.sources]);
  let search = SEARCHES.get(key);
  if (search === undefined) {
    search = runCheck(
      threads.length === 0 ? program : expecting(program, threads),
      {
        sources: prepared.sources,
        properties: null,
        limits: { ...NO_LIMITS, memoryBytes: memoryLimit(how.engine) },
        deadlock: true,
        hung: true,
        suspicions: false,
        ...how,
        coverage: false,
        exhaustive: true,
      },
      surroundings(undefined),
    );
    SEARCHES.set(key, search);
  }
  const outcome = await search;
  if (outcome.verdict.kind === "incomplete" || !outcome.statistics.complete) {
    // What was not searched must not look as if it held, also behind `.not`.
    throw new Error(`${prepared.file} has more states than fit into memory`);
  }
  return { prepared, outcome };
}

/** The same program, asked for a hang of exactly these threads. */
function expecting(program: Program, threads: readonly number[]): Program {
  return { ...program, check: { ...program.check, expectations: [{ kind: "hung", threads }] } };
}

/** Indices of threads, in canonical order. */
function threadsNamed(names: readonly string[], { file, instances }: Program): readonly number[] {
  const known = instances.map(({ name }) => name);
  const wrong = names.find((name) => !known.includes(name));
  if (wrong !== undefined) {
    const near = didYouMean(wrong, known);
    const hint = near === null ? `it has ${known.join(", ")}` : `did you mean '${near}'?`;
    throw new Error(`${file} has no thread '${wrong}'; ${hint}`);
  }
  return [...known.keys()].filter((index) => names.includes(known[index] as string));
}

/** All errors of a spec, as the command line shows them. */
export function diagnosticsText(
  prepared: Pick<Prepared, "file" | "diagnostics" | "sources">,
): string {
  const { file, diagnostics, sources } = prepared;
  const shown = diagnostics.map((one) => renderDiagnostic(one, sources, { color: false }));
  return `${file} has errors\n\n${shown.join("\n\n")}`;
}
