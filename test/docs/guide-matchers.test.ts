import { spec } from "mdcheck/vitest";
import { expect, test } from "vitest";

const wakeup = spec("specs/examples/lost-wakeup.spec");

test("nobody sleeps for ever", async () => {
  await expect(wakeup).toBeDeadlockFree();
  await expect(wakeup).toHold("awake_at_the_end");
  await expect(wakeup).toReach("went_to_sleep");
  await expect(wakeup).toHaveStates(15);
});

test("a reaper that wakes first loses the wake-up", async () => {
  const posted = wakeup.with({ BUG: "WAKES_FIRST" });
  await expect(posted).toHang(["action_store"]);
  await expect(posted).toHold("awake_at_the_end");
});
