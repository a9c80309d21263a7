import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { describeSpec, spec } from "../../src/testing/vitest.ts";

const path = (name: string): string => fileURLToPath(new URL(`specs/${name}`, import.meta.url));
const counter = spec(path("counter.spec"));
const later = spec(path("later.spec"));

/** What the failing `assertion` says. */
async function failure(assertion: Promise<unknown>): Promise<string> {
  try {
    await assertion;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the assertion passed");
}

describe("matchers that pass", () => {
  test("on a spec that holds", async () => {
    await expect(counter).toHold();
    await expect(counter).toHold("small");
    await expect(counter).toHold("grows");
    await expect(counter).toReach("counted");
    await expect(counter).toBeDeadlockFree();
    // The worker in front of its wait, behind it, and done.
    await expect(counter).toHaveStates(3);
  });

  test("with .not on one that does not", async () => {
    const fast = counter.with({ MODE: "FAST" });
    await expect(fast).not.toHold("small");
    await expect(fast).not.toHold();
    await expect(fast.with({ LIMIT: 1 })).toHold("small");
    await expect(counter.with({ LOCKED: true })).not.toBeDeadlockFree();
    await expect(counter.with({ LOCKED: true })).not.toReach("counted");
  });
});

describe("hangs and temporal properties", () => {
  const fixed = later.with({ LETS_THROUGH: true });

  test("a hang is one of exactly the threads named, or of any", async () => {
    await expect(later).toHang(["waiter"]);
    await expect(later).toHang();
    await expect(later).not.toHang(["daemon", "waiter"]);
    await expect(later).not.toBeDeadlockFree();
    await expect(fixed).not.toHang();
    await expect(fixed).toBeDeadlockFree();
  });

  test("threads that hang before others do are a hang as well", async () => {
    await expect(later.with({ FOLLOWED: true })).toHang(["waiter"]);
    await expect(later.with({ FOLLOWED: true })).toHang(["waiter", "follower"]);
  });

  test("a deadlock is a hang", async () => {
    await expect(counter.with({ LOCKED: true })).toHang(["worker"]);
  });

  test("temporal properties and recoverables hold or not", async () => {
    await expect(later).not.toHold("gets_through");
    await expect(later).not.toHold("may_get_through");
    await expect(fixed).toHold("gets_through");
    await expect(fixed).toHold("may_get_through");
    await expect(fixed).toHold();
  });

  test("the report is shown", async () => {
    expect(await failure(expect(later).toBeDeadlockFree())).toContain("waiter can never go on");
    expect(await failure(expect(later).not.toHang())).toContain("waiter can never go on");
    expect(await failure(expect(later).toHang(["daemon"]))).toContain("waiter can never go on");
    expect(await failure(expect(fixed).toHang(["waiter"]))).toContain("expected hung(waiter)");
    expect(await failure(expect(later).toHold("gets_through"))).toMatch(
      /violates gets_through[\s\S]* ↻ /,
    );
  });
});

describe("matchers that fail", () => {
  test("show the counterexample as the text report does", async () => {
    const message = await failure(expect(counter.with({ MODE: "FAST" })).toHold("small"));
    expect(message).toContain("violates small");
    expect(message).toContain("with MODE = FAST");
    expect(message).toMatch(/2 {2}worker {2}total := MODE == FAST .* total 0 → 2/);
  });

  test("show a deadlock with who waits", async () => {
    const message = await failure(expect(counter.with({ LOCKED: true })).toBeDeadlockFree());
    expect(message).toContain("worker is blocked");
    expect(message).toMatch(/who waits for whom\n +worker {2}waits until open/);
  });

  test("say how many states there are", async () => {
    expect(await failure(expect(counter).toHaveStates(7))).toContain("to have 7 states, found 3");
  });

  test("say what is not reached", async () => {
    const message = await failure(expect(counter.with({ LOCKED: true })).toReach("counted"));
    expect(message).toContain("no reachable state satisfies counted");
  });
});

describe("what cannot be judged fails, also behind .not", () => {
  test("a thread that the spec has not", async () => {
    expect(await failure(expect(later).not.toHang(["waitr"]))).toContain("did you mean 'waiter'?");
  });

  test("a name that the spec has not", async () => {
    expect(await failure(expect(counter).toHold("smal"))).toContain("did you mean 'small'?");
    expect(await failure(expect(counter).not.toReach("nothing"))).toContain("counted");
    expect(await failure(expect(counter).not.toReach("small"))).toContain("no `reachable`");
  });

  test("a spec with errors, a missing one, a constant that does not fit", async () => {
    const wrong = counter.with({ LIMIT: 9 });
    expect(await failure(expect(wrong).not.toHold())).toMatch(/error MD\d{4}: /);
    expect(await failure(expect(spec("no.spec")).not.toHold())).toContain("cannot read no.spec");
    expect(await failure(expect("counter.spec").not.toHold())).toContain("spec(path, constants)");
  });
});

test("one search serves all matchers of the same spec and constants, whatever their workers", async () => {
  const slow = spec(path("counter.spec"), { MODE: "SLOW" }, { workers: 2 });
  const again = spec(path("counter.spec")).with({ MODE: "SLOW" });
  const { searchSpec } = await import("../../src/testing/search.ts");
  const [first, second, other] = [slow, again, counter].map((one) =>
    searchSpec(one.path, one.constants, one.settings),
  );
  expect((await first)?.outcome).toBe((await second)?.outcome);
  expect((await first)?.outcome).not.toBe((await other)?.outcome);
});

test("a number of workers that there cannot be fails", async () => {
  const wrong = spec(path("counter.spec"), {}, { workers: 0 });
  expect(await failure(expect(wrong).toHold())).toContain("from 1 to 64");
});

describeSpec(path("counter.spec"), { workers: 2 });
