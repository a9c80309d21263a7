import { tableText } from "../bench/table.ts";
import { VERDICTS } from "./judge.ts";
import { OPERATORS } from "./operators.ts";
import type { Recorded } from "./record.ts";

/** Where the page is that is made in part. */
export const PAGE = "docs/mutation.md";

/** The page with its tables made anew: what stands between `<!-- name -->` and `<!-- end -->`. */
export function madePage(page: string, records: readonly Recorded[]): string {
  const parts: Readonly<Record<string, string>> = {
    operators: operatorsTable(),
    verdicts: verdictsTable(),
    specs: specsTable(records),
  };
  return Object.entries(parts).reduce((text, [name, table]) => {
    const pattern = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- end -->)`);
    return text.replace(pattern, (_all, begin: string, end: string) => {
      return `${begin}\n${table}\n\n${end}`;
    });
  }, page);
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

function operatorsTable(): string {
  const rows = OPERATORS.map((one) => [
    code(one.name),
    one.does,
    one.why,
    `${code(one.before)} → ${code(one.after)}`,
  ]);
  return tableText(["operator", "what is done", "the mistake it stands for", "example"], rows);
}

function verdictsTable(): string {
  const rows = Object.entries(VERDICTS).map(([name, text]) => [name, text]);
  return tableText(["fate", "what it says"], rows);
}

/** The part of those that could be noticed by a verdict that is, in percent. */
export function score({ counts }: Pick<Recorded, "counts">): number | null {
  const could =
    counts.noticed + counts.count + counts.survivor + counts.unreached + counts.unfinished;
  return could === 0 ? null : (100 * counts.noticed) / could;
}

function specsTable(records: readonly Recorded[]): string {
  const total = (record: Recorded): number =>
    Object.values(record.counts).reduce((sum, one) => sum + one, 0);
  const rows = records.map((record) => {
    const { counts, spec } = record;
    const share = score(record);
    return [
      `[${spec.replace(/^specs\//, "")}](../${spec})`,
      total(record),
      counts.refused,
      counts.equivalent,
      counts.noticed,
      counts.count,
      counts.survivor + counts.unfinished,
      counts.unreached,
      share === null ? "–" : share.toFixed(1),
    ];
  });
  const head = ["spec", "mutants", "refused", "equivalent", "noticed", "count alone"];
  return tableText([...head, "survive", "unreached", "% noticed"], rows);
}
