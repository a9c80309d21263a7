import { describe, expect, test } from "vitest";
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
  "dm-bufio-shrinker",
];

for (const name of NAMES) {
  describeSpec(`${FOLDER}/${name}.spec`, { timeoutMs: TIMEOUT_MS });
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
