import { readdirSync } from "node:fs";
import { describeSpec } from "../../src/testing/vitest.ts";

const FOLDER = "specs/examples";

for (const file of readdirSync(FOLDER).sort()) {
  describeSpec(`${FOLDER}/${file}`);
}
