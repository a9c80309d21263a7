/** The name of an operator. */
export type OperatorName =
  | "drop-await"
  | "drop-when"
  | "always"
  | "never"
  | "negate"
  | "drop-conjunct"
  | "drop-disjunct"
  | "drop-lock"
  | "drop-unlock"
  | "drop-wakeup"
  | "drop-update"
  | "drop-call"
  | "drop-start"
  | "drop-jump"
  | "assume-true"
  | "assume-false"
  | "swap"
  | "weaken-strong"
  | "split-atomic";

/** One way to break a spec. */
export interface Operator {
  readonly name: OperatorName;
  /** What is done to the text. */
  readonly does: string;
  /** Which mistake in the kernel, or in the spec, it stands for. */
  readonly why: string;
  readonly before: string;
  readonly after: string;
  /**
   * Whether it belongs to the measure. What does not is tried only where it is asked for: it changes how
   * fine the steps of the model are, which is a choice and need not be noticed.
   */
  readonly isMeasured: boolean;
}

/** The only list of them: `docs/mutation.md` is made from it. */
export const OPERATORS: readonly Operator[] = [
  {
    name: "drop-await",
    does: "a wait is skipped",
    why: "a wait_event that was forgotten, or stands at the wrong place",
    before: "await nr_pending == 0;",
    after: "skip;",
    isMeasured: true,
  },
  {
    name: "drop-when",
    does: "the `when` of a transition, or the `where` of a choose, is taken as true",
    why: "an event that comes at a time at which it can't",
    before: "transition end_io when io in member_io",
    after: "transition end_io when true",
    isMeasured: true,
  },
  {
    name: "always",
    does: "the condition of an `if` or `while` is taken as true",
    why: "a test of a flag that was forgotten",
    before: "if (resync_left == 0)",
    after: "if (true)",
    isMeasured: true,
  },
  {
    name: "never",
    does: "the condition of an `if` or `while` is taken as false",
    why: "a case that was forgotten",
    before: "if (resync_left == 0)",
    after: "if (false)",
    isMeasured: true,
  },
  {
    name: "negate",
    does: "the condition of a wait, `if`, `while`, `when`, `where` or of a def is negated",
    why: "a test the wrong way round",
    before: "if (locked)",
    after: "if (!(locked))",
    isMeasured: true,
  },
  {
    name: "drop-conjunct",
    does: "one side of an `&&` is left out",
    why: "a wait or test that asks for less than it must",
    before: "await nr_pending == 0 && barrier < RESYNC_DEPTH;",
    after: "await barrier < RESYNC_DEPTH;",
    isMeasured: true,
  },
  {
    name: "drop-disjunct",
    does: "one side of an `||` is left out",
    why: "a reason to go on, or to look again, that was forgotten",
    before: "await idle thread_wakeup || kthread_should_stop();",
    after: "await idle kthread_should_stop();",
    isMeasured: true,
  },
  {
    name: "drop-lock",
    does: "a call that takes a lock or a reference is left out; one with a result gives true",
    why: "a section that is not protected",
    before: "lock(m);",
    after: "skip;",
    isMeasured: true,
  },
  {
    name: "drop-unlock",
    does: "a call that gives back a lock or a reference is left out",
    why: "a way out that forgets to unlock",
    before: "unlock(m);",
    after: "skip;",
    isMeasured: true,
  },
  {
    name: "drop-wakeup",
    does: "a call that wakes a thread, completes something or queues work is left out",
    why: "a lost wake-up",
    before: "md_wakeup_thread(raid10d);",
    after: "skip;",
    isMeasured: true,
  },
  {
    name: "drop-update",
    does: "an assignment, or a call that sets or clears a flag or counts, is left out",
    why: "a flag that is not set, or stays set; a count that is wrong",
    before: "sb_flags |= {MD_SB_CHANGE_PENDING};",
    after: "skip;",
    isMeasured: true,
  },
  {
    name: "drop-call",
    does: "any other call is left out",
    why: "something that is not done at all on some way",
    before: "md_reap_sync_thread();",
    after: "skip;",
    isMeasured: true,
  },
  {
    name: "drop-start",
    does: "a thread is not started",
    why: "something that is not done at all on some way",
    before: "start sync_thread;",
    after: "skip;",
    isMeasured: true,
  },
  {
    name: "drop-jump",
    does: "a `return` without value, a `break` or a `continue` is left out",
    why: "an error path that falls through",
    before: "return;",
    after: "skip;",
    isMeasured: true,
  },
  {
    name: "assume-true",
    does: "a call that answers yes or no is left out, and the answer is yes",
    why: "a result that nobody looked at",
    before: "let found = md_choose_sync_action();",
    after: "let found = true;",
    isMeasured: true,
  },
  {
    name: "assume-false",
    does: "a call that answers yes or no is left out, and the answer is no",
    why: "an attempt that is never made",
    before: "let locked = mddev_trylock();",
    after: "let locked = false;",
    isMeasured: true,
  },
  {
    name: "swap",
    does: "two neighbouring statements change places",
    why: "an order that matters: set the flag, then wake; unlock, then wait",
    before: "mddev_unlock(); flush_work(sync_work);",
    after: "flush_work(sync_work); mddev_unlock();",
    isMeasured: true,
  },
  {
    name: "weaken-strong",
    does: "a wait that is served in turn is so no more",
    why: "who waits can be overtaken for ever",
    before: "await strong m.owner == none;",
    after: "await m.owner == none;",
    isMeasured: true,
  },
  {
    name: "split-atomic",
    does: "the statements of an `atomic` become steps of their own",
    why: "a section without its spinlock; but many an `atomic` only keeps the states few",
    before: "atomic { done := true; wake_up(q); }",
    after: "{ done := true; wake_up(q); }",
    isMeasured: false,
  },
];

/** What a call does, by the words of its name; the first that fits. */
const CALLS: readonly (readonly [OperatorName, readonly string[]])[] = [
  ["drop-wakeup", ["wake", "wakeup", "complete", "queue", "requeue", "kick", "sig"]],
  ["drop-unlock", ["unlock", "up", "put", "downgrade"]],
  ["drop-lock", ["lock", "trylock", "down", "get", "tryget"]],
  ["drop-update", ["bit", "inc", "dec", "set", "clear", "flag", "flags"]],
];

/** Which operator leaves out a call of a proc of this name. */
export function callOperator(proc: string): OperatorName {
  const words = proc.split("_");
  return CALLS.find(([, known]) => known.some((one) => words.includes(one)))?.[0] ?? "drop-call";
}
