import { isSet } from "immutable";
import { describe, expect, test } from "vitest";
import { check } from "../../src/index/check-spec.ts";
import type { Finding } from "../../src/outcome/outcome.ts";
import { describeSpec } from "../../src/testing/vitest.ts";
import { cycleFrom, cycleNames, graphOf } from "./wait-for-cycle.ts";

const FOLDER = "specs/history";
/** A fraction of a second each, more on a busy machine. */
const TIMEOUT_MS = 60_000;

const NAMES = [
  "active-io-leak",
  "wait-barrier-bio-list",
  "flush-recursion",
  "freeze-array",
  "action-idle-race",
  "dm-bufio-shrinker",
  "resync-wait-woken-last",
  "md-stop-dirty-buffers",
  "era-commit-order",
  "era-postsuspend-commit",
  "snapshot-invalidation",
  "resync-thread-from-daemon",
];

for (const name of NAMES) {
  describeSpec(`${FOLDER}/${name}.spec`, { timeoutMs: TIMEOUT_MS });
}

/** How the check `name` violates `property`. */
async function violationOf(file: string, name: string, property: string): Promise<Finding> {
  const { outcomes } = await check(file, { checks: [name] });
  const finding = outcomes[0]?.findings.find((one) => "name" in one && one.name === property);
  if (finding === undefined) throw new Error(`${name} does not violate ${property}`);
  return finding;
}

describe("active-io-leak: nobody is left to put the reference", { timeout: TIMEOUT_MS }, () => {
  const file = `${FOLDER}/active-io-leak.spec`;

  test("suspend waits for active_io, and only fsync could, who has put its own", async () => {
    const graph = await graphOf(file, "flush_leaks");
    const [wait, ...others] = graph.waits;
    expect(others).toEqual([]);
    expect(wait).toMatchObject({ waiter: "suspend_lo_store", helpers: [] });
    expect(wait?.missing.map(({ text }) => text)).toEqual(["active_io.refs == 0"]);
    expect(wait?.absent.map(({ agent, why }) => [agent, why])).toEqual([["fsync", "ended"]]);
    expect(graph.cycles).toEqual([]);
  });
});

describe("wait-barrier-bio-list: the second request stands before the first one's bio", {
  timeout: TIMEOUT_MS,
}, () => {
  const file = `${FOLDER}/wait-barrier-bio-list.spec`;

  test("the reader waits for the resync, the resync for what the reader would submit", async () => {
    const cycle = cycleFrom(await graphOf(file, "resync_between"), "reader");
    expect(cycle).toMatchObject([
      {
        waiter: "reader",
        role: "hung",
        inside: ["submit_bio", "raid10_make_request", "wait_barrier"],
        helper: "end_sync_write",
      },
      { waiter: "end_sync_write", helper: "md0_resync" },
      { waiter: "md0_resync", inside: ["raise_barrier"], missing: ["nr_pending == 0"] },
      { waiter: "raid10_end_read_request(read_0)", helper: "reader", helpsIn: ["submit_bio"] },
    ]);
    expect(cycle[0]?.missing).toContain("barrier == 0");
  });
});

describe("flush-recursion: the second flush stands before the bios of the first", {
  timeout: TIMEOUT_MS,
}, () => {
  const file = `${FOLDER}/flush-recursion.spec`;

  test("the task waits for a flush that it would itself submit later", async () => {
    const cycle = cycleFrom(await graphOf(file, "two_targets"), "fsync");
    expect(cycle).toMatchObject([
      { role: "hung", inside: ["md_flush_request"], missing: ["flush_bio == none"] },
      { waiter: "kworker", role: "idle" },
      { waiter: "member[0]", role: "idle", helper: "fsync", helpsIn: [] },
    ]);
    expect(cycle[0]?.helpsIn).toEqual(["md_submit_flush_data"]);
    expect(cycle[1]?.helpsIn).toEqual(["md_end_flush", "queue_work"]);
  });
});

