import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { Host } from "../../src/check/host.ts";
import { check } from "../../src/index/check-spec.ts";
import type { Outcome, Unmet } from "../../src/outcome/outcome.ts";

/** A spec broken in one place: in the declaration that begins with `at`, `from` becomes `to`. */
export interface Mutant {
  readonly title: string;
  readonly at: string;
  readonly from: string;
  readonly to: string;
  /** The check that must become unmet: small, and `ok` where it can be, for then it stops early. */
  readonly check: string;
  /** Why: what it finds that it did not before, or no longer finds. */
  readonly because: string;
}

/**
 * One test for each mutant of the spec `file`, or of one of the library `modules` that it imports: its
 * check is unmet, and for the reason given.
 */
export function testMutants(
  file: string,
  mutants: readonly Mutant[],
  modules: readonly string[] = [],
): void {
  test.each(mutants)("$title ($check)", { timeout: 120_000 }, async (mutant) => {
    const texts = await Promise.all(
      [file, ...modules].map(async (path) => ({ path, text: await readFile(path, "utf8") })),
    );
    const whole = texts.find(({ text }) => text.includes(mutant.at)) ?? { path: file, text: "" };
    const text = mutate(whole.text, mutant);
    const { met, unmet } = await judge(file, { path: whole.path, text }, mutant.check);
    expect(met).toBe(false);
    expect(unmet.map(phrase)).toContain(mutant.because);
  });
}

/** The declaration at `mutant.at` ends with the first line that is a lone `}`. */
function mutate(text: string, mutant: Mutant): string {
  const start = text.indexOf(mutant.at);
  const end = text.indexOf("\n}\n", start);
  const declaration = text.slice(start, end);
  if (start < 0 || end < 0 || !declaration.includes(mutant.from)) {
    throw new Error(`nothing to mutate: ${mutant.title}`);
  }
  return text.slice(0, start) + declaration.replaceAll(mutant.from, mutant.to) + text.slice(end);
}

/** Judges one check of the spec `file`, where one file has another text. */
async function judge(
  file: string,
  broken: { readonly path: string; readonly text: string },
  name: string,
): Promise<Outcome> {
  const host: Host = {
    libraryFolder: "specs/lib",
    read: (path) => (path === broken.path ? Promise.resolve(broken.text) : readFile(path, "utf8")),
  };
  const { outcomes, diagnostics } = await check(file, { host, checks: [name] });
  const [outcome] = outcomes;
  if (outcome === undefined) {
    throw new Error(diagnostics.map((one) => one.message).join("; "));
  }
  return outcome;
}

function phrase(unmet: Unmet): string {
  switch (unmet.kind) {
    case "missing":
      return `missing ${unmet.expectation.kind}`;
    case "unexpected": {
      const { finding } = unmet;
      if (finding.kind === "violation") {
        return `found violation(${finding.name})`;
      }
      return "threads" in finding
        ? `found ${finding.kind}(${finding.threads.join(", ")})`
        : `found ${finding.kind}`;
    }
    default:
      return unmet.kind;
  }
}
