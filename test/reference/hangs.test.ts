import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/outcome/outcome.ts";
import { options, run, told } from "./run.ts";

/** Somebody who always goes on, so that nothing is a deadlock. */
const DAEMON = "var beat: bool; thread daemon { loop { beat := !beat; } }";

const NO_LIMITS = options(new Map()).limits;

function hangs(findings: readonly Finding[]): readonly unknown[] {
  return findings.map((finding) => [
    "threads" in finding ? finding.threads.join() : finding.kind,
    finding.trace?.steps.length,
    finding.doomedAt,
  ]);
}

describe("a thread is hung", () => {
  test("that is blocked for ever while a daemon goes on", async () => {
    const { findings } = await run(`module m; ${DAEMON} thread t { await false; }`);
    expect(findings).toMatchObject([
      {
        kind: "hung",
        threads: ["t"],
        span: null,
        message: null,
        doomedAt: 0,
        lasso: null,
        waitFor: null,
        trace: { steps: [] },
        waiting: [
          { thread: "daemon", status: "ready" },
          { thread: "t", status: "blocked", waits: [{ kind: "plain", text: "false" }] },
        ],
      },
    ]);
  });

  test("behind a lock that a poller tries again and again", async () => {
    // The poller never sees the lock free, and the owner waits for the poller: only the poller moves.
    const text = `module m; var lock: Thread? = none; var tries: bool; var served: bool;
      thread owner { lock := self; await served; lock := none; }
      thread poller {
        while (!served) {
          atomic { tries := !tries; if (lock == none) { lock := self; } }
          if (lock == self) { served := true; }
        }
      }`;
    expect(told(await run(text))).toEqual(["hung(owner) after 1"]);
  });

  test("not where some step can still lead to its going on", async () => {
    const text = `module m; var x: 0..1; ${DAEMON} thread t { await x == 1; }`;
    expect(told(await run(`${text} thread u { x := 1; }`))).toEqual([]);
  });

  test("not where it waits idly", async () => {
    expect(told(await run(`module m; ${DAEMON} thread t { await idle false; }`))).toEqual([]);
  });

  test("although an escape could save it, for that is what escapes are for", async () => {
    const text = `module m; var x: 0..1; ${DAEMON} thread t { await x == 1; }`;
    expect(told(await run(`${text} escape thread timeout { x := 1; }`))).toEqual([
      "hung(t) after 0",
    ]);
    expect(told(await run(`${text} escape transition timeout when x == 0 { x := 1; }`))).toEqual([
      "hung(t) after 0",
    ]);
  });

  test("but an escape thread is not", async () => {
    expect(told(await run(`module m; ${DAEMON} escape thread t { await false; }`))).toEqual([]);
  });

  test("not behind a state outside of the constraint, which may go on well", async () => {
    const text = `module m; var n: 0..3; thread t { await false; }
      thread up { loop { atomic { n := n < 3 ? n + 1 : 0; } } }`;
    expect(told(await run(text))).toEqual(["hung(t) after 0"]);
    expect(told(await run(`${text} constraint n < 2;`))).toEqual([]);
  });

  test("and a step that fails leads nowhere, but its thread is ready", async () => {
    const text = `module m; ${DAEMON} var x: 0..1; thread t { await false; } thread u { x := 2; }
      check c expect error;`;
    expect(told(await run(text))).toEqual([
      "hung(t) after 0",
      "error after 1: 2 does not fit 0..1 (x)",
    ]);
  });
});

