import type { Verdict, VerdictKind } from "./judge.ts";
import { edited, type Mutant } from "./mutants.ts";

/** A mutant with its number in the spec. */
export interface Numbered {
  readonly mutant: Mutant;
  readonly number: number;
}

const WIDTH = 72;

function cut(text: string): string {
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 1)}…`;
}

function headText({ mutant, number }: Numbered): string {
  const { file, line, operator, owner } = mutant;
  return `${String(number).padStart(4)}  ${file}:${line}  ${operator}  ${owner}`;
}

/** The mutants, without verdicts. */
export function listText(mutants: readonly Numbered[]): string {
  return mutants.map((one) => `${headText(one)}\n${changeText(one.mutant)}`).join("");
}

function changeText({ before, after }: Mutant): string {
  return `      ${cut(before)}\n   →  ${cut(after)}\n`;
}

const WORDS: Readonly<Record<VerdictKind, string>> = {
  refused: "refused",
  noticed: "noticed",
  count: "count alone",
  equivalent: "equivalent",
  unreached: "unreached: no check comes there",
  unfinished: "unfinished",
  survivor: "SURVIVES",
};

/** What became of a mutant. */
export function told(one: Numbered & { readonly verdict: Verdict }): string {
  const { kind, by, because, tried } = one.verdict;
  const how = [because, by === null || because.includes(by) ? "" : `in ${by}`]
    .filter((part) => part !== "")
    .join(" ");
  const parts = [WORDS[kind], how === "" ? "" : `: ${how}`, tried > 0 ? ` (${tried} checks)` : ""];
  return `${headText(one)}\n${changeText(one.mutant)}      ${parts.join("")}\n`;
}

/** How many became what. */
export function summaryText(
  path: string,
  verdicts: readonly Verdict[],
  { checks, seconds }: { readonly checks: number; readonly seconds: number },
): string {
  const count = (kind: VerdictKind): number => verdicts.filter((one) => one.kind === kind).length;
  const counted = verdicts.length - count("refused") - count("equivalent");
  const share = counted === 0 ? "–" : `${((100 * count("noticed")) / counted).toFixed(1)} %`;
  const parts = [
    `${verdicts.length} mutants`,
    `${count("refused")} refused`,
    `${count("equivalent")} equivalent`,
    `${count("noticed")} noticed by a verdict`,
    `${count("count")} by a count alone`,
    `${count("unreached")} unreached`,
    `${count("unfinished")} unfinished`,
    `${count("survivor")} survive`,
  ];
  return (
    `${path}: ${parts.join(", ")}\n` +
    `  ${share} of ${counted} noticed by a verdict; ${checks} checks, ${seconds.toFixed(0)} s\n`
  );
}

/** Whether nobody has to look at it: it was noticed, or could not be. */
export function isSettled({ kind }: Verdict): boolean {
  return kind === "noticed" || kind === "refused" || kind === "equivalent";
}

/** The lines that a mutant changes. */
export function diffText({ file, line, edits }: Mutant, text: string): string {
  const before = text.split("\n");
  const after = edited(text, edits).split("\n");
  let from = 0;
  while (from < before.length && before[from] === after[from]) {
    from += 1;
  }
  let rest = 0;
  while (rest < before.length - from && before.at(-1 - rest) === after.at(-1 - rest)) {
    rest += 1;
  }
  const lines = (some: readonly string[], sign: string): string =>
    some
      .slice(from, some.length - rest)
      .map((one) => `${sign}${one}\n`)
      .join("");
  return `--- ${file}:${line}\n${lines(before, "-")}${lines(after, "+")}`;
}
