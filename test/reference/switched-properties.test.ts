import { describe, expect, test } from "vitest";
import { build, run } from "./run.ts";

/** The left sides that a spec is warned of. */
async function warnedOf(text: string): Promise<readonly string[]> {
  const source = `module m; ${text}`;
  const { properties } = await run(source);
  const { sources } = build(source);
  return properties.flatMap(({ vacuous }) =>
    vacuous.map(({ file, start, end }) => sources.get(file)?.slice(start, end) ?? ""),
  );
}

const PROGRAM = "const ON: bool = false; const N: 0..3 = 1; var x: 0..3; thread t { x := 2; }";

describe("a left side that reads constants only is a switch", () => {
  test("nothing is told of what it switches off", async () => {
    const isOff = "property p: ON => (x == 1 ~> x == 3);";
    expect(await warnedOf(`${PROGRAM} ${isOff}`)).toEqual([]);
    const isOffByDef =
      "def off(n: 0..3): bool = ON && n == 1; property p: off(N) => (x == 1 ~> x == 3);";
    expect(await warnedOf(`${PROGRAM} ${isOffByDef}`)).toEqual([]);
    expect(await warnedOf(`${PROGRAM} property p: ON && N == 1 ~> x == 3;`)).toEqual([]);
  });

  test("what it switches on is told", async () => {
    const isOn = "property p: N == 1 => (x == 1 ~> x == 3);";
    expect(await warnedOf(`${PROGRAM} ${isOn}`)).toEqual(["x == 1"]);
  });

  test("nothing is told where steps fail, for what ends there is no behaviour", async () => {
    const fails = "var x: 0..3; thread t { x := 2; assert x == 1; }";
    expect(await warnedOf(`${fails} property p: x == 2 ~> x == 3;`)).toEqual([]);
  });

  test("one that reads the state, too, is none, and what stands beside it is told", async () => {
    expect(await warnedOf(`${PROGRAM} property p: (ON && x == 0) => (x == 1 ~> x == 3);`)).toEqual([
      "(ON && x == 0)",
      "x == 1",
    ]);
    const beside = "property p: (ON => (x == 1 ~> x == 3)) && (x == 3 ~> x == 1);";
    expect(await warnedOf(`${PROGRAM} ${beside}`)).toEqual(["x == 3"]);
  });
});
