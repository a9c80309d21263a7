import { describe, expect, test } from "vitest";
import { compile, linkText, problems, program } from "./compile.ts";

describe("imports", () => {
  test("imported modules come first, in import order, each once", () => {
    const linked = linkText('import "./a.spec"; import "./b.spec";', {
      "a.spec": 'module a; import "./base.spec";',
      "b.spec": 'module b; import "./base.spec";',
      "base.spec": "module base;",
    });
    expect(linked.ok && linked.value.modules.map((one) => one.tree.name.text)).toEqual([
      "base",
      "a",
      "b",
      "main",
    ]);
  });

  test("the names of an imported module are in sight, transitively, its threads included", () => {
    const { variables, threads } = program('import "./a.spec"; thread u { x := N; }', {
      files: {
        "a.spec": 'module a; import "./base.spec"; thread t { x := 1; }',
        "base.spec": "module base; const N: 0..3 = 2; var x: 0..3 = 0;",
      },
    });
    expect(variables.map((one) => one.name)).toEqual(["x"]);
    expect(threads.map((one) => one.name)).toEqual(["t", "u"]);
  });

  test("a cycle is an error at the import that closes it, naming the others", () => {
    const result = linkText('import "./a.spec";', {
      "a.spec": 'module a; import "./b.spec";',
      "b.spec": 'module b; import "./a.spec";',
    });
    expect(result.diagnostics).toMatchObject([
      { code: "MD2004", span: { file: "b.spec" }, related: [{ span: { file: "a.spec" } }] },
    ]);
  });

  test("a clash of two modules names both places", () => {
    const { diagnostics } = compile('import "./a.spec"; var x: bool = false;', {
      files: { "a.spec": "module a; var x: 0..3 = 0;" },
    });
    expect(diagnostics).toMatchObject([
      { code: "MD2002", span: { file: "main.spec" }, related: [{ span: { file: "a.spec" } }] },
    ]);
  });

  test("a module does not see the names of those that import it", () => {
    const files = { "a.spec": "module a; def half: 0..9 = N / 2;" };
    expect(problems('import "./a.spec"; const N: 0..9 = 3;', { files })).toEqual(["MD2005 N"]);
  });

  test("a local of an imported module may have a name of the importing one", () => {
    const files = { "a.spec": "module a; def half(n: 0..9): 0..9 = n / 2;" };
    expect(problems('import "./a.spec"; var n: 0..9 = 3;', { files })).toEqual([]);
  });

  test("the checks of an imported module are its own affair", () => {
    const files = { "a.spec": "module a; var x: 0..3 = 0; check same expect violation(nothing);" };
    const linked = linkText('import "./a.spec"; check same;', files);
    expect(linked.ok && linked.value.checks.length).toBe(1);
    expect(problems('import "./a.spec"; check same;', { files })).toEqual([]);
  });
});
