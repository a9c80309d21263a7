import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createMemory, recall, remember } from "../../src/reference/recall.ts";
import { run } from "./run.ts";

const forgetful = vi.hoisted(() => ({ isOn: false }));
vi.mock("../../src/reference/recall.ts", async (original) => {
  const real = await original<typeof import("../../src/reference/recall.ts")>();
  const recallUnlessForgetful: typeof real.recall = (...given) =>
    forgetful.isOn ? undefined : real.recall(...given);
  return { ...real, recall: recallUnlessForgetful };
});

afterEach(() => {
  forgetful.isOn = false;
});

describe("a memory", () => {
  const numberOf = (numbers: readonly number[]) => (part: number) => numbers[part] as number;

  test("answers only for states that agree in all that was looked at", () => {
    const memory = createMemory<string>();
    remember(memory, [2, 0], numberOf([5, 6, 7]), "found");
    const asked: number[] = [];
    const ask = (numbers: readonly number[]): string | undefined =>
      recall(memory, numberOf(numbers), (part) => asked.push(part));
    expect(ask([5, 9, 7])).toBe("found");
    expect(asked).toEqual([2, 0]);
    expect(ask([4, 6, 7])).toBeUndefined();
    expect(ask([5, 6, 8])).toBeUndefined();
  });

  test("keeps apart what the same questions led to with other answers", () => {
    const memory = createMemory<string>();
    remember(memory, [0, 1], numberOf([0, 3]), "left");
    remember(memory, [0], numberOf([1, 3]), "right");
    const ask = (numbers: readonly number[]): string | undefined =>
      recall(memory, numberOf(numbers), () => {});
    expect([ask([0, 3]), ask([1, 3]), ask([1, 4]), ask([0, 4])]).toEqual([
      "left",
      "right",
      "right",
      undefined,
    ]);
  });

  test("of what depends on nothing answers for every state", () => {
    const memory = createMemory<string>();
    remember(memory, [], numberOf([]), "always");
    expect(recall(memory, numberOf([]), () => {})).toBe("always");
  });
});

describe("a search without memory finds the same", () => {
  const own = `module m;
    import kernel;
    var mutex: map<0..1, Mutex>;
    var x: 0..3; var q: seq<0..1, 2>;
    proc add(n: ref 0..3) { if (n < 3) { n := n + 1; } }
    thread t[k in 0..1] {
      lock(mutex[k]);
      either { add(x); } or { await idle len(q) > 0; }
      unlock(mutex[k]);
    }
    dormant thread w { choose v in 0..1 { q := append(q, v); } assert len(q) < 2; }
    thread u { start w; await done(w); start w; lock(mutex[0]); x := x + 2; }
    transition drop when len(q) == 2 { q := []; }
    invariant low: blocked(t[1]) => x < 2;
    step grows: x' >= x && (enabled(w) || q' != []);
    reachable together: t[0]@add && t[1]@add;
    check c expect error;`;
  const library = ["abba", "peterson", "readers-writers", "lost-wakeup", "table-swap"].map(
    (name) => [name, readFileSync(`specs/examples/${name}.spec`, "utf8")] as const,
  );

  test.each([["a spec of everything", own] as const, ...library])("%s", async (_, text) => {
    const clock = (): number => 0;
    const expected = await run(text, { clock });
    forgetful.isOn = true;
    expect(await run(text, { clock })).toEqual(expected);
    expect(expected.statistics.states).toBeGreaterThan(9);
  });
});
