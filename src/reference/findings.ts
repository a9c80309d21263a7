import type { Program } from "../core/program.ts";
import type {
  CoverageCounts,
  Finding,
  IncompleteReason,
  SearchResult,
  Statistics,
  Witness,
} from "../outcome/outcome.ts";
import { InternalError, present } from "../support/internal-error.ts";
import { type Matter, matterKey } from "./candidates.ts";
import { lassoView } from "./lasso-view.ts";
import type { Machine } from "./machine.ts";
import { plainOf } from "./plain.ts";
import { searchedPredicates } from "./predicates.ts";
import { propertyResults } from "./property-results.ts";
import { suspicionsOf } from "./tell-suspicions.ts";
import { type Route, type Telling, traceOf } from "./trace.ts";
import { instanceName, waitingAt } from "./waiting.ts";

/** Something to be told, with the states that lead to it. */
export interface Told extends Route {
  readonly what: Matter;
  /** Steps of its trace. */
  readonly length: number;
  /** As `Sighting` says. */
  readonly doomedAt: number | null;
}

/** What a search of any engine came to. */
export interface Found {
  /** One at most of each kind: the least. In any order. */
  readonly told: readonly Told[];
  /** Names of the properties that were searched for; null for all. */
  readonly properties: ReadonlySet<string> | null;
  readonly statistics: Statistics;
  readonly coverage: CoverageCounts | null;
  readonly incomplete: IncompleteReason | null;
  /** As `Sightings` says. */
  readonly vacuous: readonly (readonly number[])[];
}

/** A search with what was asked of it, at hand for telling. */
export interface Findings extends Found {
  readonly machine: Machine;
  /** By `matterKey`. */
  readonly byKey: ReadonlyMap<string, Told>;
}

/** Tells what was found. */
export function resultOf(telling: Telling, found: Found): SearchResult {
  const { machine } = telling;
  const { program } = machine;
  const byKey = new Map(found.told.map((told) => [matterKey(told.what), told]));
  if (byKey.size < found.told.length) {
    throw new InternalError("two findings of one kind");
  }
  const all: Findings = { ...found, machine, byKey };
  const sorted = [...found.told].sort((a, b) => compareKinds(program, a, b));
  const findings = sorted.flatMap((told) => findingOf(telling, told) ?? []);
  return {
    findings: found.statistics.complete ? [...findings, ...unreached(all)] : findings,
    witnesses: witnessesOf(telling, all),
    properties: propertyResults(all),
    statistics: found.statistics,
    coverage: found.coverage,
    suspicions: suspicionsOf(telling, found.told),
    hangs: sorted.flatMap(({ what, path }) =>
      "threads" in what && what.threads.length > 0
        ? [{ threads: what.threads, path: path.map((state) => plainOf(machine, state)) }]
        : [],
    ),
    incomplete: found.incomplete,
  };
}

/** Findings as `SearchResult` wants them: shortest first, then by kind, then as declared. */
function compareKinds(program: Program, a: Told, b: Told): number {
  if (a.length !== b.length) {
    return a.length - b.length;
  }
  const kind = kindRank(a) - kindRank(b);
  return kind === 0 ? compareDeclared(program, a, b) : kind;
}

const KINDS = [
  "error",
  "assertion",
  "invariant",
  "step",
  "deadlock",
  "hung",
  "reachable",
  "recoverable",
  "property",
];

function kindRank({ what }: Told): number {
  const isProperty = what.kind === "violation" || what.kind === "witness";
  return KINDS.indexOf(isProperty ? what.property : what.kind);
}

function compareDeclared(program: Program, { what: a }: Told, { what: b }: Told): number {
  if ("threads" in a && "threads" in b) {
    const at = a.threads.findIndex((thread, index) => thread !== b.threads[index]);
    return at < 0
      ? a.threads.length - b.threads.length
      : (a.threads[at] ?? 0) - (b.threads[at] ?? -1);
  }
  if ("predicate" in a && "predicate" in b) {
    const list = [
      ...program.invariants,
      ...program.steps,
      ...program.reachables,
      ...program.recoverables,
      ...program.properties,
    ];
    return list.indexOf(a.predicate) - list.indexOf(b.predicate);
  }
  return 0;
}

/** What only some kinds of findings have. */
const NOTHING_MORE = { waiting: [], doomedAt: null, lasso: null, waitFor: null } as const;

/** Null for what is no finding. */
function findingOf(telling: Telling, told: Told): Finding | null {
  const { what, doomedAt } = told;
  switch (what.kind) {
    case "error":
    case "assertion": {
      const { kind, span, message } = what;
      return { kind, span, message, trace: traceOf(telling, told), ...NOTHING_MORE };
    }
    case "deadlock":
    case "hung": {
      const state = present(told.path.at(-1), "the state of a deadlock");
      return {
        kind: what.kind,
        threads: what.threads.map((thread) => instanceName(telling.machine, thread)),
        span: null,
        message: null,
        trace: traceOf(telling, told),
        ...NOTHING_MORE,
        waiting: waitingAt(telling, state),
        doomedAt,
      };
    }
    case "violation": {
      const { kind, property, predicate } = what;
      const { name, span } = predicate;
      const trace = traceOf(telling, told);
      const lasso = lassoView(telling, told);
      return { kind, property, name, span, message: null, trace, ...NOTHING_MORE, lasso };
    }
    default:
      return null;
  }
}

function witnessesOf(
  telling: Telling,
  { machine, properties, byKey }: Findings,
): readonly Witness[] {
  return searchedPredicates(machine, properties).reachables.flatMap(({ name, span }): Witness[] => {
    const told = byKey.get(`reachable ${name}`);
    return told === undefined ? [] : [{ name, span, trace: traceOf(telling, told) }];
  });
}

/** What a complete search did not reach. */
function unreached({ machine, properties, byKey }: Findings): readonly Finding[] {
  return searchedPredicates(machine, properties)
    .reachables.filter(({ name }) => !byKey.has(`reachable ${name}`))
    .map(({ name, span }) => ({
      kind: "violation",
      property: "reachable",
      name,
      span,
      message: null,
      trace: null,
      ...NOTHING_MORE,
    }));
}
