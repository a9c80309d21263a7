// Runs random specs on all engines until they differ or the time is up. From the root of the project,
// with the seed to begin with, the minutes, and the states of a spec at most (3000):
//
//   node --input-type=module -e \
//     'await (await import("vite")).runnerImport("./test/differential/hunt.ts")' 1 10
//
// It ends with status 1 and a small spec when it finds a difference. Engines that start workers start
// them from built JavaScript, as in the tests: build first.
import { compareText, describeDifference } from "./compare-engines.ts";
import { ENGINES } from "./engines.ts";
import { explainDifference } from "./explain-difference.ts";
import { randomSpec } from "./random-spec.ts";

const [firstSeed = 0, minutes = 1, statesMax = 3_000] = process.argv
  .slice(1)
  .map(Number)
  .filter(Number.isFinite);
const options = { engines: ENGINES, statesMax };
const tally = { equal: 0, large: 0, invalid: 0, different: 0 };
const endMs = performance.now() + minutes * 60_000;
let toldMs = performance.now();

for (let seed = firstSeed; performance.now() < endMs; seed++) {
  const text = randomSpec(seed);
  const compared = await compareText(text, options);
  tally[compared.kind] += 1;
  if (compared.kind === "different") {
    console.log(`seed ${seed}\n${describeDifference(compared.difference)}\n\nmaking it small …`);
    console.log(await explainDifference(text, compared.difference, options));
    process.exitCode = 1;
    break;
  }
  if (performance.now() > toldMs + 10_000) {
    toldMs = performance.now();
    console.log(`seed ${seed}: ${JSON.stringify(tally)}`);
  }
}
console.log(JSON.stringify(tally));
