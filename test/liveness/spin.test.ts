import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { FairnessConstraint, GraphFormula } from "../../src/liveness/graph.ts";
import { isInstalled, run } from "../bench/measure.ts";
import { run as search } from "../reference/run.ts";
import { graphOf, judgeNow, type Sketch, strong, weak } from "./build.ts";
import { ltlOf, promelaOf, REST, strongFor } from "./promela.ts";
import { dice, randomCase, randomFormula } from "./random.ts";
import { TWINS, type Twin } from "./spin-twins.ts";

const root = mkdtempSync(join(tmpdir(), "mdcheck-spin-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const missing = ["spin", "gcc"].filter((command) => !isInstalled(command));

/** Compiles a Promela model; the result tells of its formulas whether SPIN finds a violation. */
function spin(text: string): (formula: number, isFair: boolean) => boolean {
  const folder = mkdtempSync(join(root, "model-"));
  writeFileSync(join(folder, "model.pml"), text);
  run(["spin", "-a", "model.pml"], folder);
  run(["gcc", "-w", "-DNOREDUCE", "-DNFAIR=4", "-o", "pan", "pan.c"], folder);
  return (formula, isFair) => {
    const said = run(
      ["./pan", "-a", "-w16", "-m100000", ...(isFair ? ["-f"] : []), "-N", `f${formula}`],
      folder,
    );
    const errors = /errors: (\d+)/.exec(said)?.[1];
    if (
      errors === undefined ||
      (errors === "0" && /search depth too small|out of memory/.test(said))
    ) {
      throw new Error(`SPIN did not come to a verdict:\n${said}`);
    }
    return errors !== "0";
  };
}

function twinText(promela: string, properties: Twin["properties"]): string {
  const formulas = properties.map(({ ltl }, at) => `ltl f${at} { ${ltl} }`);
  return [promela, REST, ...formulas].join("\n");
}

/** More of them where one hunts: `MDCHECK_HUNT_SPIN=200 npx vitest run test/liveness/spin`. */
const GRAPHS = Number(process.env["MDCHECK_HUNT_SPIN"] ?? 4);
const FROM = Number(process.env["MDCHECK_HUNT_FROM"] ?? 0);
const FORMULAS = 12;

/** SPIN takes long to translate more temporal operators than this. */
const WEIGHT_MAX = 4;

/** How many temporal operators a formula has for SPIN. */
function weightOf(formula: GraphFormula): number {
  switch (formula.kind) {
    case "predicate":
      return 0;
    case "not":
      return weightOf(formula.of);
    case "always":
    case "eventually":
      return 1 + weightOf(formula.of);
    default: {
      const parts = weightOf(formula.left) + weightOf(formula.right);
      return formula.kind === "iff" ? 2 * parts : parts + (formula.kind === "leadsTo" ? 2 : 0);
    }
  }
}

describe("verdicts are those of SPIN", () => {
  test("on random graphs, for random formulas and both kinds of fairness", {
    timeout: 0,
  }, async ({ skip }) => {
    skip(missing.length > 0, `not installed: ${missing.join(", ")}`);
    const verdicts = new Map<string, number>();
    for (let seed = FROM; seed < FROM + GRAPHS; seed++) {
      const roll = dice(8_000_000 + seed);
      const drawn = randomCase(9_000_000 + seed, 7).sketch;
      // SPIN knows no steps that fail, and no frontier.
      const sketch: Sketch = { ...drawn, initial: [0], alsoEnabled: [], frontier: [] };
      const actions = [...new Set(sketch.edges.map(([, , action]) => action))];
      const formulas = Array.from({ length: FORMULAS }, (_, at) => {
        const fair = at % 2 === 1 ? actions.slice(0, 1) : [];
        let formula: GraphFormula;
        do {
          formula = randomFormula(roll, 1 + roll(3), sketch.holds.length);
        } while (weightOf(formula) > (fair.length === 0 ? WEIGHT_MAX : WEIGHT_MAX / 2));
        return { formula, fair };
      });
      const texts = formulas.map(({ formula, fair }) =>
        [...fair.map(strongFor), ltlOf(formula)].join(" -> "),
      );
      const violates = spin(promelaOf(sketch, texts));
      for (const [at, { formula, fair }] of formulas.entries()) {
        for (const isFair of [false, true]) {
          const constraints: FairnessConstraint[] = [
            ...(isFair ? actions.map((action) => weak(action)) : []),
            ...fair.map((action) => strong(action)),
          ];
          const { kind } = await judgeNow(graphOf(sketch), formula, constraints);
          const about = `seed ${seed}, f${at}, fair ${isFair}: ${texts[at]}`;
          expect(kind, about).toBe(violates(at, isFair) ? "violated" : "holds");
          const key = `${kind} ${isFair} ${fair.length > 0}`;
          verdicts.set(key, (verdicts.get(key) ?? 0) + 1);
        }
      }
    }
    expect(verdicts.size).toBe(8);
  });

  test.for(TWINS)("on $name", async ({ spec, promela, properties }, { skip }) => {
    skip(missing.length > 0, `not installed: ${missing.join(", ")}`);
    const violates = spin(twinText(promela, properties));
    for (const isFair of [false, true]) {
      const text = [
        "module twin;",
        spec.replaceAll("THREAD", isFair ? "thread" : "unfair thread"),
        ...properties.map((property, at) => `property f${at}: ${property.spec};`),
      ].join("\n");
      const found = await search(text, { deadlock: false, hung: false });
      for (const [at, { ltl, holds }] of properties.entries()) {
        const expected = isFair ? holds.fair : holds.unfair;
        if (expected !== null) {
          const about = `${ltl}, fair ${isFair}`;
          const verdict = found.properties.find(({ name }) => name === `f${at}`)?.result;
          expect(verdict, about).toBe(expected ? "holds" : "violated");
          expect(violates(at, isFair), `SPIN: ${about}`).toBe(!expected);
        }
      }
    }
  });

  test("on twins of which each verdict occurs, and fairness makes a difference", () => {
    const verdicts = TWINS.flatMap(({ properties }) => properties.map(({ holds }) => holds));
    const kinds = new Set(verdicts.map(({ unfair, fair }) => `${unfair} ${fair}`));
    expect(kinds).toEqual(new Set(["false true", "false false", "true true", "null true"]));
  });
});
