import { describe, expect, test } from "vitest";
import { parse } from "../../src/syntax/parse.ts";
import { codes } from "./tree-text.ts";

/** `code line: message [hint]` of each problem. */
function told(text: string): readonly string[] {
  return parse("<test>", text).diagnostics.map((one) => {
    const line = text.slice(0, one.span?.start ?? 0).split("\n").length;
    return `${one.code} ${line}: ${one.message}${one.hint === null ? "" : ` [${one.hint}]`}`;
  });
}

describe("several errors", () => {
  test("each declaration tells its first one, and none hides another", () => {
    const text = `module m;
var x bool;
const N: 0..3 = ;
proc p() { x = 1; y == ; }
thread t { skip }
invariant i: a == b == c;
var good: bool;
check c expect fine;
`;
    expect(told(text).map((one) => one.slice(0, 8))).toEqual([
      "MD1001 2",
      "MD1001 3",
      "MD1010 4",
      "MD1009 5",
      "MD1003 6",
      "MD1001 8",
    ]);
  });

  test("a bracket that is not closed costs one message", () => {
    const text = `module m;
thread t {
  if (a) {
    skip;
}

thread u { skip; }
invariant i: true;
`;
    const [only, ...others] = parse("<test>", text).diagnostics;
    expect(others).toEqual([]);
    expect(only?.message).toBe("expected `}`, found the next declaration");
    expect(only?.related.map((one) => one.message)).toEqual(["this is not closed"]);
  });

  test("a bracket too many costs one message", () => {
    expect(codes("module m; thread t { skip; } } var x: bool; invariant i: x;")).toEqual([
      "MD1001",
    ]);
    expect(codes("module m; thread t { skip; } skip; } skip; skip; } var x: bool;")).toEqual([
      "MD1001",
    ]);
  });

  test("a missing `;` does not swallow the next declaration", () => {
    expect(told("module m;\nvar x: bool\nvar y bool;\n").map((one) => one.slice(0, 8))).toEqual([
      "MD1009 2",
      "MD1001 3",
    ]);
  });

  test("they come in the order of the text, twenty at most", () => {
    const text = `module m;\n${"var x bool;\n".repeat(30)}`;
    const starts = parse("<test>", text).diagnostics.map((one) => one.span?.start ?? 0);
    expect(starts).toHaveLength(20);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  });
});

describe("what was probably meant", () => {
  const inThread = (text: string) => `module m;\nthread t { ${text} }\n`;
  const inInvariant = (text: string) => `module m;\ninvariant i: ${text};\n`;
  test.each([
    [inThread("x = 1;"), "MD1010", "`:=`"],
    [inThread("x == 1;"), "MD1010", "`:=`"],
    [inThread("if (x = 1) { }"), "MD1010", "`==`"],
    [inThread("let x := 1;"), "MD1010", "`=`"],
    [inThread("x++;"), "MD1001", "`x += 1`"],
    [inThread("p->f := 1;"), "MD1001", "`x.f`"],
    [inThread("if (x) skip;"), "MD1001", "braces"],
    [inThread("if (x) { } else skip;"), "MD1001", "braces"],
    [inThread("while x { }"), "MD1001", "parentheses"],
    [inThread("goto out;"), "MD1001", "goto"],
    [inThread("switch (x) { }"), "MD1001", "else if"],
    [inThread("do { } while (x);"), "MD1001", "loop"],
    [inInvariant("a and b"), "MD1001", "`&&`"],
    [inInvariant("not a"), "MD1001", "`!`"],
    [inInvariant("a /\\ b"), "MD1001", "`&&`"],
    [inInvariant("a \\/ b"), "MD1001", "`||`"],
    [inInvariant("\\A x \\in S: p"), "MD1001", "forall"],
    [inInvariant("a # b"), "MD1001", "`!=`"],
    [inInvariant("a =< b"), "MD1001", "`<=`"],
    [inInvariant("1 << 2"), "MD1001", "shifts"],
    [inInvariant("always a"), "MD1001", "`property`"],
    [inInvariant('x == "a"'), "MD1001", "enum"],
    [inInvariant("1.5"), "MD1001", "integers"],
    ["module m;\nproc f();\n{ skip; }\n", "MD1001", "without a `;`"],
    ["module m;\nstruct foo { };\n", "MD1001", "type name"],
    ["module m;\n#include <x>\n", "MD1001", "import"],
    ["module m;\nvoid f() { }\n", "MD1001", "proc"],
    ["module m;\ntype T = enum { A, B, };\n", "MD1001", "comma"],
  ])("%s", (text, code, hint) => {
    const [problem] = parse("<test>", text).diagnostics;
    expect(problem?.code).toBe(code);
    expect(problem?.hint).toContain(hint);
  });

  test.each(["var thread: bool;", "proc p(check: bool) { }", "thread t { let in = 1; }"])(
    "%s uses a reserved word as a name",
    (text) => {
      expect(codes(`module m;\n${text}\n`)).toEqual(["MD1002"]);
    },
  );

  test("a missing `;` is told at the end of the line that lacks it", () => {
    const text = "module m;\nthread t {\n  x := 1\n  y := 2;\n}\n";
    const [problem] = parse("<test>", text).diagnostics;
    expect(problem?.code).toBe("MD1009");
    expect(problem?.span?.start).toBe(text.indexOf("1\n") + 1);
  });
});

describe("what was expected", () => {
  test.each([
    ["module m; var x bool;", "expected `:`, found `bool`"],
    ["module m; lorem ipsum;", "expected a declaration, found `lorem`"],
    ["module m; thread t { @sh(x) skip; }", "expected a string, found `x`"],
    ["module m; invariant i: a + ;", "expected an expression, found `;`"],
    ["module m; thread t { await a b; }", "expected an operator or `;`, found `b`"],
    [
      "module m; check c expect fine;",
      "expected `ok`, `error`, `assertion`, `deadlock`, `hung` or `violation`, found `fine`",
    ],
    ["module m; proc f()", "expected `{` or `;`, found the end of the text"],
    ["module m; const N", "expected `:`, found the end of the text"],
    ["module m; const N;", "expected `:`, found `;`"],
    ["module m; const N: 0..3", "a `;` is missing"],
    ["module m; def f: 0..3; = 2", "expected a declaration, found `=`"],
    ["module m; thread t;", "expected `{`, found `;`"],
  ])("%s", (text, message) => {
    expect(parse("<test>", text).diagnostics[0]?.message).toBe(message);
  });
});
