import { describe, expect, test } from "vitest";
import type { Program } from "../../src/core/program.ts";
import { explore } from "../../src/reference/explore.ts";
import { elaborateEach } from "../../src/semantics/elaborate.ts";
import { options } from "../reference/run.ts";
import { compile, type Files, linkText, problems, program } from "./compile.ts";

/** A core that calls what those who import it supply. */
const CORE = `module core;
type Table = 0..1;
type Mutex = struct { owner: Table?; };
var mutex: Mutex;
var resumed: bool;
/// Whether a table can be left.
def ready(table: Table): bool;
/// What the target does first.
proc presuspend(table: Table, m: ref Mutex): bool;
/// The last one.
const LAST: Table?;
proc suspend(table: Table) {
  let kept = presuspend(table, mutex);
  if (kept && ready(table)) { resumed := table == LAST; }
}`;

/** What defines all of it. */
const TARGET = `
  var calls: 0..3 = 0;
  const LAST: Table? = 1;
  def ready(t: Table): bool = calls > 0 && t == 1;
  proc presuspend(which: Table, lock: ref Mutex): bool {
    calls += 1;
    lock.owner := which;
    return true;
  }`;

const RUN = "thread admin { suspend(1); }";

const files: Files = { "core.spec": CORE };

/** The program of a spec whose root file imports the core. */
function built(text: string, more: Files = {}): Program {
  return program(`import "./core.spec"; ${text}`, { files: { ...files, ...more } });
}

/** What is wrong with a spec whose root file imports this core. */
function wrong(core: string, text: string, more: Files = {}): readonly string[] {
  return problems(`import "./core.spec"; ${text}`, {
    files: { "core.spec": `module core; ${core}`, ...more },
  });
}

/** The messages about the same. */
function messages(core: string, text: string): readonly string[] {
  const run = { files: { "core.spec": `module core; ${core}` } };
  return compile(`import "./core.spec"; ${text}`, run).diagnostics.map((one) => one.message);
}

describe("a prototype", () => {
  test("is called where it is declared, and runs the code of who imports it", async () => {
    const text = `${TARGET} ${RUN}
      invariant left: done(admin) => resumed && calls == 1 && mutex.owner == 1;
      invariant never: !resumed;`;
    const searched = await explore(built(text), options(new Map()));
    expect(searched.findings.map((one) => "name" in one && one.name)).toEqual(["never"]);
  });

  test("makes no program of its own: there is what the definitions would make alone", () => {
    const apart = built(`${TARGET} ${RUN}`);
    const { procs, defs, constants } = apart;
    expect(procs.map((one) => one.name)).toEqual(["suspend", "presuspend"]);
    expect(defs.map((one) => one.name)).toEqual(["ready"]);
    expect(constants.map((one) => one.name)).toEqual(["LAST"]);
  });

  test("stands where its definition does in the canonical order", () => {
    const { constants } = built(
      "const A: 0..1 = 0; const LAST: Table? = none; const B: 0..1 = 0;",
      {
        "core.spec": "module core; type Table = 0..1; const LAST: Table?; const FIRST: Table = 0;",
      },
    );
    expect(constants.map((one) => one.name)).toEqual(["FIRST", "A", "LAST", "B"]);
  });

  test("lends its doc to a definition that has none", () => {
    const { defs, procs, constants } = built(`${TARGET} ${RUN}`);
    expect(defs[0]?.doc).toBe("Whether a table can be left.");
    expect(procs[1]?.doc).toBe("What the target does first.");
    expect(constants[0]?.doc).toBe("The last one.");
    const own = TARGET.replace("  def", "\n/// Its own.\n  def");
    expect(built(`${own} ${RUN}`).defs[0]?.doc).toBe("Its own.");
  });

  test("may be defined by any module that imports it, also in turn", () => {
    const target = { "target.spec": `module target; import "./via.spec"; ${TARGET}` };
    const via = { "via.spec": 'module via; import "./core.spec";' };
    expect(built(`import "./target.spec"; ${RUN}`, { ...target, ...via }).procs).toHaveLength(2);
  });

  test("may be defined by its own module, before it or after it", () => {
    expect(problems("def f: bool; def f: bool = true;")).toEqual([]);
    expect(problems("proc f() { skip; } proc f();")).toEqual([]);
  });

  test("is in sight of all who import it, whether or not they see its definition", () => {
    const other = {
      "other.spec": 'module other; import "./core.spec"; thread u { suspend(0); await ready(0); }',
      "target.spec": `module target; import "./core.spec"; ${TARGET}`,
    };
    expect(built('import "./target.spec"; import "./other.spec";', other).threads).toHaveLength(1);
  });

  test("does not show its module what else the defining module declares", () => {
    const core = "def f: bool; def g: bool = f || x;";
    expect(wrong(core, "var x: bool; def f: bool = x;")).toEqual(["MD2005 x"]);
  });

  test("of a constant takes values from checks like any constant", () => {
    const text = `import "./core.spec"; const N: 0..3 = 1; var x: 0..N = N; thread t { x := 0; }
      check one; check three with N = 3;`;
    const core = { "core.spec": "module core; const N: 0..3; type Index = 0..N;" };
    const linked = linkText(text, core);
    const runs = linked.ok ? linked.value.checks.map((check) => ({ check, defines: [] })) : [];
    const each = linked.ok ? elaborateEach(linked.value, runs) : [];
    expect(each.map((one) => (one.ok ? one.value.constants[0]?.value : null))).toMatchObject([
      { value: 1 },
      { value: 3 },
    ]);
    const defined = program(text, { files: core, defines: ["N = 2"] });
    expect(defined.constants[0]?.value).toMatchObject({ value: 2 });
  });

  test("of a thread may be defined by a thread that its module does not know", () => {
    const core = "def daemon: Thread; def idle: bool = done(daemon);";
    expect(wrong(core, "thread raid10d { skip; } def daemon: Thread = raid10d;")).toEqual([]);
  });

  test("may be what a constant is computed from", () => {
    const core = "def half(n: 0..9): 0..4; const H: 0..4 = half(7);";
    const { constants } = program('import "./core.spec"; def half(n: 0..9): 0..4 = n / 2;', {
      files: { "core.spec": `module core; ${core}` },
    });
    expect(constants[0]?.value).toMatchObject({ value: 3 });
  });

  test("of a constant that only the library reads is not unused", () => {
    const text = "const UNUSED: bool = true; const N: bool = true; thread t { skip; }";
    expect(wrong("const N: bool;", text)).toEqual(["MD4012 UNUSED"]);
  });
});