describe("which hangs are told", () => {
  const GROWING = `module m; ${DAEMON} var x: 0..1;
    thread a { await false; } thread b { x := 1; await false; }`;

  test("those to which no further threads can come", async () => {
    expect(told(await run(GROWING))).toEqual(["hung(a, b) after 1"]);
    // Nor where it takes them more than one step to come.
    const slow = GROWING.replace("x := 1;", "x := 1; x := 0;");
    expect(told(await run(slow))).toEqual(["hung(a, b) after 2"]);
  });

  test("and those that the check expects, wherever there are exactly these threads", async () => {
    expect(told(await run(`${GROWING} check c expect hung(a);`))).toEqual([
      "hung(a) after 0",
      "hung(a, b) after 1",
    ]);
    // Thread b is never hung without thread a.
    expect(told(await run(`${GROWING} check c expect hung(b);`))).toEqual(["hung(a, b) after 1"]);
    const third = `${GROWING} thread late { await idle x == 1; await false; }`;
    expect(told(await run(`${third} check c expect hung(b);`))).toEqual([
      "hung(a, b, late) after 2",
    ]);
    expect(told(await run(`${GROWING} check c expect hung(a, b);`))).toEqual([
      "hung(a, b) after 1",
    ]);
    expect(told(await run(`${GROWING} check c expect hung;`))).toEqual(["hung(a, b) after 1"]);
  });

  test("each set of threads once, fewer threads first", async () => {
    const text = `module m; ${DAEMON} var x: 0..1; thread a { await false; }
      thread b { either { x := 1; await false; } or { x := 1; } }`;
    expect(told(await run(text))).toEqual(["hung(a) after 1", "hung(a, b) after 1"]);
  });

  test("of several states of one depth the least", async () => {
    const text = `module m; ${DAEMON} var x: 0..3;
      thread t { choose i in {3, 1, 2} { x := i; await false; } }`;
    const { findings } = await run(text);
    expect(findings[0]?.trace?.steps[0]?.choices).toEqual([{ name: "i", value: 1 }]);
  });

  test("not those of a deadlock, which is told already", async () => {
    const text = "module m; var x: 0..1; thread t { await false; } thread u { x := 1; }";
    expect(told(await run(text))).toEqual(["deadlock(t) after 1"]);
    // It is hung from the beginning on, and was told later only because a deadlock needs a standstill.
    expect(told(await run(text, { deadlock: false }))).toEqual(["hung(t) after 0"]);
    expect(told(await run(`${text} check c expect hung(t);`))).toEqual(["deadlock(t) after 1"]);
  });

  test("none where nobody asks", async () => {
    const text = `module m; ${DAEMON} thread t { await false; }`;
    expect(told(await run(text, { hung: false }))).toEqual([]);
  });

  test("at equal length behind deadlocks", async () => {
    // Thread v may pass first. Else it is blocked with t, or alone while t goes on.
    const text = `module m; var x: 0..2; var beat: bool; thread v { await x == 0; }
      thread t { either { x := 1; await false; } or { x := 2; loop { beat := !beat; } } }
      check c expect deadlock, hung;`;
    expect(told(await run(text))).toEqual([
      "deadlock(v, t) after 1",
      "hung(v) after 1",
      "deadlock(t) after 2",
    ]);
  });

  test("in order of length among the others, after deadlocks and before what is declared", async () => {
    const text = `module m; var x: 0..3; var beat: bool;
      thread t { either { x := 1; await false; } or { x := 2; loop { beat := !beat; } } }
      thread u { await idle x == 2; await false; }
      recoverable r: x == 0; property p: always x != 1; invariant i: x == 0;
      check c expect hung, deadlock, violation(i), violation(p), violation(r);`;
    // After one step: t stands at its await, u is idle; or t beats for ever and u goes on to its await.
    expect(told(await run(text))).toEqual([
      "i after 1",
      "deadlock(t) after 1",
      "r after 1",
      "p after 1",
      "hung(u) after 2",
    ]);
  });
});

describe("from when on nothing could save them", () => {
  // A deadlock needs both to have come to their end; the order of the variables decides whose steps
  // come first in the trace.
  const program = (variables: string): string => `module m; ${variables}
    thread t { await x == 3; }
    thread u { x := 1; either { x := 2; } or { x := 3; } }
    thread v { z := 1; z := 2; }`;

  /** After the step of b both are blocked for ever. */
  const BOUND = "var x: 0..1; thread a { await false; } thread b { x := 1; await false; }";

  test("is the state of the trace behind which there is no other way", async () => {
    const late = await run(program("var x: 0..3; var z: 0..2;"));
    expect(hangs(late.findings)).toEqual([["t", 4, 4]]);
    expect(late.findings[0]?.trace?.steps.map(({ agent }) => agent).join()).toBe("v,v,u,u");
    const early = await run(program("var z: 0..2; var x: 0..3;"));
    expect(hangs(early.findings)).toEqual([["t", 4, 2]]);
    expect(early.findings[0]?.trace?.steps.map(({ agent }) => agent).join()).toBe("u,u,v,v");
  });

  test("comes before they are blocked where all ways lead there", async () => {
    const { findings } = await run(`module m; ${BOUND}`);
    expect(hangs(findings)).toEqual([["a,b", 1, 0]]);
  });

  test("comes later where they may go round for ever first, or a step fails, or leads out", async () => {
    const round = await run(`module m; ${BOUND} ${DAEMON}`);
    expect(hangs(round.findings)).toEqual([["a,b", 1, 1]]);
    // Who is an escape does not count here either.
    const fails = (qualifier: string): string =>
      `module m; ${BOUND} ${qualifier} thread e { atomic { await idle x == 0; x := 9; } }
       check c expect error;`;
    const mayFail = (await run(fails(""))).findings.filter((one) => one.kind !== "error");
    expect(hangs(mayFail)).toEqual([["a,b", 1, 1]]);
    const escapes = (await run(fails("escape"))).findings.filter((one) => one.kind !== "error");
    expect(hangs(escapes)).toEqual([["a,b", 1, 0]]);
    const beats = await run(`module m; ${BOUND} var beat: bool;
      escape thread e { loop { beat := !beat; } }`);
    expect(hangs(beats.findings)).toEqual([["a,b", 1, 0]]);
    const leaves = `module m; ${BOUND} var n: 0..1; thread v { atomic { await idle x == 0; n := 1; } }`;
    const toTheEnd = await run(`${leaves} check c expect deadlock;`);
    expect(hangs(toTheEnd.findings)).toEqual([["a,b", 1, 0]]);
    // Where the search ends at the first finding, the other way has not been followed to its end.
    expect(hangs((await run(leaves)).findings)).toEqual([["a,b", 1, 1]]);
    const cut = await run(`${leaves} constraint n == 0; check c expect deadlock;`);
    expect(hangs(cut.findings)).toEqual([["a,b", 1, 1]]);
  });

  test("is not said where hangs are not looked for, nor of a deadlock of transitions", async () => {
    const blind = await run(program("var z: 0..2; var x: 0..3;"), { hung: false });
    expect(hangs(blind.findings)).toEqual([["t", 4, null]]);
    const { findings } = await run("module m; var x: 0..1; transition up when x < 1 { x := 1; }");
    expect(hangs(findings)).toEqual([["", 1, null]]);
  });

  test("escapes do not save them", async () => {
    const text =
      "module m; var x: 0..1; var z: 0..1; thread t { await x == 1; } thread v { z := 1; }";
    const { findings } = await run(`${text} escape thread e { await z == 1; x := 1; }`);
    expect(hangs(findings)).toEqual([["t", 1, 0]]);
  });
});

