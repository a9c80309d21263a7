import { describe, expect, test } from "vitest";
import { cycles, edges } from "./edges.ts";
import { explainText } from "./hang.ts";

/**
 * Small specs with the graph that a person would draw: the edges were written from the text of the
 * spec, before anything was run.
 */
interface Case {
  readonly title: string;
  readonly text: string;
  readonly threads: readonly string[];
  /** Why these are the edges. */
  readonly edges: readonly string[];
  readonly cycles: readonly string[];
}

const CASES: readonly Case[] = [
  {
    // The owner of the lock is the one who asks for it.
    title: "a thread that locks twice waits for itself",
    text: `import kernel;
      var m: Mutex = unlocked;
      thread a { lock(m); lock(m); unlock(m); }`,
    threads: ["a"],
    edges: ["a: m.owner == none -> a: m.owner == none"],
    cycles: ["a"],
  },
  {
    // Only finish_work ends the run that is flushed, and that comes after the flush.
    title: "a worker that flushes its own work waits for itself",
    text: `import kernel;
      var w: Work = work_idle;
      thread user { queue_work(w); }
      thread kworker { loop { run_work(w); flush_work(w); finish_work(w); } }`,
    threads: ["kworker"],
    edges: ["kworker: !(kworker in w.flush_running) -> kworker: !(kworker in w.flush_running)"],
    cycles: ["kworker"],
  },
  {
    // complete() stands behind the wait, and nobody else calls it.
    title: "a completion that its only completer waits for is waited for by itself",
    text: `import kernel;
      var c: Completion = incomplete;
      thread worker { wait_for_completion(c); complete(c); }`,
    threads: ["worker"],
    edges: ["worker: c.all / c.done > 0 -> worker: c.all / c.done > 0"],
    cycles: ["worker"],
  },
  {
    // The late reader waits behind the writer that waits, not for the reader inside.
    title: "a reader behind a waiting writer waits for the writer, who waits for the reader inside",
    text: `import kernel;
      var s: RwSem = rwsem_unlocked;
      var m: Mutex = unlocked;
      thread inside { down_read(s); lock(m); unlock(m); up_read(s); }
      thread writer { lock(m); down_write(s); up_write(s); unlock(m); }
      thread late { down_read(s); up_read(s); }`,
    threads: ["inside", "writer", "late"],
    edges: [
      "inside: m.owner == none -> writer: s.readers == {}",
      "late: late in s.readers -> writer: s.readers == {}",
      "writer: s.readers == {} -> inside: m.owner == none",
    ],
    cycles: ["inside -> writer"],
  },
  {
    // Two pairs of tasks that have nothing to do with each other.
    title: "two cycles that share nothing are told as two",
    text: `import kernel;
      var a: Mutex = unlocked; var b: Mutex = unlocked;
      var c: Mutex = unlocked; var d: Mutex = unlocked;
      thread ab { lock(a); lock(b); unlock(b); unlock(a); }
      thread ba { lock(b); lock(a); unlock(a); unlock(b); }
      thread cd { lock(c); lock(d); unlock(d); unlock(c); }
      thread dc { lock(d); lock(c); unlock(c); unlock(d); }`,
    threads: ["ab", "ba", "cd", "dc"],
    edges: [
      "ab: b.owner == none -> ba: a.owner == none",
      "ba: a.owner == none -> ab: b.owner == none",
      "cd: d.owner == none -> dc: c.owner == none",
      "dc: c.owner == none -> cd: d.owner == none",
    ],
    cycles: ["ab -> ba", "cd -> dc"],
  },
  {
    // The third task wants a lock of the cycle and is in nobody's way.
    title: "a task that only wants a lock of a cycle stands behind the cycle",
    text: `import kernel;
      var a: Mutex = unlocked; var b: Mutex = unlocked;
      thread ab { lock(a); lock(b); unlock(b); unlock(a); }
      thread ba { lock(b); lock(a); unlock(a); unlock(b); }
      thread third { lock(a); unlock(a); }`,
    threads: ["ab", "ba", "third"],
    edges: [
      "ab: b.owner == none -> ba: a.owner == none",
      "ba: a.owner == none -> ab: b.owner == none",
      "third: a.owner == none -> ab: b.owner == none",
    ],
    cycles: ["ab -> ba"],
  },
  {
    // The trylock loop is a wait like any other, written by hand.
    title: "one that spins on trylock waits for the holder that waits for it",
    text: `import kernel;
      var m: Mutex = unlocked;
      var flag: bool = false;
      thread holder { lock(m); await flag; unlock(m); }
      thread spinner { await m.owner == holder; while (!trylock(m)) { } flag := true; unlock(m); }`,
    threads: ["holder", "spinner"],
    edges: ["holder: flag -> spinner: m.owner == none", "spinner: m.owner == none -> holder: flag"],
    cycles: ["holder -> spinner"],
  },
  {
    // It moves for ever and is not hung; but what it would do comes behind the lock.
    title: "one that tries a lock again and again is passed through, though it is not stuck",
    text: `import kernel;
      var m: Mutex = unlocked;
      var flag: bool = false;
      var polls: bool = false;
      thread holder { lock(m); await flag; unlock(m); }
      thread poller {
        await m.owner == holder;
        loop {
          let got = trylock(m);
          if (got) { break; }
          polls := !polls;
        }
        flag := true;
        unlock(m);
      }`,
    threads: ["holder"],
    edges: ["holder: flag -> poller: m.owner == none", "poller: m.owner == none -> holder: flag"],
    cycles: ["holder -> poller"],
  },
  {
    // All three want what the holder has; only the first does what the holder waits for.
    title: "three waiters on one lock wait for its holder, not for each other",
    text: `import kernel;
      var m: Mutex = unlocked;
      var go: bool = false;
      thread holder { lock(m); await go; unlock(m); }
      thread w[i in 0..2] {
        await m.owner == holder;
        lock(m);
        if (i == 0) { go := true; }
        unlock(m);
      }`,
    threads: ["holder", "w[0]", "w[1]", "w[2]"],
    edges: [
      "holder: go -> w[0]: m.owner == none",
      "w[0]: m.owner == none -> holder: go",
      "w[1]: m.owner == none -> holder: go",
      "w[2]: m.owner == none -> holder: go",
    ],
    cycles: ["holder -> w[0]"],
  },
  {
    // The count is two, so it takes both to bring it to zero.
    title: "a counter waits for all that hold it",
    text: `var nr: 0..2 = 0;
      var frozen: bool = false;
      thread freezer { await nr == 2; frozen := true; await nr == 0; frozen := false; }
      thread io[i in 0..1] { nr += 1; await !frozen; nr -= 1; }`,
    threads: ["freezer", "io[0]", "io[1]"],
    edges: [
      "freezer: nr == 0 -> io[0]: !frozen",
      "freezer: nr == 0 -> io[1]: !frozen",
      "io[0]: !frozen -> freezer: nr == 0",
      "io[1]: !frozen -> freezer: nr == 0",
    ],
    cycles: ["freezer -> io[0]", "freezer -> io[1]"],
  },
  {
    // Only the owner may unlock, and the owner is gone; it took the lock in the first step.
    title: "a lock whose owner has ended is given back by nobody",
    text: `import kernel;
      var m: Mutex = unlocked;
      thread a { lock(m); }
      thread b { lock(m); unlock(m); }`,
    threads: ["b"],
    edges: ["b: m.owner == none -> nobody (a ended, step 1)"],
    cycles: [],
  },
  {
    // Each waits for the end of the other.
    title: "two threads that join each other wait in a circle",
    text: `thread a { await done(b); }
      thread b { await done(a); }`,
    threads: ["a", "b"],
    edges: ["a: done(b) -> b: done(a)", "b: done(a) -> a: done(b)"],
    cycles: ["a -> b"],
  },
  {
    // The transition would end the write, and is not possible while the flag is not set.
    title: "a transition that is not possible stands between two threads",
    text: `var in_flight: bool = false;
      var ended: bool = false;
      var powered: bool = false;
      thread writer { in_flight := true; await ended; }
      fair transition end_io when in_flight && powered { in_flight := false; ended := true; }
      thread power { await ended; powered := true; }`,
    threads: ["writer", "power"],
    edges: [
      "end_io: powered -> power: ended",
      "power: ended -> end_io: powered",
      "writer: ended -> end_io: powered",
    ],
    cycles: ["power -> end_io"],
  },
  {
    // The same without anybody who could set the flag.
    title: "a transition that nobody makes possible is the end of the chain",
    text: `var in_flight: bool = false;
      var ended: bool = false;
      var powered: bool = false;
      thread writer { in_flight := true; await ended; }
      fair transition end_io when in_flight && powered { in_flight := false; ended := true; }
      transition never when false { powered := true; }`,
    threads: ["writer"],
    edges: ["end_io: powered -> nobody (never past)", "writer: ended -> end_io: powered"],
    cycles: [],
  },
  {
    // The worker sleeps for want of work; who would give it some waits for what it would do.
    title: "an idle worker is passed through to the one who would wake it",
    text: `var work: bool = false;
      var served: bool = false;
      var go: bool = false;
      thread worker { loop { await idle work; work := false; served := true; } }
      thread user { await served; go := true; }
      thread producer { await go; work := true; }`,
    threads: ["user", "producer"],
    edges: [
      "producer: go -> user: served",
      "user: served -> worker: work",
      "worker: work -> producer: go",
    ],
    cycles: ["user -> worker -> producer"],
  },
  {
    // The flag was set in the first step, and taken back by the one who then waits for it.
    title: "who set a flag once and will not again is past",
    text: `var flag: bool = false;
      thread setter { flag := true; await idle false; }
      thread waiter { await flag; flag := false; await flag; }`,
    threads: ["waiter"],
    edges: ["waiter: flag -> nobody (setter past, step 1)"],
    cycles: [],
  },
  {
    // Nobody is in the set any more but the one who waits behind a lock of the one who waits for it.
    title: "a grace period waits for the reader, who waits for a lock",
    text: `import kernel;
      var s: Srcu = srcu_quiet;
      var m: Mutex = unlocked;
      thread reader { srcu_read_lock(s); lock(m); unlock(m); srcu_read_unlock(s); }
      thread bystander { srcu_read_lock(s); srcu_read_unlock(s); }
      thread updater { lock(m); synchronize_srcu(s); unlock(m); }`,
    threads: ["reader", "updater"],
    edges: [
      "reader: m.owner == none -> updater: s.older[updater] == {}",
      "updater: s.older[updater] == {} -> reader: m.owner == none",
    ],
    cycles: ["reader -> updater"],
  },
  {
    // There is a value to choose only when the queue has one, and who fills it waits for the taker.
    title: "a choose without elements waits for who would add one",
    text: `var free: set<0..2> = {};
      var taken: bool = false;
      thread taker { choose slot in free { free -= {slot}; } taken := true; }
      thread giver { await taken; free |= {1}; }`,
    threads: ["taker", "giver"],
    edges: ["giver: taken -> taker: free != {}", "taker: free != {} -> giver: taken"],
    cycles: ["taker -> giver"],
  },
  {
    // What is branched on is what was read before, so it is the count that matters.
    title: "a count that is read first and looked at later is waited for all the same",
    text: `var nr: 0..1 = 1;
      var flag: bool = false;
      var polls: bool = false;
      thread holder { await flag; nr := 0; }
      thread poller {
        loop {
          let seen = nr;
          if (seen == 0) { flag := true; return; }
          polls := !polls;
        }
      }`,
    threads: ["holder"],
    edges: ["holder: flag -> poller: nr == 0", "poller: nr == 0 -> holder: flag"],
    cycles: ["holder -> poller"],
  },
  {
    // It goes round without ever asking for anything.
    title: "who spins for nothing is told to wait for nobody",
    text: `var stop: bool = false;
      thread spinner { loop { stop := false; } }
      thread user { await done(spinner); }`,
    threads: ["spinner", "user"],
    edges: ["spinner:  -> nobody", "user: done(spinner) -> nobody"],
    cycles: [],
  },
];

describe("who waits for whom", () => {
  for (const one of CASES) {
    test(one.title, () => {
      const graph = explainText(`module small;\n${one.text}`, one.threads);
      expect(edges(graph)).toEqual([...one.edges].sort());
      expect(cycles(graph)).toEqual(one.cycles);
    });
  }

  test("two threads that back off for ever do not hang", () => {
    const text = `module small;
      import kernel;
      var a: Mutex = unlocked; var b: Mutex = unlocked;
      proc both(first: ref Mutex, second: ref Mutex) {
        loop {
          lock(first);
          let got = trylock(second);
          if (got) { break; }
          unlock(first);
        }
      }
      thread ab { both(a, b); unlock(b); unlock(a); }
      thread ba { both(b, a); unlock(a); unlock(b); }`;
    expect(() => explainText(text, ["ab", "ba"])).toThrow(/only of: $/);
  });
});