describe("what nothing defines", () => {
  test("is an error at the prototype, one for each", () => {
    expect(wrong("proc f(); def g: bool; const N: 0..1;", "thread t { f(); }")).toEqual([
      "MD2020 f",
      "MD2020 g",
      "MD2020 N",
    ]);
  });

  test("stands for any body or value while other mistakes are sought", () => {
    const core = `proc f(): 0..3; def g(n: 0..3): Thread; const N: 1..4; type Index = 0..N - 1;
      assume N > 2;
      thread t { let x = f(); await g(x) == self && x < N; loop { f(); } }`;
    expect(wrong(core, "")).toEqual(["MD2020 f", "MD2020 g", "MD2020 N"]);
  });

  test("has any label, and any number of steps", () => {
    const core = `proc f(); thread t { loop { f(); } }
      invariant i: !(t@f.copying && t@f);`;
    expect(wrong(core, "")).toEqual(["MD2020 f"]);
    expect(wrong(core, "proc f() { skip; }")).toEqual(["MD2008 copying"]);
    const stepless = core.replace(".copying", "");
    expect(wrong(stepless, "proc f() { skip; }")).toEqual(["MD3052 loop"]);
  });

  test("may use whatever nothing else does", () => {
    const text = "proc f(); const UNUSED: bool = true; thread t { f(); }";
    expect(problems(text)).toEqual(["MD2020 f"]);
    expect(problems(`${text} proc f() { skip; }`)).toEqual(["MD4012 UNUSED"]);
  });

  test("does not hide mistakes in its calls", () => {
    const core = "proc f(n: 0..3); thread t { f(); f(true); let x = f(1); }";
    expect(wrong(core, "")).toEqual(["MD2020 f", "MD3007 f()", "MD3001 true", "MD3042 f(1)"]);
  });

  test("needs a value also where a check sets one", () => {
    expect(wrong("const N: 0..3;", "check two with N = 2;")).toEqual(["MD2020 N"]);
  });

  test("has no value of a type without one", () => {
    const core = "def f: Thread; const T: Thread; proc g(): Thread;";
    expect(wrong(core, "")).toEqual(["MD2020 f", "MD2020 T", "MD2020 g"]);
    const threads = "def f: Thread; thread t[i in Nothing] { await f == self; }";
    expect(wrong(threads, "")).toEqual(["MD2020 f", "MD2001 Nothing"]);
  });

  test("is told with the definition that was perhaps meant, but for one of its own module", () => {
    const related = (core: string, text: string): number | undefined =>
      compile(`import "./core.spec"; ${text}`, {
        files: { "core.spec": `module core; ${core}` },
      }).diagnostics[0]?.related.length;
    expect(related("proc postsuspend();", "proc post_suspend() { skip; }")).toBe(1);
    expect(related("proc postsuspend(); proc post_suspend() { skip; }", "")).toBe(0);
    expect(related("proc postsuspend();", "def post_suspend: bool = true;")).toBe(0);
  });

  test("is not told that a definition was meant which is that of another prototype", () => {
    const core = "proc ti_ctr(); proc ti_dtr();";
    const { diagnostics } = compile('import "./core.spec"; proc ti_ctr() { skip; }', {
      files: { "core.spec": `module core; ${core}` },
    });
    expect(diagnostics.map((one) => [one.code, one.related])).toEqual([["MD2020", []]]);
  });

  test("does not hide mistakes in the prototype itself", () => {
    expect(wrong("def f(a: Nothing, b: 3..1): Nowhere;", "")).toEqual([
      "MD2020 f",
      "MD2001 Nothing",
      "MD3012 3..1",
      "MD2001 Nowhere",
    ]);
  });
});

