import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type {
  Coverage,
  ExpectedFinding,
  Finding,
  FrameView,
  Outcome,
  SpecOutcome,
  StateView,
  Suspicion,
  Trace,
  TraceStep,
  Unmet,
} from "../outcome/outcome.ts";
import { type Json, valueToJson } from "../values/json.ts";
import type { Value } from "../values/value.ts";
import { lassoJson, waitForJson, waitingJson, waitJson } from "./json-waiting.ts";
import { type Write, writer } from "./json-write.ts";
import { expectationText } from "./phrases.ts";

/** The version of the document; its schema is `docs/mdcheck-1.schema.json`. */
export const JSON_FORMAT = "mdcheck/1";

/** What of a run is not in the outcomes of its specs. */
export interface JsonRun {
  /** Of mdcheck. */
  readonly version: string;
  readonly exitStatus: number;
}

/** All specs of a run as one JSON document, ended by a line break. */
export function jsonText(specs: readonly SpecOutcome[], run: JsonRun): string {
  const document: Json = {
    format: JSON_FORMAT,
    version: run.version,
    exitStatus: run.exitStatus,
    specs: specs.map(specJson),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function specJson(spec: SpecOutcome): Json {
  const write = writer(spec.sources);
  return {
    file: spec.file,
    module: spec.module,
    diagnostics: spec.diagnostics.map((one) => diagnosticJson(one, write)),
    checks: spec.outcomes.map((outcome) => outcomeJson(outcome, write)),
  };
}

function diagnosticJson(diagnostic: Diagnostic, write: Write): Json {
  const { code, severity, message, span, related, hint } = diagnostic;
  return {
    code,
    severity,
    message,
    span: span === null ? null : write.span(span),
    related: related.map((one) => ({ message: one.message, span: write.span(one.span) })),
    hint,
  };
}

function outcomeJson(outcome: Outcome, write: Write): Json {
  const { check, statistics, verdict } = outcome;
  return {
    name: check.name,
    doc: check.doc,
    span: check.span === null ? null : write.span(check.span),
    constants: valuesJson(check.constants.map(({ name, value }) => [name, value])),
    expectations: check.expectations.map(expectationJson),
    statesExpected: check.statesExpected,
    met: outcome.met,
    unmet: outcome.unmet.map((one) => unmetJson(one, outcome)),
    verdict:
      verdict.kind === "deadlock" || verdict.kind === "hung"
        ? { kind: verdict.kind, threads: verdict.threads }
        : verdict,
    statistics: {
      ...statistics,
      storage: statistics.storage === null ? null : { ...statistics.storage },
      timing: statistics.timing === null ? null : { ...statistics.timing },
    },
    coverage: outcome.coverage === null ? null : coverageJson(outcome.coverage, write),
    findings: outcome.findings.map((one) => ({
      ...findingJson(one, write),
      expected: one.expected,
    })),
    witnesses: outcome.witnesses.map(({ name, span, trace }) => ({
      name,
      span: write.span(span),
      trace: traceJson(trace, write),
    })),
    properties: outcome.properties.map(({ name, property, span, result, vacuous }) => ({
      name,
      property,
      span: write.span(span),
      result,
      vacuous: vacuous.map((one) => write.span(one)),
    })),
    suspicions: outcome.suspicions.map((one) => suspicionJson(one, write)),
    warnings: outcome.warnings.map((one) => diagnosticJson(one, write)),
  };
}

function coverageJson({ transitions, statements }: Coverage, write: Write): Json {
  return {
    transitions: transitions.map(({ name, span, taken }) => ({
      name,
      span: write.span(span),
      taken,
    })),
    statements: statements.map(({ owner, kind, span, text, nesting, taken, atStart }) => ({
      [owner.kind]: owner.name,
      kind,
      text,
      span: write.span(span),
      nesting,
      taken,
      atStart,
    })),
  };
}

function expectationJson(one: ExpectedFinding): Json {
  return { ...one, text: expectationText(one) };
}

/** An unexpected finding is named by its place in `findings`. */
function unmetJson(one: Unmet, outcome: Outcome): Json {
  switch (one.kind) {
    case "unexpected": {
      const { finding } = one;
      const index = outcome.findings.findIndex(
        (other) => other.trace === finding.trace && sameSubject(other, finding),
      );
      return { kind: one.kind, finding: index };
    }
    case "missing":
      return { kind: one.kind, expectation: expectationJson(one.expectation) };
    default:
      return { ...one };
  }
}

function sameSubject(a: Finding, b: Finding): boolean {
  return a.kind === b.kind && ("name" in a ? a.name : "") === ("name" in b ? b.name : "");
}

function findingJson(finding: Finding, write: Write): { readonly [key: string]: Json } {
  const subject: { readonly [key: string]: Json } =
    finding.kind === "violation"
      ? { property: finding.property, name: finding.name }
      : "threads" in finding
        ? { threads: finding.threads }
        : {};
  return {
    kind: finding.kind,
    ...subject,
    message: finding.message,
    span: finding.span === null ? null : write.span(finding.span),
    trace: finding.trace === null ? null : traceJson(finding.trace, write),
    waiting: finding.waiting.map((one) => waitingJson(one, write)),
    doomedAt: finding.doomedAt,
    lasso: finding.lasso === null ? null : lassoJson(finding.lasso, write),
    waitFor: finding.waitFor === null ? null : waitForJson(finding.waitFor, write),
  };
}

function suspicionJson(suspicion: Suspicion, write: Write): Json {
  const { kind } = suspicion;
  if (kind === "unstable") {
    const { thread, wait, trace } = suspicion;
    return { kind, thread, wait: waitJson(wait, write), trace: traceJson(trace, write) };
  }
  return {
    kind,
    orders: suspicion.orders.map(({ thread, held, taken, trace }) => ({
      thread,
      held,
      taken,
      trace: traceJson(trace, write),
    })),
  };
}

function traceJson(trace: Trace, write: Write): Json {
  return {
    initial: stateJson(trace.initial, write),
    steps: trace.steps.map((step) => stepJson(step, write)),
  };
}

function stepJson(step: TraceStep, write: Write): Json {
  return {
    [step.isTransition ? "transition" : "thread"]: step.agent,
    procs: step.procs,
    label: step.label,
    doc: step.doc,
    text: step.text,
    span: write.span(step.span),
    choices: step.choices.map(({ name, value }) => ({ name, value: valueToJson(value) })),
    shell: step.shell,
    changes: step.changes.map(({ path, before, after }) => ({
      path,
      before: valueToJson(before),
      after: valueToJson(after),
    })),
    state: step.state === null ? null : stateJson(step.state, write),
  };
}

function stateJson(state: StateView, write: Write): Json {
  return {
    variables: valuesJson(state.variables),
    threads: state.threads.map(({ name, done, stack }) => ({
      name,
      done,
      stack: stack.map((frame) => frameJson(frame, write)),
    })),
  };
}

function frameJson(frame: FrameView, write: Write): Json {
  return {
    proc: frame.proc,
    label: frame.label,
    span: write.span(frame.span),
    locals: valuesJson(frame.locals),
  };
}

function valuesJson(values: Iterable<readonly [string, Value]>): Json {
  // A null prototype keeps a variable called `__proto__` an ordinary key.
  const object: { [key: string]: Json } = Object.create(null);
  for (const [name, value] of values) {
    object[name] = valueToJson(value);
  }
  return object;
}
