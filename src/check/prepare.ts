import type { Program } from "../core/program.ts";
import type { Diagnostic, Sources } from "../diagnostics/diagnostic.ts";
import { declare } from "../semantics/declare.ts";
import { elaborateEach } from "../semantics/elaborate.ts";
import { type LinkedSpec, link } from "../semantics/link.ts";
import { PROTOTYPE_UNDEFINED } from "../semantics/problems-prototypes.ts";
import type { CheckDeclaration, ConstantSetting } from "../syntax/ast.ts";
import { type ConstantText, readConstants } from "./constants.ts";
import { formulasTooLarge } from "./formulas-written-out.ts";
import type { Host } from "./host.ts";
import { load } from "./load.ts";
import { normalizePath } from "./paths.ts";
import { checkUnknown, propertyUnknown } from "./problems.ts";

/** Which checks of a spec are wanted, and with what. */
export interface Wanted {
  /** Names of checks; null for all that the file has. */
  readonly checks: readonly string[] | null;
  /** One run that expects `ok`, whatever checks the file has. */
  readonly ignoreChecks?: boolean;
  readonly constants: readonly ConstantText[];
  /** Where the constants come from, in angle brackets, and what stands before each there. */
  readonly constantsOrigin: string;
  readonly constantsPrefix: string;
  /** Names of properties; null for all. */
  readonly properties: ReadonlySet<string> | null;
  /** Of several specs each need not have every name: what it has not is left to the caller. */
  readonly ofSeveral?: boolean;
  /**
   * Whether a file without checks may leave prototypes to those who import it: it is then read for
   * its errors, and not run.
   */
  readonly mayBeLibrary?: boolean;
}

/** A spec that is ready to be searched, or why it is not: `programs` is then empty. */
export interface Prepared {
  readonly file: string;
  readonly module: string;
  /** One for each wanted check, in the order of the file. */
  readonly programs: readonly Program[];
  /**
   * Whether there is nothing to run: a library of types and procs, without checks, or a file without
   * checks that leaves prototypes to those who import it.
   */
  readonly isLibrary: boolean;
  /** The names of the prototypes that nothing defines. */
  readonly prototypes: readonly string[];
  /** The names that the spec offers to `checks` and `properties`. */
  readonly checkNames: readonly string[];
  readonly propertyNames: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: Sources;
}

/** Reads, links and elaborates a spec; rejects only as `load` does. */
export async function prepare(host: Host, path: string, wanted: Wanted): Promise<Prepared> {
  const { constantsOrigin: origin, constantsPrefix: prefix } = wanted;
  const constants = readConstants(wanted.constants, origin, prefix);
  const { loaded, sources: texts } = await load(host, path);
  const nothing: Prepared = {
    file: normalizePath(path),
    module: "",
    programs: [],
    isLibrary: false,
    prototypes: [],
    checkNames: [],
    propertyNames: [],
    diagnostics: [],
    sources: new Map([...texts, [origin, constants.source]]),
  };
  const early = [...constants.settings.diagnostics, ...loaded.diagnostics];
  if (!loaded.ok) {
    return { ...nothing, diagnostics: distinct(early) };
  }
  const linked = link(loaded.value);
  early.push(...linked.diagnostics);
  if (!linked.ok || !constants.settings.ok) {
    return { ...nothing, diagnostics: distinct(early) };
  }
  const built = build(linked.value, wanted, constants.settings.value);
  return { ...nothing, ...built, diagnostics: distinct([...early, ...built.diagnostics]) };
}

type Built = Omit<Prepared, "file" | "sources">;