describe("a definition", () => {
  const differs = (prototype: string, definition: string): readonly string[] =>
    messages(prototype, definition).map((one) =>
      one.replace(/^'\w+' is not as its prototype: /, ""),
    );

  test.each([
    ["proc f(n: 0..3);", "proc f(n: 0..4) { skip; }", "parameter 1 is 0..4 here, 0..3 there"],
    [
      "proc f(n: bool);",
      "proc f(n: ref bool) { skip; }",
      "parameter 1 is ref bool here, bool there",
    ],
    [
      "proc f(n: bool);",
      "proc f() { skip; }",
      "what it takes is 0 parameters here, 1 parameter there",
    ],
    ["proc f();", "proc f(): bool { return true; }", "the result is bool here, nothing there"],
    ["proc f(): bool;", "proc f() { skip; }", "the result is nothing here, bool there"],
    ["def f: bool;", "def f: bool? = none;", "the result is bool? here, bool there"],
    [
      "def f: bool;",
      "def f(): bool = true;",
      "what it takes is 0 parameters here, nothing, without parentheses there",
    ],
    ["const N: 0..3;", "const N: 1..3 = 1;", "the type is 1..3 here, 0..3 there"],
    [
      "proc f(n: bool);",
      "proc f<T>(n: T) { skip; }",
      "what it takes is 1 parameter and type parameters here, 1 parameter there",
    ],
    ["proc f();", "def f: bool = true;", "'f' is a def here, but its prototype is a proc"],
  ])("that is not as its prototype is an error there: %s %s", (prototype, definition, message) => {
    expect(differs(prototype, definition)).toEqual([message]);
    expect(wrong(prototype, definition)[0]).toMatch(/^MD2021 /);
  });

  test("may name its parameters and its types as it likes", () => {
    const core = "type Level = 0..3; proc f(level: Level, seen: ref set<Level>);";
    expect(wrong(core, "proc f(n: 0..3, marks: ref set<0..3>) { marks |= {n}; }")).toEqual([]);
  });

  test("that differs is one error, whoever calls it as the prototype says", () => {
    const core =
      "proc f(n: 0..3): bool; def g: 0..3; const N: 0..1? ; thread t { if (f(g)) { skip; } await N == none; }";
    const text = "proc f() { skip; } def g: bool = true; const N: bool = true;";
    expect(wrong(core, text)).toEqual(["MD2021 f", "MD2021 bool", "MD2021 bool"]);
  });

  test.each([
    ["def f: bool; invariant i: f;", "def f(): bool = true;"],
    ["def f(): bool; invariant i: f();", "def f: bool = true;"],
    ["def f(n: 0..3): 0..3; const N: 0..3 = f(1);", "def f(): 0..3 = 2;"],
    ["def f: 0..3; const N: 0..3 = f;", "def f: 0..4 = 4;"],
    ["proc f(n: 0..3); thread t { loop { f(1); } }", "proc f(n: bool) { skip; }"],
  ])("that differs is not what others are judged by: %s %s", (core, text) => {
    expect(wrong(core, text).map((one) => one.slice(0, 6))).toEqual(["MD2021"]);
  });

  test("sees its prototype, or it is another declaration of the name", () => {
    const more = { "other.spec": "module other; proc f() { skip; }" };
    expect(wrong("proc f();", 'import "./other.spec";', more)).toEqual(["MD2002 f"]);
  });

  test("that does not see its prototype is told which module to import", () => {
    const hints = (core: string, other: string): readonly (string | null)[] =>
      compile('import "./core.spec"; import "./other.spec";', {
        files: { "core.spec": `module core; ${core}`, "other.spec": `module other; ${other}` },
      }).diagnostics.map((one) => one.hint);
    const meant = (module: string): string =>
      `a definition of the prototype stands in a module that imports ${module}`;
    expect(hints("proc f();", "proc f() { skip; }")).toEqual([meant("core")]);
    expect(hints("proc f() { skip; }", "proc f();")).toEqual([meant("other")]);
    expect(hints("proc f();", "proc f();")[0]).toBeNull();
    expect(hints("proc f();", "def f: bool = true;")).toEqual([null]);
    expect(hints("proc f() { skip; }", "proc f() { skip; }")).toEqual([null]);
  });

  test("does not stand for its prototype in a module that sees neither", () => {
    const other = { "other.spec": "module other; thread t { f(); }" };
    const { diagnostics } = compile('import "./core.spec"; import "./other.spec"; proc f() {}', {
      files: { "core.spec": "module core; proc f();", ...other },
    });
    // The module of the definition may be the one that imports all others.
    expect(diagnostics.map((one) => one.message)).toEqual([
      "'f' is declared in module core, which is not imported",
    ]);
  });

  test("is the only one", () => {
    const more = { "other.spec": 'module other; import "./core.spec"; proc f() { skip; }' };
    const text = 'import "./other.spec"; proc f() { skip; }';
    expect(wrong("proc f();", text, more)).toEqual(["MD2002 f"]);
  });

  test("has one prototype", () => {
    expect(wrong("proc f();", "proc f(); proc f() { skip; }")).toEqual(["MD2002 f"]);
  });

  test("is of the same kind as its prototype, or a clash of names", () => {
    expect(wrong("proc f();", "var f: bool;")).toEqual(["MD2002 f"]);
  });

  test.each(["def N: 0..3 = 3;", "var N: 0..3 = 3;"])(
    "of another kind gives no value that an assumption could be judged by: %s",
    (text) => {
      expect(wrong("const N: 0..3; assume N == 3;", text)).toHaveLength(1);
    },
  );

  test("may not call itself by way of its prototype", () => {
    const core = "proc f(); proc g() { f(); }";
    expect(wrong(core, "proc f() { g(); }")).toEqual(["MD2016 g"]);
    expect(wrong("const N: 0..3; const M: 0..3 = N;", "const N: 0..3 = M;")).toEqual(["MD4002 M"]);
  });

  test("may use what its prototype's callers may use, and no more", () => {
    const core = "def f: bool; const N: bool = f;";
    expect(wrong(core, "var x: bool; def f: bool = x;")[0]).toMatch(/ f$/);
  });
});

describe("the prototype of something generic", () => {
  test("is refused", () => {
    expect(wrong("proc f<T>(x: T);", "proc f<T>(x: T) { skip; }")).toEqual(["MD2022 f"]);
  });

  test("is refused once, whoever calls it, and whatever its definition calls its types", () => {
    const core = `def f<T>(x: T): T; const N: bool = f(true);
      proc g<T>(x: T, y: ref set<T>); var s: set<bool>; thread t { g(f(N), s); }`;
    const text = "def f<U>(x: U): U = x; proc g<U>(x: U, y: ref set<U>) { y |= {x}; }";
    expect(wrong(core, text)).toEqual(["MD2022 f", "MD2022 g"]);
    expect(wrong(core, "")).toEqual(["MD2022 f", "MD2020 f", "MD2022 g", "MD2020 g"]);
  });
});
