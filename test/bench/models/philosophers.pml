/* Twin of philosophers.spec: a process for each philosopher, a step for each fork taken or put down. */
#ifndef N
#define N 14
#endif

bool fork[N];

#define TAKE(k) d_step { !fork[k] -> fork[k] = true }
#define RIGHT ((_pid + 1) % N)

/* _pid 0. */
active proctype left_handed() {
  do
  :: TAKE(1 % N);
     TAKE(0);
     fork[1 % N] = false;
     fork[0] = false
  od
}

/* _pid 1 to N - 1. */
active [N - 1] proctype philosopher() {
  do
  :: TAKE(_pid);
     TAKE(RIGHT);
     fork[_pid] = false;
     fork[RIGHT] = false
  od
}
