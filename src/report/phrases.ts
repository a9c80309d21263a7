import type { ExpectedFinding, Finding, IncompleteReason } from "../outcome/outcome.ts";

/** A space that no line breaks at. */
const GROUP_SEPARATOR = "\u00a0";

/** A count with its digits in groups of three: `1 377`. */
export function grouped(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+(?!\d))/g, GROUP_SEPARATOR);
}

/** `1 state`, `2 states`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** So many threads of one name are told one by one; of more the first and the last. */
const INSTANCES_MAX = 4;

/** Threads in a sentence: of many of one name `w[0] … w[28] (29 of them)`. */
export function listedThreads(names: readonly string[]): string {
  return listed(foldedThreads(names));
}

/** Names of threads for a list, many of one name told as one, where the first of them stands. */
export function foldedThreads(names: readonly string[]): readonly string[] {
  const groups = new Map<string, readonly string[]>();
  for (const name of names) {
    const key = threadFamily(name);
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups.values()].flatMap((group) =>
    group.length > INSTANCES_MAX
      ? [`${group[0]} … ${group.at(-1)} (${grouped(group.length)} of them)`]
      : group,
  );
}

/** What the instances of one thread have in common: their name without the index. */
export function threadFamily(name: string): string {
  return name.replace(/\[.*\]$/, "[]");
}

/** A statement that is a step anyway: `atomic` and its braces say nothing more. */
export function bareStatement(text: string): string {
  const inside = /^atomic \{ (.*?)(?: \})?$/.exec(text)?.[1] ?? text;
  return inside.replace(/;$/, "");
}

/** Of an `atomic` what it does first, without what is in blocks; any other statement as it is. */
export function firstStatement(text: string): string {
  const inside = /^atomic \{ (.*)/.exec(text)?.[1];
  return inside === undefined ? text : (/^.*?(?=;|\s\{|\s\}|$)/.exec(inside)?.[0] ?? inside);
}

/** A duration for people: `0.03 s`, `12.4 s`, `3 min 05 s`. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 99.95) {
    return `${seconds.toFixed(seconds < 9.995 ? 2 : 1)} s`;
  }
  const whole = Math.round(seconds);
  const rest = String(whole % 60).padStart(2, "0");
  return `${grouped(Math.floor(whole / 60))} min ${rest} s`;
}

/** An expectation as it is written in a spec. */
export function expectationText(one: ExpectedFinding): string {
  switch (one.kind) {
    case "deadlock":
    case "hung":
      return one.threads === null ? one.kind : `${one.kind}(${one.threads.join(", ")})`;
    case "violation":
      return `violation(${one.name})`;
    default:
      return one.kind;
  }
}

/** Why a search ended early. */
export function reasonText(reason: IncompleteReason): string {
  switch (reason) {
    case "states":
      return "state limit";
    case "depth":
      return "depth limit";
    case "memory":
      return "memory limit";
    case "time":
      return "time limit";
    default:
      return "interrupted";
  }
}

/** What a finding makes of a check, as a verb: `deadlocks`, `violates idle_returns`. */
export function findingVerb(finding: Finding): string {
  switch (finding.kind) {
    case "deadlock":
      return "deadlocks";
    case "hung":
      return "hangs";
    case "error":
      return "runs into an error";
    case "assertion":
      return "fails an assertion";
    default:
      return finding.property === "reachable"
        ? `never reaches ${finding.name}`
        : `violates ${finding.name}`;
  }
}

/** A finding in a sentence, without its trace and place. */
export function findingSentence(finding: Finding): string {
  switch (finding.kind) {
    case "deadlock":
      return finding.threads.length === 0
        ? "no step is left, and `final` does not hold"
        : `no step is left: ${listedThreads(finding.threads)} ${isAre(finding.threads)} blocked`;
    case "hung":
      return `${listedThreads(finding.threads)} can never go on`;
    case "error":
    case "assertion":
      return finding.message ?? findingVerb(finding);
    default:
      break;
  }
  switch (finding.property) {
    case "reachable":
      return `no reachable state satisfies ${finding.name}`;
    case "step":
      return `the last step breaks ${finding.name}`;
    case "recoverable":
      return `${finding.name} gets out of reach`;
    default:
      return `${finding.name} does not hold`;
  }
}

function isAre(names: readonly string[]): string {
  return names.length === 1 ? "is" : "are";
}
