import { describe, expect, test } from "vitest";
import { check } from "../../src/index/check-spec.ts";
import type { Finding } from "../../src/outcome/outcome.ts";
import { describeSpec } from "../../src/testing/vitest.ts";
import { cycleFrom, cycleNames, graphOf } from "./wait-for-cycle.ts";

/** A fraction of a second each, more on a busy machine. */
const TIMEOUT_MS = 60_000;

const NAMES = [
  "suspend-vs-write-start",
  "raid5d-waits-for-itself",
  "dm-raid-suspended-array",
  "md-do-sync-without-done",
  "sync-work-under-mutex",
  "reshape-io-suspend",
  "start-sync-needed-loop",
  "stop-with-unacked-badblock",
];

for (const name of NAMES) {
  describeSpec(fileOf(name), { timeoutMs: TIMEOUT_MS });
}

function fileOf(name: string): string {
  return `specs/history/${name}.spec`;
}

/** What the check `name` finds about the property `property`. */
async function violation(file: string, name: string, property: string): Promise<Finding> {
  const { outcomes } = await check(file, { checks: [name] });
  const finding = outcomes[0]?.findings.find((one) => "name" in one && one.name === property);
  if (finding === undefined) throw new Error(`${property} holds in ${name} of ${file}`);
  return finding;
}

/** The steps that go round for ever, each as who takes it, in which proc. */
function cycleOf(finding: Finding): readonly string[] {
  const steps = finding.trace?.steps ?? [];
  return steps
    .slice(finding.lasso?.start ?? steps.length)
    .map(({ agent, procs }) => [agent, ...procs.slice(-1)].join(" "));
}

describe("suspend-vs-write-start", { timeout: TIMEOUT_MS }, () => {
  const file = fileOf("suspend-vs-write-start");

  test("the write waits for raid5d, raid5d for the resume, the suspend for the write", async () => {
    expect(cycleFrom(await graphOf(file, "reported"), "writer")).toMatchObject([
      {
        role: "hung",
        inside: ["md_handle_request", "raid5_make_request", "md_write_start"],
        missing: ["!(MD_SB_CHANGE_PENDING in sb_flags)"],
        helpsIn: ["md_check_recovery", "md_update_sb"],
      },
      { waiter: "raid5d", role: "passes", missing: ["!suspended"], helper: "level_store" },
      { waiter: "level_store", inside: ["mddev_suspend"], missing: ["active_io == 0"] },
    ]);
  });

  test("held against the rule of 6.7, reconfig_mutex is what raid5d tries in vain", async () => {
    const cycle = cycleFrom(await graphOf(file, "not_hold_rule_broken"), "level_store");
    expect(cycle).toMatchObject([
      { inside: ["mddev_suspend"], missing: ["active_io == 0"], helper: "raid5d" },
      { waiter: "raid5d", kind: "lock", missing: ["reconfig_mutex.owner == none"] },
    ]);
  });
});

describe("raid5d-waits-for-itself", { timeout: TIMEOUT_MS }, () => {
  const file = fileOf("raid5d-waits-for-itself");

  test("raid5d is a cycle of its own", async () => {
    const cycle = cycleFrom(await graphOf(file, "wait_write_start"), "raid5d");
    expect(cycle).toMatchObject([
      {
        role: "hung",
        missing: ["!(MD_SB_CHANGE_PENDING in sb_flags)"],
        helper: "raid5d",
        helpsIn: ["raid5d_run", "md_check_recovery", "md_update_sb"],
      },
    ]);
  });

  test("the reclaim waits for what raid5d keeps plugged, and raid5d for the reclaim", async () => {
    expect(cycleFrom(await graphOf(file, "spin_reclaim"), "md0_reclaim")).toMatchObject([
      { role: "hung", missing: ["flush_data_in_flight == 0"] },
      { waiter: "raid5_end_request(write)", helpsIn: ["raid5d_run", "blk_flush_plug"] },
      { waiter: "raid5d", role: "retries", helper: "md0_reclaim", helpsIn: ["md_update_sb"] },
    ]);
  });

  test("while somebody keeps reconfig_mutex, raid5d alone goes round", async () => {
    const cycle = cycleOf(await violation(file, "spin_held", "no_busy_loop"));
    expect(cycle).toContain("raid5d handle_active_stripes");
    expect(cycle.every((step) => step.startsWith("raid5d "))).toBe(true);
  });
});

