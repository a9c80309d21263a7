import { describe, expect, test } from "vitest";
import { describeSpec, spec } from "../../src/testing/vitest.ts";
import { testMutants } from "./mutants.ts";
import { cycleFrom, cycleNames, graphOf } from "./wait-for-cycle.ts";

const THIN = "specs/dm-thin.spec";
const CACHE = "specs/dm-cache.spec";
const WRITECACHE = "specs/dm-writecache.spec";
/** Some checks take a few seconds on a busy machine. */
const TIMEOUT_MS = 120_000;

for (const file of [THIN, CACHE, WRITECACHE]) {
  describeSpec(file, { timeoutMs: TIMEOUT_MS });
}

const SWAP = ["type_in", "do_resume", "dm_swap_table", "__bind", "dm_sync_table"];
const STATUS = ["table_status", "retrieve_status", "ti_status"];

describe("a status that needs a worker that stops", { timeout: TIMEOUT_MS }, () => {
  test("dm-thin: closes the cycle of dm-era, resume, status, worker", async () => {
    const cycle = cycleFrom(await graphOf(THIN, "t2_stop"), "dmsetup");
    expect(cycle.map(({ waiter, helper }) => [waiter, helper])).toEqual([
      ["dmsetup", "dmsetup_status"],
      ["dmsetup_status", "kworker"],
      ["kworker", "dmsetup"],
    ]);
    expect(cycle[0]).toMatchObject({ kind: "gracePeriod", inside: [...SWAP, "synchronize_srcu"] });
    expect(cycle[1]?.inside).toEqual([...STATUS, "pool_work_wait", "wait_for_completion"]);
    expect(cycle[2]?.helpsIn).toContain("ti_resume");
  });

  test("dm-cache: the worker on the cycle is that of the old table", async () => {
    const graph = await graphOf(CACHE, "t2_background");
    expect(cycleNames(graph, "dmsetup")).toEqual([
      "dmsetup",
      "dmsetup_status",
      "kworker_migration[1]",
    ]);
  });

  test.each([THIN, CACHE])("%s: as the code is, nobody can hang", async (file) => {
    await expect(spec(file)).toBeDeadlockFree();
  });
});

describe("dm-writecache", { timeout: TIMEOUT_MS }, () => {
  test("who verifies that there is no error keeps the data, and a resume gives them back", async () => {
    const withError = spec(WRITECACHE, { ERRORS: true });
    await expect(withError).toHold("no_data_loss");
    await expect(withError).toReach("error_is_shown");
    await expect(withError).toBeDeadlockFree();
  });

  test("pulled out before anything was written back, the cache takes the data along", async () => {
    const SCRIPT = "[DELETE_CACHE]";
    await expect(spec(WRITECACHE, { SCRIPT })).toHold("no_data_loss");
    await expect(spec(WRITECACHE, { SCRIPT, DELETED_BY: "HAND" })).not.toHold("no_data_loss");
  });
});

describe("dm-thin notices that", () => {
  testMutants(THIN, [
    {
      title: "the timer is not cancelled once more when the pool is destroyed",
      at: "proc __pool_destroy(",
      from: "  if (FIX == v6_2) {\n    cancel_delayed_work_sync(pool.waker);\n  }\n",
      to: "",
      check: "derived_metadata_closed_last",
      because: "found violation(pool_not_freed)",
    },
  ]);
});

describe("dm-writecache notices that", () => {
  testMutants(
    WRITECACHE,
    [
      {
        title: "a suspend does not wait for who may still map a bio",
        at: "proc __dm_suspend(",
        from: "    synchronize_srcu(md.io_barrier);\n  }\n  dm_wait_for_completion",
        to: "    skip;\n  }\n  dm_wait_for_completion",
        check: "as_documented",
        because: "found violation(no_io_while_suspended)",
      },
    ],
    ["specs/lib/dm.spec"],
  );
});
