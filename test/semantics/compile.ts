import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Program } from "../../src/core/program.ts";
import type { Checked, Diagnostic } from "../../src/diagnostics/diagnostic.ts";
import { elaborate } from "../../src/semantics/elaborate.ts";
import { type LinkedSpec, type LoadedModule, link } from "../../src/semantics/link.ts";
import { parse, parseConstantSetting } from "../../src/syntax/parse.ts";

const LIBRARY = fileURLToPath(new URL("../../specs/lib/", import.meta.url));

/** Further files of a spec, by path. */
export type Files = Readonly<Record<string, string>>;

/** A text (without its `module` line) and further files as a linked spec, or why not. */
export function linkText(text: string, files: Files = {}): Checked<LinkedSpec> {
  const modules = new Map<string, LoadedModule>();
  const diagnostics: Diagnostic[] = [];
  const read = (path: string): string =>
    path === "main.spec"
      ? `module main;\n${text}`
      : existsSync(`${LIBRARY}${path}.spec`)
        ? readFileSync(`${LIBRARY}${path}.spec`, "utf8")
        : (files[path] ?? "module missing;");
  const visit = (path: string): void => {
    if (modules.has(path)) {
      return;
    }
    const parsed = parse(path, read(path));
    diagnostics.push(...parsed.diagnostics);
    if (parsed.ok) {
      const imports = parsed.value.imports.map(({ target }) =>
        target.kind === "library" ? target.name.text : target.path.replace("./", ""),
      );
      modules.set(path, { tree: parsed.value, imports });
      imports.forEach(visit);
    }
  };
  visit("main.spec");
  return diagnostics.length > 0 ? { ok: false, diagnostics } : link({ root: "main.spec", modules });
}

/** What may be said about a run besides the text. */
export interface RunText {
  readonly files?: Files;
  /** The name of a check of the text. */
  readonly check?: string;
  /** `N = 3`. */
  readonly defines?: readonly string[];
}

/** The program of a text (without its `module` line), or what is wrong with it. */
export function compile(text: string, run: RunText = {}): Checked<Program> {
  const linked = linkText(text, run.files);
  if (!linked.ok) {
    return linked;
  }
  const check = linked.value.checks.find((one) => one.name.text === run.check) ?? null;
  const defines = (run.defines ?? []).map((define) => {
    const parsed = parseConstantSetting("<command line>", define);
    if (!parsed.ok) {
      throw new Error(`cannot read ${define}`);
    }
    return parsed.value;
  });
  return elaborate(linked.value, { check, defines });
}

/** The program of a text that has no mistake. */
export function program(text: string, run: RunText = {}): Program {
  const result = compile(text, run);
  if (!result.ok) {
    throw new Error(result.diagnostics.map((one) => `${one.code} ${one.message}`).join("\n"));
  }
  return result.value;
}

/** Codes and the text that each is about: `MD2001 snyc_seq`. */
export function problems(text: string, run: RunText = {}): readonly string[] {
  const sources = new Map([
    ["main.spec", `module main;\n${text}`],
    ...Object.entries(run.files ?? {}),
  ]);
  return compile(text, run).diagnostics.map(({ code, span }) => {
    const source = span === null ? undefined : sources.get(span.file);
    return source === undefined || span === null
      ? code
      : `${code} ${source.slice(span.start, span.end).replace(/\s+/g, " ")}`;
  });
}
