import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { NO_LIMITS, runCheck } from "../../src/check/check.ts";
import type { Host } from "../../src/check/host.ts";
import { prepare } from "../../src/check/prepare.ts";
import { renderDiagnostic } from "../../src/diagnostics/render.ts";
import type { Outcome } from "../../src/outcome/outcome.ts";
import { outcomeText } from "../../src/report/text.ts";
import { blocksOf, pages, ROOT, textOf } from "./markdown.ts";
import { type Example, examplesOf } from "./wrap.ts";

const FILE = "example.spec";

/** What became of an example: diagnostics as shown, the codes of errors, and the checks that were run. */
interface Run {
  readonly errors: readonly string[];
  readonly shown: readonly string[];
  /** Reports of the checks that are not met. */
  readonly unmet: readonly string[];
  readonly outcomes: readonly Outcome[];
}

async function runExample(example: Example): Promise<Run> {
  const host: Host = {
    read: async (path) => {
      const named = examples.find((one) => one.page === example.page && one.file === path);
      return path === FILE ? example.text : (named?.text ?? readFileSync(join(ROOT, path), "utf8"));
    },
    libraryFolder: "specs/lib",
  };
  const prepared = await prepare(host, FILE, {
    checks: null,
    constants: [],
    constantsOrigin: "<test>",
    constantsPrefix: "",
    properties: null,
    ofSeveral: false,
    mayBeLibrary: example.form === "library",
  });
  const { sources } = prepared;
  const outcomes: Outcome[] = [];
  for (const program of prepared.isLibrary ? [] : prepared.programs) {
    outcomes.push(
      await runCheck(
        program,
        {
          sources,
          limits: NO_LIMITS,
          deadlock: true,
          hung: true,
          suspicions: false,
          properties: null,
          engine: "reference",
          workers: 1,
          coverage: false,
        },
        {
          clock: () => 0,
          pause: async () => {},
          memoryUsed: () => 0,
          signal: { aborted: false },
        },
      ),
    );
  }
  const look = { columns: 100, color: false, fullStates: false, stats: false };
  const layout = { ...look, file: FILE, checks: [], sources };
  return {
    errors: prepared.diagnostics.filter((one) => one.severity === "error").map((one) => one.code),
    shown: prepared.diagnostics.map((one) =>
      renderDiagnostic(one, sources, { color: false, columns: 100 }),
    ),
    unmet: outcomes.filter((one) => !one.met).map((one) => outcomeText(one, "full", layout)),
    outcomes,
  };
}

const examples = pages().flatMap((page) => examplesOf(blocksOf(page, textOf(page))));

describe("specs shown in the pages", () => {
  test("there are many, some of them wrong on purpose", () => {
    expect(examples.filter((one) => one.form === "module").length).toBeGreaterThan(15);
    expect(examples.filter((one) => one.error !== null).length).toBeGreaterThan(3);
  });

  for (const example of examples) {
    const { page, line, form, error } = example;
    if (error !== null) {
      test(`${page}:${line} is refused with ${error}`, async () => {
        const { errors, shown } = await runExample(example);
        expect(errors, shown.join("\n")).toEqual([error]);
      });
    } else {
      const met =
        form !== "module" ? "is right" : example.fails ? "shows a bug" : "meets its checks";
      test(`${page}:${line} ${met}`, async () => {
        const { shown, unmet, outcomes } = await runExample(example);
        expect(shown).toEqual([]);
        if (example.fails) {
          expect(unmet).not.toEqual([]);
        } else if (form === "module" || form === "expression") {
          expect(unmet).toEqual([]);
          expect(outcomes.length).toBeGreaterThan(0);
        }
        // Declarations and statements alone may end in a deadlock: they make no claim.
      });
    }
  }
});
