import type * as core from "../core/expressions.ts";
import type { Check, Expectation } from "../core/program.ts";
import type { Span } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../support/did-you-mean.ts";
import type * as ast from "../syntax/ast.ts";
import { showValue } from "../values/show.ts";
import { constantExpression, knownValue, rootSetting, typeContext } from "./constants.ts";
import { type Context, fail } from "./context.ts";
import { describeEntity, type ThreadEntity } from "./entities.ts";
import {
  constantSetTwice,
  expectationTwice,
  noSuchThread,
  okWithOthers,
} from "./problems-constants.ts";
import {
  constantNotDeclared,
  nameNotDeclared,
  propertyNotDeclared,
  wrongKind,
} from "./problems-names.ts";
import { threadIndexMissing, threadNotIndexed } from "./problems-types.ts";
import { find, isEntity, lookUp, type Setting } from "./scopes.ts";
import { shellTemplate } from "./shell.ts";
import { instanceOf, threadIndexing } from "./threads.ts";

/** The settings of one `check`, and problems in them that do not depend on the run. */
export function reviewSettings(
  context: Context,
  settings: readonly ast.ConstantSetting[],
): ReadonlyMap<string, ast.ConstantSetting> {
  const byName = new Map<string, ast.ConstantSetting>();
  for (const setting of settings) {
    const { text, span } = setting.name;
    const entity = context.declarations.names.get(text);
    if (entity === undefined || entity.kind !== "const") {
      const constants = context.declarations.entities.filter((one) => one.kind === "const");
      const near = didYouMean(
        text,
        constants.map((one) => one.name.text),
      );
      context.report(
        entity === undefined
          ? constantNotDeclared(span, text, near)
          : wrongKind(span, text, describeEntity(entity), "a constant"),
      );
      continue;
    }
    const first = byName.get(text);
    if (first !== undefined) {
      context.report(constantSetTwice(span, first.name.span, text));
    }
    byName.set(text, setting);
  }
  return byName;
}

/**
 * Finds the mistakes in all checks of the file that do not depend on their constants, so that they
 * show whichever check is run.
 */
export function reviewChecks(context: Context): void {
  const setting = rootSetting(context);
  for (const check of context.spec.checks) {
    reviewSettings(context, check.constants);
    for (const clause of check.expectations) {
      if (clause.kind === "violation") {
        violationOf(context, clause.name);
      } else if (clause.kind === "deadlock" || clause.kind === "hung") {
        for (const thread of clause.threads ?? []) {
          threadNamed(context, setting, thread);
        }
      }
    }
  }
}

/** What is to be run; null where an error has been reported. */
export function elaborateCheck(context: Context): Check | null {
  const { check } = context;
  const overridden = context.declarations.entities.flatMap((one) =>
    one.kind === "const" && context.settings.has(one.name.text) ? [one.index] : [],
  );
  if (check === null) {
    return {
      name: "default",
      doc: null,
      span: null,
      shell: null,
      overridden,
      expectations: [{ kind: "ok" }],
      states: null,
    };
  }
  const setting = rootSetting(context);
  const shell = check.shell === null ? null : shellTemplate(context, setting, check.shell);
  const expectations = elaborateExpectations(context, setting, check.expectations);
  const { states } = check;
  return expectations === null || (shell === null && check.shell !== null)
    ? null
    : {
        name: check.name.text,
        doc: check.doc,
        span: check.name.span,
        shell,
        overridden,
        expectations,
        states: states?.value ?? null,
      };
}

function elaborateExpectations(
  context: Context,
  setting: Setting,
  clauses: readonly ast.ExpectationClause[],
): readonly Expectation[] | null {
  const first = new Map<string, Span>();
  const expectations: Expectation[] = [];
  for (const clause of clauses) {
    const expectation = elaborateExpectation(context, setting, clause);
    if (expectation === null) {
      continue;
    }
    if (expectation.kind === "ok" && clauses.length > 1) {
      context.report(okWithOthers(clause.span));
    }
    const key = JSON.stringify(expectation);
    const other = first.get(key);
    if (other !== undefined) {
      const what = "name" in expectation ? `violation(${expectation.name})` : expectation.kind;
      context.report(expectationTwice(clause.span, other, `'${what}'`));
    }
    first.set(key, clause.span);
    expectations.push(expectation);
  }
  if (expectations.length < clauses.length) {
    return null;
  }
  return expectations.length === 0 ? [{ kind: "ok" }] : expectations;
}

function elaborateExpectation(
  context: Context,
  setting: Setting,
  clause: ast.ExpectationClause,
): Expectation | null {
  switch (clause.kind) {
    case "ok":
    case "error":
    case "assertion":
      return { kind: clause.kind };
    case "deadlock":
    case "hung": {
      if (clause.threads === null) {
        return { kind: clause.kind, threads: null };
      }
      const named = clause.threads.map((one) => instanceNamed(context, setting, one));
      const threads = named.flatMap((one) => (one === null ? [] : [one]));
      return threads.length < named.length
        ? null
        : { kind: clause.kind, threads: [...new Set(threads)].sort((a, b) => a - b) };
    }
    case "violation":
      return violationOf(context, clause.name);
  }
}

function violationOf(context: Context, name: ast.Name): Expectation | null {
  const entity = context.declarations.names.get(name.text);
  if (entity?.kind === "predicate" || entity?.kind === "property") {
    return { kind: "violation", name: name.text };
  }
  if (entity !== undefined) {
    return fail(
      context,
      wrongKind(name.span, name.text, describeEntity(entity), "an invariant or property"),
    );
  }
  const named = context.declarations.entities.filter(
    (one) => one.kind === "predicate" || one.kind === "property",
  );
  const near = didYouMean(
    name.text,
    named.map((one) => one.name.text),
  );
  return fail(context, propertyNotDeclared(name.span, name.text, near));
}

/** The thread that an expectation names; null, with a report, where it names none. */
function threadNamed(
  context: Context,
  setting: Setting,
  { name, index }: ast.ThreadReference,
): ThreadEntity | null {
  const { text, span } = name;
  const found = find(context, setting, text);
  if (!isEntity(found)) {
    const threads = context.declarations.entities.filter((one) => one.kind === "thread");
    const near = didYouMean(
      text,
      threads.map((one) => one.name.text),
    );
    if (near !== null) {
      return fail(context, nameNotDeclared(span, text, near));
    }
    lookUp(context, setting, name);
    return null;
  }
  if (found.kind !== "thread") {
    return fail(context, wrongKind(span, text, describeEntity(found), "a thread"));
  }
  if ((found.declaration.index === null) !== (index === null)) {
    return fail(
      context,
      index === null ? threadIndexMissing(span, text) : threadNotIndexed(span, text),
    );
  }
  return found;
}

function instanceNamed(
  context: Context,
  setting: Setting,
  reference: ast.ThreadReference,
): core.InstanceIndex | null {
  const found = threadNamed(context, setting, reference);
  if (found === null) {
    return null;
  }
  const { index } = reference;
  if (index === null) {
    return instanceOf(context, found.index, null);
  }
  const indexing = threadIndexing(context, found.index);
  if (indexing === null) {
    return null;
  }
  const typed = constantExpression(context, setting, index, indexing.type, "an expectation");
  const value = typed === null ? undefined : knownValue(context, typed);
  if (value === undefined) {
    return null;
  }
  const instance = instanceOf(context, found.index, value);
  return (
    instance ??
    fail(
      context,
      noSuchThread(
        index.span,
        found.name.text,
        showValue(value, indexing.type, typeContext(context)),
      ),
    )
  );
}
