import { describe, expect, test } from "vitest";
import { check } from "../../src/index/check-spec.ts";
import { describeSpec, spec } from "../../src/testing/vitest.ts";
import { cycleFrom, graphOf, procsOf } from "./wait-for-cycle.ts";

const FILE = "specs/raid456.spec";
const TIMEOUT_MS = 120_000;

describeSpec(FILE, { timeoutMs: TIMEOUT_MS });

const UNDER_THE_MUTEX = [
  "sync_action_store",
  "idle_sync_thread",
  "stop_sync_thread",
  "md_reap_sync_thread",
  "md_unregister_thread",
  "kthread_stop",
];

describe("the cycle is the four points of the report", { timeout: TIMEOUT_MS }, () => {
  test("while raid5d tries again and again", async () => {
    const graph = await graphOf(FILE, "hold_idle");
    const [first, second, third, fourth, ...further] = cycleFrom(graph, "action_store");
    expect(first).toMatchObject({
      role: "hung",
      kind: "exit",
      inside: UNDER_THE_MUTEX,
      missing: ["done(sync_thread)"],
    });
    expect(second).toMatchObject({
      waiter: "sync_thread",
      role: "hung",
      inside: ["md_do_sync", "pers_sync_request", "raid5_sync_request", "raid5_get_active_stripe"],
      helper: "raid5d",
      helpsIn: ["handle_active_stripes"],
    });
    expect(third).toMatchObject({
      waiter: "raid5d",
      role: "retries",
      inside: ["handle_active_stripes", "handle_stripe"],
      missing: ["!(MD_SB_CHANGE_PENDING in sb_flags)"],
      helpsIn: ["md_check_recovery", "md_update_sb"],
    });
    expect(fourth).toMatchObject({
      waiter: "raid5d",
      kind: "lock",
      inside: ["md_check_recovery", "mddev_trylock", "trylock"],
      missing: ["reconfig_mutex.owner == none"],
      helper: "action_store",
    });
    expect(further).toEqual([]);
    expect(graph.cycles).toHaveLength(1);
    // The write that set the flag stands behind the cycle. It holds no stripe that anybody needs.
    const writer = graph.waits.find(({ waiter }) => waiter === "writer");
    expect(procsOf(writer?.frames ?? [])).toEqual(["raid5_make_request", "md_write_start"]);
  });

  test("and where it is asleep", async () => {
    // What it does not get to is one thing now: it would update the superblock, and then go on.
    expect(cycleFrom(await graphOf(FILE, "hold_skips"), "action_store")).toMatchObject([
      { kind: "exit", helper: "sync_thread" },
      { waiter: "sync_thread", helper: "raid5d", helpsIn: ["handle_active_stripes"] },
      { waiter: "raid5d", role: "passes", kind: "lock", helper: "action_store" },
    ]);
  });
});

describe("who is awake in the hang", { timeout: TIMEOUT_MS }, () => {
  test("raid5d, before 151f66bb618d: a search for deadlocks alone misses it", async () => {
    const constants = { SYNC_WORK: "endless" };
    const { outcomes } = await check(FILE, { constants, hung: false, properties: [] });
    expect(outcomes[0]?.findings).toEqual([]);
    await expect(spec(FILE, constants)).toHang(["writer", "sync_thread", "action_store"]);
  });

  test("nobody, after it", async () => {
    const constants = { SYNC_WORK: "endless", RAID5D: "skips" };
    const { outcomes } = await check(FILE, { constants, properties: [] });
    expect(outcomes[0]?.findings.map(({ kind }) => kind)).toEqual(["deadlock"]);
  });
});

describe("echo active > array_state", { timeout: TIMEOUT_MS }, () => {
  const hold = spec(FILE, { SYNC_WORK: "endless" });

  test("is the only way out of the hang", async () => {
    await expect(hold).not.toHold("way_out");
    await expect(hold.with({ OPERATOR: "may_come" })).toHold("way_out");
  });

  test("lets a write go on before the superblock says so, as nothing else does", async () => {
    await expect(hold).toHold("superblock_first");
    await expect(hold.with({ OPERATOR: "may_come" })).not.toHold("superblock_first");
  });
});
