import type { Program } from "../core/program.ts";
import type { Checked, Diagnostic, Sources } from "../diagnostics/diagnostic.ts";
import { elaborate } from "../semantics/elaborate.ts";
import { type LinkedSpec, link } from "../semantics/link.ts";
import type { CheckDeclaration, ConstantSetting } from "../syntax/ast.ts";
import { distinct } from "./check.ts";
import { type ConstantText, readConstants } from "./constants.ts";
import type { Host } from "./host.ts";
import { load } from "./load.ts";
import { normalizePath } from "./paths.ts";
import { checkUnknown } from "./problems.ts";
import { refusals } from "./refuse.ts";

/** Which checks of a spec are wanted, and with what. */
export interface Wanted {
  /** Names of checks; null for all that the file has. */
  readonly checks: readonly string[] | null;
  readonly constants: readonly ConstantText[];
  /** Where the constants come from, in angle brackets, and what stands before each there. */
  readonly constantsOrigin: string;
  readonly constantsPrefix: string;
  /** Names of properties; null for all. */
  readonly properties: ReadonlySet<string> | null;
}

/** A spec that is ready to be searched, or why it is not: `programs` is then empty. */
export interface Prepared {
  readonly file: string;
  readonly module: string;
  /** One for each wanted check, in the order of the file. */
  readonly programs: readonly Program[];
  /** Whether there is nothing to run: a library of types and procs, without checks. */
  readonly isLibrary: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: Sources;
}

/** Reads, links and elaborates a spec; rejects only as `load` does. */
export async function prepare(host: Host, path: string, wanted: Wanted): Promise<Prepared> {
  const file = normalizePath(path);
  const constants = readConstants(wanted.constants, wanted.constantsOrigin, wanted.constantsPrefix);
  const { loaded, sources: texts } = await load(host, path);
  const sources = new Map([...texts, [wanted.constantsOrigin, constants.source]]);
  const refused = (module: string, diagnostics: readonly Diagnostic[]): Prepared => ({
    file,
    module,
    programs: [],
    isLibrary: false,
    diagnostics: distinct(diagnostics),
    sources,
  });
  const early = [...constants.settings.diagnostics, ...loaded.diagnostics];
  if (!loaded.ok) {
    return refused("", early);
  }
  const linked = link(loaded.value);
  early.push(...linked.diagnostics);
  if (!linked.ok || !constants.settings.ok) {
    return refused(linked.ok ? linked.value.module : "", early);
  }
  const spec = linked.value;
  const picked = pick(spec, wanted);
  if (!picked.ok) {
    return refused(spec.module, [...early, ...picked.diagnostics]);
  }
  const { programs, diagnostics } = elaborateAll(spec, picked.value, constants.settings.value);
  const all = [...early, ...diagnostics];
  if (!all.some(isError)) {
    all.push(...refusals(spec, picked.value, programs, wanted.properties));
  }
  if (all.some(isError)) {
    return refused(spec.module, all);
  }
  const isLibrary =
    spec.checks.length === 0 &&
    programs.every((one) => one.threads.length === 0 && one.transitions.length === 0);
  const { module } = spec;
  return { file, module, programs, isLibrary, diagnostics: distinct(all), sources };
}

function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === "error";
}

/** The declarations of the wanted checks; null stands for the one called `default`. */
function pick(spec: LinkedSpec, wanted: Wanted): Checked<readonly (CheckDeclaration | null)[]> {
  if (wanted.checks === null) {
    const fromOutside = wanted.constants.length > 0;
    const all = spec.checks.length === 0 || fromOutside ? [null] : spec.checks;
    return { ok: true, value: all, diagnostics: [] };
  }
  const names = spec.checks.map((check) => check.name.text);
  const known = names.length === 0 ? ["default"] : names;
  const unknown = wanted.checks.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const diagnostics = unknown.map((name) => checkUnknown(spec.file, name, known));
    return { ok: false, diagnostics };
  }
  const { checks } = wanted;
  const picked = spec.checks.filter((check) => checks.includes(check.name.text));
  return { ok: true, value: names.length === 0 ? [null] : picked, diagnostics: [] };
}

function elaborateAll(
  spec: LinkedSpec,
  checks: readonly (CheckDeclaration | null)[],
  defines: readonly ConstantSetting[],
): { readonly programs: readonly Program[]; readonly diagnostics: readonly Diagnostic[] } {
  const programs: Program[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const check of checks) {
    const elaborated = elaborate(spec, { check, defines: [...defines] });
    diagnostics.push(...elaborated.diagnostics);
    if (elaborated.ok) {
      programs.push(elaborated.value);
    }
  }
  return { programs, diagnostics };
}
