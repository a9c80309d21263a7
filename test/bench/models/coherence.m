-- Twin of coherence.spec: a rule for each transition.
const
  NODES: 4;
  VALUES: 4;
type
  Node: 0 .. NODES - 1;
  Data: 0 .. VALUES - 1;
  CacheState: enum { INVALID, SHARED, EXCLUSIVE };
  Command: enum { EMPTY, REQ_SHARED, REQ_EXCLUSIVE, INVALIDATE, INV_ACK, GRANT_SHARED, GRANT_EXCLUSIVE };
  Cache: record state: CacheState; data: Data; end;
  Message: record cmd: Command; data: Data; end;
var
  cache: array [Node] of Cache;
  request, reply, ack: array [Node] of Message;
  inv_set, shr_set: array [Node] of boolean;
  exclusive_granted: boolean;
  cur_cmd: Command;
  cur_node: Node;
  mem: Data;
  latest: Data;

procedure empty(var m: Message);
begin
  m.cmd := EMPTY;
  m.data := 0;
end;

startstate
begin
  for i: Node do
    cache[i].state := INVALID;
    cache[i].data := 0;
    empty(request[i]);
    empty(reply[i]);
    empty(ack[i]);
    inv_set[i] := false;
    shr_set[i] := false;
  end;
  exclusive_granted := false;
  cur_cmd := EMPTY;
  cur_node := 0;
  mem := 0;
  latest := 0;
end;

ruleset i: Node; d: Data do
  rule "store" cache[i].state = EXCLUSIVE ==>
  begin
    cache[i].data := d;
    latest := d;
  end;
end;

ruleset i: Node do
  rule "ask shared" request[i].cmd = EMPTY & cache[i].state = INVALID ==>
  begin
    request[i].cmd := REQ_SHARED;
  end;

  rule "ask exclusive" request[i].cmd = EMPTY & cache[i].state != EXCLUSIVE ==>
  begin
    request[i].cmd := REQ_EXCLUSIVE;
  end;

  rule "take request" cur_cmd = EMPTY & request[i].cmd != EMPTY ==>
  begin
    cur_cmd := request[i].cmd;
    cur_node := i;
    empty(request[i]);
    for j: Node do inv_set[j] := shr_set[j]; end;
  end;

  rule "send invalidate"
    reply[i].cmd = EMPTY & inv_set[i] &
    (cur_cmd = REQ_EXCLUSIVE | (cur_cmd = REQ_SHARED & exclusive_granted))
  ==>
  begin
    reply[i].cmd := INVALIDATE;
    inv_set[i] := false;
  end;

  rule "invalidated" reply[i].cmd = INVALIDATE & ack[i].cmd = EMPTY ==>
  begin
    empty(reply[i]);
    ack[i].cmd := INV_ACK;
    if cache[i].state = EXCLUSIVE then ack[i].data := cache[i].data; end;
    cache[i].state := INVALID;
    cache[i].data := 0;
  end;

  rule "take ack" ack[i].cmd = INV_ACK & cur_cmd != EMPTY ==>
  begin
    shr_set[i] := false;
    if exclusive_granted then
      exclusive_granted := false;
      mem := ack[i].data;
    end;
    empty(ack[i]);
  end;

  rule "grant shared"
    cur_cmd = REQ_SHARED & cur_node = i & reply[i].cmd = EMPTY & !exclusive_granted
  ==>
  begin
    reply[i].cmd := GRANT_SHARED;
    reply[i].data := mem;
    shr_set[i] := true;
    cur_cmd := EMPTY;
    cur_node := 0;
  end;

  rule "grant exclusive"
    cur_cmd = REQ_EXCLUSIVE & cur_node = i & reply[i].cmd = EMPTY & !exclusive_granted &
    forall j: Node do !shr_set[j] end
  ==>
  begin
    reply[i].cmd := GRANT_EXCLUSIVE;
    reply[i].data := mem;
    shr_set[i] := true;
    exclusive_granted := true;
    cur_cmd := EMPTY;
    cur_node := 0;
  end;

  rule "granted"
    reply[i].cmd = GRANT_SHARED | reply[i].cmd = GRANT_EXCLUSIVE
  ==>
  begin
    if reply[i].cmd = GRANT_SHARED then
      cache[i].state := SHARED;
    else
      cache[i].state := EXCLUSIVE;
    end;
    cache[i].data := reply[i].data;
    empty(reply[i]);
  end;
end;

invariant "alone"
  forall i: Node do
    cache[i].state = EXCLUSIVE ->
      forall j: Node do j = i | cache[j].state = INVALID end
  end;

invariant "fresh"
  (exclusive_granted | mem = latest) &
  forall i: Node do cache[i].state = INVALID | cache[i].data = latest end;
