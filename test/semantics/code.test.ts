import { describe, expect, test } from "vitest";
import { problems, program } from "./compile.ts";

const VARIABLES = `
  var x: 0..9 = 0; var flags: set<0..3> = {}; var m: map<0..3, 0..9>;
  var box: struct { n: 0..9; in_use: bool; };`;

/** What is wrong with a thread of this body. */
function inThread(body: string, declarations = ""): readonly string[] {
  return problems(`${VARIABLES} ${declarations} thread t { ${body} }`);
}

describe("assignments", () => {
  test("to variables, fields, elements, locals, by-value parameters and references", () => {
    expect(
      inThread(
        "var n: 0..9 = x; n := 1; m[n] := 2; box.n := 3; p(4, m[x]);",
        "proc p(v: 0..9, r: ref 0..9) { v := v + 1; r := v; }",
      ),
    ).toEqual([]);
  });

  test("with an operation are assignments of the whole expression", () => {
    const { threads } = program(`${VARIABLES} thread t { m[x] -= 1; flags |= {1}; flags -= {2}; }`);
    expect(threads[0]?.body.block.statements).toMatchObject([
      {
        kind: "assign",
        target: { path: [{ kind: "element" }] },
        value: {
          kind: "expression",
          expression: { kind: "binary", operator: "subtract", left: { kind: "mapElement" } },
        },
      },
      { value: { expression: { operator: "union" } } },
      { value: { expression: { operator: "difference" } } },
    ]);
  });

  test.each([
    ["let a = 1; a := 2;", "MD3044 a"],
    ["choose a in 0..3 { a := 2; }", "MD3044 a"],
    ["N := 2;", "MD3044 N"],
    ["x := N; d := 2;", "MD3044 d"],
    ["x := N; u.y := 1;", "MD3044 u.y"],
  ])("to anything fixed are refused: %s", (body, problem) => {
    const declarations =
      "const N: 0..9 = 1; def d: 0..9 = 1; thread u { var y: 0..9 = x; x := y + N; }";
    expect(inThread(body, declarations)).toEqual([problem]);
  });
});

