/* Twin of two-phase.spec: a process for each participant with a d_step for each transition. The
   invariant is asserted where a step could break it. ONE_PROCESS writes it for speed: the same
   steps, but as one process with all of them written out. */
#ifndef RMS
#define RMS 8
#endif

#define WORKING 0
#define PREPARED 1
#define COMMITTED 2
#define ABORTED 3

#define OPEN 0
#define DECIDED_COMMIT 1
#define DECIDED_ABORT 2

byte rm_state[RMS];
byte tm_state;
/* Sets of resource managers, a bit for each; RMS is 3, 4, 7 or 8. */
byte heard;
byte sent;
bool sent_commit;
bool sent_abort;

#define ALL_RMS ((1 << RMS) - 1)

#if RMS == 3
#define NOBODY(s) (rm_state[0] != s && rm_state[1] != s && rm_state[2] != s)
#elif RMS == 4
#define NOBODY(s) (rm_state[0] != s && rm_state[1] != s && rm_state[2] != s && rm_state[3] != s)
#elif RMS == 7
#define NOBODY(s) (rm_state[0] != s && rm_state[1] != s && rm_state[2] != s && rm_state[3] != s \
  && rm_state[4] != s && rm_state[5] != s && rm_state[6] != s)
#elif RMS == 8
#define NOBODY(s) (rm_state[0] != s && rm_state[1] != s && rm_state[2] != s && rm_state[3] != s \
  && rm_state[4] != s && rm_state[5] != s && rm_state[6] != s && rm_state[7] != s)
#endif

#define RM(i) \
  :: d_step { tm_state == OPEN && (sent & (1 << i)) -> heard = heard | (1 << i) } \
  :: d_step { rm_state[i] == WORKING -> rm_state[i] = PREPARED; sent = sent | (1 << i) } \
  :: d_step { rm_state[i] == WORKING -> rm_state[i] = ABORTED; assert(NOBODY(COMMITTED)) } \
  :: d_step { sent_commit -> rm_state[i] = COMMITTED; assert(NOBODY(ABORTED)) } \
  :: d_step { sent_abort -> rm_state[i] = ABORTED; assert(NOBODY(COMMITTED)) }

#define MANAGER \
  :: d_step { tm_state == OPEN && heard == ALL_RMS -> tm_state = DECIDED_COMMIT; sent_commit = true } \
  :: d_step { tm_state == OPEN -> tm_state = DECIDED_ABORT; sent_abort = true }

#ifdef ONE_PROCESS
active proctype system() {
  do
  MANAGER
  RM(0)
  RM(1)
  RM(2)
#if RMS > 3
  RM(3)
#endif
#if RMS > 4
  RM(4)
  RM(5)
  RM(6)
#endif
#if RMS > 7
  RM(7)
#endif
  od
}
#else
/* _pid 0 to RMS - 1. */
active [RMS] proctype resource_manager() {
  do
  RM(_pid)
  od
}

active proctype transaction_manager() {
  do
  MANAGER
  od
}
#endif