describe("freeze-array: raid1d waits for what only raid1d does", { timeout: TIMEOUT_MS }, () => {
  const file = `${FOLDER}/freeze-array.spec`;

  test.each([
    ["waits_for_itself", ["flush_pending_writes"]],
    ["lost_wakeup", ["freeze_array", "flush_pending_writes"]],
  ])("%s: raid1d would have to submit a write, in %j", async (name, helpsIn) => {
    const cycle = cycleFrom(await graphOf(file, name), "raid1d");
    expect(cycle).toMatchObject([
      { role: "hung", inside: ["freeze_array"], helper: "raid1_end_write_request" },
      { missing: ["write in disk_io"], helper: "raid1d", helpsIn },
    ]);
  });

  test("resync_pending: the repair waits for the resync, the resync for the read", async () => {
    const threads = ["reader", "md0_resync", "raid1d"];
    expect(cycleNames(await graphOf(file, "resync_pending", threads), "raid1d")).toEqual([
      "raid1d",
      "end_sync_write",
      "md0_resync",
      "raid1_end_read_request(false)",
    ]);
  });
});

describe("dm-bufio-shrinker: two cycles, and the trylock cuts one", { timeout: TIMEOUT_MS }, () => {
  const file = `${FOLDER}/dm-bufio-shrinker.spec`;

  test("reclaim holds the lock for which the loop thread waits, whose write it waits for", async () => {
    expect(cycleFrom(await graphOf(file, "abba"), "kswapd0")).toMatchObject([
      {
        inside: ["dm_bufio_shrink_scan", "try_evict_buffer"],
        helper: "loop1",
      },
      {
        waiter: "loop1",
        kind: "lock",
        inside: ["dm_bufio_shrink_scan", "lock"],
        missing: ["client_lock.owner == none"],
        helper: "kswapd0",
        helpsIn: ["dm_bufio_shrink_scan", "unlock"],
      },
    ]);
  });

  test("with the trylock the loop thread has the lock, and waits for its own write", async () => {
    const cycle = cycleFrom(await graphOf(file, "trylock_with_commit"), "loop1");
    expect(cycle).toMatchObject([
      { inside: ["dm_bufio_shrink_scan", "try_evict_buffer"], helper: "loop1", helpsIn: [] },
    ]);
  });
});

describe("action-idle-race: two sync threads", { timeout: TIMEOUT_MS }, () => {
  const file = `${FOLDER}/action-idle-race.spec`;

  test("the flag is cleared for a thread that is about to be started, and another starts", async () => {
    const { trace } = await violationOf(file, "race", "one_sync_thread");
    const steps = trace?.steps ?? [];
    const cleared = steps.findIndex(
      ({ agent, procs }) => agent === "action_store" && procs.at(-1) === "md_reap_sync_thread",
    );
    // It has nothing to stop then: md_unregister_thread() has found no thread.
    const before = steps[cleared - 1];
    expect(before?.procs.at(-1)).toBe("md_unregister_thread");
    expect(before?.state?.variables.get("mddev_sync_thread")).toBeNull();
    const started = steps.filter(({ agent }) => agent === "kworker");
    expect(steps.at(-1)?.agent).toBe("kworker");
    expect(started.length).toBeGreaterThan(1);
  });
});

describe("resync-wait-woken-last: a wake-up that comes too early", { timeout: TIMEOUT_MS }, () => {
  const file = `${FOLDER}/resync-wait-woken-last.spec`;

  test("the waiter sleeps though the flag is clear, and raid10d has no second sync to reap", async () => {
    const { outcomes } = await check(file, { checks: ["woken_too_early"] });
    const finding = outcomes[0]?.findings.find(({ kind }) => kind === "deadlock");
    const end = finding?.trace?.steps.at(-1)?.state?.variables.get("recovery");
    expect(isSet(end) && end.has("MD_RECOVERY_RUNNING")).toBe(false);
    const { waits, cycles } = await graphOf(file, "woken_too_early");
    const wait = waits.find(({ waiter }) => waiter === "action_store");
    expect(wait).toMatchObject({ role: "hung", helpers: [{ agent: "raid10d" }] });
    expect(wait?.frames.at(-1)?.proc).toBe("schedule");
    const raid10d = waits[wait?.helpers[0]?.needs ?? -1];
    expect(raid10d?.missing.map(({ text }) => text)).toEqual(["MD_RECOVERY_DONE in recovery"]);
    expect(cycles).toEqual([]);
  });
});

