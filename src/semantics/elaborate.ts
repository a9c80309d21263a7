import type { Program } from "../core/program.ts";
import { type Checked, checked, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { InternalError } from "../support/internal-error.ts";
import type * as ast from "../syntax/ast.ts";
import { type Assembled, assemble, assembleAgain } from "./assemble.ts";
import { reviewSettings } from "./checks.ts";
import type { Context } from "./context.ts";
import { declare } from "./declare.ts";
import type { LinkedSpec } from "./link.ts";

/** One choice of constants under which a spec is elaborated. */
export interface Run {
  /** Null: the run called `default`, which expects `ok`. */
  readonly check: ast.CheckDeclaration | null;
  /** From `-D` or the API; they override those of the check. */
  readonly defines: readonly ast.ConstantSetting[];
}

/** A run without an error, from which another one can be made. */
interface Base {
  readonly context: Context;
  readonly assembled: Assembled;
}

/**
 * What a spec says under one choice of constants, or all that is wrong with it, in order of the
 * text. What does not depend on the run comes out the same in every run.
 */
export function elaborate(spec: LinkedSpec, run: Run): Checked<Program> {
  return elaborateWhole(spec, run).checked;
}

/**
 * What a spec says in each of several runs. As `elaborate`, but what two runs share is elaborated
 * once, is the same object in their programs, and its warnings come with the first.
 */
export function elaborateEach(spec: LinkedSpec, runs: readonly Run[]): readonly Checked<Program>[] {
  let base: Base | null = null;
  const results: Checked<Program>[] = [];
  for (const run of runs) {
    const again: Checked<Program> | null = base === null ? null : elaborateAgain(base, run);
    if (again === null) {
      const whole = elaborateWhole(spec, run);
      base = whole.base ?? base;
      results.push(whole.checked);
    } else {
      results.push(again);
    }
  }
  return results;
}

function elaborateWhole(
  spec: LinkedSpec,
  run: Run,
): { readonly checked: Checked<Program>; readonly base: Base | null } {
  const problems = newProblems();
  const context = newContext(spec, run, problems.report);
  const assembled = assemble(context);
  const diagnostics = problems.inOrder(spec);
  if (assembled === null) {
    if (!diagnostics.some((one) => one.severity === "error")) {
      throw new InternalError("a spec is refused without a reason");
    }
    return { checked: { ok: false, diagnostics }, base: null };
  }
  const result = checked(assembled.program, diagnostics);
  return { checked: result, base: result.ok ? { context, assembled } : null };
}

/** Null where all must be elaborated: the run differs in more than values, or has an error. */
function elaborateAgain(base: Base, run: Run): Checked<Program> | null {
  const problems = newProblems();
  const context = contextAgain(base.context, run, problems.report);
  const program = assembleAgain(context, base.assembled, base.context);
  const diagnostics = problems.inOrder(context.spec);
  const result = program === null ? null : checked(program, diagnostics);
  return result?.ok === true ? result : null;
}

interface Problems {
  readonly report: (problem: Diagnostic) => void;
  /** In order of the text. */
  inOrder(spec: LinkedSpec): readonly Diagnostic[];
}

function newProblems(): Problems {
  const problems = new Map<string, Diagnostic>();
  return {
    report: (problem) => {
      const { code, span } = problem;
      const key = `${code} ${span?.file} ${span?.start} ${span?.end}`;
      // A generic body is looked at once for each of its instances, but wrong only once.
      if (!problems.has(key)) {
        problems.set(key, problem);
      }
    },
    inOrder: ({ modules }) => {
      const order = new Map(modules.map(({ path }, index) => [path, index]));
      return withoutEchoes([...problems.values()]).sort(
        (a, b) =>
          placeOf(a, order) - placeOf(b, order) || (a.span?.start ?? 0) - (b.span?.start ?? 0),
      );
    },
  };
}

/** A warning at the very place of an error says the same in other words. */
function withoutEchoes(problems: readonly Diagnostic[]): Diagnostic[] {
  const key = ({ span }: Diagnostic): string => `${span?.file} ${span?.start} ${span?.end}`;
  const wrong = new Set(problems.filter((one) => one.severity === "error").map(key));
  return problems.filter((one) => one.severity === "error" || !wrong.has(key(one)));
}

function placeOf({ span }: Diagnostic, order: ReadonlyMap<string, number>): number {
  return (span === null ? undefined : order.get(span.file)) ?? -1;
}

function newContext(spec: LinkedSpec, run: Run, report: (problem: Diagnostic) => void): Context {
  const { declarations, problems } = declare(spec);
  problems.forEach(report);
  const count = (kind: "def" | "proc"): number =>
    declarations.entities.filter((one) => one.kind === kind && one.index >= 0).length;
  const settings = new Map<string, ast.ConstantSetting>();
  const context: Context = {
    spec,
    check: run.check,
    declarations,
    report,
    underWay: [],
    settings,
    constants: new Map(),
    usedConstants: new Set(),
    consulted: { constants: new Set(), isOn: true },
    types: new Map(),
    variableTypes: new Map(),
    enums: new Map(),
    defs: new Array(count("def")).fill(undefined),
    procs: new Array(count("proc")).fill(undefined),
    readers: new Set(),
    defInstances: new Map(),
    procInstances: new Map(),
    threadIndexings: new Map(),
    threadBodies: new Map(),
    labels: new Map(),
    threads: { table: null },
    heights: { defs: new Map(), procs: new Map() },
    work: { rounds: 0 },
    depth: { now: 0 },
    next: { binder: 0, statement: 0 },
  };
  settle(context, run, settings);
  return context;
}

/** A context that knows all that `known` found out, but for the constants and what is wrong. */
function contextAgain(known: Context, run: Run, report: (problem: Diagnostic) => void): Context {
  const settings = new Map<string, ast.ConstantSetting>();
  const context: Context = {
    ...known,
    check: run.check,
    report,
    underWay: [],
    settings,
    constants: new Map(),
    usedConstants: new Set(known.usedConstants),
    consulted: { constants: new Set(known.consulted.constants), isOn: true },
    // Copies: what this run adds may hold for its constants alone.
    types: new Map(known.types),
    variableTypes: new Map(known.variableTypes),
    enums: new Map(known.enums),
    defs: [...known.defs],
    procs: [...known.procs],
    readers: new Set(known.readers),
    defInstances: new Map(known.defInstances),
    procInstances: new Map(known.procInstances),
    threadIndexings: new Map(known.threadIndexings),
    threadBodies: new Map(known.threadBodies),
    labels: new Map(known.labels),
    threads: { ...known.threads },
    heights: { defs: new Map(known.heights.defs), procs: new Map(known.heights.procs) },
    work: { ...known.work },
    depth: { now: 0 },
    next: { ...known.next },
  };
  settle(context, run, settings);
  return context;
}

/** Gathers the settings of a run: those from outside count more than those of the check. */
function settle(context: Context, run: Run, settings: Map<string, ast.ConstantSetting>): void {
  const own = run.check === null ? [] : [reviewSettings(context, run.check.constants)];
  for (const given of [...own, reviewSettings(context, run.defines)]) {
    for (const [name, setting] of given) {
      settings.set(name, setting);
    }
  }
}
