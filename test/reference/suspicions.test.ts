import { describe, expect, test } from "vitest";
import type { Suspicion, Trace } from "../../src/outcome/outcome.ts";
import { options, run, told } from "./run.ts";

const ASKED = { suspicions: true };

async function suspicions(text: string): Promise<readonly Suspicion[]> {
  return (await run(`module m; ${text}`, ASKED)).suspicions;
}

function steps({ steps }: Trace): string {
  return steps.map(({ agent, text }) => `${agent} ${text}`).join(", ");
}

/** In short: who misses what after which steps; who takes which lock while holding which. */
async function short(text: string): Promise<readonly string[]> {
  return (await suspicions(text)).map((one) =>
    one.kind === "unstable"
      ? `${one.thread} misses ${one.wait.text}: ${steps(one.trace)}`
      : one.orders.map(({ thread, held, taken }) => `${thread} ${held} ${taken}`).join(" / "),
  );
}

/** The pairs of locks alone: a thread that waits for one may find it taken again. */
async function orders(text: string): Promise<readonly string[]> {
  return (await short(text)).filter((one) => !one.includes("misses"));
}

describe("an unstable wait", () => {
  const program = (wait: string, rest = ""): string => `var flag: bool; var n: 0..3; ${rest}
    thread waker { flag := true; flag := false; flag := true; }
    thread waiter { ${wait} }`;

  test("can come true and be false again before its thread has run", async () => {
    expect(await short(program("await flag;"))).toEqual([
      "waiter misses flag: waker flag := true, waker flag := false",
    ]);
    const [found] = await suspicions(program("await flag;"));
    expect(found).toMatchObject({
      kind: "unstable",
      thread: "waiter",
      wait: { kind: "plain", text: "flag" },
    });
  });

  test("is none where what is waited for stays", async () => {
    const text = `var flag: bool; var n: 0..1; thread waker { flag := true; }
      thread waiter { await flag; } thread other { n := 1; }`;
    expect(await short(text)).toEqual([]);
  });

  test("is none where it is served in turn, or may last for ever", async () => {
    expect(await short(program("await strong flag;"))).toEqual([]);
    expect(await short(program("await idle flag;"))).toEqual([]);
    expect(await short(program("either { await flag; } or { await strong n == 1; }"))).toEqual([]);
  });

  test("is none where its own step takes it away", async () => {
    const text = `var flag: bool; thread waker { flag := true; }
      thread waiter { loop { atomic { await flag; flag := false; } } }`;
    expect(await short(text)).toEqual([]);
  });

  test("is told with the step of another, where its own comes first", async () => {
    const text = `var flag: bool; thread waiter { loop { atomic { await flag; flag := false; } } }
      thread waker { flag := true; flag := false; flag := true; }`;
    expect(await short(text)).toEqual([
      "waiter misses flag: waker flag := true, waker flag := false",
    ]);
  });

  test("is told with a step that stays inside of the constraint", async () => {
    const text = `var flag: bool; var n: 0..1; thread waiter { await flag; }
      thread leaver { atomic { await idle flag; flag := false; n := 1; } }
      thread waker { flag := true; flag := false; flag := true; } constraint n == 0;`;
    expect(await short(text)).toEqual([
      "waiter misses flag: waker flag := true, waker flag := false",
    ]);
  });

  test("comes in the order of the places", async () => {
    const text = `var f: bool; var g: bool; thread first { await f; } thread second { await g; }
      thread waker { g := true; g := false; f := true; f := false; g := true; f := true; }`;
    expect((await short(text)).map((one) => one.split(":")[0])).toEqual([
      "first misses f",
      "second misses g",
    ]);
  });

  test("is none where the thread only tries again", async () => {
    expect(await short(program("while (!flag) { }"))).toEqual([]);
  });

  test("is none where the thread goes on", async () => {
    // Each time the flag goes, the other branch comes.
    expect(await short(program("either { await flag; } or { await !flag; }"))).toEqual([]);
  });

  test("may be a choose, or in a proc, and is told of once a place", async () => {
    const two = `var flags: set<0..1>; proc take() { choose i in flags { skip; } }
      thread waker { flags := {1}; flags := {}; flags := {1}; }
      thread waiter[k in 0..1] { take(); }`;
    expect(await short(two)).toEqual([
      "waiter[0] misses choose i in flags: waker flags := {1}, waker flags := {}",
    ]);
  });

  test("is none of an escape, which nobody waits for", async () => {
    const text = program("n := 1;", "escape thread e { await flag; }");
    expect(await short(text)).toEqual([]);
  });

  test("is told with the least state, and the first step of another that does it", async () => {
    const text = `var a: bool; var b: bool;
      thread t { await a || b; }
      thread u { a := true; a := false; a := true; }
      thread v { b := true; b := false; b := true; }`;
    // Two states after one step: a alone, or b alone. The lesser is that where a is false.
    expect(await short(text)).toEqual(["t misses a || b: v b := true, v b := false"]);
  });

  test("is not told where the step leads out of the constraint", async () => {
    expect(await short(program("await flag;", "constraint n == 0;"))).toHaveLength(1);
    const text = `var flag: bool; var n: 0..3; thread waiter { await flag; }
      thread waker { flag := true; atomic { flag := false; n := 1; } atomic { flag := true; n := 0; } }`;
    expect(await short(text)).toHaveLength(1);
    expect(await short(`${text} constraint n == 0;`)).toEqual([]);
  });

  test("is looked for only where asked for", async () => {
    const text = `module m; ${program("await flag;")}`;
    expect((await run(text)).suspicions).toEqual([]);
    expect((await run(text, { ...ASKED, hung: false, deadlock: false })).suspicions).toHaveLength(
      1,
    );
    const limits = { ...options(new Map()).limits, depth: 1 };
    // Where the search ended, nobody knows how the waiter is after the next step.
    expect((await run(text, { ...ASKED, limits })).suspicions).toEqual([]);
  });
});