describe("dm-raid-suspended-array", { timeout: TIMEOUT_MS }, () => {
  const file = fileOf("dm-raid-suspended-array");

  test("who stops waits for raid5d, which passes by because the array is suspended", async () => {
    const { waits, cycles } = await graphOf(file, "reported");
    expect(waits).toMatchObject([
      { waiter: "dmsetup_remove", missing: [{ text: "!(MD_RECOVERY_RUNNING in recovery)" }] },
      { waiter: "raid5d", role: "passes", missing: [{ text: "!suspended" }], helpers: [] },
    ]);
    expect(cycles).toEqual([]);
  });

  test("accepting MD_RECOVERY_DONE frees the array under its sync thread", async () => {
    const finding = await violation(file, "accept_done", "reaped_before_freed");
    const last = finding.trace?.steps.at(-1);
    expect(last?.agent).toBe("dmsetup_remove");
    expect(last?.state?.variables.get("mddev_sync_thread")).toBe("sync_thread");
  });
});

describe("md-do-sync-without-done", { timeout: TIMEOUT_MS }, () => {
  const file = fileOf("md-do-sync-without-done");

  test.each([
    ["delayed_reshape", "passes", "!(MD_RECOVERY_WAIT in recovery)"],
    ["registered_early", "idle", "sync_thread in thread_wakeup"],
  ])(
    "%s: raid5d waits for MD_RECOVERY_DONE, which the sync thread does not set",
    async (...row) => {
      const [name, role, missing] = row;
      const { waits } = await graphOf(file, name);
      const parts = waits.map((one) => [one.waiter, one.role, one.missing.map(({ text }) => text)]);
      expect(parts).toMatchObject([
        ["lvm", "hung", ["!(MD_RECOVERY_RUNNING in recovery)"]],
        ["raid5d", "passes", expect.arrayContaining(["MD_RECOVERY_DONE in recovery"])],
        ["sync_thread", role, expect.arrayContaining([missing])],
      ]);
    },
  );

  test("read_only_half: MD_RECOVERY_DONE is set, and raid5d passes by", async () => {
    const { waits } = await graphOf(file, "read_only_half");
    const raid5d = waits.find(({ waiter }) => waiter === "raid5d");
    expect(raid5d?.missing.map(({ text }) => text)).toContain("!mddev_ro");
    expect(waits.map(({ waiter }) => waiter)).not.toContain("sync_thread");
  });
});

test("sync-work-under-mutex: the flusher and the work wait for each other", {
  timeout: TIMEOUT_MS,
}, async () => {
  const graph = await graphOf(fileOf("sync-work-under-mutex"), "linux_6_7_rc");
  expect(cycleFrom(graph, "action_store")).toMatchObject([
    { inside: ["stop_sync_thread", "flush_work"], helper: "kworker" },
    { waiter: "kworker", kind: "lock", inside: ["md_start_sync", "mddev_lock_nointr", "lock"] },
  ]);
});

describe("reshape-io-suspend", { timeout: TIMEOUT_MS }, () => {
  const file = fileOf("reshape-io-suspend");

  test.each(["reported", "failing_io_prepared_first", "woken_waiters_frozen_meanwhile"])(
    "%s: the suspend waits for the write, and nobody is left to wake that",
    async (name) => {
      const { waits, cycles } = await graphOf(file, name);
      expect(waits.map((one) => [one.waiter, one.missing.map(({ text }) => text)])).toEqual([
        ["writer", ["woken"]],
        ["mdadm", ["active_io == 0"]],
      ]);
      expect(waits[0]?.helpers).toEqual([]);
      expect(waits[1]?.helpers.map(({ agent }) => agent)).toEqual(["writer"]);
      expect(cycles).toEqual([]);
    },
  );
});

test("start-sync-needed-loop: raid5d queues the work, which suspends, resumes and asks again", {
  timeout: TIMEOUT_MS,
}, async () => {
  const file = fileOf("start-sync-needed-loop");
  const cycle = cycleOf(await violation(file, "reported", "quiet"));
  const milestones = [
    "raid5d md_check_recovery",
    "kworker run_work",
    "kworker mddev_suspend",
    "kworker __mddev_resume",
  ];
  const passed = cycle.filter((step, at) => milestones.includes(step) && step !== cycle[at - 1]);
  expect([...new Set(passed)]).toEqual(milestones);
  expect(new Set(cycle.map((step) => step.split(" ")[0]))).toEqual(new Set(["raid5d", "kworker"]));
});

test("stop-with-unacked-badblock: kthread_stop, the stripe, the superblock, the mutex", {
  timeout: TIMEOUT_MS,
}, async () => {
  const graph = await graphOf(fileOf("stop-with-unacked-badblock"), "reported");
  expect(cycleNames(graph, "mdadm")).toEqual(["mdadm", "sync_thread", "raid5d", "raid5d"]);
  expect(cycleFrom(graph, "mdadm")).toMatchObject([
    { kind: "exit", missing: ["done(sync_thread)"] },
    { missing: ["stripe == handled"], helpsIn: ["handle_stripe"] },
    { missing: ["!(failure in not_on_disk)"], helpsIn: ["md_check_recovery", "md_update_sb"] },
    { kind: "lock", missing: ["reconfig_mutex.owner == none"], helpsIn: ["mddev_unlock"] },
  ]);
});