describe("md-stop-dirty-buffers: the flush needs the mutex", { timeout: TIMEOUT_MS }, () => {
  const file = `${FOLDER}/md-stop-dirty-buffers.spec`;

  test("mdadm waits for raid10d, raid10d tries to get what mdadm holds", async () => {
    expect(cycleFrom(await graphOf(file, "dirty_and_clean", ["mdadm"]), "mdadm")).toMatchObject([
      {
        role: "hung",
        inside: ["stop_array", "do_md_stop", "sync_blockdev", "md_write_start"],
        helpsIn: ["md_update_sb"],
      },
      {
        waiter: "raid10d",
        role: "passes",
        kind: "lock",
        missing: ["reconfig_mutex.owner == none"],
        helper: "mdadm",
      },
    ]);
  });

  test("without the flag the array is stopped with a page that was written after the flush", async () => {
    const { trace } = await violationOf(file, "flag_missing", "stopped_is_clean");
    const end = trace?.steps.at(-1)?.state?.variables;
    expect([end?.get("stopped"), end?.get("dirty_page")]).toEqual([true, true]);
  });
});

describe("era-commit-order: a block that no era knows of", { timeout: TIMEOUT_MS }, () => {
  test("the write is on the disk when the power fails, and the metadata are not", async () => {
    const file = `${FOLDER}/era-commit-order.spec`;
    const { trace } = await violationOf(file, "bit_before_commit", "written_is_marked");
    expect(trace?.steps.at(-1)?.agent).toBe("crash");
    const end = trace?.steps.at(-1)?.state?.variables;
    expect([end?.get("crash_written"), end?.get("crash_marked")]).toEqual([true, false]);
    expect(trace?.steps.map(({ procs }) => procs.at(-1))).not.toContain("metadata_commit");
  });
});

describe("era-postsuspend-commit: metadata of another are overwritten", {
  timeout: TIMEOUT_MS,
}, () => {
  const file = `${FOLDER}/era-postsuspend-commit.spec`;

  test.each(["commit_then_stop", "stop_then_commit_with_flush"])(
    "%s: the destructor of the old table does it",
    async (name) => {
      const { trace } = await violationOf(file, name, "metadata_of_user");
      const last = trace?.steps.at(-1);
      expect(last?.procs.at(-1)).toBe("era_dtr");
      expect(last?.state?.variables.get("in_use_by")).toBe("new_instance");
      expect(last?.state?.variables.get("on_disk")).toBe("old_instance");
    },
  );
});

describe("snapshot-invalidation: io of a map function waits for its return", {
  timeout: TIMEOUT_MS,
}, () => {
  test("the writer waits for what it would submit itself, and holds the lock meanwhile", async () => {
    const file = `${FOLDER}/snapshot-invalidation.spec`;
    const graph = await graphOf(file, "in_the_map_function");
    const [first] = graph.cycles[0] ?? [];
    const waiter = graph.waits[first ?? -1]?.waiter ?? "";
    expect(["writer[0]", "writer[1]"]).toContain(waiter);
    expect(cycleFrom(graph, waiter)).toMatchObject([
      { inside: ["snapshot_map", "__invalidate_snapshot", "chunk_io"], helper: "end_header" },
      { waiter: "end_header", missing: ["header_io"], helper: waiter, helpsIn: [] },
    ]);
    const other = graph.waits.find((one) => one.kind === "lock");
    expect(other?.lock).toEqual({ place: "s_lock", owner: waiter });
  });
});

describe("resync-thread-from-daemon: raid5d waits for memory that it must free", {
  timeout: TIMEOUT_MS,
}, () => {
  const file = `${FOLDER}/resync-thread-from-daemon.spec`;

  test("it starts the thread itself", async () => {
    expect(cycleFrom(await graphOf(file, "from_raid5d"), "raid5d")).toMatchObject([
      {
        role: "hung",
        inside: ["md_check_recovery", "md_register_sync_thread", "kthread_create"],
        helper: "end_page_writeback",
      },
      { missing: ["disk_io"], helper: "raid5d", helpsIn: ["handle_stripe"] },
    ]);
  });

  test("it waits for the work item that does", async () => {
    expect(cycleNames(await graphOf(file, "waits_for_work_item"), "raid5d")).toEqual([
      "raid5d",
      "kworker",
      "end_page_writeback",
    ]);
  });
});
