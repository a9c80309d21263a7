import { describe, expect, test } from "vitest";
import { exploreFast } from "../../src/explorer/explore.ts";
import type { SearchOptions, TeamUse } from "../../src/explorer/search.ts";
import type { SearchResult } from "../../src/outcome/outcome.ts";
import { retell } from "../../src/reference/retell.ts";
import { build, options } from "../reference/run.ts";

/** Threads take part as soon as there is anything to do. */
const AT_ONCE: TeamUse = { levelMin: 0, statesMin: 0, waits: true };
const NONE = { states: null, depth: null, timeMs: null, memoryBytes: null };

async function search(
  text: string,
  { limits, ...more }: Partial<SearchOptions>,
  teamUse?: TeamUse,
): Promise<SearchResult> {
  const { program, sources } = build(text);
  const told = { ...options(sources), workers: 1, ...more, limits: { ...NONE, ...limits } };
  return retell(program, await exploreFast(program, told, teamUse), told);
}

/** So many wheels that turn by themselves have `notches` to the power of `wheels` states. */
function wheels(count: number, notches: number): string {
  return `module wheels;
var wheel: map<1..${count}, 0..${notches - 1}>;
transition turn(w in 1..${count}) { wheel[w] := (wheel[w] + 1) % ${notches}; }
check all expect ok states ${notches ** count};
`;
}

/** Goes up and down a ladder; the lowest place above 20 breaks a rule. */
const LADDER = `module ladder;
var n: 0..2000 = 0;
transition up when n < 2000 { n += 1; }
transition down when n > 0 { n -= 1; }
invariant low: n <= 20;
check all expect violation(low) states 2001;
`;

describe("a limit of states", () => {
  const total = 9 ** 4;

  test.each([1, 2, 500, total - 1])("of %i ends the search there", async (states) => {
    const { statistics, incomplete } = await search(wheels(4, 9), { limits: { ...NONE, states } });
    expect({ states: statistics.states, incomplete }).toEqual({ states, incomplete: "states" });
    expect(statistics.complete).toBe(false);
  });

  test("that no state exceeds does not end it", async () => {
    const limits = { ...NONE, states: total };
    const { statistics, incomplete } = await search(wheels(4, 9), { limits });
    expect({ states: statistics.states, incomplete }).toEqual({ states: total, incomplete: null });
    expect(statistics.complete).toBe(true);
  });

  test("does not take away what was found before", async () => {
    const { findings, incomplete } = await search(LADDER, { limits: { ...NONE, states: 22 } });
    expect(findings.map(({ trace }) => trace?.steps.length)).toEqual([21]);
    expect(incomplete).toBe("states");
  });

  test.each([2, 5])("ends %i threads when they have found more", async (workers) => {
    const limits = { ...NONE, states: total - 1 };
    const { statistics, incomplete } = await search(wheels(4, 9), { workers, limits }, AT_ONCE);
    expect(incomplete).toBe("states");
    expect(statistics.complete).toBe(false);
  });

  test.each([2, 5])("does not end %i threads when there are no more", async (workers) => {
    const limits = { ...NONE, states: total };
    const { statistics, incomplete } = await search(wheels(4, 9), { workers, limits }, AT_ONCE);
    expect({ states: statistics.states, incomplete }).toEqual({ states: total, incomplete: null });
  });
});

