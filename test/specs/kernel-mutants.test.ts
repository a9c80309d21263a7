import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { NO_LIMITS, runCheck } from "../../src/check/check.ts";
import type { Host } from "../../src/check/host.ts";
import { prepare } from "../../src/check/prepare.ts";
import type { Diagnostic } from "../../src/diagnostics/diagnostic.ts";

const LIBRARY = "specs/lib";
const KERNEL = await readFile(`${LIBRARY}/kernel.spec`, "utf8");

/** A primitive broken in one place: in the declaration that begins with `at`, `from` becomes `to`. */
interface Mutant {
  readonly title: string;
  readonly at: string;
  readonly from: string;
  readonly to: string;
}

const MUTANTS: Readonly<Record<string, readonly Mutant[]>> = {
  mutex: [
    {
      title: "lock does not wait",
      at: "proc lock(",
      from: "await strong m.owner == none;",
      to: "",
    },
    {
      title: "unlock by another thread passes",
      at: "proc unlock(",
      from: "assert m.owner == self;",
      to: "",
    },
    {
      title: "unlock keeps the owner",
      at: "proc unlock(",
      from: "m.owner := none;",
      to: "",
    },
    {
      title: "trylock waits",
      at: "proc trylock(",
      from: "if (m.owner != none) {\n      return false;\n    }",
      to: "await m.owner == none;",
    },
    {
      title: "trylock takes a mutex that is held",
      at: "proc trylock(",
      from: "return false;",
      to: "skip;",
    },
    {
      title: "a signal is always there, so that it hides a deadlock",
      at: "proc lock_interruptible(",
      from: "await idle m.owner != none && signal_pending(self);",
      to: "await idle true;",
    },
    {
      title: "a signal does not interrupt",
      at: "proc lock_interruptible(",
      from: "await idle m.owner != none && signal_pending(self);",
      to: "await idle false;",
    },
  ],
  rwsem: [
    {
      title: "a writer comes in on readers",
      at: "proc down_write(",
      from: "s.writer == none && s.readers == {}",
      to: "s.writer == none",
    },
    {
      title: "a reader comes in on a writer",
      at: "proc down_read(",
      from: "if (s.writer == none && s.waiting_writers == {})",
      to: "if (s.waiting_writers == {})",
    },
    {
      title: "a waiting writer keeps nobody out",
      at: "proc down_read(",
      from: "s.writer == none && s.waiting_writers == {}",
      to: "s.writer == none",
    },
    {
      title: "readers exclude each other",
      at: "proc down_read(",
      from: "s.writer == none && s.waiting_writers == {}",
      to: "s.writer == none && s.waiting_writers == {} && s.readers == {}",
    },
    {
      title: "a writer that leaves forgets the readers that wait",
      at: "proc up_write(",
      from: "s.readers := s.waiting_readers;",
      to: "",
    },
    {
      title: "a writer that goes on as a reader forgets the readers that wait",
      at: "proc downgrade_write(",
      from: "s.readers := s.waiting_readers | {self};",
      to: "s.readers := {self};",
    },
    {
      title: "a writer that goes on as a reader forgets itself",
      at: "proc downgrade_write(",
      from: " | {self}",
      to: "",
    },
    {
      title: "down_read_trylock waits",
      at: "proc down_read_trylock(",
      from: "if (s.writer != none || s.waiting_writers != {}) {\n      return false;\n    }",
      to: "await s.writer == none;",
    },
    {
      title: "down_write_trylock waits",
      at: "proc down_write_trylock(",
      from: "if (s.writer != none || s.readers != {} || s.waiting_writers != {}) {\n      return false;\n    }",
      to: "await s.writer == none && s.readers == {};",
    },
    {
      title: "down_write_trylock does not look at the readers",
      at: "proc down_write_trylock(",
      from: " || s.readers != {}",
      to: "",
    },
  ],
  srcu: [
    {
      title: "SRCU is taken for a reader-writer lock",
      at: "proc srcu_read_lock(",
      from: "assert !(self in s.readers);",
      to: "await forall t in Thread: s.older[t] == {};",
    },
    {
      title: "synchronize_srcu waits for whoever is inside",
      at: "proc synchronize_srcu(",
      from: "await s.older[self] == {};",
      to: "await s.readers == {};",
    },
    {
      title: "a reader that left and came back counts",
      at: "proc srcu_read_unlock(",
      from: "s.older := [t in Thread -> s.older[t] - {self}];",
      to: "",
    },
    {
      title: "synchronize_srcu does not wait",
      at: "proc synchronize_srcu(",
      from: "await s.older[self] == {};",
      to: "",
    },
    {
      title: "all who wait share one set",
      at: "proc synchronize_srcu(",
      from: "s.older[self] := s.readers;",
      to: "s.older := [t in Thread -> s.readers];",
    },
  ],
  completion: [
    {
      title: "a completion signalled early is lost",
      at: "proc wait_for_completion(",
      from: "  atomic {",
      to: "  x := incomplete;\n  atomic {",
    },
    {
      title: "completions are not counted",
      at: "proc complete(",
      from: "x.done += 1;",
      to: "x.done := 1;",
    },
    {
      title: "one completion lets all through",
      at: "proc wait_for_completion(",
      from: "x.done -= 1;",
      to: "skip;",
    },
    {
      title: "complete_all lets one through",
      at: "proc complete_all(",
      from: "x.all := true;",
      to: "x.done := 1;",
    },
    {
      title: "reinit_completion forgets nothing",
      at: "proc reinit_completion(",
      from: "x := incomplete;",
      to: "",
    },
    {
      title: "try_wait_for_completion waits",
      at: "proc try_wait_for_completion(",
      from: "if (!completion_done(x)) {\n      return false;\n    }",
      to: "await completion_done(x);",
    },
  ],
  "wait-queue": [
    {
      title: "prepare_to_wait does not enter the queue",
      at: "proc prepare_to_wait(",
      from: "q.waiters |= {self};",
      to: "",
    },
    {
      title: "prepare_to_wait leaves the task running",
      at: "proc prepare_to_wait(",
      from: "task_state[self] := state;",
      to: "",
    },
    {
      title: "wake_up wakes nobody",
      at: "proc wake_up(",
      from: "task_state := [t in Thread -> t in q.waiters ? TASK_RUNNING : task_state[t]];",
      to: "",
    },
    {
      title: "wake_up leaves the woken on the queue",
      at: "proc wake_up(",
      from: "q.waiters := {};",
      to: "",
    },
    {
      title: "schedule does not sleep",
      at: "proc schedule(",
      from: "await task_state[self] == TASK_RUNNING;",
      to: "skip;",
    },
    {
      title: "a signal does not wake an interruptible sleeper",
      at: "proc schedule(",
      from: "await idle signal_pending(self);",
      to: "await idle false;",
    },
    {
      title: "finish_wait leaves the task on the queue",
      at: "proc finish_wait(",
      from: "q.waiters -= {self};",
      to: "",
    },
    {
      title: "wake_up_process wakes nobody",
      at: "proc wake_up_process(",
      from: "task_state[task] := TASK_RUNNING;",
      to: "",
    },
  ],
  bits: [
    {
      title: "test_and_set_bit is two steps",
      at: "proc test_and_set_bit<T>(",
      from: "  atomic {\n    let old = bit in bits;",
      to: "  let old = bit in bits;\n  atomic {",
    },
    {
      title: "test_and_clear_bit is two steps",
      at: "proc test_and_clear_bit<T>(",
      from: "  atomic {\n    let old = bit in bits;",
      to: "  let old = bit in bits;\n  atomic {",
    },
    {
      title: "set_bit reads the word in one step and writes it back in another",
      at: "proc set_bit<T>(",
      from: "bits |= {bit};",
      to: "let old = bits;\n  bits := old | {bit};",
    },
    {
      title: "clear_bit clears nothing",
      at: "proc clear_bit<T>(",
      from: "bits -= {bit};",
      to: "",
    },
  ],
  "percpu-ref": [
    {
      title: "tryget_live does not look whether the ref is dying",
      at: "proc tryget_live(",
      from: "if (r.dying) {",
      to: "if (false) {",
    },
    {
      title: "tryget_live waits",
      at: "proc tryget_live(",
      from: "if (r.dying) {\n      return false;\n    }",
      to: "await !r.dying;",
    },
    {
      title: "kill keeps the first reference",
      at: "proc kill(",
      from: "r.refs -= 1;",
      to: "",
    },
    {
      title: "a second kill passes",
      at: "proc kill(",
      from: "assert !r.dying && r.refs > 0;",
      to: "",
    },
    {
      title: "put below zero passes",
      at: "proc put(",
      from: "assert r.refs > 0;\n    r.refs -= 1;",
      to: "if (r.refs > 0) {\n      r.refs -= 1;\n    }",
    },
    {
      title: "resurrect takes no first reference",
      at: "proc resurrect(",
      from: "r.refs += 1;",
      to: "",
    },
    {
      title: "wait_zero does not wait",
      at: "proc wait_zero(",
      from: "await is_zero(r);",
      to: "",
    },
  ],
  work: [
    {
      title: "an item that runs is not queued again",
      at: "proc queue_work(",
      from: "if (work_pending(w)) {",
      to: "if (work_busy(w)) {",
    },
    {
      title: "the pending bit is cleared after the run",
      at: "proc finish_work(",
      from: "w.worker := none;",
      to: "w.worker := none;\n    w.pending := false;",
    },
    {
      title: "a pending item is queued twice",
      at: "proc queue_work(",
      from: "if (work_pending(w)) {",
      to: "if (w.dropped) {",
    },
    {
      title: "two runs of one item overlap",
      at: "proc run_work(",
      from: "await idle w.pending && w.worker == none;",
      to: "await idle w.pending;",
    },
    {
      title: "flush_work does not wait for a run that goes on",
      at: "proc flush_work(",
      from: "} else if (w.worker != none) {",
      to: "} else if (false) {",
    },
    {
      title: "flush_work does not wait for a run that is queued",
      at: "proc flush_work(",
      from: "if (w.pending) {",
      to: "if (false) {",
    },
    {
      title: "flush_work waits for runs queued later",
      at: "proc flush_work(",
      from: "await !(self in w.flush_pending) && !(self in w.flush_running);",
      to: "await !work_busy(w);",
    },
    {
      title: "flush_work waits only for the run that goes on",
      at: "proc run_work(",
      from: "w.flush_running := w.flush_pending;",
      to: "",
    },
    {
      title: "drain waits for one run only",
      at: "proc drain(",
      from: "await !w.pending && w.worker == none;",
      to: "await w.worker == none;",
    },
    {
      title: "others may queue while it is drained",
      at: "proc queue_work(",
      from: "if (w.drainers != {} && w.worker != self) {",
      to: "if (false) {",
    },
    {
      title: "the item itself may not queue while it is drained",
      at: "proc queue_work(",
      from: "w.drainers != {} && w.worker != self",
      to: "w.drainers != {}",
    },
    {
      title: "an item that was dropped is forgotten, and may be queued again",
      at: "proc queue_work(",
      from: "w.dropped := true;",
      to: "",
    },
    {
      title: "drain waits for an item that was dropped",
      at: "proc drain(",
      from: "await !w.pending && w.worker == none;",
      to: "await !work_busy(w);",
    },
    {
      title: "flush_work waits for an item that was dropped",
      at: "proc flush_work(",
      from: "if (w.pending) {",
      to: "if (work_pending(w)) {",
    },
  ],
  kthread: [
    {
      title: "kthread_stop does not wait",
      at: "proc kthread_stop(",
      from: "await done(task);",
      to: "",
    },
    {
      title: "kthread_stop does not ask",
      at: "proc kthread_stop(",
      from: "should_stop |= {task};",
      to: "",
    },
    {
      title: "kthread_stop does not wake",
      at: "proc kthread_stop(",
      from: "task_state[task] := TASK_RUNNING;",
      to: "",
    },
    {
      title: "a thread that is started afresh is still asked to stop",
      at: "proc kthread_stop(",
      from: "should_stop -= {task};",
      to: "",
    },
  ],
};