describe("procs", () => {
  const GENERIC = `
    proc add<T>(bits: ref set<T>, bit: T): bool { let old = bit in bits; bits |= {bit}; return old; }
    proc keep<T>(value: T, other: T) { let both = {value, other}; x := size(both); }`;

  test("type parameters come exactly from references, and widened from values", () => {
    const { procs } = program(
      `${VARIABLES} ${GENERIC} thread t { let a = add(flags, 1); keep(1, 5); keep(x, 5); }`,
    );
    const types = procs.map((one) => one.body.locals.map((local) => [local.name, local.type]));
    expect(types).toMatchObject([
      [
        ["bits", { of: { low: 0, high: 3 } }],
        ["bit", { low: 0, high: 3 }],
        ["old", {}],
      ],
      [
        ["value", { low: 1, high: 5 }],
        ["other", { low: 1, high: 5 }],
        ["both", {}],
      ],
      [
        ["value", { low: 0, high: 9 }],
        ["other", { low: 0, high: 9 }],
        ["both", {}],
      ],
    ]);
  });

  test("a generic proc is there once for each choice of its types", () => {
    const { procs } = program(`${VARIABLES} ${GENERIC} thread t { keep(1, 5); keep(5, 1); }`);
    expect(procs.length).toBe(1);
  });

  test("a mistake in a generic body is reported once, also when nobody calls it", () => {
    const wrong = "proc p<T>(a: T) { y := 1; }";
    expect(inThread("p(1); p(true); p({2});", wrong)).toEqual(["MD2001 y"]);
    expect(inThread("skip;", wrong)).toEqual(["MD2001 y"]);
  });

  test("what depends on a type that nobody has chosen is no mistake", () => {
    const text = `
      def pick<T>(c: bool, a: T, s: set<T>): T? = c && a in s && {} != s ? a : none;
      proc p<T>(a: T, r: ref set<T>, q: ref seq<T, 3>): T? {
        var v: T; var y: T? = none; var z: set<T> = {};
        let b = a; v := b; y := a == v ? none : a; z := {a, v}; r := {}; r |= z; q := append(q, a); q := [];
        if (y == none || r == {} || {} == z) { return none; }
        forallin(a, none, {}, [a]);
        return pick(true, a, {});
      }
      proc forallin<T>(a: T, b: T?, c: set<T>, d: seq<T, 1>) { await forall e in c: e != a && [b] == []; }`;
    expect(inThread("skip;", text)).toEqual([]);
  });

  test("a proc that nobody calls is checked as well", () => {
    expect(inThread("skip;", "proc p() { x := true; }")).toEqual(["MD3001 true"]);
  });

  test("a reference is to a place of exactly its type", () => {
    expect(inThread("p(x);", "proc p(r: ref 0..8) { r := 1; }")).toEqual(["MD3024 x"]);
    expect(inThread("p(x + 1);", "proc p(r: ref 0..9) { r := 1; }")).toEqual(["MD3043 x + 1"]);
  });

  test("a call may be the whole of a condition, a value and a return, and nothing less", () => {
    const get = "proc get(): bool { return x == 0; } proc again(): bool { return get(); }";
    expect(
      inThread(
        "let a = get(); var b: bool = again(); b := get(); if (get()) { skip; } while (!get()) { x := 1; } get();",
        get,
      ),
    ).toEqual([]);
    expect(inThread("if (get() && x == 1) { skip; }", get)).toEqual(["MD3040 get()"]);
    expect(inThread("await get();", get)).toEqual(["MD3040 get()"]);
    expect(inThread("x := get();", get)).toEqual(["MD3001 get()"]);
  });

  test("a result has to come on every way", () => {
    const falls = (body: string): readonly string[] =>
      inThread("skip;", `proc p(): bool { ${body} }`);
    expect(falls("if (x == 0) { return true; } else { return false; }")).toEqual([]);
    expect(falls("loop { if (x == 0) { return true; } x := 0; }")).toEqual([]);
    expect(falls("either { return true; } or { x := 1; return false; }")).toEqual([]);
    expect(falls("while (x == 0) { return true; }")).toEqual(["MD3048 p"]);
    expect(falls("loop { if (x == 0) { break; } x := 0; }")).toEqual(["MD3048 p"]);
  });

  test("what a transition calls may not ask who runs it", () => {
    expect(
      problems(
        "var o: Thread? = none; proc own() { o := self; } thread t { own(); } transition u { own(); }",
      ),
    ).toEqual(["MD3016 own"]);
  });
});

