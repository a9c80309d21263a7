-- Twin of two-phase.spec: a rule for each transition.
const
  RMS: 8;
type
  Rm: 1 .. RMS;
  RmState: enum { WORKING, PREPARED, COMMITTED, ABORTED };
  TmState: enum { OPEN, DECIDED_COMMIT, DECIDED_ABORT };
var
  rm_state: array [Rm] of RmState;
  tm_state: TmState;
  heard: array [Rm] of boolean;
  sent: array [Rm] of boolean;
  sent_commit, sent_abort: boolean;

startstate
begin
  for rm: Rm do
    rm_state[rm] := WORKING;
    heard[rm] := false;
    sent[rm] := false;
  end;
  tm_state := OPEN;
  sent_commit := false;
  sent_abort := false;
end;

ruleset rm: Rm do
  rule "tm hears" tm_state = OPEN & sent[rm] ==>
  begin
    heard[rm] := true;
  end;
  rule "rm prepares" rm_state[rm] = WORKING ==>
  begin
    rm_state[rm] := PREPARED;
    sent[rm] := true;
  end;
  rule "rm gives up" rm_state[rm] = WORKING ==>
  begin
    rm_state[rm] := ABORTED;
  end;
  rule "rm commits" sent_commit ==>
  begin
    rm_state[rm] := COMMITTED;
  end;
  rule "rm aborts" sent_abort ==>
  begin
    rm_state[rm] := ABORTED;
  end;
end;

rule "tm commits" tm_state = OPEN & forall rm: Rm do heard[rm] end ==>
begin
  tm_state := DECIDED_COMMIT;
  sent_commit := true;
end;

rule "tm aborts" tm_state = OPEN ==>
begin
  tm_state := DECIDED_ABORT;
  sent_abort := true;
end;

invariant "consistent"
  !((exists rm: Rm do rm_state[rm] = COMMITTED end) &
    (exists rm: Rm do rm_state[rm] = ABORTED end));
