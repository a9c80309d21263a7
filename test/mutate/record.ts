import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Verdict, VerdictKind } from "./judge.ts";
import type { Mutant } from "./mutants.ts";
import type { OperatorName } from "./operators.ts";

/** What is kept in git of one run over the mutants of one spec. */
export interface Recorded {
  readonly spec: string;
  readonly counts: Readonly<Record<VerdictKind, number>>;
  /** What no verdict notices, in order of the text. */
  readonly unnoticed: readonly Unnoticed[];
}

/** A mutant that no verdict notices. */
export interface Unnoticed {
  readonly operator: OperatorName;
  /** `proc mddev_unlock`. */
  readonly in: string;
  readonly before: string;
  readonly after: string;
  /** Which one of those that are alike so far, from 1. */
  readonly nth: number;
  readonly verdict: VerdictKind;
  readonly because: string;
  /** Why it stays so, written by hand; it is kept when the file is written again. */
  readonly reason: string;
}

/** Where the records are, from the root of the repository. */
export const RECORDS = "test/mutate/unnoticed";

/** The file of a spec's record: `specs/history/x.spec` is `history-x.json`. */
export function recordFile(spec: string): string {
  const name = spec.replace(/^specs\//, "").replace(/\.spec$/, "");
  return join(RECORDS, `${name.replaceAll("/", "-")}.json`);
}

/** All records, by the path of the spec. */
export async function readRecords(): Promise<readonly Recorded[]> {
  const names = await readdir(RECORDS).catch(() => []);
  const records = names.filter((name) => name.endsWith(".json")).map((name) => readRecord(name));
  return (await Promise.all(records)).sort((a, b) => (a.spec < b.spec ? -1 : 1));
}

async function readRecord(name: string): Promise<Recorded> {
  return JSON.parse(await readFile(join(RECORDS, name), "utf8")) as Recorded;
}

/** What tells mutants of a spec apart, as long as the line itself stays. */
export function identity(
  one: Pick<Mutant, "operator" | "before" | "after" | "nth"> & { readonly in: string },
): string {
  return JSON.stringify([one.operator, one.in, one.before, one.after, one.nth]);
}

/** What came of a mutant. */
interface Judged {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
}

/**
 * Writes what came of the mutants of a spec; reasons that were written by hand stay. With `again`
 * the record stays, too, but for these mutants, which it said are not noticed.
 */
export async function writeRecord(
  spec: string,
  results: readonly Judged[],
  again: boolean,
): Promise<void> {
  const old = (await readRecords()).find((one) => one.spec === spec) ?? null;
  await mkdir(RECORDS, { recursive: true });
  const record = again && old !== null ? renewed(old, results) : recordOf(spec, results, old);
  await writeFile(recordFile(spec), `${JSON.stringify(record, null, 2)}\n`);
}

/** A record in which these of its mutants have been judged anew. */
export function renewed(old: Recorded, results: readonly Judged[]): Recorded {
  const { counts, unnoticed } = recordOf(old.spec, results, old);
  const judged = new Set(results.map(({ mutant }) => identity({ ...mutant, in: mutant.owner })));
  const before = old.unnoticed.filter((one) => judged.has(identity(one)));
  const kinds = Object.keys(old.counts) as VerdictKind[];
  const count = (kind: VerdictKind): number =>
    old.counts[kind] + counts[kind] - before.filter((one) => one.verdict === kind).length;
  return {
    spec: old.spec,
    counts: Object.fromEntries(kinds.map((kind) => [kind, count(kind)])) as Recorded["counts"],
    unnoticed: old.unnoticed.flatMap((one) =>
      judged.has(identity(one))
        ? unnoticed.filter((other) => identity(other) === identity(one))
        : [one],
    ),
  };
}

function recordOf(spec: string, results: readonly Judged[], old: Recorded | null): Recorded {
  const reasons = new Map(old?.unnoticed.map((one) => [identity(one), one.reason]));
  const counts: Record<VerdictKind, number> = {
    noticed: 0,
    count: 0,
    survivor: 0,
    unreached: 0,
    unfinished: 0,
    equivalent: 0,
    refused: 0,
  };
  const unnoticed: Unnoticed[] = [];
  for (const { mutant, verdict } of results) {
    counts[verdict.kind] += 1;
    if (verdict.kind !== "noticed" && verdict.kind !== "refused") {
      const { operator, owner, before, after, nth } = mutant;
      const { kind, by, because } = verdict;
      const why = [because, by === null || because.includes(by) ? "" : `in ${by}`];
      const one = { operator, in: owner, before, after, nth };
      unnoticed.push({
        ...one,
        verdict: kind,
        because: why.filter((part) => part !== "").join(" "),
        reason: reasons.get(identity(one)) ?? "",
      });
    }
  }
  return { spec, counts, unnoticed };
}
