import { describe, expect, test } from "vitest";
import { NO_LIMITS, runCheck } from "../../src/check/check.ts";
import { prepare } from "../../src/check/prepare.ts";
import type { Outcome } from "../../src/outcome/outcome.ts";

const TEXT = `module m;
var up: bool;
thread waiter { await up; }
check met expect deadlock(waiter);
check unmet;
`;

async function outcomeOf(check: string, explain?: "all" | "unmet"): Promise<Outcome> {
  const host = { libraryFolder: "lib", read: async () => TEXT };
  const { programs, sources } = await prepare(host, "m.spec", {
    checks: [check],
    constants: [],
    constantsOrigin: "<test>",
    constantsPrefix: "",
    properties: null,
    ofSeveral: false,
  });
  const [program] = programs;
  if (program === undefined) {
    throw new Error(`no check ${check}`);
  }
  return runCheck(
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
      ...(explain === undefined ? {} : { explain }),
    },
    {
      clock: () => 0,
      pause: () => Promise.resolve(),
      memoryUsed: () => 0,
      signal: { aborted: false },
    },
  );
}

describe("who waits for whom", () => {
  test.each(["met", "unmet"])("is worked out for a check that is %s", async (check) => {
    const { findings } = await outcomeOf(check);
    expect(findings.map(({ waitFor }) => waitFor?.waits[0]?.waiter)).toEqual(["waiter"]);
  });

  test("is left out where only what is not met will be told, and the check is met", async () => {
    const { met, findings } = await outcomeOf("met", "unmet");
    expect(met).toBe(true);
    expect(findings.map(({ waitFor }) => waitFor)).toEqual([null]);
  });

  test("is in the findings and in what is not met of a check that is not", async () => {
    const { findings, unmet } = await outcomeOf("unmet", "unmet");
    expect(findings[0]?.waitFor).not.toBeNull();
    expect(unmet).toMatchObject([{ kind: "unexpected", finding: { waitFor: { cycles: [] } } }]);
  });
});
