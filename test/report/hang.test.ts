import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { JudgedFinding, LassoParty } from "../../src/outcome/outcome.ts";
import type { WaitFor, WaitHelper } from "../../src/outcome/wait-for.ts";
import { outcomeText, type SpecLayout } from "../../src/report/text.ts";
import { tellingOrder } from "../../src/report/wait-for.ts";
import { displayWidth } from "../../src/support/display.ts";
import {
  checked,
  GRAPH,
  HANG,
  LOST,
  OUT_OF_REACH,
  PARTIES,
  RAID_FILE,
  RAID_SOURCES,
  violated,
} from "./made-hang.ts";

const LOOK: SpecLayout = {
  columns: 100,
  color: false,
  fullStates: false,
  stats: false,
  file: RAID_FILE,
  checks: ["hold_idle"],
  sources: RAID_SOURCES,
};

function told(finding: JudgedFinding, look: Partial<SpecLayout> = {}): string {
  return outcomeText(checked(finding), "full", { ...LOOK, ...look });
}

const ALL = [HANG, LOST, violated(1), violated(3), violated(0), violated(null), OUT_OF_REACH];

const golden = (name: string): string =>
  fileURLToPath(new URL(`../golden/report/${name}.txt`, import.meta.url));

describe("the report of a hang, a cycle, a state out of reach", () => {
  test.each([80, 100, 200])("fits %i columns", (columns) => {
    for (const finding of ALL) {
      for (const fullStates of [false, true]) {
        const widths = told(finding, { columns, fullStates }).split("\n").map(displayWidth);
        expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
      }
    }
  });

  test.each([80, 200])("looks as recorded in %i columns", async (columns) => {
    const report = ALL.map((finding) => told(finding, { columns })).join("\n");
    await expect(report).toMatchFileSnapshot(golden(`hangs-${columns}`));
  });

  test("in colour differs by codes alone", () => {
    for (const finding of ALL) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for.
      const bare = told(finding, { color: true }).replace(/\u001b\[\d+m/g, "");
      const trimmed = (text: string): string => text.replace(/ +$/gm, "");
      expect(trimmed(bare)).toBe(trimmed(told(finding)));
    }
  });
});

