import { describe, expect, test } from "vitest";
import { FileError, type Host } from "../../src/check/host.ts";
import { load } from "../../src/check/load.ts";
import { normalizePath, resolvePath } from "../../src/check/paths.ts";
import { parse } from "../../src/syntax/parse.ts";

function hostOf(files: Readonly<Record<string, string>>): Host & { readonly reads: string[] } {
  const reads: string[] = [];
  return {
    reads,
    libraryFolder: "lib",
    read: async (path) => {
      reads.push(path);
      if (!Object.hasOwn(files, path)) {
        throw new FileError(path, "no such file");
      }
      return files[path] ?? "";
    },
  };
}

const modulesOf = ({ loaded }: Awaited<ReturnType<typeof load>>) =>
  loaded.ok ? loaded.value.modules : new Map();

describe("loading", () => {
  test("finds library modules in the library and paths beside the importer", async () => {
    const host = hostOf({
      "specs/a.spec": 'module a;\nimport kernel;\nimport "./parts/b.spec";\n',
      "specs/parts/b.spec": 'module b;\nimport kernel;\nimport "../c.spec";\n',
      "specs/c.spec": "module c;\n",
      "lib/kernel.spec": "module kernel;\n",
    });
    const { loaded, sources } = await load(host, "./specs/a.spec");
    expect(loaded.diagnostics).toEqual([]);
    const modules = loaded.ok ? [...loaded.value.modules] : [];
    expect(modules.map(([path, module]) => [path, module.imports])).toEqual([
      ["specs/a.spec", ["lib/kernel.spec", "specs/parts/b.spec"]],
      ["lib/kernel.spec", []],
      ["specs/parts/b.spec", ["lib/kernel.spec", "specs/c.spec"]],
      ["specs/c.spec", []],
    ]);
    expect([...sources.keys()]).toEqual(modules.map(([path]) => path));
  });

  test("takes the tree of a library module that was made of the same text", async () => {
    const files = {
      "a.spec": "module a;\nimport kernel;\n",
      "lib/kernel.spec": "module kernel;\nvar x: 0..1 = 0; // as written\n",
    };
    const made = (text: string): string => {
      const parsed = parse("", text);
      return JSON.stringify({ text, tree: parsed.ok ? parsed.value : null });
    };
    const plain = await load(hostOf(files), "a.spec");
    const other = made("module kernel;\nvar y: bool = true;\n");
    const marked = made(files["lib/kernel.spec"]).replace('"text":"x"', '"text":"marked"');
    const withMade = (text: string) =>
      load({ ...hostOf(files), libraryParsed: async () => text }, "a.spec");
    expect(await withMade(made(files["lib/kernel.spec"]))).toEqual(plain);
    expect(await withMade(other)).toEqual(plain);
    expect(JSON.stringify([...modulesOf(await withMade(marked))])).toContain("marked");
  });

  test("reads each file once, in a cycle too", async () => {
    const host = hostOf({
      "a.spec": 'module a;\nimport "./b.spec";\n',
      "b.spec": 'module b;\nimport "./x/../a.spec";\n',
    });
    expect((await load(host, "a.spec")).loaded.ok).toBe(true);
    expect(host.reads).toEqual(["a.spec", "b.spec"]);
  });

  test("reports the errors of every file it gets at", async () => {
    const host = hostOf({
      "a.spec": 'module a;\nimport "./b.spec";\nimport nothing;\nimport "./no.spec";\n',
      "b.spec": "module b;\nvar;\n",
    });
    const { loaded } = await load(host, "a.spec");
    expect(loaded.ok).toBe(false);
    expect(loaded.diagnostics.map((one) => [one.code, one.span?.file])).toEqual([
      [expect.stringMatching(/^MD1/), "b.spec"],
      ["MD2101", "a.spec"],
      ["MD2102", "a.spec"],
    ]);
  });

  test("rejects with FileError only for the file itself", async () => {
    await expect(load(hostOf({}), "no.spec")).rejects.toBeInstanceOf(FileError);
  });

  test("stops at the import that makes it too large", async () => {
    const filler = `// ${"x".repeat(120_000)}\n`;
    const host = hostOf({
      "a.spec": 'module a;\nimport "./b.spec";\nimport "./c.spec";\nimport "./d.spec";\n',
      "b.spec": `module b;\n${filler}`,
      "c.spec": `module c;\n${filler}`,
      "d.spec": "module d;\n",
    });
    const { loaded } = await load(host, "a.spec");
    expect(loaded.diagnostics.map((one) => one.code)).toEqual(["MD9003"]);
    expect(host.reads).not.toContain("d.spec");
  });
});

describe("paths", () => {
  test.each([
    ["./a/../b//c", "b/c"],
    ["../a", "../a"],
    ["a/../../b", "../b"],
    ["/../a", "/a"],
    ["a/..", "."],
  ])("%s is %s", (path, normal) => {
    expect(normalizePath(path)).toBe(normal);
  });

  test("an absolute path stays", () => {
    expect(resolvePath("specs", "/x/y.spec")).toBe("/x/y.spec");
  });
});