describe("a search cut short", () => {
  // One way t hangs at once and the rest is a small circle; the other way counts to 9.
  const TEXT = `module m; var n: 0..9; var bad: bool; var beat: bool;
    thread t { either { bad := true; await false; } or { n := 1; while (n < 9) { n := n + 1; } } }
    thread d { loop { await idle bad; beat := !beat; } }`;

  test("finds hangs that lie in what was searched, and nothing behind it", async () => {
    // Behind the first step d goes round: await, assignment, await, assignment. The last of these four
    // states has depth 4, so it is expanded where the search goes to depth 5.
    const limits = { ...NO_LIMITS, depth: 5 };
    const { findings, incomplete } = await run(TEXT, { limits });
    expect(incomplete).toBe("depth");
    expect(hangs(findings)).toEqual([["t", 1, 1]]);
    const less = await run(TEXT, { limits: { ...NO_LIMITS, depth: 4 } });
    expect(hangs(less.findings)).toEqual([]);
  });

  // Nothing happens any more behind the first branch; the other one counts on.
  const ENDING = `module m; var n: 0..9; var bad: bool;
    thread t { either { bad := true; await false; } or { n := 1; while (n < 9) { n := n + 1; } } }`;
  const ALONE = { deadlock: false };

  test("leaves out the level in the middle of which it ended", async () => {
    // One state, then two: of these the first leads nowhere and the second to a fourth state, and
    // that to a fifth.
    const few = await run(ENDING, { ...ALONE, limits: { ...NO_LIMITS, states: 3 } });
    expect(few).toMatchObject({ incomplete: "states", findings: [] });
    const more = await run(ENDING, { ...ALONE, limits: { ...NO_LIMITS, states: 4 } });
    expect(more).toMatchObject({ incomplete: "states" });
    expect(hangs(more.findings)).toEqual([["t", 1, 1]]);
  });

  test("tells since when a deadlock was inevitable only where that was searched", async () => {
    const few = await run(ENDING, { limits: { ...NO_LIMITS, states: 3 } });
    expect(hangs(few.findings)).toEqual([["t", 1, null]]);
    const more = await run(ENDING, { limits: { ...NO_LIMITS, states: 4 } });
    expect(hangs(more.findings)).toEqual([["t", 1, 1]]);
  });

  test("by a finding judges the levels that were expanded", async () => {
    const ending = (check: string): string => `module m; ${DAEMON} var x: 0..3;
      thread t { await false; } invariant low: !beat; ${check}`;
    expect(told(await run(ending("")))).toEqual(["low after 1"]);
    expect(told(await run(ending("check c expect ok states 2;")))).toEqual([
      "hung(t) after 0",
      "low after 1",
    ]);
  });

  test("by somebody who does not want to wait judges nothing more", async () => {
    const text = `${ENDING} recoverable r: n == 9 || n == 0 && !bad;`;
    const levels = ["hung(t) after 1", "r after 1"];
    const deep = await run(text, { ...ALONE, limits: { ...NO_LIMITS, depth: 3 } });
    expect(told(deep)).toEqual(levels);
    // The clock is looked at when the search begins, and then at each level.
    let looks = 0;
    const clock = (): number => (looks++ < 4 ? 0 : 10);
    const late = await run(text, { ...ALONE, clock, limits: { ...NO_LIMITS, timeMs: 5 } });
    expect(late).toMatchObject({ incomplete: "time", findings: [], statistics: { depth: 3 } });
    let asked = 0;
    const signal = {
      get aborted(): boolean {
        return asked++ >= 3;
      },
    };
    const ended = await run(text, { ...ALONE, signal });
    expect(ended).toMatchObject({
      incomplete: "interrupted",
      findings: [],
      statistics: { depth: 3 },
    });
  });
});
