import { check } from "../../src/index/check-spec.ts";
import type { WaitFor, WaitForGraph } from "../../src/outcome/wait-for.ts";

/** One link of a cycle: who waits for what, and who would bring it about. */
export interface Link {
  readonly waiter: string;
  readonly role: WaitFor["role"];
  readonly kind: WaitFor["kind"];
  /** The procs that the waiter is in then, outermost first. */
  readonly inside: readonly string[];
  readonly missing: readonly string[];
  readonly helper: string;
  /** The procs that the helper would be in when it helps. */
  readonly helpsIn: readonly string[];
}

/**
 * Who waits for whom in the first deadlock or hang that the check `name` of the spec `file` finds, or
 * in that of exactly the given threads.
 */
export async function graphOf(
  file: string,
  name: string,
  threads: readonly string[] | null = null,
): Promise<WaitForGraph> {
  const { outcomes } = await check(file, { checks: [name] });
  const finding = outcomes[0]?.findings.find(
    (one) =>
      "threads" in one && (threads === null || [...one.threads].sort().join() === sorted(threads)),
  );
  if (finding === undefined || !("waitFor" in finding) || finding.waitFor === null) {
    throw new Error(`no such deadlock or hang that is explained in ${name} of ${file}`);
  }
  return finding.waitFor;
}

/** The links of the cycle that `waiter` stands on, from there on; none where it stands on none. */
export function cycleFrom({ waits, cycles }: WaitForGraph, waiter: string): readonly Link[] {
  const on = cycles.map((cycle) => {
    const start = cycle.findIndex((at) => waits[at]?.waiter === waiter);
    return start < 0 ? [] : [...cycle.slice(start), ...cycle.slice(0, start)];
  });
  const cycle = on.find((one) => one.length > 0) ?? [];
  return cycle.map((at, position) => {
    const wait = waits[at] as WaitFor;
    const next = cycle[(position + 1) % cycle.length];
    const helper = wait.helpers.find((one) => one.needs === next);
    return {
      waiter: wait.waiter,
      role: wait.role,
      kind: wait.kind,
      inside: procsOf(wait.frames),
      missing: wait.missing.map((part) => part.text),
      helper: helper?.agent ?? "",
      helpsIn: procsOf(helper?.frames ?? []),
    };
  });
}

/** The names of those on the cycle that `first` stands on, from there on. */
export function cycleNames(graph: WaitForGraph, first: string): readonly string[] {
  return cycleFrom(graph, first).map(({ waiter }) => waiter);
}

/** The procs of some frames, outermost first. */
export function procsOf(frames: WaitFor["frames"]): readonly string[] {
  return frames.flatMap(({ proc }) => (proc === null ? [] : [proc]));
}

function sorted(threads: readonly string[]): string {
  return [...threads].sort().join();
}
