import { describe, expect, test } from "vitest";
import type { Declaration, Statement } from "../../src/syntax/ast.ts";
import { parse, parseConstantSetting, parseExpression } from "../../src/syntax/parse.ts";
import { codes, withoutSpans } from "./tree-text.ts";

function declarations(text: string): readonly Declaration[] {
  const parsed = parse("<test>", `module m;\n${text}`);
  expect(parsed.diagnostics, text).toEqual([]);
  return parsed.ok ? parsed.value.declarations : [];
}

function statements(text: string): readonly Statement[] {
  const [thread] = declarations(`thread t { ${text} }`);
  return thread?.kind === "thread" ? thread.body.body : [];
}

const slice = (text: string, { span }: { readonly span: { start: number; end: number } }) =>
  text.slice(span.start, span.end);

describe("a file", () => {
  test("has a header, imports and declarations, in any order after the header", () => {
    const text = 'module m;\nvar x: bool;\nimport kernel;\nimport "./raid-common.spec";\n';
    const parsed = parse("<test>", text);
    expect(parsed.ok && parsed.value.imports.map((one) => one.target.kind)).toEqual([
      "library",
      "path",
    ]);
    expect(parsed.ok && parsed.value.declarations).toHaveLength(1);
  });

  test("has declarations of every kind", () => {
    const found = declarations(`
      const N: 0..3 = 1; assume N > 0; type T = symmetric 0..2; var x: bool;
      def d<T>(a: T): bool = true; def e: bool = x; proc p<T>(a: ref T): 0..N-1 { return 0; }
      dormant unfair thread t { } thread u[i in T] { } fair transition f(a in T, b in T) when x { }
      invariant i: x; step s: x' == x; reachable r: x; recoverable c: x; property y: always x;
      final: x; constraint !x; fairness weak(t, u); check k with N = 2, M = false
      expect ok states 5;`);
    expect(found.map((one) => one.kind)).toEqual(
      `const assume type var def def proc thread thread transition invariant step reachable
      recoverable property final constraint fairness check`.split(/\s+/),
    );
  });

  test("may begin with a byte order mark, and end its lines as on Windows", () => {
    expect(codes("\uFEFFmodule m;\r\nvar x: bool; // one\r\nvar y: bool;\r\n")).toEqual([]);
  });

  test("without a header is no spec", () => {
    expect(codes("var x: bool;")).toEqual(["MD1017"]);
    expect(codes("")).toEqual(["MD1017"]);
    expect(codes("// nothing\n")).toEqual(["MD1017"]);
  });
});

describe("types", () => {
  test.each([
    ["bool", "boolType"],
    ["Thread", "threadType"],
    ["Mutex", "namedType"],
    ["0..N-1", "rangeType"],
    ["-1..1", "rangeType"],
    ["enum { A, B }", "enumType"],
    ["symmetric enum { A, B }", "symmetricType"],
    ["symmetric 0..2", "symmetricType"],
    ["symmetric", "namedType"],
    ["0..2?", "optionType"],
    ["set<set<bool>>", "setType"],
    ["map<Thread, seq<0..2, N>>", "mapType"],
    ["struct { f: bool; g: struct { h: T; }; }", "structType"],
  ])("%s is a %s", (text, kind) => {
    const [variable] = declarations(`var x: ${text};`);
    expect(variable?.kind === "var" && variable.type.kind).toBe(kind);
  });

  test("a variable has one initial value, any of a set, or the first of its type", () => {
    const found = declarations(
      "var x: bool = true; var y: set<T>= {}; var z: T? in S | T; var w: T;",
    );
    expect(found.map((one) => one.kind === "var" && one.initial.kind)).toEqual([
      "one",
      "one",
      "any",
      "first",
    ]);
  });
});

describe("statements", () => {
  test("there are these", () => {
    const found = statements(`
      skip; x := 1; m[k].f |= {a}; let y = x; var z: bool = y; await x; await idle x; assert x;
      if (x) { } else if (y) { } else { } while (x) { break; } loop { continue; }
      either { } or { } or { } choose strong x in S where x { } atomic { } { } f(a, b); return;
      return f(a); start t; start t[i];`);
    expect(found.map((one) => one.kind)).toEqual(
      `skip assign assign let local await await assert if while loop either choose atomic block call
      return return start start`.split(/\s+/),
    );
  });

  test("after `await` and `choose`, `idle` and `strong` are the qualifier", () => {
    const found = statements(
      "await strong x; await idle idle; await (idle); choose idle x in S { }",
    );
    const waits = found.map((one) => (one.kind === "await" || one.kind === "choose") && one.wait);
    expect(waits).toEqual(["strong", "idle", "plain", "idle"]);
    expect(codes("module m; thread t { await idle; }")).toEqual(["MD1001"]);
  });

  test("`choose x in S {}` is a block, not a struct literal", () => {
    const [choice] = statements("choose x in S {}");
    expect(choice?.kind === "choose" && choice.binding.set.kind).toBe("name");
  });

  test("a label is no assignment", () => {
    const [labelled, assigned] = statements("a: b := 1; a := b;");
    expect(labelled?.label?.text).toBe("a");
    expect(assigned?.label).toBe(null);
  });

  test("words of the syntax are names where they are not in their place", () => {
    const found = statements(
      "skip := start; start := skip; start(skip); idle: step := final + states;",
    );
    expect(found.map((one) => one.kind)).toEqual(["assign", "assign", "call", "assign"]);
  });

  test("`else if` nests to the right", () => {
    const [first] = statements("if (a) { } else if (b) { } else { skip; }");
    const second = first?.kind === "if" ? first.else : null;
    expect(second?.kind === "if" && second.else?.kind).toBe("block");
  });
});

