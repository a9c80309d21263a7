import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { Host } from "../../src/check/host.ts";
import { check } from "../../src/index/check-spec.ts";
import type { Outcome, Unmet } from "../../src/outcome/outcome.ts";

const FILE = "specs/raid10.spec";
const TEXT = await readFile(FILE, "utf8");

/** The spec broken in one place: in the declaration that begins with `at`, `from` becomes `to`. */
interface Mutant {
  readonly title: string;
  readonly at: string;
  readonly from: string;
  readonly to: string;
  /** The check that must become unmet: small, and `ok` where it can be, for then it stops early. */
  readonly check: string;
  /** Why: what it finds that it did not before, or no longer finds. */
  readonly because: string;
}

const MUTANTS: readonly Mutant[] = [
  {
    title: "a write passes a raised barrier",
    at: "proc wait_barrier(",
    from: "if (barrier == 0) {",
    to: "if (barrier >= 0) {",
    check: "v6_6_write_start_frozen",
    because: "found violation(barrier_separates)",
  },
  {
    title: "raise_barrier does not wait for pending writes",
    at: "proc raise_barrier(",
    from: "await nr_pending == 0 && barrier < RESYNC_DEPTH;",
    to: "await barrier < RESYNC_DEPTH;",
    check: "v6_6_write_start_frozen",
    because: "found violation(barrier_separates)",
  },
  {
    title: "nobody waits for pending writes: the deadlock of hold is gone",
    at: "proc raise_barrier(",
    from: "await nr_pending == 0 && barrier < RESYNC_DEPTH;",
    to: "await barrier < RESYNC_DEPTH;",
    check: "hold_reshape_frozen",
    because: "missing deadlock",
  },
  {
    title: "raid10d reports a failed write although MD_SB_CHANGE_PENDING is set",
    at: "thread raid10d {",
    from: "if (!test_bit(MD_SB_CHANGE_PENDING, sb_flags)) {",
    to: "if (sb_flags == sb_flags) {",
    check: "v6_6_write_error_frozen",
    because: "found violation(superblock_first)",
  },
  {
    title: "a failed write is reported at once: the deadlock of hold is gone",
    at: "thread raid10d {",
    from: "if (!test_bit(MD_SB_CHANGE_PENDING, sb_flags)) {",
    to: "if (sb_flags == sb_flags) {",
    check: "hold_write_error_frozen",
    because: "missing deadlock",
  },
  {
    title: "md_write_start does not wait for the superblock",
    at: "proc md_write_start(",
    from: "await !test_bit(MD_SB_CHANGE_PENDING, sb_flags);",
    to: "skip;",
    check: "v6_6_write_start_frozen",
    because: "found violation(superblock_first)",
  },
  {
    title: "md_update_sb clears MD_SB_CHANGE_PENDING although another flag was set again",
    at: "proc md_update_sb(",
    from: "if (sb_flags subset {MD_SB_CHANGE_PENDING}) {",
    to: "if (sb_flags == sb_flags) {",
    check: "v6_6_write_start_frozen",
    because: "found violation(superblock_first)",
  },
  {
    title: "the gate of md_check_recovery stays closed for superblock flags",
    at: "proc md_check_recovery(",
    from: "sb_flags - {MD_SB_CHANGE_PENDING} != {} ||",
    to: "",
    check: "v6_6_write_start_frozen",
    because: "found deadlock(writer)",
  },
  {
    title: "raid10d goes on without reconfig_mutex when the trylock fails",
    at: "proc md_check_recovery(",
    from: "if (!locked) {\n        return;\n      }",
    to: "",
    check: "v6_6_write_start_frozen",
    because: "found violation(under_reconfig_mutex)",
  },
  {
    title: "mddev_unlock does not wake raid10d",
    at: "proc mddev_unlock(",
    from: "md_wakeup_thread(raid10d);",
    to: "",
    check: "v6_6_write_start_frozen",
    because: "found deadlock(writer, action_store)",
  },
  {
    title: "a sync thread starts although MD_RECOVERY_FROZEN is set",
    at: "proc md_check_recovery(",
    from: "go := go && !test_bit(MD_RECOVERY_FROZEN, recovery);",
    to: "",
    check: "v6_6_queued_frozen",
    because: "found violation(frozen_is_frozen)",
  },
  {
    title: "md_do_sync ends without MD_RECOVERY_DONE",
    at: "proc md_do_sync(",
    from: "set_bit(MD_RECOVERY_DONE, recovery);",
    to: "",
    check: "v6_6_queued_frozen",
    because: "found deadlock(action_store)",
  },
  {
    title: "md_reap_sync_thread does not stop the thread",
    at: "proc md_reap_sync_thread(",
    from: "md_unregister_thread(mddev_sync_thread);",
    to: "",
    check: "v6_6_queued_frozen",
    because: "found violation(sync_thread_only_while_running)",
  },
  {
    title: "md_reap_sync_thread does not count",
    at: "proc md_reap_sync_thread(",
    from: "sync_seq_inc();",
    to: "skip;",
    check: "v6_6_write_start_idle",
    because: "found assertion",
  },
  {
    title: "nobody tells raid10d of a failed write",
    at: "fair transition raid10_end_write_request(",
    from: "md_wakeup_thread(raid10d);",
    to: "",
    check: "v6_6_write_error_frozen",
    because: "found deadlock(writer)",
  },
  {
    title: "6.7 flushes sync_work before it gives reconfig_mutex back",
    at: "proc stop_sync_thread_unlocked(",
    from: "  mddev_unlock();\n  set_bit(MD_RECOVERY_INTR, recovery);",
    to: "  flush_work(sync_work);\n  mddev_unlock();\n  set_bit(MD_RECOVERY_INTR, recovery);",
    check: "v6_7_write_start_frozen",
    because: "found deadlock(kworker, action_store)",
  },
  {
    title: "6.6 keeps reconfig_mutex while it waits",
    at: "proc stop_sync_thread(",
    from: "set_bit(MD_RECOVERY_INTR, recovery);\n      mddev_unlock();",
    to: "set_bit(MD_RECOVERY_INTR, recovery);",
    check: "v6_6_queued_frozen",
    because: "found deadlock(action_store)",
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
