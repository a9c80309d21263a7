import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { explainHang } from "../../src/analysis/explain-hang.ts";
import type { WaitForGraph } from "../../src/outcome/wait-for.ts";
import { build } from "../reference/run.ts";
import { cycles, edges } from "./edges.ts";
import { hangOf } from "./hang.ts";

/** The graph of the deadlock that a check of a spec of the library expects, or of some hung threads. */
function explained(file: string, check: string, hung?: readonly string[]): WaitForGraph {
  const built = build(readFileSync(file, "utf8"), check);
  const { program } = built;
  if (hung !== undefined) {
    return explainHang(hangOf(built, hung));
  }
  const [threads = []] = program.check.expectations.flatMap((one) =>
    one.kind === "deadlock" && one.threads !== null ? [one.threads] : [],
  );
  const names = threads.map((instance) => program.instances[instance]?.name ?? "?");
  return explainHang(hangOf(built, names));
}

/** The four chains of the mail of June 2023, each read backwards: who waits, for what, behind whom. */
const RAID10_CHAINS = [
  // 1: the failed write is reported only when MD_SB_CHANGE_PENDING is clear.
  "writer: bio_ended -> raid10d: !(MD_SB_CHANGE_PENDING in sb_flags)",
  // 2: raise_barrier waits for the write, which is counted until it is reported.
  "sync_thread: nr_pending == 0 -> raid10d: !(MD_SB_CHANGE_PENDING in sb_flags)",
  // 3: action_store holds reconfig_mutex in kthread_stop, until the sync thread has ended.
  "action_store: done(sync_thread) -> sync_thread: nr_pending == 0",
  // 4: the superblock is written, and the flag cleared, behind mddev_trylock.
  "raid10d: !(MD_SB_CHANGE_PENDING in sb_flags) -> raid10d: reconfig_mutex.owner == none",
  "raid10d: reconfig_mutex.owner == none -> action_store: done(sync_thread)",
];

/** The second cause: the write waits for the superblock before it is issued, so it never ends. */
const RAID10_RESHAPE_CHAINS = [
  "writer: !(MD_SB_CHANGE_PENDING in sb_flags) -> raid10d: reconfig_mutex.owner == none",
  "sync_thread: nr_pending == 0 -> raid10_end_write_request(false): normal_write in member_io",
  "raid10_end_write_request(false): normal_write in member_io -> " +
    "writer: !(MD_SB_CHANGE_PENDING in sb_flags)",
  "action_store: done(sync_thread) -> sync_thread: nr_pending == 0",
  "raid10d: reconfig_mutex.owner == none -> action_store: done(sync_thread)",
];

describe("raid10", () => {
  for (const check of ["hold_write_error_idle", "hold_write_error_frozen"]) {
    test(`${check} gives the four chains of the mail and nothing else`, () => {
      const graph = explained("specs/raid10.spec", check);
      expect(edges(graph)).toEqual([...RAID10_CHAINS].sort());
      expect(cycles(graph)).toEqual(["sync_thread -> raid10d -> raid10d -> action_store"]);
    });
  }

  test("where a lock holds up a trylock, the graph says whose it is and that nobody waits at it", () => {
    const { waits } = explained("specs/raid10.spec", "hold_write_error_idle");
    const [trylock] = waits.filter(({ kind }) => kind === "lock");
    expect(trylock?.lock).toEqual({ place: "reconfig_mutex", owner: "action_store" });
    expect(trylock?.role).toBe("passes");
    expect(trylock?.frames.map(({ proc }) => proc)).toEqual([
      null,
      "md_check_recovery",
      "mddev_trylock",
      "trylock",
    ]);
    expect(waits.map(({ waiter, role }) => `${waiter} ${role}`)).toEqual([
      "sync_thread hung",
      "action_store hung",
      "writer hung",
      "raid10d passes",
      "raid10d passes",
    ]);
  });

  for (const check of ["hold_reshape_idle", "hold_reshape_frozen"]) {
    test(`${check} needs no failed write`, () => {
      const graph = explained("specs/raid10.spec", check);
      expect(edges(graph)).toEqual([...RAID10_RESHAPE_CHAINS].sort());
    });
  }

  test("the work that takes reconfig_mutex is flushed under it", () => {
    const graph = explained("specs/raid10.spec", "v6_7_rc_frozen");
    expect(edges(graph)).toEqual([
      "action_store: !(action_store in sync_work.flush_running) -> kworker: reconfig_mutex.owner == none",
      "kworker: reconfig_mutex.owner == none -> " +
        "action_store: !(action_store in sync_work.flush_running)",
    ]);
  });
});