describe("who waits for whom", () => {
  test("is told along the cycle, then behind it", () => {
    const names = tellingOrder(GRAPH).map((index) => GRAPH.waits[index]?.waiter);
    expect(names).toEqual(["writer", "raid10d", "action_store", "sync_thread", "admin"]);
    expect(told(HANG)).toContain(
      "cycle: writer → raid10d → action_store → sync_thread → writer\n  behind it: admin → action_store\n",
    );
  });

  test("says what each would do, what it holds and what it waits for", () => {
    const lines = told(HANG, { columns: 200 });
    for (const words of [
      /writer {2,}waits until !change_pending {2,}raid\.spec:11\n/,
      /raid10d {2,}would do change_pending := false in md_update_sb\(\), but tries reconfig_mutex, which action_store holds {2,}raid\.spec:21 {2}in md_check_recovery\n/,
      /action_store {2,}holds reconfig_mutex and waits for sync_thread to end /,
      /sync_thread {2,}would end, but waits until nr_pending == 0 \(now\u00a01\) /,
      /writer would do nr_pending -= 1\n/,
      /admin {2,}waits for reconfig_mutex, which action_store holds {2,}raid\.spec:46 {2}in lock\n/,
    ]) {
      expect(lines).toMatch(words);
    }
  });

  test("names those who are not left to help, and when they did, too early", () => {
    const text = told(LOST, { columns: 200 }).replace(/\s+/g, " ");
    expect(text).toContain(
      "nobody is left to make it true: sync_thread has ended; it did raise_barrier() (raid.spec:32) at step 4, too early; " +
        "raid10d does not get to change_pending := true (raid.spec:26)",
    );
    expect(text).toContain("raid10d is idle and may stay so");
    expect(text).not.toContain("cycle");
  });

  test("says of one whose steps change nothing that it goes round, not that it waits", () => {
    const [writer, ...rest] = GRAPH.waits as [WaitFor, ...WaitFor[]];
    const [frame] = writer.frames as [WaitFor["frames"][number]];
    const spinning = (text: string): string => {
      const one = { ...writer, condition: text, missing: [], helpers: [], absent: [] };
      const waits = [{ ...one, frames: [{ ...frame, text }] }, ...rest];
      return told({ ...HANG, waitFor: { waits, cycles: [] } } as JudgedFinding, { columns: 200 });
    };
    const text = spinning("x := x");
    expect(text).toMatch(/ writer {2,}does x := x again and again, which changes nothing {2}/);
    expect(text).not.toContain("nobody is left");
    expect(spinning("choose x in S {")).toMatch(/ writer {2,}waits until choose x in S/);
  });

  test("tells many threads of one name as one, where the same is said of them", () => {
    const names = Array.from({ length: 29 }, (_one, index) => `worker[${index}]`);
    const [writer] = GRAPH.waits as [WaitFor];
    const worker = (waiter: string): WaitFor => ({
      ...writer,
      waiter,
      helpers: writer.helpers.map((one) => ({ ...one, needs: names.length })),
    });
    const last = { ...writer, waiter: "hinge", helpers: [] };
    const waitFor = { waits: [...names.map(worker), last], cycles: [] };
    const threads = [...names, "hinge"];
    const text = told({ ...HANG, threads, waitFor } as JudgedFinding, { columns: 200 });
    const all = "worker[0] … worker[28] (29 of them)";
    expect(text).toContain(`${all} and hinge can never go on`);
    expect(text).toMatch(/ {4}worker\[0\] … worker\[28\] \(29 of them\) {2}waits until /);
    expect(text).toContain(`chain: ${all} → hinge\n`);
    expect(text).not.toContain("worker[1]");
  });

  test("gives a name that is too long a line of its own", () => {
    const [writer, ...rest] = GRAPH.waits as [WaitFor, ...WaitFor[]];
    const name = "a_thread_with_a_rather_long_name";
    const waitFor = { ...GRAPH, waits: [{ ...writer, waiter: name }, ...rest] };
    const lines = told({ ...HANG, waitFor } as JudgedFinding, { columns: 80 }).split("\n");
    expect(lines[lines.indexOf(`    ${name}`) + 1]).toMatch(/^ {18}waits until !change_pending /);
  });

  test("of one that waits for itself is a cycle of two ends", () => {
    const [need] = GRAPH.waits;
    const itself = { ...need, helpers: [{ ...need?.helpers[0], needs: 0, agent: "writer" }] };
    const waitFor = { waits: [itself], cycles: [[0]] } as unknown as typeof GRAPH;
    expect(told({ ...HANG, waitFor })).toContain("cycle: writer → writer\n");
  });

  test("tells a section and what branches by the proc it is in, or by its place", () => {
    const helping = (text: string, proc: string | null): string => {
      const [writer, ...rest] = GRAPH.waits as [WaitFor, ...WaitFor[]];
      const [helper] = writer.helpers as readonly [WaitHelper];
      const frames = helper.frames.slice(-1).map((frame) => ({ ...frame, text, proc }));
      const waits = [{ ...writer, helpers: [{ ...helper, frames }] }, ...rest];
      const lines = told({ ...HANG, waitFor: { ...GRAPH, waits } }, { columns: 200 });
      return /raid10d {2,}(would .*), but/.exec(lines)?.[1] ?? "";
    };
    expect(helping("atomic { x := 1; y := 2; }", "both")).toBe("would come to both()");
    expect(helping("atomic { x := 1; y := 2; }", null)).toBe("would do x := 1");
    expect(helping("if (x == 1)", "both")).toBe("would come to both()");
    expect(helping("if (x == 1)", null)).toBe("would come to raid.spec:16");
    expect(helping("x := 1", "both")).toBe("would do x := 1 in both()");
  });

  test("tells values that the condition does not tell itself", () => {
    const waiting = (condition: string, ...missing: WaitFor["missing"]): string => {
      const [writer, ...rest] = GRAPH.waits as [WaitFor, ...WaitFor[]];
      const waits = [{ ...writer, condition, missing }, ...rest];
      const lines = told({ ...HANG, waitFor: { ...GRAPH, waits } }, { columns: 200 });
      return (/ writer {2,}waits until (.*?) {2,}/.exec(lines)?.[1] ?? "").replaceAll(
        "\u00a0",
        " ",
      );
    };
    const reads = (place: string, value: boolean | number) => [{ place, value }];
    expect(waiting("!up", { text: "!up", reads: reads("up", true) })).toBe("!up");
    expect(waiting("n == 0", { text: "n == 0", reads: reads("n", 2) })).toBe("n == 0 (now 2)");
    expect(waiting("is_zero(n)", { text: "n == 0", reads: reads("n", 2) })).toBe(
      "is_zero(n) (n = 2)",
    );
    expect(waiting("!up && n == 0", { text: "!up", reads: reads("up", true) })).toBe(
      "!up && n == 0 (up = true)",
    );
    expect(waiting("a && b", { text: "done(x)", reads: [] })).toBe("a && b; missing: done(x)");
  });

  test("tells a wait inside the library by the call and by what is missing in the spec's words", () => {
    const waiting = (...missing: WaitFor["missing"]): string => {
      const admin = {
        ...(GRAPH.waits[3] as WaitFor),
        kind: "condition",
        lock: null,
        missing,
        helpers: [],
      } as const;
      const lines = told({ ...HANG, waitFor: { waits: [admin], cycles: [] } }, { columns: 200 });
      return (/ admin {2,}(.*?) {2,}/.exec(lines)?.[1] ?? "").replaceAll("\u00a0", " ");
    };
    const owner = { text: "a.owner == none", reads: [{ place: "a.owner", value: "writer" }] };
    const flag = { text: "free", reads: [{ place: "free", value: false }] };
    expect(waiting(owner)).toBe("waits in lock(reconfig_mutex) until a.owner == none (now writer)");
    expect(waiting(flag)).toBe("waits in lock(reconfig_mutex) until free");
    expect(waiting(owner, flag)).toBe(
      "waits in lock(reconfig_mutex) (a.owner = writer, free = false)",
    );
  });

  test("is told as who waits where nobody asked", () => {
    const text = told({ ...HANG, waitFor: null });
    expect(text).toMatch(/ {2}who waits\n {4}writer {2,}until !change_pending/);
    expect(text).not.toMatch(/who waits[\s\S]*raid10d/);
  });
});

