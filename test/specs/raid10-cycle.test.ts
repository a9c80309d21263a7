import { describe, expect, test } from "vitest";
import type { WaitForGraph } from "../../src/outcome/wait-for.ts";
import { cycleFrom, graphOf as graphIn, type Link, procsOf } from "./wait-for-cycle.ts";

const TIMEOUT_MS = 120_000;

function graphOf(name: string): Promise<WaitForGraph> {
  return graphIn("specs/raid10.spec", name);
}

/** Chain 3 of the report: reconfig_mutex, held in kthread_stop, waits for the sync thread. */
function mutexWaitsForSyncThread(command: string): Link {
  return {
    waiter: "action_store",
    role: "hung",
    kind: "exit",
    inside: [
      "sync_action_store",
      command,
      "stop_sync_thread",
      "md_reap_sync_thread",
      "md_unregister_thread",
      "kthread_stop",
    ],
    missing: ["done(sync_thread)"],
    helper: "sync_thread",
    helpsIn: ["md_thread_wait_or_stop"],
  };
}

/** Chain 2: the sync thread, in raise_barrier, waits for normal io. */
const SYNC_THREAD_WAITS_FOR_IO = {
  waiter: "sync_thread",
  role: "hung",
  kind: "condition",
  inside: ["md_do_sync", "pers_sync_request", "raid10_sync_request", "raise_barrier"],
  missing: ["nr_pending == 0"],
} as const;

/** Chain 1: normal io waits until md_update_sb has cleared MD_SB_CHANGE_PENDING. */
const IO_WAITS_FOR_SUPERBLOCK = {
  kind: "condition",
  missing: ["!(MD_SB_CHANGE_PENDING in sb_flags)"],
  helper: "raid10d",
  helpsIn: ["md_check_recovery", "md_update_sb"],
} as const;

/** Chain 4: the superblock waits for reconfig_mutex, which raid10d only tries to take. */
function superblockWaitsForMutex(command: string): Link {
  return {
    waiter: "raid10d",
    role: "passes",
    kind: "lock",
    inside: ["md_check_recovery", "mddev_trylock", "trylock"],
    missing: ["reconfig_mutex.owner == none"],
    helper: "action_store",
    helpsIn: ["sync_action_store", command, "stop_sync_thread", "mddev_unlock"],
  };
}

describe("the cycle is the four chains of the report", { timeout: TIMEOUT_MS }, () => {
  test.each([
    ["hold_write_error_idle", "idle_sync_thread"],
    ["hold_write_error_frozen", "frozen_sync_thread"],
  ])("%s: the failed write is on the list of raid10d", async (name, command) => {
    const graph = await graphOf(name);
    expect(cycleFrom(graph, "action_store")).toEqual([
      mutexWaitsForSyncThread(command),
      { ...SYNC_THREAD_WAITS_FOR_IO, helper: "raid10d", helpsIn: ["raid_end_bio_io"] },
      { ...IO_WAITS_FOR_SUPERBLOCK, waiter: "raid10d", role: "passes", inside: [] },
      superblockWaitsForMutex(command),
    ]);
    expect(graph.cycles).toHaveLength(1);
    // The writer is stuck, too, but nobody waits for it: it needs what the sync thread needs.
    const writer = graph.waits.find((wait) => wait.waiter === "writer");
    expect(writer?.role).toBe("hung");
    expect(writer?.helpers.map((one) => [one.agent, ...procsOf(one.frames)])).toEqual([
      ["raid10d", "raid_end_bio_io"],
    ]);
  });

  test.each([
    ["hold_reshape_idle", "idle_sync_thread"],
    ["hold_reshape_frozen", "frozen_sync_thread"],
  ])("%s: the write waits before it is issued", async (name, command) => {
    const graph = await graphOf(name);
    const [third, second, io, first, fourth, ...further] = cycleFrom(graph, "action_store");
    expect([third, fourth]).toEqual([
      mutexWaitsForSyncThread(command),
      superblockWaitsForMutex(command),
    ]);
    // What has not been issued cannot end: the disks stand between the chains 2 and 1.
    expect(second).toMatchObject(SYNC_THREAD_WAITS_FOR_IO);
    expect(second?.helper).toMatch(/^raid10_end_write_request\(/);
    expect(io).toMatchObject({
      missing: ["normal_write in member_io"],
      helper: "writer",
      helpsIn: ["raid10_write_request"],
    });
    expect(first).toEqual({
      ...IO_WAITS_FOR_SUPERBLOCK,
      waiter: "writer",
      role: "hung",
      inside: ["raid10_write_request"],
    });
    expect(further).toEqual([]);
    expect(graph.cycles).toHaveLength(1);
  });
});

test("6.7-rc: the flusher and the work wait for each other", { timeout: TIMEOUT_MS }, async () => {
  const graph = await graphOf("v6_7_rc_frozen");
  expect(cycleFrom(graph, "action_store")).toMatchObject([
    { kind: "condition", missing: ["!(action_store in sync_work.flush_running)"] },
    { waiter: "kworker", role: "hung", kind: "lock", missing: ["reconfig_mutex.owner == none"] },
  ]);
  const kworker = graph.waits.find((wait) => wait.waiter === "kworker");
  expect(kworker?.lock).toEqual({ place: "reconfig_mutex", owner: "action_store" });
});

describe("idle of 6.6 waits for a sync thread that nobody interrupts", {
  timeout: TIMEOUT_MS,
}, () => {
  test("raid10d would reap it, if there were anything for raid10d to do", async () => {
    const { waits, cycles } = await graphOf("v6_6_endless_idle");
    const idle = waits.find(({ waiter }) => waiter === "action_store");
    expect(idle?.missing.map(({ text }) => text)).toEqual([
      "!(MD_RECOVERY_RUNNING in recovery)",
      "!(action_store in sync_seq)",
    ]);
    const raid10d = waits[idle?.helpers[0]?.needs ?? -1];
    expect(raid10d).toMatchObject({ waiter: "raid10d", role: "passes" });
    expect(raid10d?.missing.map(({ text }) => text)).toContain("MD_RECOVERY_DONE in recovery");
    // Whoever would have interrupted it is idle itself, and does not come there any more.
    expect(cycles).toEqual([]);
  });

  test("and frozen would interrupt it, if idle did not keep sync_mutex meanwhile", async () => {
    const graph = await graphOf("v6_6_endless_two_admins");
    expect(cycleFrom(graph, "action_store")).toMatchObject([
      {
        role: "hung",
        kind: "lock",
        inside: ["sync_action_store", "frozen_sync_thread", "lock"],
        missing: ["sync_mutex.owner == none"],
        helper: "second_action_store",
      },
      {
        role: "hung",
        inside: ["sync_action_store", "idle_sync_thread"],
        missing: ["!(MD_RECOVERY_RUNNING in recovery)", "!(second_action_store in sync_seq)"],
        helper: "raid10d",
      },
      { waiter: "raid10d", role: "passes", helper: "sync_thread" },
      {
        waiter: "sync_thread",
        inside: ["md_do_sync"],
        missing: ["resync_left <= 0", "MD_RECOVERY_INTR in recovery"],
        helper: "action_store",
        helpsIn: ["sync_action_store", "frozen_sync_thread", "stop_sync_thread"],
      },
    ]);
  });
});
