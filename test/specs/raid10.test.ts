import { Set as ImmutableSet, is, isSet, OrderedMap } from "immutable";
import { describe, expect, test } from "vitest";
import { type ConstantValues, check } from "../../src/index/check-spec.ts";
import type { Finding } from "../../src/outcome/outcome.ts";
import { describeSpec, spec } from "../../src/testing/vitest.ts";
import type { Value } from "../../src/values/value.ts";

const FILE = "specs/raid10.spec";
/** The reference takes a second or two for one choice of constants, more on a busy machine. */
const TIMEOUT_MS = 120_000;

describeSpec(FILE, { timeoutMs: TIMEOUT_MS });

/** Searches for anything, and so only up to the first finding. */
async function firstFinding(constants: ConstantValues): Promise<Finding | undefined> {
  const { outcomes } = await check(FILE, { constants });
  return outcomes[0]?.findings[0];
}

/** Who is blocked, and where: the frames of a hung task's trace, read from the bottom. */
function stacks(finding: Finding | undefined): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    (finding?.waiting ?? [])
      .filter((one) => one.status === "blocked")
      .map((one) => [one.thread, one.procs]),
  );
}

/** The variables where the trace of the finding ends. */
function atTheEnd(finding: Finding | undefined): ReadonlyMap<string, Value> {
  return finding?.trace?.steps.at(-1)?.state?.variables ?? new Map();
}

const IN_RAISE_BARRIER = [
  "md_do_sync",
  "pers_sync_request",
  "raid10_sync_request",
  "raise_barrier",
];
const IN_KTHREAD_STOP = [
  "stop_sync_thread",
  "md_reap_sync_thread",
  "md_unregister_thread",
  "kthread_stop",
];

describe("the reported deadlock", { timeout: TIMEOUT_MS }, () => {
  test("the blocked tasks wait where the report says", async () => {
    expect(stacks(await firstFinding({ FIX: "hold" }))).toEqual({
      writer: [],
      sync_thread: IN_RAISE_BARRIER,
      action_store: ["sync_action_store", "idle_sync_thread", ...IN_KTHREAD_STOP],
    });
    expect(stacks(await firstFinding({ CAUSE: "reshape", COMMAND: "frozen" }))).toEqual({
      writer: ["raid10_write_request"],
      sync_thread: IN_RAISE_BARRIER,
      action_store: ["sync_action_store", "frozen_sync_thread", ...IN_KTHREAD_STOP],
    });
  });

  test("the four chains hold, and raid10d is asleep with nothing to wake it", async () => {
    const finding = await firstFinding({ FIX: "hold" });
    const variables = atTheEnd(finding);
    expect(variables.get("nr_pending")).toBe(1);
    expect(variables.get("barrier")).toBe(1);
    expect(is(variables.get("reconfig_mutex"), OrderedMap({ owner: "action_store" }))).toBe(true);
    expect(is(variables.get("thread_wakeup"), ImmutableSet())).toBe(true);
    expect(
      is(variables.get("sb_flags"), ImmutableSet(["MD_SB_CHANGE_CLEAN", "MD_SB_CHANGE_PENDING"])),
    ).toBe(true);
    const idle = finding?.waiting.filter((one) => one.status === "idle");
    expect(idle?.map((one) => one.thread)).toContain("raid10d");
  });
});

