import type { Expectation, Program } from "../core/program.ts";
import type {
  CheckInfo,
  ExpectedFinding,
  Finding,
  JudgedFinding,
  Outcome,
  SearchResult,
  Unmet,
  Verdict,
} from "../outcome/outcome.ts";
import { present } from "../support/internal-error.ts";
import { literalValue } from "./literal.ts";
import { suspected } from "./suspected.ts";

/**
 * What a search means for the check that asked for it (docs/language.md section 9). `hung` tells
 * whether hangs were looked for: what was not cannot be missing.
 */
export function judge(result: SearchResult, program: Program, hung = true): Outcome {
  const check = checkInfo(program);
  const unmet = unmetReasons(result, check, hung);
  return {
    check,
    verdict: verdict(result, program),
    met: unmet.length === 0,
    unmet,
    findings: result.findings.map((finding) => judged(finding, check.expectations)),
    witnesses: result.witnesses,
    properties: result.properties,
    statistics: result.statistics,
    coverage: null,
    ...suspected(result, program),
  };
}

/** The check of `program` for people: names in place of indices. */
export function checkInfo(program: Program): CheckInfo {
  const { check } = program;
  return {
    name: check.name,
    doc: check.doc,
    span: check.span,
    constants: check.overridden.map((index) => {
      const constant = present(program.constants[index], "overridden constant");
      return { name: constant.name, value: literalValue(constant.value, program) };
    }),
    expectations: check.expectations.map((one) => expected(one, program)),
    statesExpected: check.states,
  };
}

function expected(expectation: Expectation, program: Program): ExpectedFinding {
  switch (expectation.kind) {
    case "deadlock":
    case "hung":
      return {
        kind: expectation.kind,
        threads:
          expectation.threads?.map(
            (index) => present(program.instances[index], "expected thread").name,
          ) ?? null,
      };
    default:
      return expectation;
  }
}

function verdict(result: SearchResult, program: Program): Verdict {
  const first = result.findings[0];
  if (first === undefined) {
    return result.incomplete === null
      ? { kind: "holds", withinConstraint: program.constraints.length > 0 }
      : { kind: "incomplete", reason: result.incomplete };
  }
  switch (first.kind) {
    case "deadlock":
    case "hung":
      return { kind: first.kind, threads: first.threads };
    case "violation":
      return { kind: "violation", property: first.property, name: first.name };
    default:
      return { kind: first.kind };
  }
}

/** In the order in which they decide the exit status. */
function unmetReasons(result: SearchResult, check: CheckInfo, hung: boolean): readonly Unmet[] {
  const listed = check.expectations.filter((one) => one.kind !== "ok");
  const expectsOk = listed.length === 0;
  const unmet: Unmet[] = [];
  for (const finding of result.findings) {
    const decides = expectsOk || finding.kind === "error" || finding.kind === "assertion";
    if (decides && !listed.some((one) => satisfies(finding, one))) {
      unmet.push({ kind: "unexpected", finding });
    }
  }
  if (result.incomplete !== null) {
    return [...unmet, { kind: "incomplete", reason: result.incomplete }];
  }
  for (const expectation of listed) {
    // A deadlock may satisfy it even where other hangs were not looked for.
    const isLookedFor = expectation.kind !== "hung" || hung;
    if (isLookedFor && !result.findings.some((finding) => satisfies(finding, expectation))) {
      unmet.push({ kind: "missing", expectation });
    }
  }
  const { states } = result.statistics;
  if (check.statesExpected !== null && check.statesExpected !== states) {
    unmet.push({ kind: "states", expected: check.statesExpected, actual: states });
  }
  return unmet;
}

function judged(finding: Finding, expectations: readonly ExpectedFinding[]): JudgedFinding {
  return { ...finding, expected: expectations.some((one) => satisfies(finding, one)) };
}

function satisfies(finding: Finding, expectation: ExpectedFinding): boolean {
  switch (expectation.kind) {
    case "ok":
      return false;
    case "deadlock":
    case "hung": {
      // Every deadlock is a hang of its threads as well.
      const kind =
        finding.kind === expectation.kind ||
        (finding.kind === "deadlock" && expectation.kind === "hung");
      return (
        kind &&
        "threads" in finding &&
        (expectation.threads === null || sameNames(finding.threads, expectation.threads))
      );
    }
    case "violation":
      return finding.kind === "violation" && finding.name === expectation.name;
    default:
      return finding.kind === expectation.kind;
  }
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}
