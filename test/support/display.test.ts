import { describe, expect, test } from "vitest";
import { cut, cutInside, displayWidth, harmless, padEnd, wrap } from "../../src/support/display.ts";

describe("the width of a text", () => {
  test.each([
    ["abc", 3],
    ["→ ✓ …", 5],
    ["日本", 4],
    ["e\u0301", 1],
    ["한", 2],
    ["🙂", 2],
  ])("%s takes %i columns", (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });
});

describe("cutting and wrapping", () => {
  test("a text that fits stays", () => {
    expect(cut("abc", 3)).toBe("abc");
    expect(wrap("a b", 3)).toEqual(["a b"]);
  });

  test("a cut text says so and fits", () => {
    expect(cut("abcdef", 4)).toBe("abc…");
    expect(displayWidth(cut("日本日本", 4))).toBeLessThanOrEqual(4);
  });

  test("a name is cut inside, so that its index stays", () => {
    expect(cutInside("md_cluster_recv[0]", 18)).toBe("md_cluster_recv[0]");
    expect(cutInside("md_cluster_recv[0]", 10)).toBe("md_cl…v[0]");
    expect(displayWidth(cutInside("日本日本日本", 6))).toBeLessThanOrEqual(6);
  });

  test("lines break at blanks, words only where they must", () => {
    expect(wrap("one two three", 8)).toEqual(["one two", "three"]);
    expect(wrap("a abcdefgh", 4)).toEqual(["a", "abcd", "efgh"]);
    expect(wrap("日本語", 4)).toEqual(["日本", "語"]);
  });

  test("a text is filled up by columns, not by characters", () => {
    expect(padEnd("日", 4)).toBe("日  ");
  });
});

test("nothing harmful is left, and everything else is", () => {
  expect(harmless("a\tb\u0000\u007f\u0085\u2028\ufeff\ud800")).toBe(
    "a␉b␀␡<U+0085><U+2028><U+FEFF><U+D800>",
  );
  expect(harmless("é 日 🙂 ∀")).toBe("é 日 🙂 ∀");
});