/** The declaration at `mutant.at` ends with the first line that is a lone `}`. */
function mutate(text: string, mutant: Mutant): string {
  const start = text.indexOf(mutant.at);
  const end = text.indexOf("\n}\n", start);
  const declaration = text.slice(start, end);
  if (start < 0 || end < 0 || !declaration.includes(mutant.from)) {
    throw new Error(`nothing to mutate: ${mutant.title}`);
  }
  return text.slice(0, start) + declaration.replaceAll(mutant.from, mutant.to) + text.slice(end);
}

function hostWith(kernel: string): Host {
  return {
    libraryFolder: LIBRARY,
    read: (path) =>
      path === `${LIBRARY}/kernel.spec` ? Promise.resolve(kernel) : readFile(path, "utf8"),
  };
}

/** The checks of a pin that are unmet when the library is `kernel`, and what keeps the pin from running. */
async function judgePin(
  pin: string,
  kernel: string,
): Promise<{ readonly errors: readonly string[]; readonly unmet: readonly string[] }> {
  const prepared = await prepare(hostWith(kernel), `${LIBRARY}/tests/${pin}.spec`, {
    checks: null,
    constants: [],
    constantsOrigin: "<test>",
    constantsPrefix: "",
    properties: null,
  });
  const unmet: string[] = [];
  for (const program of prepared.programs) {
    const outcome = await runCheck(
      program,
      {
        sources: prepared.sources,
        limits: NO_LIMITS,
        deadlock: true,
        hung: true,
        suspicions: false,
        properties: null,
        engine: "reference",
        workers: 1,
        coverage: false,
      },
      {
        clock: () => 0,
        pause: () => Promise.resolve(),
        memoryUsed: () => 0,
        signal: { aborted: false },
      },
    );
    if (!outcome.met) {
      unmet.push(outcome.check.name);
    }
  }
  const isError = (one: Diagnostic): boolean => one.severity === "error";
  return { errors: prepared.diagnostics.filter(isError).map((one) => one.message), unmet };
}

describe.each(Object.keys(MUTANTS))("the pin %s", (pin) => {
  test("is met by the library", async () => {
    expect(await judgePin(pin, KERNEL)).toEqual({ errors: [], unmet: [] });
  });

  test.each(MUTANTS[pin] ?? [])("notices that $title", async (mutant) => {
    const { errors, unmet } = await judgePin(pin, mutate(KERNEL, mutant));
    expect(errors).toEqual([]);
    expect(unmet).not.toEqual([]);
  });
});
