import type { Program } from "../../src/core/program.ts";
import type { Finding, PropertyKind, SearchResult } from "../../src/outcome/outcome.ts";
import type { Sight, Sightings } from "../../src/outcome/sighting.ts";
import { present } from "../../src/support/internal-error.ts";

/** What every finding has that nobody tells. */
const UNTOLD = {
  span: null,
  message: null,
  trace: null,
  waiting: [],
  doomedAt: null,
  lasso: null,
  waitFor: null,
} as const;

/**
 * What was seen as findings that have no traces. To tell a trace takes as long as a small search, and
 * of a mutant nobody wants to see one.
 */
export function untold(program: Program, sightings: Sightings): SearchResult {
  const { seen, statistics, coverage, incomplete } = sightings;
  const sorted = [...seen].sort((a, b) => a.length - b.length || compareSights(a.what, b.what));
  const reached = new Set(
    seen.flatMap(({ what }) => (what.kind === "reachable" ? [what.index] : [])),
  );
  const unreached = program.reachables.flatMap(({ name }, index): readonly Finding[] =>
    statistics.complete && !reached.has(index) ? [violation("reachable", name)] : [],
  );
  return {
    findings: [...sorted.flatMap(({ what }) => findingOf(program, what)), ...unreached],
    witnesses: [],
    properties: [],
    statistics,
    coverage,
    suspicions: [],
    hangs: [],
    incomplete,
  };
}

/** As findings are told: by kind, then as declared. */
function compareSights(a: Sight, b: Sight): number {
  const kind = KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
  const [first, second] = [a, b].map((one) =>
    "threads" in one ? one.threads : "index" in one ? [one.index] : [],
  );
  const at = first?.findIndex((one, index) => one !== second?.[index]) ?? -1;
  return kind !== 0 || at < 0 ? kind : (first?.[at] ?? 0) - (second?.[at] ?? -1);
}

const KINDS: readonly Sight["kind"][] = [
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

function findingOf(program: Program, what: Sight): readonly Finding[] {
  switch (what.kind) {
    case "error":
    case "assertion":
      return [{ kind: what.kind, ...UNTOLD }];
    case "deadlock":
    case "hung": {
      const threads = what.threads.map(
        (index) => present(program.instances[index], "a thread").name,
      );
      return [{ kind: what.kind, threads, ...UNTOLD }];
    }
    case "invariant":
      return [named(program.invariants, what.index, what.kind)];
    case "step":
      return [named(program.steps, what.index, what.kind)];
    case "recoverable":
      return [named(program.recoverables, what.index, what.kind)];
    case "property":
      return [named(program.properties, what.index, what.kind)];
    default:
      return [];
  }
}

function named(
  declared: readonly { readonly name: string }[],
  index: number,
  property: PropertyKind,
): Finding {
  return violation(property, present(declared[index], "a property").name);
}

function violation(property: PropertyKind, name: string): Finding {
  return { kind: "violation", property, name, ...UNTOLD };
}
