/* Twin of ticket.spec: a process for each thread, a statement or d_step for each step. */
#ifndef THREADS
#define THREADS 6
#endif
#ifndef WORK
#define WORK 2
#endif

byte next_ticket, now_serving;
bool waiting[THREADS], inside[THREADS];
/* What each still has to do, less WORK; global, for SPIN makes one step of several local statements. */
byte done[THREADS];

active [THREADS] proctype locker() {
  byte ticket;
  do
  :: done[_pid] < WORK -> done[_pid]++
  :: else ->
     d_step { ticket = next_ticket; next_ticket = (next_ticket + 1) % THREADS; waiting[_pid] = true };
     d_step { now_serving == ticket -> ticket = 0; waiting[_pid] = false; inside[_pid] = true };
     d_step {
       inside[_pid] = false;
       now_serving = (now_serving + 1) % THREADS;
       done[_pid] = 0
     }
  od
}

#ifdef LIVE
ltl served { [] (waiting[0] -> <> inside[0]) }
#endif
