import { describe, expect, test } from "vitest";
import { type CheckResult, type ConstantValues, check } from "../../src/index/check-spec.ts";
import type { Finding } from "../../src/outcome/outcome.ts";
import { describeSpec, spec } from "../../src/testing/vitest.ts";

const FILE = "specs/dm-era.spec";
/** The reference takes a few seconds for one choice of constants, more on a busy machine. */
const TIMEOUT_MS = 120_000;

describeSpec(FILE, { timeoutMs: TIMEOUT_MS });

/** Searches for anything, and so only up to the first finding. */
async function firstFinding(constants: ConstantValues): Promise<Finding | undefined> {
  const result: CheckResult = await check(FILE, { constants });
  return result.outcomes[0]?.findings[0];
}

function stacks(finding: Finding | undefined): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    (finding?.waiting ?? [])
      .filter((one) => one.status === "blocked")
      .map((one) => [one.thread, one.procs]),
  );
}

// From the outermost: the order of the frames of a hung task's trace, read from the bottom.
const IN_PERFORM_RPC = ["perform_rpc", "wait_for_completion"];
const STATUS = [
  "table_status",
  "retrieve_status",
  "ti_status",
  "era_status",
  "in_worker1",
  ...IN_PERFORM_RPC,
];
const MESSAGE = ["target_message", "ti_message", "era_message", "in_worker0", ...IN_PERFORM_RPC];
const GRACE_PERIOD = ["dm_sync_table", "synchronize_srcu"];
const SWAP = ["command", "do_resume", "dm_swap_table", "__bind", ...GRACE_PERIOD];

describe("the blocked tasks", { timeout: TIMEOUT_MS }, () => {
  test.each(["[LOAD, SUSPEND, RESUME]", "[SUSPEND, LOAD, RESUME]"])(
    "%s: the status waits for its rpc, the resume for the status",
    async (SCRIPT) => {
      expect(stacks(await firstFinding({ SCRIPT }))).toEqual({
        dmsetup: SWAP,
        dmsetup_status: STATUS,
      });
    },
  );

  test("the resume holds suspend_lock, and both workers are idle", async () => {
    const finding = await firstFinding({ FIX: "NO_FIX" });
    const changes = finding?.trace?.steps.flatMap((step) => step.changes) ?? [];
    const owner = changes.findLast((one) => one.path === "md.suspend_lock.owner");
    expect(owner?.after).toBe("dmsetup");
    const idle = finding?.waiting.filter((one) => one.status === "idle");
    expect(idle?.map((one) => one.thread)).toEqual(["kworker[1]", "kworker[2]"]);
  });

  test("a message waits where a status does", async () => {
    expect(stacks(await firstFinding({ CALLERS: "{DMSETUP_MESSAGE}" }))).toEqual({
      dmsetup: SWAP,
      dmsetup_message: MESSAGE,
    });
  });

  test("a second load waits before there is a resume", async () => {
    const constants = { SCRIPT: "[LOAD, SUSPEND, LOAD, RESUME]", TABLES: 3 };
    expect(stacks(await firstFinding(constants))).toEqual({
      dmsetup: ["command", "table_load", ...GRACE_PERIOD],
      dmsetup_status: STATUS,
    });
  });
});

describe("without a swap", { timeout: TIMEOUT_MS }, () => {
  const suspended = spec(FILE, { SCRIPT: "[SUSPEND, RESUME]" });

  test("nobody is stuck, though an rpc waits for the resume", async () => {
    await expect(suspended).toBeDeadlockFree();
    await expect(suspended).toReach("rpc_queued_while_suspended");
    await expect(suspended).toReach("everybody_returned");
    await expect(suspended.with({ CALLERS: "{NOBODY}", LVM: "ON_THE_HOST" })).toHold();
    await expect(suspended).toHold("rpc_on_callers_stack");
  });
});

describe("with a swap", { timeout: TIMEOUT_MS }, () => {
  test("only a caller that needs the worker deadlocks", async () => {
    const swap = spec(FILE, { CALLERS: "{NOBODY}" });
    await expect(swap).toHold();
    await expect(swap.with({ RESCUES: "{TABLE_LINE}" })).toHold();
    await expect(swap.with({ CALLERS: "{DMSETUP_STATUS}" })).not.toBeDeadlockFree();
    await expect(swap.with({ CALLERS: "{DMSETUP_STATUS}" })).toHold("swap_waits_for_readers");
    await expect(swap.with({ CALLERS: "{DMSETUP_STATUS}" })).toReach("everybody_returned");
  });
});

describe("the fixes", { timeout: TIMEOUT_MS }, () => {
  test("the patch ends the deadlock of a message, which then writes what it must not", async () => {
    const patched = spec(FILE, { FIX: "METADATA_LOCK", CALLERS: "{DMSETUP_MESSAGE}" });
    await expect(patched).toBeDeadlockFree();
    await expect(patched).not.toHold("no_meta_write");
  });

  test("a filter keeps LVM away, and nobody else", async () => {
    const filtered = spec(FILE, { GLOBAL_FILTER: true, LVM: "ON_THE_HOST", CALLERS: "{NOBODY}" });
    await expect(filtered).toBeDeadlockFree();
    await expect(filtered.with({ CALLERS: "{DMSETUP_STATUS}" })).not.toBeDeadlockFree();
  });
});

describe("dmsetup remove", { timeout: TIMEOUT_MS }, () => {
  test.each(["[REMOVE]", "[SUSPEND, REMOVE]"])(
    "%s: the status hangs, and the remover polls",
    async (SCRIPT) => {
      const removed = spec(FILE, { SCRIPT });
      await expect(removed).toHang(["dmsetup_status"]);
      await expect(removed).not.toHang(["dmsetup", "dmsetup_status"]);
    },
  );

  test("needs no grace period where nobody asks the worker", async () => {
    const constants = { SCRIPT: "[REMOVE]", CALLERS: "{NOBODY}", RESCUES: "{TABLE_LINE}" };
    await expect(spec(FILE, constants)).toHold();
  });
});

describe("a way out", { timeout: TIMEOUT_MS }, () => {
  test.each(["RESUME_AGAIN", "REMOVE_DEVICE", "TABLE_LINE", "KILL_STATUS"])(
    "is not what %s tries",
    async (rescue) => {
      await expect(spec(FILE, { RESCUES: `{${rescue}}` })).not.toHold("way_out");
    },
  );

  test("is to reboot, which makes the deadlock none the less of one", async () => {
    const rebooted = spec(FILE, { RESCUES: "{REBOOT}" });
    await expect(rebooted).toHold("way_out");
    await expect(rebooted).not.toBeDeadlockFree();
  });
});

describe("with an administrator who may stop", { timeout: TIMEOUT_MS }, () => {
  const mayStop = spec(FILE, { SCRIPT: "[SUSPEND, RESUME]", MAY_STOP: true });

  test("a status returns if the resume comes, and else does not", async () => {
    await expect(mayStop).toHold("status_returns_if_resumed");
    await expect(mayStop).not.toHold("status_returns");
  });

  test.each(["RESPECT_SUSPEND", "CHECK_SUSPENDED"])(
    "it returns with %s, whether the resume comes or not",
    async (FIX) => {
      await expect(mayStop.with({ FIX })).toHold("status_returns");
    },
  );
});