describe("places in threads", () => {
  const THREADS = `
    var x: 0..3 = 0;
    proc p() { inside: x := 1; }
    thread t { here: p(); }
    thread w[i in 0..1] { there: x := i; }`;

  test("@ names labels of the thread, procs, and labels of procs", () => {
    const { invariants } = program(
      `${THREADS} invariant inv: t@here || t@p || w[0]@there || t@p.inside || exists u in Thread: u@there;`,
    );
    expect(JSON.stringify(invariants[0]?.condition).match(/"proc":\S+?,"label":[^,]+/g)).toEqual([
      '"proc":null,"label":"here"',
      '"proc":"p","label":null',
      '"proc":null,"label":"there"',
      '"proc":"p","label":"inside"',
      '"proc":null,"label":"there"',
    ]);
    expect(problems(`${THREADS} invariant inv: t@there;`)).toEqual(["MD2008 there"]);
    expect(problems(`${THREADS} invariant inv: w[3]@there;`)).toEqual(["MD3018 3"]);
  });

  test("enabled, blocked and @ are for properties, final and the defs used there", () => {
    const def = "def stuck: bool = blocked(t) || t@here;";
    expect(
      problems(`${THREADS} ${def} invariant inv: !stuck; final: stuck; step s: !enabled(t);`),
    ).toEqual([]);
    expect(problems(`${THREADS} ${def} thread u { await stuck; }`)).toEqual(["MD3016 stuck"]);
    expect(problems(`${THREADS} transition u when enabled(t) { x := 1; }`)).toEqual([
      "MD3016 enabled(t)",
    ]);
  });

  test("done and the locals of other threads are for code, too", () => {
    const text = "thread a { var n: 0..3 = x; x := n; } thread b { await done(a) && a.n == 1; }";
    expect(problems(`var x: 0..3 = 0; ${text}`)).toEqual([]);
  });

  test("threads may name each other's locals, whatever their order", () => {
    const text = `
      var x: 0..3 = 0;
      thread a { var n: 0..3 = x; await b.m == n; }
      thread b { let m = x; await a.n == m; }`;
    expect(problems(text)).toEqual([]);
  });

  test("self is for threads and what they call", () => {
    expect(
      problems("var o: Thread? = none; def mine: bool = o == self; invariant i: mine;"),
    ).toEqual(["MD3016 mine"]);
  });

  test("a primed variable stands in step properties only, and not in a def", () => {
    expect(problems(`${THREADS} step s: x' >= x;`)).toEqual([]);
    expect(problems(`${THREADS} def next: 0..3 = x'; step s: next >= x;`)).toEqual(["MD3016 x'"]);
  });

  test("only a dormant thread can be started", () => {
    expect(
      problems("var x: 0..3 = 0; dormant thread d[i in 0..1] { x := i; } thread t { start d[1]; }"),
    ).toEqual([]);
    expect(problems(`${THREADS} thread u { start t; }`)).toEqual(["MD3051 t"]);
  });

  test("a label that names a place without a step is warned of", () => {
    expect(
      problems("var x: 0..3 = 0; thread t { x := 1; a: { var n: 0..3; n := 2; } b: { x := 2; } }"),
    ).toEqual(["MD2019 a"]);
  });
});

describe("loops without a step", () => {
  const inLoop = (body: string, more = ""): readonly string[] =>
    problems(
      `const FIX: bool = false; var x: 0..9 = 0; ${more} thread t { var n: 0..9 = 0; ${body} }`,
    );

  test.each([
    "loop { skip; }",
    "while (n < 3) { n += 1; }",
    "loop { if (n == 0) { continue; } x := 1; }",
    "loop { if (FIX) { x := 1; } n := 0; }",
    "loop { let a = pure(n); n := 0; }",
    "loop { bump(n); }",
    "loop { if (truth()) { n := 1; } }",
  ])("are errors: %s", (body) => {
    const more = `
      def pure(a: 0..9): 0..9 = a;
      proc bump(r: ref 0..9) { r := 1; }
      proc truth(): bool { return true; }`;
    expect(inLoop(body, more).filter((one) => one.startsWith("MD3052"))).toHaveLength(1);
  });

  test.each([
    "loop { x := 1; }",
    "while (x < 3) { n := 1; }",
    "while (FIX) { n := 1; }",
    "loop { if (!FIX) { x := 1; } else { n := 1; } }",
    "loop { here: skip; }",
    "loop { await n == n; }",
    "loop { either { n := 1; } or { n := 2; } }",
    "loop { choose a in 0..1 { n := a; } }",
    "loop { atomic { n := 1; } }",
    "loop { bump(x); }",
    "loop { let a = read(n); n := a; }",
    "loop { n := 1; if (n == 1) { break; } }".replace("n := 1; ", "x := 1; "),
    "atomic { while (n < 3) { n += 1; } }",
    "loop { x := give(); }",
    "loop { n := 1; return; }",
  ])("are none of these: %s", (body) => {
    const more = `
      def read(a: 0..9): 0..9 = a + x;
      proc bump(r: ref 0..9) { r := 1; }
      proc give(): 0..9 { return 1; }`;
    const fixed = body.includes("read(n)") ? body.replace("a;", "a % 9;") : body;
    expect(inLoop(fixed, more).filter((one) => one.startsWith("MD3052"))).toEqual([]);
  });

  test("in a proc depend on what its references are bound to", () => {
    const spin = "proc spin(r: ref 0..9) { while (r < 3) { r += 1; } }";
    expect(inLoop("spin(x);", spin)).toEqual(["MD4012 FIX"]);
    expect(inLoop("spin(x); spin(n);", spin)).toContain("MD3052 while");
  });
});