describe("the margin of a trace", () => {
  const marked = (finding: JudgedFinding): readonly string[] =>
    [...told(finding, { columns: 200 }).matchAll(/^ {2}(\S) +(\d+|\S+ .*)/gm)].map(
      ([, mark, rest]) => `${mark} ${rest}`,
    );

  test("points out the step behind which nothing can save the threads", () => {
    expect(marked(HANG)).toEqual(["▸ 3", "▸ from step 3 on, nothing can save them"]);
    expect(marked(LOST)).toEqual(["▸ 1", "▸ from step 1 on, nothing can save it"]);
    expect(marked({ ...HANG, doomedAt: 0 })).toEqual(["▸ nothing can save them, from the start"]);
    expect(marked({ ...HANG, doomedAt: null })).toEqual([]);
  });

  test("brackets the cycle", () => {
    expect(marked(violated(1))).toEqual([
      "╭ 2",
      "│ 3",
      "╰ 4",
      "↻ steps 2 to 4 again and again, for ever",
    ]);
    expect(marked(violated(3))).toEqual(["↻ 4", "↻ step 4 again and again, for ever"]);
  });

  test("says that nothing happens any more", () => {
    expect(marked(violated(null))).toEqual(["▸ and then nothing happens any more"]);
  });

  test("points out the step that puts something out of reach", () => {
    expect(marked(OUT_OF_REACH)).toEqual(["▸ 4", "▸ from step 4 on, can_write is out of reach"]);
  });
});

describe("a violated temporal property", () => {
  test("is shown as it is written", () => {
    expect(told(violated(1))).toContain(
      "\n    always (action_store@entry => eventually done(action_store))\n",
    );
    // A comment behind the semicolon is none of it.
    expect(told(OUT_OF_REACH)).toContain("\n    nr_pending == 0\n");
  });

  test("tells who moves, who starves and why, and who waits", () => {
    const text = told(violated(1));
    expect(text).toMatch(/ {2}in the cycle\n {4}raid10d moves\n/);
    expect(text).toMatch(/action_store +stands at await done\(sync_thread\) +raid\.spec:35/);
    expect(text).toMatch(
      /\n {2}action_store could go on now and then, but not all the time: weak fairness promises it nothing\n/,
    );
    expect(text).toContain("\n  admin could go on, but nothing promises that it will\n");
    expect(text).toMatch(/writer +waits until !change_pending/);
    expect(text).toContain("not running: sync_thread");
  });

  test("gives a reason once for all it holds for", () => {
    const [, , , starved] = PARTIES as [unknown, unknown, unknown, LassoParty];
    const text = told(violated(1, [starved, { ...starved, agent: "writer" }]), { columns: 200 });
    expect(text).toMatch(/action_store and writer could go on .* promises them nothing\n/);
    expect(text.match(/could go on/g)).toHaveLength(1);
  });

  test("tells several that move in one line, and transitions that are not possible in another", () => {
    const [waits, moves] = PARTIES as [LassoParty, LassoParty];
    const parties = [
      moves,
      { ...moves, agent: "rcv(1)", isTransition: true },
      { ...waits, agent: "rcv(2)", isTransition: true, waiting: null },
    ];
    expect(told(violated(1, parties))).toContain(
      "\n    raid10d and rcv(1) move\n    not possible: rcv(2)\n",
    );
  });

  test("tells of a transition that it is possible", () => {
    const transition = { ...PARTIES[3], agent: "rcv(1)", isTransition: true, waiting: null };
    const text = told(violated(1, [transition as (typeof PARTIES)[number]]));
    expect(text).toMatch(/rcv\(1\) +is possible\n/);
  });
});
