-- Twin of recovery.spec: a program counter for each thread, a rule for each step. A place is named
-- after the step that comes next.
const
  WRITERS: 4;
  ADMINS: 2;
type
  Writer: 1 .. WRITERS;
  Admin: 1 .. ADMINS;
  -- 0 is nobody, then the daemon, then the administrators.
  Owner: 0 .. ADMINS + 1;
  WriterPlace: enum { TEST_DIRTY, SET_DIRTY, AWAIT_CLEAN, ENTER, LEAVE };
  DaemonPlace: enum {
    SLEEP, TRYLOCK, TEST_PENDING, CLEAR_PENDING, TEST_DONE, CLEAR_DONE, TEST_QUIET, CLEAR_DIRTY,
    TEST_NEEDED, START, DAEMON_UNLOCK
  };
  ResyncPlace: enum { AWAIT_RUNNING, RAISE, AWAIT_QUIET, LOWER, SET_DONE };
  AdminPlace: enum {
    LOCK, CHOOSE, TEST_RUNNING, SET_INTR, ADMIN_UNLOCK, AWAIT_STOPPED, LOCK_AGAIN, THAW, LAST_UNLOCK
  };
var
  mutex: Owner;
  frozen, needed, running, intr, finished, dirty, pending: boolean;
  in_flight: 0 .. WRITERS;
  barrier: boolean;
  writer: array [Writer] of WriterPlace;
  daemon: DaemonPlace;
  resync: ResyncPlace;
  admin: array [Admin] of AdminPlace;

startstate
begin
  mutex := 0;
  frozen := false;
  needed := false;
  running := false;
  intr := false;
  finished := false;
  dirty := false;
  pending := false;
  in_flight := 0;
  barrier := false;
  for i: Writer do writer[i] := TEST_DIRTY; end;
  daemon := SLEEP;
  resync := AWAIT_RUNNING;
  for i: Admin do admin[i] := LOCK; end;
end;

ruleset i: Writer do
  rule "writer: test dirty" writer[i] = TEST_DIRTY ==>
  begin
    if dirty then writer[i] := AWAIT_CLEAN; else writer[i] := SET_DIRTY; end;
  end;
  rule "writer: set dirty" writer[i] = SET_DIRTY ==>
  begin
    dirty := true;
    pending := true;
    writer[i] := AWAIT_CLEAN;
  end;
  rule "writer: await clean" writer[i] = AWAIT_CLEAN & !pending ==>
  begin
    writer[i] := ENTER;
  end;
  rule "writer: enter" writer[i] = ENTER & !barrier ==>
  begin
    in_flight := in_flight + 1;
    writer[i] := LEAVE;
  end;
  rule "writer: leave" writer[i] = LEAVE ==>
  begin
    in_flight := in_flight - 1;
    writer[i] := TEST_DIRTY;
  end;
end;

rule "daemon: sleep" daemon = SLEEP & (pending | needed | finished) ==>
begin
  daemon := TRYLOCK;
end;
rule "daemon: trylock" daemon = TRYLOCK ==>
begin
  if mutex = 0 then
    mutex := 1;
    daemon := TEST_PENDING;
  else
    daemon := SLEEP;
  end;
end;
rule "daemon: test pending" daemon = TEST_PENDING ==>
begin
  if pending then daemon := CLEAR_PENDING; else daemon := TEST_DONE; end;
end;
rule "daemon: clear pending" daemon = CLEAR_PENDING ==>
begin
  pending := false;
  daemon := TEST_DONE;
end;
rule "daemon: test done" daemon = TEST_DONE ==>
begin
  if finished then daemon := CLEAR_DONE; else daemon := TEST_QUIET; end;
end;
rule "daemon: clear done" daemon = CLEAR_DONE ==>
begin
  finished := false;
  running := false;
  intr := false;
  daemon := TEST_NEEDED;
end;
rule "daemon: test quiet" daemon = TEST_QUIET ==>
begin
  if in_flight = 0 then daemon := CLEAR_DIRTY; else daemon := TEST_NEEDED; end;
end;
rule "daemon: clear dirty" daemon = CLEAR_DIRTY ==>
begin
  dirty := false;
  daemon := TEST_NEEDED;
end;
rule "daemon: test needed" daemon = TEST_NEEDED ==>
begin
  if needed & !frozen then daemon := START; else daemon := DAEMON_UNLOCK; end;
end;
rule "daemon: start" daemon = START ==>
begin
  needed := false;
  running := true;
  daemon := DAEMON_UNLOCK;
end;
rule "daemon: unlock" daemon = DAEMON_UNLOCK ==>
begin
  assert mutex = 1;
  mutex := 0;
  daemon := SLEEP;
end;

rule "resync: await running" resync = AWAIT_RUNNING & running & !finished ==>
begin
  resync := RAISE;
end;
rule "resync: raise" resync = RAISE ==>
begin
  barrier := true;
  resync := AWAIT_QUIET;
end;
rule "resync: await quiet" resync = AWAIT_QUIET & (in_flight = 0 | intr) ==>
begin
  resync := LOWER;
end;
rule "resync: lower" resync = LOWER ==>
begin
  barrier := false;
  resync := SET_DONE;
end;
rule "resync: set done" resync = SET_DONE ==>
begin
  finished := true;
  resync := AWAIT_RUNNING;
end;

ruleset i: Admin do
  rule "admin: lock" admin[i] = LOCK & mutex = 0 ==>
  begin
    mutex := i + 1;
    admin[i] := CHOOSE;
  end;
  rule "admin: freeze" admin[i] = CHOOSE ==>
  begin
    frozen := true;
    admin[i] := TEST_RUNNING;
  end;
  rule "admin: need" admin[i] = CHOOSE ==>
  begin
    needed := true;
    admin[i] := LAST_UNLOCK;
  end;
  rule "admin: test running" admin[i] = TEST_RUNNING ==>
  begin
    if running then admin[i] := SET_INTR; else admin[i] := THAW; end;
  end;
  rule "admin: set intr" admin[i] = SET_INTR ==>
  begin
    intr := true;
    admin[i] := ADMIN_UNLOCK;
  end;
  rule "admin: unlock" admin[i] = ADMIN_UNLOCK ==>
  begin
    assert mutex = i + 1;
    mutex := 0;
    admin[i] := AWAIT_STOPPED;
  end;
  rule "admin: await stopped" admin[i] = AWAIT_STOPPED & !running ==>
  begin
    admin[i] := LOCK_AGAIN;
  end;
  rule "admin: lock again" admin[i] = LOCK_AGAIN & mutex = 0 ==>
  begin
    mutex := i + 1;
    admin[i] := THAW;
  end;
  rule "admin: thaw" admin[i] = THAW ==>
  begin
    frozen := false;
    admin[i] := LAST_UNLOCK;
  end;
  rule "admin: last unlock" admin[i] = LAST_UNLOCK ==>
  begin
    assert mutex = i + 1;
    mutex := 0;
    admin[i] := LOCK;
  end;
end;