describe("the fixes", { timeout: TIMEOUT_MS }, () => {
  test.each(["v6_6", "v6_7"])("%s: frozen returns, and the write does", async (FIX) => {
    const frozen = spec(FILE, { FIX, COMMAND: "frozen" });
    await expect(frozen).toBeDeadlockFree();
    await expect(frozen).toHold("frozen_is_frozen");
    await expect(frozen).toReach("sync_interrupted");
    await expect(frozen).toReach("failed_write_reported");
    await expect(frozen).toReach("all_finished");
  });

  test("idle returns once sync_seq advances, and only because of sync_seq", async () => {
    const idle = spec(FILE, { FIX: "v6_6", CAUSE: "no_write" });
    await expect(idle).toHold("idle_may_return_once_sync_seq_advances");
    const without = idle.with({ SYNC_SEQ: false });
    await expect(without).not.toHold("idle_may_return_once_sync_seq_advances");
  });

  test("6.7-rc: the work that is flushed waits for the mutex that the flusher holds", async () => {
    const finding = await firstFinding({ FIX: "v6_7_rc", CAUSE: "no_write" });
    expect(stacks(finding)).toEqual({
      action_store: ["sync_action_store", "idle_sync_thread", "stop_sync_thread", "flush_work"],
      kworker: ["md_start_sync"],
    });
  });
});

/** What each thread does in the cycle of the behaviour in which a command does not return. */
async function rolesIn(name: string): Promise<Readonly<Record<string, string>>> {
  const lasso = (await neverReturns(name))?.lasso;
  return Object.fromEntries((lasso?.parties ?? []).map(({ agent, role }) => [agent, role]));
}

/** A behaviour in which a command does not return. */
async function neverReturns(name: string): Promise<Finding | undefined> {
  const { outcomes } = await check(FILE, { checks: [name] });
  return outcomes[0]?.findings.find((one) => "name" in one && one.name === "command_returns");
}

describe("idle without sync_seq keeps waiting on a newly started sync thread", {
  timeout: TIMEOUT_MS,
}, () => {
  test("for one that does not end: it can never go on", async () => {
    expect(await rolesIn("v6_6_endless_no_seq")).toMatchObject({
      action_store: "waits",
      sync_thread: "moves",
      end_sync_request: "moves",
      raid10d: "waits",
    });
  });

  test("for one after the other: it could go on in between, and is too late each time", async () => {
    expect(await rolesIn("v6_6_recurring_no_seq")).toMatchObject({
      action_store: "starved",
      sync_thread: "moves",
      raid10d: "moves",
    });
  });

  test("with it idle of 6.6 still may, for one that nobody has interrupted", async () => {
    const finding = await neverReturns("v6_6_endless_idle");
    const steps = finding?.trace?.steps ?? [];
    const inCycle = steps.slice(finding?.lasso?.start ?? steps.length);
    expect(inCycle).not.toEqual([]);
    for (const { state } of inCycle) {
      const recovery = state?.variables.get("recovery");
      expect(is(recovery, ImmutableSet(["MD_RECOVERY_RUNNING"]))).toBe(true);
      // No sync thread has been reaped since idle began.
      expect(is(state?.variables.get("sync_seq"), ImmutableSet(["action_store"]))).toBe(true);
    }
    // It was started after idle had seen that none runs: the step of idle is passed only then.
    const looked = steps.findIndex(({ procs }) => procs.at(-1) === "stop_sync_thread");
    const running = steps.findIndex(({ state }) => {
      const recovery = state?.variables.get("recovery");
      return isSet(recovery) && recovery.has("MD_RECOVERY_RUNNING");
    });
    expect(steps[running]?.agent).toBe("raid10d");
    expect(looked).toBeGreaterThanOrEqual(0);
    expect(looked).toBeLessThan(running);
  });
});

describe("more than one of a kind", { timeout: TIMEOUT_MS }, () => {
  test("a second sync request changes no verdict", async () => {
    const two = { RESYNC_REQUESTS: 2, CAUSE: "reshape" };
    await expect(spec(FILE, two)).not.toBeDeadlockFree();
    await expect(spec(FILE, { ...two, FIX: "v6_6", COMMAND: "frozen" })).toHold();
  });

  test("of two administrators one hangs, the other waits interruptibly for the mutex", async () => {
    const finding = await firstFinding({ CAUSE: "reshape", SECOND_COMMAND: "frozen" });
    expect(Object.keys(stacks(finding))).toHaveLength(3);
    expect(Object.keys(stacks(finding))).toEqual(expect.arrayContaining(["writer", "sync_thread"]));
  });
});