function build(spec: LinkedSpec, wanted: Wanted, defines: readonly ConstantSetting[]): Built {
  const declared = spec.checks.map((check) => check.name.text);
  const checkNames = declared.length === 0 ? ["default"] : declared;
  const picked = pick(spec, wanted);
  const prototypes = declare(spec).declarations.openPrototypes;
  const isOpen = wanted.mayBeLibrary === true && spec.checks.length === 0 && prototypes.length > 0;
  const elaborated = elaborateAll(spec, picked, defines);
  const { programs } = elaborated;
  const diagnostics = isOpen
    ? elaborated.diagnostics.flatMap(ofLibrary)
    : [...elaborated.diagnostics];
  const names = programs.slice(0, 1).flatMap(propertyNames);
  if (wanted.ofSeveral !== true) {
    diagnostics.push(
      ...missing(wanted.checks ?? [], checkNames).map((name) =>
        checkUnknown(spec.file, name, checkNames),
      ),
    );
  }
  if (wanted.ofSeveral !== true && programs.length > 0) {
    diagnostics.push(
      ...missing([...(wanted.properties ?? [])], names).map((name) =>
        propertyUnknown(spec.file, name, names),
      ),
    );
  }
  const hasBehaviour = programs.some((one) => one.threads.length > 0 || one.transitions.length > 0);
  const isLibrary = isOpen
    ? !diagnostics.some(isError)
    : spec.checks.length === 0 && programs.length > 0 && !hasBehaviour;
  return {
    module: spec.module,
    programs: diagnostics.some(isError) ? [] : programs,
    isLibrary,
    prototypes,
    checkNames,
    propertyNames: names,
    diagnostics,
  };
}

/**
 * What is said of a file that may leave prototypes to others: one that lacks is no error. But where a
 * definition of nearly its name stands, that name may be wrong, and the file not meant to be imported.
 */
function ofLibrary(diagnostic: Diagnostic): readonly Diagnostic[] {
  if (diagnostic.code !== PROTOTYPE_UNDEFINED) {
    return [diagnostic];
  }
  return diagnostic.related.length > 0 ? [{ ...diagnostic, severity: "warning" }] : [];
}

function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === "error";
}

/** The names of all that a check of the spec may be asked to look at. */
function propertyNames(program: Program): readonly string[] {
  const { invariants, steps, reachables, recoverables, properties } = program;
  return [...invariants, ...steps, ...reachables, ...recoverables, ...properties].map(
    (one) => one.name,
  );
}

function missing(wanted: readonly string[], known: readonly string[]): readonly string[] {
  return wanted.filter((name) => !known.includes(name));
}

/** The declarations of the wanted checks; null stands for the one called `default`. */
function pick(spec: LinkedSpec, wanted: Wanted): readonly (CheckDeclaration | null)[] {
  const { checks } = wanted;
  if (checks === null) {
    const onlyDefault =
      spec.checks.length === 0 || wanted.constants.length > 0 || wanted.ignoreChecks === true;
    return onlyDefault ? [null] : spec.checks;
  }
  if (spec.checks.length === 0) {
    return checks.includes("default") ? [null] : [];
  }
  return spec.checks.filter((check) => checks.includes(check.name.text));
}

function elaborateAll(
  spec: LinkedSpec,
  checks: readonly (CheckDeclaration | null)[],
  defines: readonly ConstantSetting[],
): { readonly programs: readonly Program[]; readonly diagnostics: Diagnostic[] } {
  const programs: Program[] = [];
  const diagnostics: Diagnostic[] = [];
  const runs = checks.map((check) => ({ check, defines }));
  for (const elaborated of elaborateEach(spec, runs)) {
    diagnostics.push(...elaborated.diagnostics);
    if (elaborated.ok) {
      programs.push(elaborated.value);
      diagnostics.push(...formulasTooLarge(elaborated.value));
    }
  }
  return { programs, diagnostics };
}

/** Several checks elaborate the same text: each diagnostic once. */
function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Map<string, Diagnostic>();
  for (const one of diagnostics) {
    const { code, message, span, related } = one;
    const key = JSON.stringify([code, message, span, related]);
    if (!seen.has(key)) {
      seen.set(key, one);
    }
  }
  return [...seen.values()];
}
