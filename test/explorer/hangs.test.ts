import { describe, expect, test } from "vitest";
import { exploreFast } from "../../src/explorer/explore.ts";
import type { SearchOptions } from "../../src/explorer/search.ts";
import type { SearchResult } from "../../src/outcome/outcome.ts";
import { retell } from "../../src/reference/retell.ts";
import { build, options } from "../reference/run.ts";

const NONE = { states: null, depth: null, timeMs: null, memoryBytes: null };

async function search(text: string, more: Partial<SearchOptions> = {}): Promise<SearchResult> {
  const { program, sources } = build(text);
  const told = { ...options(sources), workers: 1, ...more };
  return retell(program, await exploreFast(program, told), told);
}

/** `hung(a, b) after 2`, or the name of what is violated. */
function told({ findings }: SearchResult): readonly string[] {
  return findings.map((finding) => {
    const what =
      "threads" in finding
        ? `${finding.kind}(${finding.threads.join(", ")})`
        : finding.kind === "violation"
          ? finding.name
          : finding.kind;
    return `${what} after ${finding.trace?.steps.length}`;
  });
}

/** One who goes on for ever beside a thread that waits for what never comes. */
const DAEMON = "var beat: bool; thread daemon { loop { beat := !beat; } }";

describe("threads are found to hang", () => {
  test("while a daemon tries again and again for their lock, and changes the state", async () => {
    // Who holds the lock waits for ever, so whoever needs it hangs with it; when the holder has the
    // lock, the other stands at it already. That the daemon has the lock is over after its next step.
    const text = `module m; import kernel;
      var m: Mutex = unlocked; var beat: bool;
      thread daemon { loop { if (trylock(m)) { unlock(m); } else { beat := !beat; } } }
      thread holder { lock(m); await false; }
      thread other { lock(m); unlock(m); }
      check c expect hung(holder, other), hung(holder), hung(other);`;
    // The other alone is never hung, and hangs only where it did not come first: lock and unlock.
    expect(told(await search(text))).toEqual([
      "hung(holder, other) after 1",
      "hung(holder) after 3",
    ]);
  });

  test("not a poller, which is never blocked, nor those who wait for it to go on", async () => {
    const text = `module m; var n: 0..2; var go: bool;
      thread poller { while (!go) { n := (n + 1) % 3; } }
      thread waits { await n == 2; await n == 1; }
      recoverable over: done(poller);
      check c expect violation(over);`;
    expect(told(await search(text))).toEqual(["over after 0"]);
  });

  test("although an escape could rescue them, which counts for recoverables", async () => {
    const text = `module m; ${DAEMON} var x: 0..1;
      thread t { await x == 1; x := 0; }
      escape thread rescue { x := 1; }
      recoverable gone: done(t); recoverable never: x == 1 && done(t) && !done(rescue);
      check c expect hung(t);`;
    expect(told(await search(text))).toEqual(["hung(t) after 0", "never after 0"]);
  });

  test("only inside of what satisfies the constraint: behind it, all may be well", async () => {
    const text = (constraint: string): string => `module m; var n: 0..3; ${constraint}
      thread t { await n == 9 - 6 && false; } thread up { loop { n := (n + 1) % 4; } }
      recoverable three: n == 3; check c expect hung;`;
    expect(told(await search(text("constraint n <= 3;")))).toEqual(["hung(t) after 0"]);
    expect(told(await search(text("constraint n < 2;")))).toEqual([]);
  });

  test("only where all is known that can follow", async () => {
    // From 0, and only from there, n may be left as it is for ever.
    const text = `module m; ${DAEMON} var n: 0..50; thread t { await n == 60 - 9; }
      thread up { either { await false; } or { skip; } while (n < 50) { n := n + 1; } }
      check c expect hung;`;
    const cut = await search(text, { limits: { ...NONE, depth: 20 } });
    expect({ told: told(cut), incomplete: cut.incomplete }).toEqual({
      told: [],
      incomplete: "depth",
    });
    expect(told(await search(text))).toEqual(["hung(t) after 0"]);
  });

  test("in the part that a limit of states left, where that is closed", async () => {
    // Whoever turns left hangs beside the daemon; what is on the right goes on for very long.
    const text = `module m; ${DAEMON} var left: bool; var n: 0..1000;
      thread t { either { left := true; await false; } or { loop { n := n < 1000 ? n + 1 : 0; } } }
      check c expect hung;`;
    const cut = await search(text, { limits: { ...NONE, states: 100 } });
    expect({ told: told(cut), incomplete: cut.incomplete }).toEqual({
      told: ["hung(t) after 1"],
      incomplete: "states",
    });
  });
});

