import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Program } from "../../src/core/program.ts";
import type { Checked } from "../../src/diagnostics/diagnostic.ts";
import { elaborate, elaborateEach, type Run } from "../../src/semantics/elaborate.ts";
import type { LinkedSpec } from "../../src/semantics/link.ts";
import { linkText } from "./compile.ts";

const SPECS = fileURLToPath(new URL("../../specs", import.meta.url));

function linked(text: string): LinkedSpec {
  const result = linkText(text);
  if (!result.ok) {
    throw new Error(result.diagnostics.map((one) => one.message).join("\n"));
  }
  return result.value;
}

function runsOf(spec: LinkedSpec): readonly Run[] {
  return spec.checks.map((check) => ({ check, defines: [] }));
}

/** All that is said about the runs, each thing once. */
function said(results: readonly Checked<Program>[]): readonly string[] {
  const all = results.flatMap((one) => one.diagnostics);
  return [...new Set(all.map((one) => JSON.stringify([one.code, one.message, one.span])))];
}

/** Elaborates all checks of a text together, and expects of each what it is alone. */
function together(text: string): readonly Checked<Program>[] {
  const spec = linked(text);
  const runs = runsOf(spec);
  const each = elaborateEach(spec, runs);
  const alone = runs.map((run) => elaborate(spec, run));
  expect(each.map((one) => (one.ok ? one.value : null))).toEqual(
    alone.map((one) => (one.ok ? one.value : null)),
  );
  expect(said(each)).toEqual(said(alone));
  return each;
}

function procsOf(results: readonly Checked<Program>[]): readonly (Program["procs"] | null)[] {
  return results.map((one) => (one.ok ? one.value.procs : null));
}

describe("the runs of one spec", () => {
  const files = readdirSync(SPECS, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".spec") && name !== join("lib", "kernel.spec"))
    .map((name): [string, string] => [name, readFileSync(join(SPECS, name), "utf8")]);

  test.each(files)("%s: each is what it is alone", (_, text) => {
    together(text.replace(/^module \w+;$/m, ""));
  });

  test("share what only reads constants while it runs", () => {
    const procs = procsOf(
      together(`
        const FAST: bool = false;
        var x: 0..3 = FAST ? 2 : 1;
        proc up() { if (FAST) { x := 3; } else { x := 2; } }
        thread t { up(); }
        check slow;
        check fast with FAST = true;
      `),
    );
    expect(procs[0]).not.toBeNull();
    expect(procs[1]).toBe(procs[0]);
  });

  test.each([
    ["a bound", "const N: 1..3 = 1; var x: 0..N = 0; thread t { x := 0; }"],
    ["a bound of a constant's type", "const N: 1..3 = 1; const M: 0..N = 1; thread t { skip; }"],
    ["the instances of a thread", "const N: 1..3 = 1; thread t[i in 1..N] { skip; }"],
    ["a set of first values", "const N: 1..3 = 1; var x: 0..3 in 0..N; thread t { x := 0; }"],
    [
      "a def in a bound",
      "const N: 1..3 = 1; def d: 0..3 = N; var x: 0..d = 0; thread t { x := 0; }",
    ],
    ["a constant made of it", "const N: 1..3 = 1; const M: 0..9 = N * 2; var x: 0..M = 0;"],
    ["a length", "const N: 1..3 = 1; var x: seq<bool, N> = []; thread t { x := []; }"],
    ["a range", "const N: 1..3 = 1; invariant i: forall k in 0..N: k <= 3; thread t { skip; }"],
  ])("do not share where a constant is %s", (_, text) => {
    const procs = procsOf(together(`${text} proc p() { skip; } check one; check two with N = 2;`));
    expect(procs[0]).not.toBeNull();
    expect(procs[1]).not.toBe(procs[0]);
  });

  test("come back to what they share after one that differs", () => {
    const procs = procsOf(
      together(`
        const N: 1..3 = 1;
        const B: bool = false;
        var x: 0..N = 0;
        proc p() { x := 0; }
        thread t { if (B) { p(); } }
        check a;
        check b with N = 2;
        check c with N = 2, B = true;
        check d with B = true;
      `),
    );
    expect(procs[2]).toBe(procs[1]);
    expect(procs[3]).not.toBe(procs[1]);
  });

  test("have the mistakes of their own constants", () => {
    const [good, loops, misfit, assumed] = together(`
      const B: bool = true;
      const N: 0..3 = 1;
      assume N != 3;
      thread t { loop { if (B) { await true; } } }
      check good;
      check loops with B = false;
      check misfit with N = 2 + 2;
      check assumed with N = 3;
    `);
    expect(good?.ok).toBe(true);
    expect([loops, misfit, assumed].map((one) => one?.ok)).toEqual([false, false, false]);
  });

  test("may set a constant by a def that reads it, which is an error, or reads another one", () => {
    const text = (setting: string) => `
      const LAST: 0..9 = 3;
      const FIRST: 0..9 = 1;
      def next: 0..9 = FIRST + 1;
      var x: 0..9 = 0;
      transition move when x < next { x := x + 1; }
      check plain;
      check given with ${setting} = next;
    `;
    expect(together(text("LAST")).map((one) => one.ok)).toEqual([true, true]);
    expect(together(text("FIRST")).map((one) => one.ok)).toEqual([true, false]);
  });

  test("call generic defs in their settings", () => {
    together(`
      const N: 0..9 = 1;
      def same<T>(x: T): T = x;
      var y: 0..9 = N;
      thread t { y := same(N); }
      check a;
      check b with N = same(4);
      check c with N = same(5);
    `);
  });
});
