import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { Host } from "../../src/check/host.ts";
import { check } from "../../src/index/check-spec.ts";
import type { Outcome, Unmet } from "../../src/outcome/outcome.ts";

const FILE = "specs/dm-era.spec";
const TEXT = await readFile(FILE, "utf8");

/** The spec broken in one place: in the declaration that begins with `at`, `from` becomes `to`. */
interface Mutant {
  readonly title: string;
  readonly at: string;
  readonly from: string;
  readonly to: string;
  /** The check that must become unmet. */
  readonly check: string;
  /** Why: what it finds that it did not before, or no longer finds. */
  readonly because: string;
}

const MUTANTS: readonly Mutant[] = [
  {
    title: "no grace period before the old table is destroyed: no deadlock any more",
    at: "proc dm_sync_table(",
    from: "synchronize_srcu(md.io_barrier);",
    to: "",
    check: "load_suspend_resume",
    because: "missing deadlock",
  },
  {
    title: "no grace period before the old table is destroyed: the swap returns among its readers",
    at: "proc dm_sync_table(",
    from: "synchronize_srcu(md.io_barrier);",
    to: "",
    check: "table_line",
    because: "found violation(swap_waits_for_readers)",
  },
  {
    title: "dm_sync_table waits after the old table is destroyed",
    at: "proc do_resume(",
    from: "dm_table_destroy(eras[the(old_map)]);",
    to: "skip;\n  }\n  if (table != none) {\n    dm_table_destroy(eras[the(table)]);",
    check: "swap_alone",
    because: "found assertion",
  },
  {
    title: "the worker of a suspended era is not stopped: it uses metadata that are closed",
    at: "proc stop_worker(",
    from: "era.suspended := true;",
    to: "",
    check: "load_suspend_resume",
    because: "found assertion",
  },
  {
    title: "preresume does not start the worker again",
    at: "proc era_preresume(",
    from: "start_worker(era);",
    to: "",
    check: "no_swap",
    because: "found deadlock(dmsetup)",
  },
  {
    title: "an rpc is queued and nobody wakes the worker",
    at: "proc perform_rpc(",
    from: "wake_worker(era);",
    to: "",
    check: "swap_alone",
    because: "found deadlock(dmsetup)",
  },
  {
    title: "the worker leaves the list as it was",
    at: "proc process_rpc_calls(",
    from: "era.rpc_calls := [];",
    to: "",
    check: "swap_alone",
    because: "found violation(rpc_on_callers_stack)",
  },
  {
    title: "the worker completes only the oldest rpc of its list",
    at: "proc process_rpc_calls(",
    from: "i := len(calls);\n  while (i > 0) {\n    complete_one:",
    to: "i := 1;\n  while (i > 0) {\n    complete_one:",
    check: "no_swap",
    because: "found deadlock(dmsetup)",
  },
  {
    title: "suspend commits before the worker is stopped only",
    at: "proc era_postsuspend(",
    from: "metadata_commit(era);",
    to: "",
    check: "suspend_during_digest",
    because: "found violation(suspended_is_clean)",
  },
  {
    title: "suspend flushes the work item where it should drain it",
    at: "proc stop_worker(",
    from: "drain(era.worker);",
    to: "flush_work(era.worker);",
    check: "suspend_during_digest",
    because: "found violation(metadata_alone)",
  },
  {
    title: "dm_swap_table returns with suspend_lock held",
    at: "proc dm_swap_table(",
    from: "out: unlock(md.suspend_lock);",
    to: "out: skip;",
    check: "swap_alone",
    because: "found deadlock(dmsetup)",
  },
  {
    title: "dm_suspend does without suspend_lock",
    at: "proc dm_suspend(",
    from: "\n  lock(md.suspend_lock);",
    to: "",
    check: "swap_alone",
    because: "found violation(suspend_lock_held)",
  },
  {
    title: "era_status looks at the noflush flag: LVM no longer deadlocks",
    at: "proc era_status(",
    from: "if (status_type == STATUSTYPE_INFO) {",
    to: "if (status_type == STATUSTYPE_INFO && !noflush) {",
    check: "noflush",
    because: "missing deadlock",
  },
  {
    title: "a status keeps its reference to the device",
    at: "proc table_status(",
    from: "dm_put();",
    to: "",
    check: "table_line",
    because: "found violation(holders_counted)",
  },
];

/** The declaration at `mutant.at` ends with the first line that is a lone `}`. */
function mutate(mutant: Mutant): string {
  const start = TEXT.indexOf(mutant.at);
  const end = TEXT.indexOf("\n}\n", start);
  const declaration = TEXT.slice(start, end);
  if (start < 0 || end < 0 || !declaration.includes(mutant.from)) {
    throw new Error(`nothing to mutate: ${mutant.title}`);
  }
  return TEXT.slice(0, start) + declaration.replaceAll(mutant.from, mutant.to) + TEXT.slice(end);
}

/** Judges one check of the spec with the given text. */
async function judge(text: string, name: string): Promise<Outcome> {
  const host: Host = {
    libraryFolder: "specs/lib",
    read: (path) => (path === FILE ? Promise.resolve(text) : readFile(path, "utf8")),
  };
  const { outcomes, diagnostics } = await check(FILE, { host, checks: [name] });
  const [outcome] = outcomes;
  if (outcome === undefined) {
    throw new Error(diagnostics.map((one) => one.message).join("; "));
  }
  return outcome;
}

function phrase(unmet: Unmet): string {
  switch (unmet.kind) {
    case "missing":
      return `missing ${unmet.expectation.kind}`;
    case "unexpected": {
      const { finding } = unmet;
      if (finding.kind === "violation") {
        return `found violation(${finding.name})`;
      }
      return "threads" in finding
        ? `found ${finding.kind}(${finding.threads.join(", ")})`
        : `found ${finding.kind}`;
    }
    default:
      return unmet.kind;
  }
}

test.each(MUTANTS)("$title ($check)", { timeout: 120_000 }, async (mutant) => {
  const { met, unmet } = await judge(mutate(mutant), mutant.check);
  expect(met).toBe(false);
  expect(unmet.map(phrase)).toContain(mutant.because);
});
