import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Host } from "../../src/check/host.ts";
import { FileError } from "../../src/check/host.ts";
import { load } from "../../src/check/load.ts";
import type { Program } from "../../src/core/program.ts";
import type { Diagnostic, Sources } from "../../src/diagnostics/diagnostic.ts";
import { elaborateEach } from "../../src/semantics/elaborate.ts";
import { type LinkedSpec, type LoadedModules, link } from "../../src/semantics/link.ts";
import type { ModuleFile } from "../../src/syntax/ast.ts";
import { parse } from "../../src/syntax/parse.ts";

/** A spec as it is, and what it imports. */
export interface Spec {
  readonly path: string;
  readonly loaded: LoadedModules;
  readonly sources: Sources;
}

/** Specs of which one module has another text. */
export type Refusable<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: readonly string[] };

const LIBRARY = "specs/lib";

/** Texts that were read once, so that a spec may be edited while its mutants are judged. */
const TEXTS = new Map<string, string>();

/** Makes all specs be read as they are in `sources`. */
export function freeze(sources: Sources): void {
  for (const [path, text] of sources) {
    TEXTS.set(path, text);
  }
}

/** By name, what `parsedModule` makes a tree of: most specs import the same modules. */
const PARSED = new Map<string, Promise<string | null>>();

async function parsedText(name: string): Promise<string | null> {
  const text = await read(`${LIBRARY}/${name}.spec`);
  const parsed = parse("", text);
  return parsed.ok ? JSON.stringify({ text, tree: parsed.value }) : null;
}

async function read(path: string): Promise<string> {
  const known = TEXTS.get(path);
  if (known !== undefined) {
    return known;
  }
  const text = await readFile(path, "utf8").catch(() => {
    throw new FileError(path, "no such file");
  });
  TEXTS.set(path, text);
  return text;
}

const HOST: Host = {
  libraryFolder: LIBRARY,
  libraryParsed: (name) => {
    const known = PARSED.get(name) ?? parsedText(name).catch(() => null);
    PARSED.set(name, known);
    return known;
  },
  read,
};

/** All specs in a folder and the folders in it, sorted. */
export async function specFiles(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true });
  return found
    .filter((name) => name.endsWith(".spec"))
    .map((name) => join(folder, name))
    .sort();
}

const READ = new Map<string, Promise<Refusable<Spec>>>();

/** Reads a spec and all that it imports, once. */
export function readSpec(path: string): Promise<Refusable<Spec>> {
  const known = READ.get(path) ?? readNow(path);
  READ.set(path, known);
  return known;
}

async function readNow(path: string): Promise<Refusable<Spec>> {
  const { loaded, sources } = await load(HOST, path);
  return loaded.ok
    ? { ok: true, value: { path, loaded: loaded.value, sources } }
    : { ok: false, why: loaded.diagnostics.map(message) };
}

/** The trees of a spec's modules. */
export function treesOf({ loaded }: Spec): readonly ModuleFile[] {
  return [...loaded.modules.values()].map(({ tree }) => tree);
}

/** The spec with another text for one of its modules. */
export function withText(spec: Spec, file: string, text: string): Refusable<Spec> {
  const parsed = parse(file, text);
  const old = spec.loaded.modules.get(file);
  if (!parsed.ok || old === undefined) {
    return { ok: false, why: parsed.diagnostics.map(message) };
  }
  const modules = new Map(spec.loaded.modules).set(file, { ...old, tree: parsed.value });
  const sources = new Map(spec.sources).set(file, text);
  return { ok: true, value: { ...spec, loaded: { ...spec.loaded, modules }, sources } };
}

/** A spec that is ready to be elaborated. */
export function linked(spec: Spec): Refusable<LinkedSpec> {
  const result = link(spec.loaded);
  return result.ok
    ? { ok: true, value: result.value }
    : { ok: false, why: result.diagnostics.map(message) };
}

/** The names of the checks that are run; one called `default` where the file has none. */
export function checkNames({ checks }: LinkedSpec): readonly string[] {
  return checks.length === 0 ? ["default"] : checks.map(({ name }) => name.text);
}

/** The programs of some checks, in the order of `names`. */
export function programsOf(
  spec: LinkedSpec,
  names: readonly string[],
): Refusable<readonly Program[]> {
  const runs = names.map((name) => ({
    check: spec.checks.find((one) => one.name.text === name) ?? null,
    defines: [],
  }));
  const programs: Program[] = [];
  for (const one of elaborateEach(spec, runs)) {
    if (!one.ok) {
      return { ok: false, why: one.diagnostics.map(message) };
    }
    programs.push(one.value);
  }
  return { ok: true, value: programs };
}

function message(diagnostic: Diagnostic): string {
  return `${diagnostic.code}: ${diagnostic.message}`;
}