/** raid10d reaps the sync thread when it is DONE, which it is when it is interrupted, or at its end. */
const RUNNING = "!(MD_RECOVERY_RUNNING in recovery)";
const LOOK =
  "sb_flags - {MD_SB_CHANGE_PENDING} != {} / MD_RECOVERY_NEEDED in recovery / " +
  "MD_RECOVERY_DONE in recovery";
const STOP = "resync_left <= 0 / MD_RECOVERY_INTR in recovery";

describe("raid10, where others go on for ever", () => {
  test("both administrators wait for a sync thread that only one of them would interrupt", () => {
    const threads = ["action_store", "second_action_store"];
    const graph = explained("specs/raid10.spec", "v6_6_endless_two_admins", threads);
    const wait = `${RUNNING} / !(second_action_store in sync_seq)`;
    expect(edges(graph)).toEqual(
      [
        `action_store: sync_mutex.owner == none -> second_action_store: ${wait}`,
        `second_action_store: ${wait} -> raid10d: ${LOOK}`,
        `raid10d: ${LOOK} -> sync_thread: ${STOP}`,
        `sync_thread: ${STOP} -> action_store: sync_mutex.owner == none`,
      ].sort(),
    );
    expect(cycles(graph)).toEqual([
      "action_store -> second_action_store -> raid10d -> sync_thread",
    ]);
  });

  test("idle alone waits for a sync thread that nobody interrupts: a chain, and no cycle", () => {
    const graph = explained("specs/raid10.spec", "v6_6_endless_idle", ["action_store"]);
    const wait = `${RUNNING} / !(action_store in sync_seq)`;
    expect(edges(graph)).toEqual(
      [
        `action_store: ${wait} -> raid10d: ${LOOK}`,
        `raid10d: ${LOOK} -> sync_thread: ${STOP}`,
        // It is past stop_sync_thread, where it would set MD_RECOVERY_INTR, and did not do so.
        `sync_thread: ${STOP} -> nobody (action_store past)`,
      ].sort(),
    );
    expect(graph.cycles).toEqual([]);
    expect(graph.waits.at(-1)?.absent[0]?.frames.map(({ proc }) => proc)).toEqual([
      null,
      "sync_action_store",
      "idle_sync_thread",
      "stop_sync_thread",
      "set_bit",
    ]);
  });
});

