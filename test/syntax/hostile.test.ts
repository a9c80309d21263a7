import { describe, expect, test } from "vitest";
import { parse, TEXT_LENGTH_MAX } from "../../src/syntax/parse.ts";
import { formatSource } from "../../src/syntax/print.ts";
import { codes } from "./tree-text.ts";

const inInvariant = (text: string) => `module m;\ninvariant i: ${text};\n`;
const inProperty = (text: string) => `module m;\nproperty p: ${text};\n`;
const inThread = (text: string) => `module m;\nthread t { ${text} }\n`;
const inType = (text: string) => `module m;\ntype T = ${text};\n`;

/** `open` and `close` round `middle`, `levels` times. */
function nested(levels: number, open: string, middle: string, close: string): string {
  return open.repeat(levels) + middle + close.repeat(levels);
}

describe("brackets and prefix operators", () => {
  const deep: readonly (readonly [string, (levels: number) => string])[] = [
    ["parentheses", (n) => inInvariant(nested(n, "(", "a", ")"))],
    ["calls", (n) => inInvariant(nested(n, "f(b, ", "a", ")"))],
    ["indices", (n) => inInvariant(nested(n, "x[", "a", "]"))],
    ["sets", (n) => inInvariant(nested(n, "{b, ", "a", "}"))],
    ["images", (n) => inInvariant(nested(n, "{", "a", " for x in S}"))],
    ["structs", (n) => inInvariant(nested(n, "M { f: ", "a", "}"))],
    ["sequences", (n) => inInvariant(nested(n, "[", "a", "]"))],
    ["maps", (n) => inInvariant(nested(n, "[x in S -> ", "a", "]"))],
    ["conditionals", (n) => inInvariant(nested(n, "a ? ", "b", " : c"))],
    ["quantifiers", (n) => inInvariant(nested(n, "forall x in S: ", "a", ""))],
    ["`let`s", (n) => inInvariant(nested(n, "let x = 1: ", "a", ""))],
    ["negations", (n) => inInvariant(nested(n, "!", "a", ""))],
    ["minuses", (n) => inInvariant(nested(n, "- ", "a", ""))],
    ["formulas", (n) => inProperty(nested(n, "(", "a", ")"))],
    ["temporal operators", (n) => inProperty(nested(n, "always ", "a", ""))],
    ["types", (n) => inType(nested(n, "set<", "bool", ">"))],
    ["struct types", (n) => inType(nested(n, "struct { f: ", "bool", "; }"))],
    ["blocks", (n) => inThread(nested(n - 1, "{", "", "}"))],
    ["conditions", (n) => inThread(nested(n - 1, "if (a) {", "", "}"))],
    ["choices", (n) => inThread(nested(n - 1, "choose x in S {", "", "}"))],
  ];

  test.each(deep)("%s nest 200 deep", (_what, make) => {
    expect(codes(make(200))).toEqual([]);
  });

  test.each(deep)("%s do not nest 201 deep, nor 20,000", (_what, make) => {
    expect(codes(make(201))).toEqual(["MD9001"]);
    expect(codes(make(20_000).slice(0, TEXT_LENGTH_MAX))).toEqual(["MD9001"]);
  });

  test("two hundred statements with a quantifier are not nested", () => {
    const one = "choose x in S where forall y in T: p { await forall z in U: !q; } ";
    expect(codes(inThread(one.repeat(300)))).toEqual([]);
  });

  test("two hundred negations in a row of `&&` are not nested", () => {
    expect(codes(inInvariant(`${"!a && ".repeat(300)}a`))).toEqual([]);
  });
});

describe("long rows", () => {
  test.each([
    ["`=>`", inInvariant(`${"a => ".repeat(20_000)}a`)],
    ["`&&`", inInvariant(`${"a && ".repeat(20_000)}a`)],
    ["conditionals", inInvariant(`${"a ? b : ".repeat(20_000)}c`)],
    ["fields", inInvariant(`x${".f".repeat(20_000)}`)],
    ["indices", inInvariant(`x${"[i]".repeat(20_000)}`)],
    ["`else if`", inThread(`if (a) { } ${"else if (b) { } ".repeat(10_000)}`)],
    ["`?` of types", inType(`bool${"?".repeat(20_000)}`)],
    ["`~>`", inProperty(`${"a ~> ".repeat(20_000)}a`)],
    ["6,000 fields", inInvariant(`x${".f".repeat(6_000)}`)],
    ["600 `=>`, a tree too deep", inInvariant(`${"a => ".repeat(600)}a`)],
  ])("of %s are too deep as trees", (_what, text) => {
    expect(codes(text)).toContain("MD9001");
  });

  test("four hundred operators in a row are read and printed", () => {
    const text = inInvariant(`${"a && b => ".repeat(200)}c`);
    expect(codes(text)).toEqual([]);
    expect(formatSource("<test>", text).ok).toBe(true);
  });

  test("many elements, branches and statements are neither nested nor a row", () => {
    expect(codes(inInvariant(`x == {${"a, ".repeat(5_000)}a}`))).toEqual([]);
    expect(codes(inThread(`either { }${" or { }".repeat(2_000)}`))).toEqual([]);
    expect(codes(inThread("x := x + 1; ".repeat(2_000)))).toEqual([]);
  });
});

describe("garbage", () => {
  test.each([
    ["NUL bytes", "\0".repeat(10_000), "MD1007"],
    ["half surrogate pairs", "\uD800 ".repeat(10_000), "MD1007"],
    ["a byte order mark inside", "module m;\n\uFEFFvar x: bool;\n", "MD1007"],
    ["no-break spaces", "module m;\nvar\u00a0x: bool;\n", "MD1007"],
    ["open brackets", "{".repeat(50_000), "MD9001"],
    ["closed brackets", ")".repeat(50_000), "MD9001"],
    ["angles", "<".repeat(50_000), "MD9001"],
    ["open comments", "/*".repeat(50_000), "MD1005"],
    ["quotes", '"'.repeat(9_999), "MD1006"],
    ["semicolons", ";".repeat(50_000), "MD1001"],
    ["words", "lorem ipsum ".repeat(10_000), "MD1001"],
    ["reserved words", "type ".repeat(20_000), "MD1001"],
    ["digits", "9".repeat(50_000), "MD1001"],
    ["a long number", inInvariant("9".repeat(10_000)), "MD1004"],
    ["names of JavaScript", "toString constructor __proto__ hasOwnProperty ", "MD1001"],
    ["spaces alone", "\r\n\t\f\v ".repeat(10_000), "MD1017"],
    ["a text too long", " ".repeat(TEXT_LENGTH_MAX + 1), "MD9002"],
  ])("%s give a diagnostic and no more than twenty", (_what, text, code) => {
    const found = codes(text);
    expect(found).toContain(code);
    expect(found.length).toBeLessThanOrEqual(20);
  });

  test("names of JavaScript's objects are names", () => {
    const text = "module __proto__; var constructor: bool; invariant toString: constructor;";
    expect(codes(text)).toEqual([]);
  });

  test("every prefix of a spec is read without an exception", () => {
    const text = `/// d
module m; import kernel; /* c */ type T = struct { f: map<0..2, set<bool>>?; };
@sh("a\\"b") fair transition t(x in S) when a => b { l: if (x) { y := {a for b in c}; } else { } }
property p: always (a ~> forall x in S: eventually b@c.d); check k expect deadlock(t[1]) states 3;`;
    for (let length = 0; length < text.length; length += 1) {
      expect(() => parse("<test>", text.slice(0, length))).not.toThrow();
      expect(() => parse("<test>", text.slice(length))).not.toThrow();
    }
  });
});