describe("with 1 and with 2 threads", () => {
  test.each([1, 2])("what was found before a limit is told (%i)", async (workers) => {
    for (const limits of [{ depth: 21 }, { depth: 40 }, { memoryBytes: 2 ** 24 }]) {
      const how = { workers, limits: { ...NONE, ...limits } };
      const { findings, incomplete } = await search(LADDER, how, AT_ONCE);
      // So many steps up lead there, no fewer.
      expect(findings.map(({ trace }) => trace?.steps.length)).toEqual([21]);
      expect(incomplete === null).toBe("memoryBytes" in limits);
    }
  });

  test.each([1, 2])(
    "a limit of depth lets all states in its reach be found (%i)",
    async (workers) => {
      const how = { workers, limits: { ...NONE, depth: 3 } };
      const { statistics, incomplete } = await search(wheels(2, 9), how, AT_ONCE);
      // Of two wheels, d + 1 states are d turns away.
      expect(statistics.levels).toEqual([1, 2, 3, 4]);
      expect(incomplete).toBe("depth");
    },
  );

  test.each([1, 2])(
    "memory for a part of the states gives a part of them (%i)",
    async (workers) => {
      const { storage } = (await search(wheels(4, 9), { workers }, AT_ONCE)).statistics;
      const memoryBytes = (storage?.peakBytes ?? 0) - (storage?.tableBytes ?? 0);
      const how = { workers, limits: { ...NONE, memoryBytes } };
      const { statistics, incomplete } = await search(wheels(4, 9), how, AT_ONCE);
      expect(incomplete).toBe("memory");
      expect(statistics.states).toBeLessThan(9 ** 4);
      expect(statistics.storage?.peakBytes).toBeLessThanOrEqual(memoryBytes);
    },
  );

  test.each([1, 2])("a search that is told to stop says so (%i)", async (workers) => {
    const signal = { aborted: false };
    const pause = async (): Promise<void> => {
      signal.aborted = true;
    };
    let now = 0;
    const clock = (): number => (now += 100);
    const how = { workers, signal, pause, clock };
    const { incomplete, statistics } = await search(wheels(6, 9), how);
    expect(incomplete).toBe("interrupted");
    expect(statistics.states).toBeLessThan(9 ** 6);
  });

  test.each([1, 2])("a search whose time is over says so (%i)", async (workers) => {
    let now = 0;
    const clock = (): number => (now += 100);
    const how = { workers, clock, limits: { ...NONE, timeMs: 5_000 } };
    const { incomplete, statistics } = await search(wheels(6, 9), how, AT_ONCE);
    expect(incomplete).toBe("time");
    expect(statistics.states).toBeLessThan(9 ** 6);
  });
});

describe("across doublings of the table", () => {
  // 4096 slots at first, two thirds filled: sizes that need none, one, several doublings.
  const sizes: readonly (readonly [number, number])[] = [
    [3, 9],
    [4, 9],
    [5, 9],
    [4, 15],
    [5, 10],
  ];
  const cases = sizes.flatMap(([count, notches]) => [1, 2, 5].map((n) => [count, notches, n]));

  test.each(cases)("%i wheels of %i notches are counted by %i threads", async (...numbers) => {
    const [count, notches, workers] = numbers as [number, number, number];
    const { statistics, incomplete } = await search(wheels(count, notches), { workers }, AT_ONCE);
    expect(incomplete).toBeNull();
    expect(statistics.states).toBe(notches ** count);
    // Every wheel turns in every state.
    expect(statistics.transitions).toBe(count * notches ** count);
    expect(statistics.depth).toBe(count * (notches - 1));
    expect(statistics.levels.reduce((sum, one) => sum + one, 0)).toBe(notches ** count);
  });

  // Each word is compared and hashed: were one left out, two states would be taken for one.
  const wide = [2, 3, 4, 5, 33, 70].flatMap((words) => [1, 2].map((workers) => [words, workers]));

  test.each(wide)("states of %i words are counted by %i threads", async (...numbers) => {
    const [words, workers] = numbers as [number, number];
    const text = `module wide;
var word: map<1..${words}, -2147483648..2147483647>;
transition first(n in 1..90) { word[1] := n; }
transition last(n in 1..80) { word[${words}] := n; }
transition other(w in 1..${words}) when word[w] == 90 { word[w] := -1; }
`;
    const { statistics } = await search(text, { workers }, AT_ONCE);
    expect(statistics.storage?.wordsPerState).toBe(words);
    // Beside the value that a word begins with, the first has 91 others, and the last 80.
    expect(statistics.states).toBe(92 * 81);
  });
});
