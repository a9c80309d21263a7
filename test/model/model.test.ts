import { describe, expect, test } from "vitest";
import { type Model, modelOf, statementsOf } from "../../src/model/model.ts";
import { prepareText } from "../differential/memory-host.ts";
import { specFiles } from "../differential/spec-files.ts";
import { program } from "../semantics/compile.ts";

const model = (text: string): Model => modelOf(program(text), false);
const bits = (text: string): number => model(text).layout.bits;

describe("the bits of a spec", () => {
  test("are those of its variables and of the places of its threads", () => {
    // n: 5 values in 3 bits. The thread rests at its `await`, or is done: 1 bit.
    expect(bits("var n: 0..4 = 0; thread t { await n == 4; } transition up { n := 1; }")).toBe(
      3 + 1,
    );
  });

  test("are none for a variable that nothing assigns", () => {
    const spec =
      "var n: 0..4 = 0; var limit: 0..4 = 3; transition up { await n < limit; n := n + 1; }";
    expect(bits(spec)).toBe(3);
    // Two values to begin with are told apart by one bit.
    expect(bits(spec.replace("limit: 0..4 = 3", "limit: 0..4 in {2, 3}"))).toBe(3 + 3);
  });

  test("are none for an import that nothing uses", () => {
    const spec = `
      var n: 0..4 = 0;
      proc twice() { n := 1; n := 2; }
      thread t { twice(); await n == 4; }`;
    expect(bits(`import kernel;\n${spec}`)).toBe(bits(spec));
  });

  test("are none for a thread's places that constants switch off", () => {
    const spec = (body: string): string =>
      `const SLOW: bool = false; var n: 0..3 = 0; thread t { await n == 0; n := 1; ${body} }`;
    const off = "if (SLOW) { var i: 0..200 = 0; await n == 2; i := 7; await i == 7; n := 3; }";
    expect(bits(spec(off))).toBe(bits(spec("")));
    expect(bits(spec(off).replace("= false", "= true"))).toBeGreaterThan(bits(spec("")));
  });

  test("are none for a proc that is never called, and none for a local of one step", () => {
    const spec =
      "var n: 0..3 = 0; thread t { atomic { var i: 0..200 = 5; n := i - 4; } await n == 3; }";
    const more = "proc never(x: 0..200) { await n == 2; n := 1; await x == 3; }";
    // The thread rests at `atomic` or `await`, or is done: 3 places.
    expect(bits(spec)).toBe(2 + 2);
    expect(bits(`${more} ${spec}`)).toBe(bits(spec));
  });

  test("are shared by calls that are never under way together", () => {
    const proc =
      "var n: 0..3 = 0; proc slow(x: 0..255) { await n == 0; await x == 0; x := 1; await x == 1; }";
    const one = bits(`${proc} thread t { var i: 0..255 = 0; await n == 0; i := 3; slow(i); }`);
    const two = bits(
      `${proc} thread t { var i: 0..255 = 0; await n == 0; i := 3; slow(i); slow(i); }`,
    );
    // The second call adds places where the thread rests, so at most one bit, and no local.
    expect(two - one).toBeLessThanOrEqual(1);
  });
});

describe("places of rest", () => {
  test.each(specFiles())(
    "of the threads of $file are numbered in canonical order",
    async ({ file, text }) => {
      const { programs } = await prepareText(text, file);
      for (const made of programs.slice(0, 1)) {
        for (const { rests, canBeDone } of modelOf(made, false).threads) {
          expect(rests.map(({ location }) => location)).toEqual(
            rests.map((_, index) => index + (canBeDone ? 1 : 0)),
          );
          // Lexicographic by the places of the frames, outermost first (decision 0001, rule 12).
          const keys = rests.map((rest) => statementsOf(rest).map(({ id }) => id));
          const sorted = [...keys].sort((a, b) => {
            const at = a.findIndex((id, index) => id !== b[index]);
            return at < 0 ? a.length - b.length : (a[at] ?? -1) - (b[at] ?? -1);
          });
          expect(keys).toEqual(sorted);
          expect(new Set(keys.map((key) => key.join())).size).toBe(keys.length);
        }
      }
    },
  );
});