describe("without room for what is worked out", () => {
  const text = `module m; ${DAEMON} var w: map<0..3, 0..8>;
    transition turn(i in 0..3) { w[i] := (w[i] + 1) % 9; } thread t { await false; }
    check c expect hung;`;

  test("a search is incomplete, and nothing is said to hold or hang", async () => {
    const { statistics } = await search(text);
    const peak = statistics.storage?.peakBytes ?? 0;
    const found = [];
    // A word of each state less, and so on, until there is no room for anything but the states.
    for (let words = 0; words < 6; words++) {
      const memoryBytes = peak - words * statistics.states * 4;
      const cut = await search(text, { limits: { ...NONE, memoryBytes } });
      expect(cut.statistics.storage?.peakBytes).toBeLessThanOrEqual(memoryBytes);
      const isAll = cut.statistics.states === statistics.states;
      found.push(`${isAll ? "all" : "some"} ${cut.incomplete} ${told(cut).join()}`);
    }
    expect(found[0]).toBe("all null hung(t) after 0");
    expect(new Set(found)).toContain("all memory ");
    expect(found.filter((one) => one.includes("memory") && !one.endsWith("memory "))).toEqual([]);
  });

  test("with it, what it took is told", async () => {
    const { statistics } = await search(text);
    const { storeBytes, tableBytes, peakBytes } = statistics.storage ?? {
      storeBytes: 0,
      tableBytes: 0,
      peakBytes: 0,
    };
    // At least a mask of a word for each state.
    expect(peakBytes).toBeGreaterThanOrEqual(storeBytes + tableBytes + statistics.states * 4);
  });
});

describe("judging", () => {
  const text = `module m; ${DAEMON} var w: map<0..3, 0..8>;
    transition turn(i in 0..3) { w[i] := (w[i] + 1) % 9; } thread t { await false; }
    property p: always eventually beat;
    check c expect hung;`;

  test.each(["hangs", "properties"] as const)(
    "tells of %s, and ends when it is told to",
    async (phase) => {
      const signal = { aborted: false };
      let now = 0;
      const { incomplete, findings } = await search(text, {
        signal,
        clock: () => (now += 10),
        onProgress: (progress) => {
          signal.aborted ||= progress.phase === phase;
        },
      });
      expect(incomplete).toBe("interrupted");
      expect(findings.map(({ kind }) => kind)).toEqual(phase === "hangs" ? [] : ["hung"]);
    },
  );

  test("tells how many states were found, those outside of a constraint left out", async () => {
    const told = new Set<number>();
    let now = 0;
    const { statistics } = await search(`${text} constraint w[0] < 8;`, {
      clock: () => (now += 10),
      onProgress: ({ phase, states }) => {
        if (phase !== "search") {
          told.add(states);
        }
      },
    });
    expect([...told]).toEqual([statistics.states]);
  });

  test("ends when its time is over", async () => {
    let now = 0;
    let isFound = false;
    const { incomplete, statistics } = await search(text, {
      limits: { ...NONE, timeMs: 1e9 },
      clock: () => (now += isFound ? 1e9 : 10),
      onProgress: ({ phase }) => {
        isFound ||= phase !== "search";
      },
    });
    expect({ incomplete, states: statistics.states }).toEqual({
      incomplete: "time",
      states: 2 * 9 ** 4,
    });
  });
});