describe("dm-era", () => {
  for (const [check, caller] of [
    ["load_suspend_resume", "dmsetup_status"],
    ["suspend_load_resume", "dmsetup_status"],
    ["suspend_load_resume", "dmsetup_message"],
    ["vgs_asks", "vgs"],
    ["global_filter_container", "vgs"],
  ] as const) {
    test(`${check}: the resume waits for ${caller}, whose worker only another resume would wake`, () => {
      const graph = explained("specs/dm-era.spec", check, ["dmsetup", caller]);
      const rpc = `rpcs[${caller}].complete.all / rpcs[${caller}].complete.done > 0`;
      expect(edges(graph)).toEqual(
        [
          `dmsetup: md.io_barrier.older[dmsetup] == {} -> ${caller}: ${rpc}`,
          `${caller}: ${rpc} -> kworker[1]: eras[1].worker.pending`,
          "kworker[1]: eras[1].worker.pending -> " +
            "dmsetup: md.io_barrier.older[dmsetup] == {} elsewhere",
        ].sort(),
      );
      expect(graph.waits.map(({ role, kind }) => `${role} ${kind}`).sort()).toEqual([
        "hung condition",
        "hung gracePeriod",
        "idle condition",
      ]);
    });
  }

  test("writecache_document_order: what would wake the worker comes after the status", () => {
    const graph = explained("specs/dm-era.spec", "writecache_document_order");
    const rpc = "rpcs[dmsetup].complete.all / rpcs[dmsetup].complete.done > 0";
    expect(edges(graph)).toEqual([
      `dmsetup: ${rpc} -> kworker[1]: eras[1].worker.pending`,
      `kworker[1]: eras[1].worker.pending -> dmsetup: ${rpc} elsewhere`,
    ]);
  });

  test("swap_suspend_load_resume: the load waits for a bio that the resume after it lets through", () => {
    const graph = explained("specs/dm-era.spec", "swap_suspend_load_resume");
    expect(edges(graph)).toEqual([
      "dmsetup: !(dmsetup in deferred) -> dmsetup: !(dmsetup in deferred)",
    ]);
    expect(graph.waits[0]?.frames.map(({ proc }) => proc)).toEqual([
      null,
      "command",
      "table_load",
      "ti_ctr",
      "alloc_pages",
      "swap_out",
      "dm_submit_bio",
    ]);
  });
});

describe("the examples", () => {
  test("abba is two arrows", () => {
    const graph = explained("specs/examples/abba.spec", "as_posted");
    expect(edges(graph)).toEqual([
      "flusher: b.owner == none -> shrinker: a.owner == none",
      "shrinker: a.owner == none -> flusher: b.owner == none",
    ]);
    expect(graph.waits[0]?.helpers[0]?.frames.map(({ proc }) => proc)).toEqual([
      null,
      "write_both",
      "unlock",
    ]);
  });

  test("four philosophers are one circle", () => {
    const graph = explained("specs/examples/philosophers.spec", "four");
    const next = [0, 1, 2, 3].map((seat) => (seat + 1) % 4);
    expect(edges(graph)).toEqual(
      next.map(
        (right, seat) =>
          `philosopher[${seat}]: fork[${right}].owner == none -> ` +
          `philosopher[${right}]: fork[${(right + 1) % 4}].owner == none`,
      ),
    );
    expect(cycles(graph)).toEqual([[0, 1, 2, 3].map((i) => `philosopher[${i}]`).join(" -> ")]);
  });

  test("a table swap under a section that wants the lock of the swap", () => {
    const graph = explained("specs/examples/table-swap.spec", "lock_inside_section");
    expect(edges(graph)).toEqual([
      "status: suspend_lock.owner == none -> swap_table: io_barrier.older[swap_table] == {}",
      "swap_table: io_barrier.older[swap_table] == {} -> status: suspend_lock.owner == none",
    ]);
  });

  // The sleeper is woken when it is on the queue. By step: the wake-up has to come before the sleeper
  // is on it, and the last test before RUNNING is cleared.
  for (const [check, step] of [
    // wake_up, prepare_to_wait, the test, and only then RUNNING is cleared.
    ["wakes_first", 1],
    // The test, RUNNING is cleared, wake_up, and only then prepare_to_wait.
    ["tests_first", 3],
  ] as const) {
    test(`lost-wakeup ${check}: nobody is left, and the wake-up was step ${step}`, () => {
      const graph = explained("specs/examples/lost-wakeup.spec", check);
      expect(edges(graph)).toEqual([
        "action_store: task_state[action_store] == TASK_RUNNING -> " +
          `nobody (raid10d ended, step ${step})`,
      ]);
      expect(graph.waits[0]?.absent[0]?.frames.map(({ proc }) => proc)).toEqual([null, "wake_up"]);
    });
  }
});