describe("locks taken in both orders", () => {
  const LOCKS = `type Mutex = struct { owner: Thread?; };
    proc lock(m: ref Mutex) { await m.owner == none; m.owner := self; }
    proc take(m: ref Mutex) { atomic { await m.owner == none; m.owner := self; } }
    proc trylock(m: ref Mutex) { atomic { if (m.owner == none) { m.owner := self; } } }
    proc unlock(m: ref Mutex) { m.owner := none; }
    var a: Mutex; var b: Mutex; var c: Mutex; var gate: bool;`;

  test("are told although a gate keeps the two threads apart", async () => {
    const text = `${LOCKS} thread t { take(a); take(b); unlock(b); unlock(a); gate := true; }
      thread u { await idle gate; take(b); take(a); unlock(a); unlock(b); }`;
    expect(told(await run(`module m; ${text}`))).toEqual([]);
    expect(await orders(text)).toEqual(["t a b / u b a"]);
    const [found] = await suspicions(text);
    const both = found?.kind === "lockOrder" ? found.orders : [];
    // Each ends with the step that takes the second lock.
    expect(both.map(({ trace }) => trace.steps.length)).toEqual([2, 8]);
    expect(both[1]?.trace.steps.at(-1)).toMatchObject({
      agent: "u",
      changes: [{ path: "a.owner", before: null, after: "u" }],
    });
  });

  test("are none where one thread takes both orders, or all take one", async () => {
    const alone = `${LOCKS} thread t { take(a); take(b); unlock(a); take(a); unlock(a); unlock(b); }`;
    expect(await orders(alone)).toEqual([]);
    const same = `${LOCKS} thread t[i in 0..1] { take(a); take(b); unlock(b); unlock(a); }`;
    expect(await orders(same)).toEqual([]);
  });

  test("are none where one is let go before the other is taken", async () => {
    const text = `${LOCKS} thread t { take(a); take(b); unlock(b); unlock(a); gate := true; }
      thread u { await idle gate; take(b); atomic { await a.owner == none; unlock(b); take(a); } }`;
    expect(await orders(text)).toEqual([]);
  });

  test("are none where the second is only tried, which cannot wait", async () => {
    const text = (
      second: string,
    ): string => `${LOCKS} thread t { take(a); take(b); unlock(b); unlock(a); }
      thread u { take(b); ${second}(a); if (a.owner == self) { unlock(a); } unlock(b); }`;
    expect(await orders(text("trylock"))).toEqual([]);
    expect(await orders(text("take"))).toEqual(["t a b / u b a"]);
  });

  test("may be waited for in turn, but not for ever", async () => {
    const text = (wait: string): string => `${LOCKS}
      proc get(m: ref Mutex) { atomic { await ${wait} m.owner == none; m.owner := self; } }
      thread t { get(a); get(b); unlock(b); unlock(a); gate := true; }
      thread u { await idle gate; get(b); get(a); unlock(a); unlock(b); }`;
    expect(await orders(text("strong"))).toEqual(["t a b / u b a"]);
    expect(await orders(text("idle"))).toEqual([]);
  });

  test("are none where one takes both at once, or waits while it holds both", async () => {
    const once = `${LOCKS} proc both() {
        atomic { await a.owner == none && b.owner == none; a.owner := self; b.owner := self; }
      }
      thread t { take(c); both(); unlock(b); unlock(a); gate := true; }
      thread u { await idle gate; take(b); take(a); unlock(a); unlock(b); }`;
    expect(await orders(once)).toEqual([]);
    const holding = `${LOCKS}
      thread t[i in 0..1] { take(a); take(b); await true; unlock(b); unlock(a); }`;
    expect(await orders(holding)).toEqual([]);
  });

  test("need a wait in the step that takes the second", async () => {
    // Waiting and taking are two steps here, and the second of them does not wait.
    const text = `${LOCKS} thread t { take(a); lock(b); unlock(b); unlock(a); gate := true; }
      thread u { await idle gate; take(b); take(a); }`;
    expect(await orders(text)).toEqual([]);
  });

  test("are told of the least two threads for each pair", async () => {
    const text = `${LOCKS} var turn: 0..3;
      thread t[i in 0..1] { await idle turn == i; take(b); take(a); unlock(a); unlock(b); turn := i + 1; }
      thread u { await idle turn == 2; take(a); take(b); take(c); unlock(c); unlock(b); unlock(a); turn := 3; }
      thread v { await idle turn == 3; take(c); take(b); }`;
    expect(await orders(text)).toEqual(["u a b / t[0] b a", "u b c / v c b"]);
  });

  test("may be elements of a map, and fields of a struct", async () => {
    const text = `type Mutex = struct { owner: Thread?; }; type Pair = struct { low: Mutex; high: Mutex; };
      var locks: map<0..1, Mutex>; var pair: Pair; var gate: bool;
      proc take(m: ref Mutex) { atomic { await m.owner == none; m.owner := self; } }
      thread t { take(locks[1]); take(pair.high); locks[1].owner := none; pair.high.owner := none; gate := true; }
      thread u { await idle gate; take(pair.high); take(locks[1]); }`;
    expect(await orders(text)).toEqual(["t locks[1] pair.high / u pair.high locks[1]"]);
  });
});