describe("checks", () => {
  test("an expectation names threads, findings and the number of states", () => {
    const [check] = declarations(
      "check c expect deadlock(t, worker[1]), hung, violation(v), error, assertion states 0x10;",
    );
    expect(check?.kind === "check" && withoutSpans(check.expectations)).toMatchObject([
      { kind: "deadlock", threads: [{ index: null }, { index: { raw: "1" } }] },
      { kind: "hung", threads: null },
      { kind: "violation", name: { text: "v" } },
      { kind: "error" },
      { kind: "assertion" },
    ]);
    expect(check?.kind === "check" && check.states?.value).toBe(16);
  });
});

describe("docs", () => {
  test("`///` lines belong to what follows, annotations or not", () => {
    const text = `/// The module.
module m;
/// Two
/// lines.
@sh("x") /// and one behind the annotation does not count
thread t {
  /// A statement.
  @sh("echo")
  /// More of it.
  retry: skip;
  skip; /// Behind code: documents nothing.
  skip;
}
type T = struct {
  /// A field.
  f: bool;
};
//// no doc
var x: bool;
/// stray
`;
    const parsed = parse("<test>", text);
    expect(parsed.diagnostics).toEqual([]);
    const [thread, type, variable] = parsed.ok ? parsed.value.declarations : [];
    const body = thread?.kind === "thread" ? thread.body.body : [];
    const struct = type?.kind === "type" ? type.definition : null;
    expect(parsed.ok && parsed.value.doc).toBe("The module.");
    expect(thread?.doc).toBe("Two\nlines.");
    expect(body.map((one) => one.doc)).toEqual(["A statement.\nMore of it.", null, null]);
    expect(struct?.kind === "structType" && struct.fields[0]?.doc).toBe("A field.");
    expect(variable?.doc).toBe(null);
  });
});

describe("strings", () => {
  test("have escapes and UTF-8", () => {
    const [thread] = declarations(String.raw`@sh("a \"b\" \\ ö\n\t\u{1F600} {x}") thread t { }`);
    expect(thread?.kind === "thread" && thread.shell?.text).toBe('a "b" \\ ö\n\t😀 {x}');
  });

  test("an unknown escape is told where it stands", () => {
    const text = String.raw`module m; @sh("ab\q") thread t { }`;
    const [problem] = parse("<test>", text).diagnostics;
    expect(problem?.code).toBe("MD1008");
    expect(problem?.span && text.slice(problem.span.start, problem.span.end)).toBe("\\q");
  });
});

describe("spans", () => {
  test("a node spans its text, with the parentheses of its operands and without its own", () => {
    const text = "  (a + b) * ((c)) ";
    const parsed = parseExpression("<test>", text);
    const product = parsed.ok && parsed.value.kind === "binary" ? parsed.value : null;
    expect(product && slice(text, product)).toBe("(a + b) * ((c))");
    expect(product && slice(text, product.left)).toBe("a + b");
    expect(product && slice(text, product.right)).toBe("c");
  });

  test("a statement's span is without its annotations", () => {
    const text = 'module m; thread t { @sh("x") l: x := 1; }';
    const parsed = parse("<test>", text);
    const thread = parsed.ok ? parsed.value.declarations[0] : undefined;
    const [statement] = thread?.kind === "thread" ? thread.body.body : [];
    expect(statement && slice(text, statement)).toBe("x := 1;");
    expect(statement?.shell && slice(text, statement.shell)).toBe('@sh("x")');
  });
});

describe("what stands on a command line", () => {
  test("an expression alone", () => {
    expect(parseExpression("<command line>", " {A, B} ").ok).toBe(true);
    expect(parseExpression("<command line>", "a; b").ok).toBe(false);
    expect(parseExpression("<command line>", "").ok).toBe(false);
  });

  test("a constant with its value", () => {
    const parsed = parseConstantSetting("<command line>", "N=2 + 1");
    expect(parsed.ok && parsed.value.name.text).toBe("N");
    expect(parsed.ok && parsed.value.value.kind).toBe("binary");
  });
});
