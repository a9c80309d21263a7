import { describe, expect, test } from "vitest";
import { KERNEL_NAMES } from "../../src/semantics/kernel-words.ts";
import { didYouMean, editDistance } from "../../src/support/did-you-mean.ts";
import { compile, linkText, problems, program } from "./compile.ts";

describe("names", () => {
  test("declarations may stand in any order", () => {
    expect(problems("invariant i: x < N; var x: T = 0; type T = 0..N; const N: 1..3 = 2;")).toEqual(
      [],
    );
  });

  test("all that is wrong is reported at once, in order of the text", () => {
    expect(problems("var a: Nope = 0; def f: 0..3 = true; thread t { b := 1; await c; }")).toEqual([
      "MD2001 Nope",
      "MD3001 true",
      "MD2001 b",
      "MD2001 c",
    ]);
  });

  test("what has been reported is silent afterwards", () => {
    expect(
      problems("var a: Nope = 0; thread t { let x = a + 1; if (x == a) { a := x; } }"),
    ).toEqual(["MD2001 Nope"]);
  });

  test("a local may not hide any name in sight, but branches may use a name each", () => {
    expect(problems("var x: 0..3 = 0; proc p(x: 0..3) { skip; }")).toEqual(["MD2003 x"]);
    expect(problems("thread t { let a = 1; { let a = 2; } }")).toEqual(["MD2003 a"]);
    expect(problems("thread t { { let a = 1; } { let a = 2; } }")).toEqual([]);
    expect(problems("invariant i: forall a in 0..1: exists a in 0..1: true;")).toEqual([
      "MD2003 a",
    ]);
  });

  test("whoever forgets the import of the kernel, or writes C, is told", () => {
    const { diagnostics } = compile(
      "var m: Mutex; var o: Thread? = NULL; thread t { lock(m); mutex_lock(m); }",
    );
    expect(diagnostics.map(({ message, hint }) => `${message}: ${hint}`)).toEqual([
      "'Mutex' is not declared: `import kernel;` at the beginning of the file brings it in",
      "'NULL' is not declared: no value is `none`, of a type `T?`",
      "'lock' is not declared: `import kernel;` at the beginning of the file brings it in",
      "'mutex_lock' is not declared: with `import kernel;` write `lock(m)`",
    ]);
  });

  test("that list has the names of the library, neither more nor fewer", () => {
    const linked = linkText("import kernel;");
    const kernel = linked.ok ? linked.value.modules.find((one) => one.path === "kernel") : null;
    const names = (kernel?.tree.declarations ?? []).flatMap((one) =>
      "name" in one ? [one.name.text] : [],
    );
    expect([...KERNEL_NAMES].sort()).toEqual(names.sort());
  });

  test("members of enums are names of the module, wherever the enum stands", () => {
    expect(problems("var x: enum { A, B } = A; var y: map<bool, enum { C, A }>;")).toEqual([
      "MD2002 A",
    ]);
    expect(problems("thread t { var s: enum { A, B } = B; s := A; }")).toEqual([]);
  });

  test("names of JavaScript are names like others", () => {
    const text = `
      type constructor = struct { toString: bool; __proto__: bool; };
      var __proto__: constructor = constructor { toString: true, __proto__: false };
      var hasOwnProperty: map<valueOf, bool>;
      type valueOf = enum { prototype, then };
      thread toString { let isPrototypeOf = __proto__.__proto__; hasOwnProperty[then] := isPrototypeOf; }`;
    expect(problems(text)).toEqual([]);
    expect(problems("var x: __proto__; invariant i: toString == valueOf(constructor);")).toEqual([
      "MD2001 __proto__",
      "MD2001 toString",
      "MD2001 valueOf",
      "MD2001 constructor",
    ]);
  });

  test("the words of built-in functions are names where no call is", () => {
    expect(problems("var size: 0..3 = 0; var done: bool = false; thread t { size := 1; }")).toEqual(
      [],
    );
  });

  test("recursion is an error that names the cycle, whichever way it goes", () => {
    const { diagnostics } = compile(
      "var x: 0..3 = 0; proc a() { b(); } proc b() { c(); } proc c() { b(); } thread t { a(); }",
    );
    expect(diagnostics.map((one) => one.message)).toEqual(["'b' calls itself: b → c → b"]);
    expect(problems("def f<T>(x: T): bool = f({x});")).toEqual(["MD2016 f"]);
  });

  test("a variable whose type needs the variable is an error, not the end of mdcheck", () => {
    expect(problems("var x: 0..x = 0;")).toEqual(["MD3016 x"]);
  });
});

describe("did you mean", () => {
  test("a swap of neighbours is one edit", () => {
    expect(editDistance("snyc_seq", "sync_seq")).toBe(1);
    expect(editDistance("kitten", "sitting")).toBe(3);
  });

  test("the nearest is offered, and nothing where nothing is near", () => {
    expect(didYouMean("Mutx", ["Mutex", "RwSem"])).toBe("Mutex");
    expect(didYouMean("unlcoked", ["locked", "unlocked"])).toBe("unlocked");
    expect(didYouMean("x", ["y"])).toBeNull();
    expect(didYouMean("frobnicate", ["lock", "unlock"])).toBeNull();
  });

  test("only another spelling of the letters counts as no edit at all", () => {
    expect(didYouMean("ordered", ["border", "ORDERED"])).toBe("ORDERED");
  });
});

describe("order of a program", () => {
  test("agents are threads and transitions as declared, instances by index", () => {
    const { agents, instances, transitions } = program(`
      var x: 0..3 = 0;
      transition first { x := 1; }
      thread worker[i in {2, 0}] { x := i; }
      transition last { x := 2; }`);
    expect(instances.map((one) => one.name)).toEqual(["worker[0]", "worker[2]"]);
    expect(transitions.map((one) => one.name)).toEqual(["first", "last"]);
    expect(agents).toEqual([
      { kind: "transition", transition: 0 },
      { kind: "thread", instance: 0 },
      { kind: "thread", instance: 1 },
      { kind: "transition", transition: 1 },
    ]);
  });

  test("statements of a body are numbered in order of the text, each number once", () => {
    const { threads, procs } = program(`
      var x: 0..3 = 0;
      thread t { if (x == 0) { p(); } else { x := 2; } while (x < 3) { p(); } }
      proc p() { x := 1; }`);
    const ids = (list: readonly unknown[]): number[] =>
      [...JSON.stringify(list).matchAll(/"id":(\d+)/g)].map((match) => Number(match[1]));
    const own = threads.flatMap((one) => ids([one.body]));
    expect(new Set([...own, ...procs.flatMap((one) => ids([one.body]))]).size).toBe(6);
    expect(threads[0]?.body.block.statements.map((one) => one.kind)).toEqual(["if", "while"]);
  });
});
