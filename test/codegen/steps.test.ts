import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { compileKernel } from "../../src/codegen/compile.ts";
import type { Sharing } from "../../src/codegen/kernel.ts";
import { modelOf } from "../../src/model/model.ts";
import { program } from "../semantics/compile.ts";
import { disassemble, type FunctionText, functionsIn } from "./disassemble.ts";

/** The text of the kernel of a spec. */
function kernelText(spec: string, sharing: Sharing = "alone", survey = false): string {
  const { bytes } = compileKernel(modelOf(program(spec), false), {
    sharing,
    pagesMax: 1024,
    properties: null,
    deadlock: true,
    survey,
    statements: 0,
  });
  return disassemble(bytes);
}

/** Globals by the name under which they are exported, where they are. */
function withNames(text: string, { head, locals, body }: FunctionText): string {
  const names = new Map(
    [...text.matchAll(/\(global \(;(\d+);\) \(export "(\w+)"\)/g)].map(([, index, name]) => [
      index,
      name,
    ]),
  );
  const named = body.map((row) =>
    row.replace(
      /(global\.[gs]et) (\d+)/,
      (_, operation, index) => `${operation} ${names.get(index) ?? index}`,
    ),
  );
  return [`${head.replace(/\(;\d+;\) \(type \d+\) /, "")} (local ${locals})`, ...named, ""].join(
    "\n",
  );
}

/** The functions in which all of some constants stand. */
function withConstants(text: string, ...constants: readonly number[]): readonly string[] {
  return functionsIn(text)
    .filter(({ body }) =>
      constants.every((one) => body.some((row) => row.trim() === `i32.const ${one}`)),
    )
    .map((one) => withNames(text, one));
}

const golden = (name: string): string =>
  fileURLToPath(new URL(`golden/${name}.wat`, import.meta.url));

// A change of the generator changes these texts. Read the difference, then renew them with
// `npx vitest run test/codegen -u`.
describe("the step function", () => {
  test("of a transition tests, computes, checks the range and writes in place", async () => {
    const text = kernelText(`
      var n: 0..100 = 0;
      transition up { await n < 77; n := n + 5; }`);
    const found = withConstants(text, 77, 5);
    expect(found).toHaveLength(1);
    await expect(found[0]).toMatchFileSnapshot(golden("transition"));
  });

  test("of a thread goes to the place where it rests, and from there to the next", async () => {
    const text = kernelText(`
      var flags: set<0..9>;
      thread worker {
        var i: 0..9 = 0;
        await 7 in flags;
        either { i := 3; } or { i := 4; }
        flags := flags | {i};
      }
      transition poke { flags := {7}; }`);
    const found = withConstants(text, 3, 4);
    expect(found).toHaveLength(1);
    await expect(found[0]).toMatchFileSnapshot(golden("thread"));
  });
});

describe("a kernel", () => {
  const SPEC = "var n: 0..3 = 0; transition up { await n < 3; n := n + 1; }";

  test("for several threads inserts into shared memory with compare-and-exchange", () => {
    const text = kernelText(SPEC, "shared");
    expect(text).toMatch(/import "env" "memory" \(memory \(;0;\) 0 \d+ shared\)/);
    expect(text).toContain("i32.atomic.rmw.cmpxchg");
  });

  test("for one thread does without", () => {
    const text = kernelText(SPEC, "alone");
    expect(text).toMatch(/import "env" "memory" \(memory \(;0;\) 0 \d+\)/);
    expect(text).not.toContain("atomic");
  });

  test("has code for surveys only if it is made for them", () => {
    const exported = ["survey", "sketch", "find"].map((name) => `(export "${name}")`);
    for (const survey of [false, true]) {
      const text = kernelText(SPEC, "alone", survey);
      expect(exported.map((one) => text.includes(one))).toEqual(exported.map(() => survey));
    }
  });
});
