import { describe, expect, test } from "vitest";
import type { FairnessConstraint, GraphFormula, StateGraph } from "../../src/liveness/graph.ts";
import type { Judgement } from "../../src/liveness/judge.ts";
import {
  holdsFrom,
  isFairBehaviour,
  lassosOf,
  spelled,
  violatesByBruteForce,
  withFalseRights,
} from "./brute-force.ts";
import { graphOf, judgeNow } from "./build.ts";
import { type Case, randomCase } from "./random.ts";

/** What is wrong with a judgement; null: nothing. */
function complaint(
  graph: StateGraph,
  formula: GraphFormula,
  constraints: readonly FairnessConstraint[],
  judgement: Judgement,
): string | null {
  const violates = (property: GraphFormula): boolean =>
    violatesByBruteForce(graph, spelled(property), constraints);
  const isViolated = violates(formula);
  if (judgement.kind === "violated") {
    const { lasso } = judgement;
    const isReal =
      isFairBehaviour(graph, lasso, constraints) && !holdsFrom(graph, formula, lasso, 0);
    return isReal && isViolated ? null : `violated: brute force ${isViolated}, lasso ${isReal}`;
  }
  if (judgement.kind === "unknown" || isViolated) {
    return `${judgement.kind}, but it is violated: ${isViolated}`;
  }
  const vacuous = withFalseRights(formula).flatMap((stricter, index) =>
    violates(stricter) ? [] : [index],
  );
  return String(vacuous) === String(judgement.vacuous) ? null : `vacuous: ${vacuous}`;
}

async function complaintAbout({ sketch, formula, constraints }: Case): Promise<string | null> {
  const graph = graphOf(sketch);
  return complaint(graph, formula, constraints, await judgeNow(graph, formula, constraints));
}

/** More of them where one hunts: `MDCHECK_HUNT=1000000 npx vitest run test/liveness`. */
const COUNT = Number(process.env["MDCHECK_HUNT"] ?? 4_000);
const FROM = Number(process.env["MDCHECK_HUNT_FROM"] ?? 0);

describe("verdicts on random graphs", () => {
  test("are those of brute force, and each lasso is a counterexample", { timeout: 0 }, async () => {
    const kinds = { holds: 0, violated: 0 };
    for (let seed = FROM; seed < FROM + COUNT; seed++) {
      const one = randomCase(seed, 8);
      const wrong = await complaintAbout(one);
      expect(wrong, `seed ${seed}: ${JSON.stringify(one)}`).toBeNull();
      kinds[
        violatesByBruteForce(graphOf(one.sketch), spelled(one.formula), one.constraints)
          ? "violated"
          : "holds"
      ] += 1;
    }
    // Neither verdict is so rare that it would go untested.
    expect(Math.min(kinds.holds, kinds.violated)).toBeGreaterThan(COUNT / 5);
  });

  test("that hold are contradicted by no short lasso", async () => {
    for (let seed = 0; seed < 1_500; seed++) {
      const { sketch, formula, constraints } = randomCase(1_000_000 + seed, 4);
      const graph = graphOf(sketch);
      const { kind } = await judgeNow(graph, formula, constraints);
      for (const lasso of kind === "holds" ? lassosOf(graph, 6) : []) {
        const contradicts =
          isFairBehaviour(graph, lasso, constraints) && !holdsFrom(graph, formula, lasso, 0);
        expect(contradicts, `seed ${seed}: ${JSON.stringify(lasso)}`).toBe(false);
      }
    }
  });
});
