import type { Program } from "../core/program.ts";
import { type Checked, checked, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { InternalError } from "../support/internal-error.ts";
import type * as ast from "../syntax/ast.ts";
import { assemble } from "./assemble.ts";
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

/**
 * What a spec says under one choice of constants, or all that is wrong with it, in order of the
 * text. What does not depend on the run comes out the same in every run.
 */
export function elaborate(spec: LinkedSpec, run: Run): Checked<Program> {
  const problems = new Map<string, Diagnostic>();
  const report = (problem: Diagnostic): void => {
    const { code, span } = problem;
    const key = `${code} ${span?.file} ${span?.start} ${span?.end}`;
    // A generic body is looked at once for each of its instances, but wrong only once.
    if (!problems.has(key)) {
      problems.set(key, problem);
    }
  };
  const context = newContext(spec, run, report);
  const program = assemble(context);
  const order = new Map(spec.modules.map(({ path }, index) => [path, index]));
  const diagnostics = withoutEchoes([...problems.values()]).sort(
    (a, b) => placeOf(a, order) - placeOf(b, order) || (a.span?.start ?? 0) - (b.span?.start ?? 0),
  );
  if (program === null) {
    if (!diagnostics.some((one) => one.severity === "error")) {
      throw new InternalError("a spec is refused without a reason");
    }
    return { ok: false, diagnostics };
  }
  return checked(program, diagnostics);
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
  const own = run.check === null ? [] : [reviewSettings(context, run.check.constants)];
  for (const given of [...own, reviewSettings(context, run.defines)]) {
    for (const [name, setting] of given) {
      settings.set(name, setting);
    }
  }
  return context;
}
