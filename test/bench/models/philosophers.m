-- Twin of philosophers.spec: place is the program counter, a rule for each step.
const
  N: 14;
type
  Seat: 0 .. N - 1;
  Place: enum { NONE, ONE, BOTH, OTHER };
var
  fork: array [Seat] of boolean;
  place: array [Seat] of Place;

-- The fork that a philosopher takes and puts down first.
function first(i: Seat): Seat;
begin
  if i = 0 then return 1 % N; end;
  return i;
end;

function second(i: Seat): Seat;
begin
  if i = 0 then return 0; end;
  return (i + 1) % N;
end;

startstate
begin
  for i: Seat do
    fork[i] := false;
    place[i] := NONE;
  end;
end;

ruleset i: Seat do
  rule "take the first"
    place[i] = NONE & !fork[first(i)]
  ==>
  begin
    fork[first(i)] := true;
    place[i] := ONE;
  end;

  rule "take the second"
    place[i] = ONE & !fork[second(i)]
  ==>
  begin
    fork[second(i)] := true;
    place[i] := BOTH;
  end;

  rule "put down the first"
    place[i] = BOTH
  ==>
  begin
    fork[first(i)] := false;
    place[i] := OTHER;
  end;

  rule "put down the second"
    place[i] = OTHER
  ==>
  begin
    fork[second(i)] := false;
    place[i] := NONE;
  end;
end;
