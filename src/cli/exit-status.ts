import { OPTION_CODES } from "../check/problems.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Finding, Outcome } from "../outcome/outcome.ts";
import { ASSUME_FALSE_CODE } from "../semantics/problems-constants.ts";

/** What `mdcheck` says to the shell. */
export const EXIT = {
  met: 0,
  notFormatted: 1,
  assumption: 10,
  deadlock: 11,
  violation: 12,
  temporal: 13,
  expectation: 14,
  incomplete: 20,
  usage: 64,
  spec: 65,
  file: 66,
  fault: 70,
} as const;

/** The status of a check; of one that is not met, its first reason decides. */
export function outcomeStatus(outcome: Outcome): number {
  const reason = outcome.unmet[0];
  switch (reason?.kind) {
    case undefined:
      return EXIT.met;
    case "unexpected":
      return findingStatus(reason.finding);
    case "incomplete":
      return EXIT.incomplete;
    default:
      return EXIT.expectation;
  }
}

function findingStatus(finding: Finding): number {
  switch (finding.kind) {
    case "deadlock":
    case "hung":
      return EXIT.deadlock;
    case "violation":
      return finding.property === "property" ? EXIT.temporal : EXIT.violation;
    default:
      return EXIT.violation;
  }
}

/** The status of a spec that was refused; `origin` names the text of the command line. */
export function diagnosticsStatus(diagnostics: readonly Diagnostic[], origin: string): number {
  const errors = diagnostics.filter((one) => one.severity === "error");
  if (errors.every((one) => one.code === ASSUME_FALSE_CODE)) {
    return EXIT.assumption;
  }
  return errors.every((one) => OPTION_CODES.includes(one.code) || one.span?.file === origin)
    ? EXIT.usage
    : EXIT.spec;
}

/** The first that is not 0 of the statuses of checks and files, in order. */
export function firstStatus(statuses: readonly number[]): number {
  return statuses.find((status) => status !== EXIT.met) ?? EXIT.met;
}
