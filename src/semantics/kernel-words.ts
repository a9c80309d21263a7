/**
 * The names that `import kernel;` brings in, for the hint to whoever has forgotten it. The reading
 * of a library is not semantics' business; a test compares this list with the file.
 */
export const KERNEL_NAMES: ReadonlySet<string> = new Set(
  `signalled signal_pending send_sig flush_signals
  Mutex unlocked is_locked lock unlock trylock lock_interruptible
  RwSem rwsem_unlocked down_read down_read_trylock up_read down_write down_write_trylock up_write
  downgrade_write
  Srcu srcu_quiet srcu_read_lock srcu_read_unlock synchronize_srcu
  COMPLETION_MAX Completion incomplete completion_done init_completion reinit_completion complete
  complete_all wait_for_completion try_wait_for_completion
  TaskState task_state WaitQueue no_waiters waitqueue_active set_current_state prepare_to_wait
  schedule finish_wait wake_up wake_up_process
  test_bit set_bit clear_bit test_and_set_bit test_and_clear_bit
  PERCPU_REF_MAX PercpuRef live_ref is_dying is_zero tryget_live tryget get put kill resurrect
  wait_zero
  Work work_idle work_pending work_busy queue_work run_work finish_work flush_work drain
  should_stop kthread_should_stop kthread_stop`.split(/\s+/),
);

/** What stands in a spec for a word of kernel code that the library does not have. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  ["NULL", "no value is `none`, of a type `T?`"],
  ["current", "the thread that runs this is `self`"],
  ["mutex_lock", "with `import kernel;` write `lock(m)`"],
  ["mutex_unlock", "with `import kernel;` write `unlock(m)`"],
  ["mutex_trylock", "with `import kernel;` write `trylock(m)`"],
  ["mutex_lock_interruptible", "with `import kernel;` write `lock_interruptible(m)`"],
  ["spin_lock", "a section under a spinlock is `atomic { … }`"],
  ["spin_lock_irq", "a section under a spinlock is `atomic { … }`"],
  ["spin_lock_irqsave", "a section under a spinlock is `atomic { … }`"],
  ["wait_event", "write `await condition;`"],
  ["wait_event_interruptible", "write `await idle condition;`"],
  ["BUG_ON", "write `assert condition;` with the condition that must hold"],
  ["WARN_ON", "write `assert condition;` with the condition that must hold"],
  ["WARN_ON_ONCE", "write `assert condition;` with the condition that must hold"],
  ["READ_ONCE", "write the variable itself: memory is sequentially consistent"],
]);

/** The hint to a name that is not declared but known from the kernel, or null. */
export function kernelHint(name: string): string | null {
  return KERNEL_NAMES.has(name)
    ? "`import kernel;` at the beginning of the file brings it in"
    : (INSTEAD.get(name) ?? null);
}
