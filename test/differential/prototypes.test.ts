import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { FileError, type Host } from "../../src/check/host.ts";
import type { Prepared } from "../../src/check/prepare.ts";
import { prepare } from "../../src/check/prepare.ts";
import type { SearchResult } from "../../src/outcome/outcome.ts";
import { explore } from "../../src/reference/explore.ts";
import { options } from "../reference/run.ts";
import { prepareText } from "./memory-host.ts";
import { randomSpec } from "./random-spec.ts";
import { splitSpec } from "./split-spec.ts";

const RANDOM_SPECS = 60;
const STATES_MAX = 1_500;

/** Draws of a fixed series. */
function draws(seed: number): () => boolean {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state > 2 ** 31;
  };
}

async function prepareSplit(core: string, root: string): Promise<Prepared> {
  const texts = new Map([
    ["test.spec", root],
    ["core.spec", core],
  ]);
  const host: Host = {
    libraryFolder: "specs/lib",
    read: async (path) => {
      const text =
        texts.get(path) ?? (path.startsWith("specs/") ? readFileSync(path, "utf8") : null);
      if (text === null) {
        throw new FileError(path, "no such file");
      }
      return text;
    },
  };
  return prepare(host, "test.spec", {
    checks: null,
    constants: [],
    constantsOrigin: "<test>",
    constantsPrefix: "",
    properties: null,
  });
}

/** What a search found, but for the places in the text; null where it is too large. */
async function found({ programs, sources }: Prepared): Promise<readonly unknown[] | null> {
  const all: unknown[] = [];
  for (const program of programs) {
    const base = options(sources);
    const limits = { ...base.limits, states: STATES_MAX };
    const result = await explore(program, { ...base, limits });
    if (result.incomplete !== null) {
      return null;
    }
    all.push({ check: program.check.name, ...told(result) });
  }
  return all;
}

function told({ statistics, findings, witnesses, properties }: SearchResult): object {
  const { states, transitions, depth, levels, initialStates } = statistics;
  return {
    counts: { states, transitions, depth, levels, initialStates },
    findings: findings.map(({ trace, ...one }) => ({
      kind: one.kind,
      name: "name" in one ? one.name : null,
      steps: trace?.steps.map(({ agent, state }) => ({ agent, state: state?.variables })),
    })),
    witnesses: witnesses.length,
    properties: properties.length,
  };
}

describe("a spec in two modules, one calling the other by prototypes, is the same spec", () => {
  test("random specs", { timeout: 600_000 }, async () => {
    let compared = 0;
    let prototypes = 0;
    for (let seed = 1; seed <= RANDOM_SPECS; seed++) {
      const text = randomSpec(seed);
      const split = splitSpec(text, "./core.spec", draws(seed));
      const whole = await prepareText(text);
      if (split === null || whole.programs.length === 0) {
        continue;
      }
      const apart = await prepareSplit(split.core, split.root);
      const errors = apart.diagnostics.filter((one) => one.severity === "error");
      expect(errors, `${split.core}\n----\n${split.root}`).toEqual([]);
      const right = await found(whole);
      if (right !== null) {
        expect(await found(apart), `${split.core}\n----\n${split.root}`).toEqual(right);
        compared += 1;
        prototypes += split.prototypes;
      }
    }
    expect(compared).toBeGreaterThan(RANDOM_SPECS / 2);
    expect(prototypes).toBeGreaterThan(compared);
  });
});
