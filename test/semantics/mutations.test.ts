import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { compile } from "./compile.ts";

const EXAMPLES = fileURLToPath(new URL("../../specs/examples/", import.meta.url));

/** A generator of numbers from 0 to below 1: the same ones in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const EXTRA = ["none", "self", "{}", "7", "Thread", "__proto__", "2147483647", "(1 / 0)", "count"];

test("specs with words exchanged at random get a program or a reason, never an exception", () => {
  const random = numbers(7);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const texts = readdirSync(EXAMPLES)
    .filter((file) => file.endsWith(".spec"))
    .map((file) => readFileSync(`${EXAMPLES}${file}`, "utf8").replace(/^module \w+;/m, ""));
  let elaborated = 0;
  for (let round = 0; round < 150; round++) {
    const tokens = pick(texts).split(/\b/);
    const words = tokens.filter((token) => /^\w/.test(token));
    for (let change = 0; change < 3; change++) {
      const at = Math.floor(random() * tokens.length);
      if (/^\w/.test(tokens[at] ?? "")) {
        tokens[at] = random() < 0.2 ? pick(EXTRA) : pick(words);
      }
    }
    const result = compile(tokens.join(""));
    const isWrong = result.diagnostics.some((one) => one.severity === "error");
    expect(result.ok).toBe(!isWrong);
    elaborated += result.diagnostics.every((one) => !one.code.startsWith("MD1")) ? 1 : 0;
  }
  // Otherwise this would test the parser alone.
  expect(elaborated).toBeGreaterThan(30);
});
