import { describe, expect, test } from "vitest";
import { ASSUME_FALSE_CODE } from "../../src/semantics/problems-constants.ts";
import { constantContext, evaluate } from "../../src/values/evaluate.ts";
import { showValue } from "../../src/values/show.ts";
import { compile, problems, program, type RunText } from "./compile.ts";

/** The constants of a spec as text. */
function constants(text: string, run: RunText = {}): Readonly<Record<string, string>> {
  const { constants: all, instances } = program(text, run);
  const context = constantContext({
    threads: instances.map((one) => one.name),
    constant: () => null,
    def: () => {
      throw new Error("a folded constant calls a def");
    },
    threadElement: () => null,
  });
  return Object.fromEntries(
    all.map(({ name, value, type }) => [name, showValue(evaluate(value, context), type, context)]),
  );
}

describe("constants", () => {
  test("are worked out whatever their order", () => {
    expect(constants("const A: 0..9 = B + 1; const B: 0..9 = 2 * C; const C: 0..9 = 3;")).toEqual({
      A: "7",
      B: "6",
      C: "3",
    });
  });

  test("of every type are literals in the end", () => {
    const text = `
      type Msg = struct { cmd: enum { GO, STOP }; to: Thread?; };
      const M: map<0..2, bool> = [i in 0..2 -> i % 2 == 0];
      const S: set<0..9> = {x * x for x in 0..9 where x < 4};
      const Q: seq<Msg, 3> = [Msg { cmd: STOP, to: none }, { cmd: GO, to: w[1] }];
      const O: 0..3? = 2;
      thread w[i in 0..1] { skip; }
      assume size(S) == 4 && len(Q) < 3 && M[0] && O != none;`;
    expect(constants(text)).toEqual({
      M: "[0 -> true, 1 -> false, 2 -> true]",
      S: "{0, 1, 4, 9}",
      Q: "[Msg { cmd: STOP, to: none }, Msg { cmd: GO, to: w[1] }]",
      O: "2",
    });
  });

  test("are overridden by the check, and by the command line before that", () => {
    const text = "const A: 0..9 = 1; const B: 0..9 = A + 1; check c with A = 5;";
    expect(constants(text)).toEqual({ A: "1", B: "2" });
    expect(constants(text, { check: "c" })).toEqual({ A: "5", B: "6" });
    expect(constants(text, { check: "c", defines: ["A = 7"] })).toEqual({ A: "7", B: "8" });
  });

  test("that are overridden say so", () => {
    const { constants: all, check } = program("const A: 0..9 = 1; const B: 0..9 = 2;", {
      defines: ["B = 3"],
    });
    expect(all.map((one) => one.overridden)).toEqual([false, true]);
    expect(check.overridden).toEqual([1]);
  });

  test("a misfit, an unknown name or a wrong type on the command line is an error there", () => {
    const text = "const DISKS: 0..9 = 1; var x: 0..9 = 0;";
    const diagnostics = (define: string): unknown =>
      compile(text, { defines: [define] }).diagnostics;
    const there = { file: "<command line>" };
    expect(diagnostics("DISKS = 10")).toMatchObject([{ code: "MD4003", span: there }]);
    expect(diagnostics("DISCS = 3")).toMatchObject([
      { code: "MD2013", span: there, hint: "did you mean 'DISKS'?" },
    ]);
    expect(diagnostics("DISKS = true")).toMatchObject([{ code: "MD3001", span: there }]);
    expect(diagnostics("x = 3")).toMatchObject([{ code: "MD2006", span: there }]);
  });

  test("a mistake in a value shows even where the run overrides it", () => {
    expect(problems("const A: 0..9 = true;", { defines: ["A = 1"] })).toEqual(["MD3001 true"]);
  });

  test("read constants only, also through defs", () => {
    expect(
      problems("var x: 0..3 = 0; def f: 0..3 = x; def g: 0..3 = f; const A: 0..3 = g;"),
    ).toEqual(["MD3016 g"]);
    expect(problems("var x: 0..3 = 0; var y: 0..3 = x;")).toEqual(["MD3016 x"]);
    expect(problems("var x: 0..3 = 0; var y: 0..x = 0;")).toEqual(["MD3016 x"]);
    expect(problems("thread t { let n = 3; var y: 0..n = 0; }")).toEqual(["MD4005 n"]);
  });

  test("a false assumption has a code of its own and names the values", () => {
    const { diagnostics } = compile("const N: 0..9 = 3; assume N % 2 == 0;");
    expect(diagnostics).toMatchObject([
      { code: ASSUME_FALSE_CODE, message: "the assumption is false with N = 3" },
    ]);
  });

  test("that would take for ever are refused soon", () => {
    const doubling = Array.from({ length: 40 }, (_, i) => `def d${i + 1}: 0..1 = d${i} * d${i};`);
    expect(problems(`def d0: 0..1 = 1; ${doubling.join(" ")} const C: 0..1 = d40;`)).toEqual([
      "MD9020 d40",
    ]);
  });

  test("never used are warned of in a file with behaviour, not in a library", () => {
    expect(problems("const A: 0..9 = 1;")).toEqual([]);
    expect(problems("const A: 0..9 = 1; thread t { skip; }")).toEqual(["MD4012 A"]);
  });
});

describe("initial values", () => {
  test("that do not fit are errors before the search", () => {
    expect(problems("var x: 0..3 = 2 + 2;")).toEqual(["MD4003 2 + 2"]);
    expect(problems("var x: 0..3 in 2..5;")).toEqual(["MD4003 2..5"]);
  });

  test("are one literal, or a set of them", () => {
    const { variables } = program(
      "const N: 0..9 = 3; var a: 0..9 = N; var b: bool; var c: 0..9 in 0..N;",
    );
    expect(variables.map((one) => one.initial)).toMatchObject([
      { kind: "one", value: { kind: "integer", value: 3 } },
      { kind: "one", value: { kind: "boolean", value: false } },
      { kind: "any", set: { kind: "range" } },
    ]);
  });

  test("may be any value of a type, also of a map", () => {
    expect(problems("type M = map<0..2, bool>; var m: M in M; thread t { m[0] := true; }")).toEqual(
      [],
    );
  });
});
