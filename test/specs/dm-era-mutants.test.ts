import { type Mutant, testMutants } from "./mutants.ts";

const MUTANTS: readonly Mutant[] = [
  {
    title: "no grace period before the old table is destroyed: no deadlock any more",
    at: "proc dm_sync_table(",
    from: "synchronize_srcu(md.io_barrier);",
    to: "",
    check: "load_suspend_resume",
    because: "missing deadlock",
  },
  {
    title: "no grace period before the old table is destroyed: the swap returns among its readers",
    at: "proc dm_sync_table(",
    from: "synchronize_srcu(md.io_barrier);",
    to: "",
    check: "table_line",
    because: "found violation(swap_waits_for_readers)",
  },
  {
    title: "dm_sync_table waits after the old table is destroyed",
    at: "proc do_resume(",
    from: "dm_table_destroy(the(old_map));",
    to: "skip;\n  }\n  if (table != none) {\n    dm_table_destroy(the(table));",
    check: "global_filter",
    because: "found violation(tables_in_slots)",
  },
  {
    title: "the worker of a suspended era is not stopped: it uses metadata that are closed",
    at: "proc stop_worker(",
    from: "era.suspended := true;",
    to: "",
    check: "load_suspend_resume",
    because: "found assertion",
  },
  {
    title: "preresume does not start the worker again",
    at: "proc era_preresume(",
    from: "start_worker(era);",
    to: "",
    check: "no_swap",
    because: "found deadlock(dmsetup)",
  },
  {
    title: "an rpc is queued and nobody wakes the worker",
    at: "proc perform_rpc(",
    from: "wake_worker(era);",
    to: "",
    check: "global_filter",
    because: "found deadlock(dmsetup)",
  },
  {
    title: "the worker leaves the list as it was",
    at: "proc process_rpc_calls(",
    from: "era.rpc_calls := [];",
    to: "",
    check: "global_filter",
    because: "found violation(rpc_on_callers_stack)",
  },
  {
    title: "the worker completes only the oldest rpc of its list",
    at: "proc process_rpc_calls(",
    from: "complete_rpcs: atomic {\n    i := len(calls);",
    to: "complete_rpcs: atomic {\n    i := 1;",
    check: "no_swap",
    because: "found deadlock(dmsetup)",
  },
  {
    title: "suspend commits before the worker is stopped only",
    at: "proc era_postsuspend(",
    from: "metadata_commit(era);",
    to: "",
    check: "suspend_during_digest",
    because: "found violation(suspended_is_clean)",
  },
  {
    title: "suspend flushes the work item where it should drain it",
    at: "proc stop_worker(",
    from: "if (BEFORE_9AE6E8B1C9BB) {",
    to: "if (true) {",
    check: "suspend_during_digest",
    because: "found violation(metadata_alone)",
  },
  {
    title: "dm_swap_table returns with suspend_lock held",
    at: "proc dm_swap_table(",
    from: "out: unlock(md.suspend_lock);",
    to: "out: skip;",
    check: "global_filter",
    because: "found deadlock(dmsetup)",
  },
  {
    title: "dm_suspend does without suspend_lock",
    at: "proc dm_suspend(",
    from: "\n  lock(md.suspend_lock);",
    to: "",
    check: "global_filter",
    because: "found violation(suspend_lock_held)",
  },
  {
    title: "era_status looks at the noflush flag: LVM no longer deadlocks",
    at: "proc era_status(",
    from: "if (status_type == STATUSTYPE_INFO) {",
    to: "if (status_type == STATUSTYPE_INFO && !noflush) {",
    check: "vgs_asks",
    because: "missing deadlock",
  },
  {
    title: "a status keeps its reference to the device",
    at: "proc table_status(",
    from: "dm_put();",
    to: "",
    check: "table_line",
    because: "found violation(ioctls_balance)",
  },
  {
    title: "dm_put_live_table comes after the wait for the holders: the remover waits for itself",
    at: "proc __dm_destroy(",
    from:
      "  dm_put_live_table();\n  unlock(md.suspend_lock);\n  wait_for_holders: while " +
      "(md.holders > 0) {\n    msleep: skip;\n  }\n  let old_map = __unbind();",
    to:
      "  unlock(md.suspend_lock);\n  wait_for_holders: while (md.holders > 0) {\n" +
      "    msleep: skip;\n  }\n  let old_map = __unbind();\n  dm_put_live_table();",
    check: "remove_alone",
    because: "found deadlock(dmsetup)",
  },
  {
    title: "the remover suspends without suspend_lock",
    at: "proc __dm_destroy(",
    from: "\n  lock(md.suspend_lock);",
    to: "",
    check: "remove_alone",
    because: "found violation(suspend_lock_held)",
  },
  {
    title: "a device that was removed is suspended with its worker running",
    at: "proc __dm_destroy(",
    from: "dm_table_postsuspend_targets(table);",
    to: "",
    check: "derived_remove",
    because: "missing hung",
  },
  {
    title: "the remover waits for the readers before it stops the worker",
    at: "proc __dm_destroy(",
    from: "    dm_table_postsuspend_targets(table);",
    to:
      "    dm_put_live_table();\n    synchronize_srcu(md.io_barrier);\n" +
      "    dm_get_live_table();\n    dm_table_postsuspend_targets(table);",
    check: "derived_suspended_remove",
    because: "missing hung",
  },
  {
    title: "a suspended device cannot be removed",
    at: "proc dev_remove(",
    from: "if (!find_device()) {\n    return;\n  }",
    to: "if (!find_device()) {\n    return;\n  }\n  if (dm_suspended_md) {\n    return;\n  }",
    check: "derived_remove_suspended",
    because: "missing violation",
  },
  {
    title: "the inactive table of a device that is removed is destroyed without a grace period",
    at: "proc dev_remove(",
    from: "dm_sync_table();",
    to: "",
    check: "derived_remove_inactive",
    because: "missing deadlock",
  },
  {
    title: "the resume gives suspend_lock back while it waits for readers: others get on",
    at: "proc dm_swap_table(",
    from: "old_map := __bind(table);",
    to: "unlock(md.suspend_lock);\n    old_map := __bind(table);\n    lock(md.suspend_lock);",
    check: "no_way_out",
    because: "missing deadlock",
  },
  {
    title: "vgs ignores the filter",
    at: "thread vgs {",
    from: "if (LVM_ASKS) {",
    to: "if (LVM != NO_LVM) {",
    check: "global_filter",
    because: "found deadlock(vgs, dmsetup)",
  },
  {
    title: "the worker does without the metadata_lock",
    at: "proc do_work(",
    from:
      "lock_metadata(era);\n  kick_off_digest(era);\n  process_old_eras(era);\n" +
      "  process_rpc_calls(era);\n  unlock_metadata(era);",
    to: "kick_off_digest(era);\n  process_old_eras(era);\n  process_rpc_calls(era);",
    check: "metadata_lock",
    because: "found violation(metadata_lock_held)",
  },
  {
    title: "a status reads the metadata before it takes the metadata_lock",
    at: "proc status_in_caller(",
    from:
      "lock(era.metadata_lock);\n  if (FIX == RESPECT_SUSPEND && !noflush) {\n" +
      "    if (!dm_suspended) {\n      commit: metadata_commit(era);\n    }\n  }\n" +
      "  metadata_get_stats: assert era.md_open;",
    to:
      "metadata_get_stats: assert era.md_open;\n  lock(era.metadata_lock);\n" +
      "  commit: metadata_commit(era);",
    check: "metadata_lock",
    because: "found violation(metadata_lock_held)",
  },
  {
    title: "era_preresume does without the metadata_lock",
    at: "proc era_preresume(",
    from:
      "lock_metadata(era);\n    metadata_resize: atomic {\n      change_metadata(era);\n" +
      "      era.sized := true;\n    }\n    commit: metadata_commit(era);\n" +
      "    unlock_metadata(era);",
    to:
      "metadata_resize: atomic {\n      change_metadata(era);\n      era.sized := true;\n" +
      "    }\n    commit: metadata_commit(era);",
    check: "metadata_lock",
    because: "found violation(metadata_lock_held)",
  },
  {
    title: "a message fails where the patch lets it write",
    at: "proc _process_message(",
    from: "if (FIX == RESPECT_SUSPEND) {",
    to: "if (true) {",
    check: "metadata_lock_message",
    because: "missing violation",
  },
  {
    title: "a message writes the metadata of a suspended device",
    at: "proc _process_message(",
    from: "if (dm_suspended) {",
    to: "if (false) {",
    check: "respect_suspend",
    because: "found violation(no_meta_write)",
  },
  {
    title: "a message looks whether the device is suspended before it takes the lock",
    at: "proc _process_message(",
    from:
      "\n  lock(era.metadata_lock);\n  if (FIX == RESPECT_SUSPEND) {\n" +
      "    if (dm_suspended) {\n      unlock(era.metadata_lock);\n      return false;\n    }\n  }",
    to: "\n  if (dm_suspended) {\n    return false;\n  }\n  lock(era.metadata_lock);",
    check: "derived_respect_remove",
    because: "found violation(no_meta_write)",
  },
  {
    title: "a status commits the metadata of a suspended device",
    at: "proc status_in_caller(",
    from: "if (!dm_suspended) {",
    to: "if (true) {",
    check: "respect_suspend",
    because: "found violation(no_meta_write)",
  },
  {
    title: "a status is queued for the worker in spite of the lock",
    at: "proc era_status(",
    from: "if (LOCKED) {",
    to: "if (false) {",
    check: "respect_suspend_may_stop",
    because: "found deadlock(dmsetup_status)",
  },
  {
    title: "a status is queued for the worker in spite of the lock, and the device removed",
    at: "proc era_status(",
    from: "if (LOCKED) {",
    to: "if (false) {",
    check: "derived_respect_remove",
    because: "found hung(dmsetup_status)",
  },
  {
    title: "the worker is not woken while the device is suspended",
    at: "proc wake_worker(",
    from: "queue_work(era.worker);\n  } else if",
    to:
      "atomic {\n      if (!dm_suspended) {\n        queue_work(era.worker);\n" +
      "      }\n    }\n  } else if",
    check: "no_suspended_flag",
    because: "missing violation",
  },
  {
    title: "the destructor drains the worker before it closes the metadata",
    at: "proc era_dtr(",
    from: "metadata_close: era.md_open := false;\n  drain(era.worker);",
    to: "drain(era.worker);\n  metadata_close: era.md_open := false;",
    check: "derived_no_suspended_flag",
    because: "missing assertion",
  },
  {
    title: "a status of a suspended device is not left to the worker",
    at: "proc era_status(",
    from: "if (FIX == CHECK_SUSPENDED) {",
    to: "if (true) {",
    check: "may_stop",
    because: "missing deadlock",
  },
  {
    title: "era_status looks at the noflush flag the wrong way round",
    at: "proc era_status(",
    from: "FIX == CHECK_NOFLUSH && noflush",
    to: "FIX == CHECK_NOFLUSH && !noflush",
    check: "honour_noflush",
    because: "found deadlock(vgs, dmsetup)",
  },
  {
    title: "dmsetup status sets the noflush flag, too",
    at: "proc era_status(",
    from: "FIX == CHECK_NOFLUSH && noflush",
    to: "FIX == CHECK_NOFLUSH",
    check: "honour_noflush_status",
    because: "missing deadlock",
  },
  {
    title: "no grace period between DMF_SUSPENDED and postsuspend: to look at it is not enough",
    at: "proc __dm_suspend(",
    from:
      "  if (table != none) {\n    synchronize_srcu(md.io_barrier);\n  }\n  dm_wait_for_completion: atomic {\n" +
      "    await pending_io == {};\n    set_bit(DMF_SUSPENDED, md.flags);\n  }\n" +
      "  if (table != none) {\n    synchronize_srcu(md.io_barrier);\n  }",
    to:
      "  if (table != none) {\n    synchronize_srcu(md.io_barrier);\n  }\n  dm_wait_for_completion: atomic {\n" +
      "    await pending_io == {};\n    set_bit(DMF_SUSPENDED, md.flags);\n  }",
    check: "derived_suspended",
    because: "found deadlock(dmsetup, dmsetup_status)",
  },
  {
    title: "no grace period between DMF_SUSPENDED and postsuspend: the same before a remove",
    at: "proc __dm_suspend(",
    from:
      "  if (table != none) {\n    synchronize_srcu(md.io_barrier);\n  }\n  dm_wait_for_completion: atomic {\n" +
      "    await pending_io == {};\n    set_bit(DMF_SUSPENDED, md.flags);\n  }\n" +
      "  if (table != none) {\n    synchronize_srcu(md.io_barrier);\n  }",
    to:
      "  if (table != none) {\n    synchronize_srcu(md.io_barrier);\n  }\n  dm_wait_for_completion: atomic {\n" +
      "    await pending_io == {};\n    set_bit(DMF_SUSPENDED, md.flags);\n  }",
    check: "derived_suspended_suspend_remove",
    because: "found hung(dmsetup_status)",
  },
  {
    title: "a status does not look whether the device is suspended",
    at: "proc era_status(",
    from: "if (FIX == CHECK_SUSPENDED) {",
    to: "if (false) {",
    check: "derived_suspended_may_stop",
    because: "found deadlock(dmsetup_status)",
  },
  {
    title: "a kill ends the wait for the rpc, which is still on the list",
    at: "proc perform_rpc(",
    from: "wait_for_completion(rpcs[self].complete);",
    to: "await completion_done(rpcs[self].complete) || signal_pending(self);",
    check: "no_way_out",
    because: "found assertion",
  },
  {
    title: "somebody comes for certain and completes the rpc: no deadlock, for he is no escape",
    at: "escape transition sysrq_b",
    from: "escape transition sysrq_b when REBOOT in RESCUES && rpc_of_old_table && !rebooted {",
    to:
      "transition sysrq_b when REBOOT in RESCUES && rpc_of_old_table && !rebooted {\n" +
      "  complete(rpcs[dmsetup_status].complete);",
    check: "reboot",
    because: "missing deadlock",
  },
  {
    title: "the remover waits for its own reference: it polls for ever, and nobody hangs",
    at: "proc dev_remove(",
    from: "dm_put();\n  __dm_destroy();",
    to: "__dm_destroy();\n  dm_put();",
    check: "remove_alone",
    because: "found violation(remove_returns)",
  },
  {
    title: "nobody promises that the worker ever runs: a resume need not return",
    at: "thread kworker[",
    from: "thread kworker[",
    to: "unfair thread kworker[",
    check: "no_swap",
    because: "found violation(resume_returns)",
  },
  {
    title: "nobody promises that the worker ever runs: nor need a status, though the resume comes",
    at: "thread kworker[",
    from: "thread kworker[",
    to: "unfair thread kworker[",
    check: "no_swap",
    because: "found violation(status_returns_if_resumed)",
  },
  {
    title: "the administrator never stops",
    at: "proc stops(",
    from: "return true;",
    to: "return false;",
    check: "may_stop",
    because: "missing deadlock",
  },
];

testMutants("specs/dm-era.spec", MUTANTS, ["specs/lib/dm.spec", "specs/lib/lvm.spec"]);
