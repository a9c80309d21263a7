import { expect, test } from "vitest";
import { comparePrepared, type NamedEngine, REFERENCE } from "./compare-engines.ts";
import { prepareText } from "./memory-host.ts";
import { randomSpec } from "./random-spec.ts";
import { WRONG_ENGINES } from "./wrong-engines.ts";

/** Specs until every misreading has to be noticed: fewer than the engines are compared on. */
const SPECS_MAX = 400;

test("random specs notice every way to misread a program", { timeout: 300_000 }, async () => {
  let unnoticed = WRONG_ENGINES;
  for (let seed = 0; seed < SPECS_MAX && unnoticed.length > 0; seed++) {
    const prepared = await prepareText(randomSpec(seed));
    const still: NamedEngine[] = [];
    for (const engine of unnoticed) {
      const modes = ["to the end"];
      const options = { engines: [REFERENCE, engine], statesMax: 500, modes };
      const { kind } = await comparePrepared(prepared, options);
      if (kind !== "different") {
        still.push(engine);
      }
    }
    unnoticed = still;
  }
  expect(unnoticed.map(({ name }) => name)).toEqual([]);
});
