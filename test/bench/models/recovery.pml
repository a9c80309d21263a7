/* Twin of recovery.spec: a process for each thread, a statement or d_step for each step. */
#ifndef WRITERS
#define WRITERS 4
#endif
#ifndef ADMINS
#define ADMINS 2
#endif

#define FROZEN 1
#define NEEDED 2
#define RUNNING 4
#define INTR 8
#define DONE 16
#define DIRTY 32
#define CHANGE_PENDING 64

#define NOBODY 255

#define test_bit(b) ((flags & (b)) != 0)
#define set_bit(b) flags = flags | (b)
#define clear_bit(b) flags = flags & ~(b)

#define lock() d_step { reconfig_mutex == NOBODY -> reconfig_mutex = _pid }
#define unlock() d_step { assert(reconfig_mutex == _pid); reconfig_mutex = NOBODY }

byte reconfig_mutex = NOBODY;
byte flags;
byte in_flight;
bool barrier;

active [WRITERS] proctype writer() {
  do
  :: if
     :: !test_bit(DIRTY) -> set_bit(DIRTY | CHANGE_PENDING)
     :: else
     fi;
     !test_bit(CHANGE_PENDING);
     d_step { !barrier -> in_flight++ };
     in_flight--
  od
}

active proctype raid_daemon() {
  do
  :: test_bit(CHANGE_PENDING | NEEDED | DONE);
     if
     :: d_step { reconfig_mutex == NOBODY -> reconfig_mutex = _pid };
        if
        :: test_bit(CHANGE_PENDING) -> clear_bit(CHANGE_PENDING)
        :: else
        fi;
        if
        :: test_bit(DONE) -> clear_bit(DONE | RUNNING | INTR)
        :: else ->
           if
           :: in_flight == 0 -> clear_bit(DIRTY)
           :: else
           fi
        fi;
        if
        :: test_bit(NEEDED) && !test_bit(FROZEN) ->
           d_step { clear_bit(NEEDED); set_bit(RUNNING) }
        :: else
        fi;
        unlock()
     :: reconfig_mutex != NOBODY
     fi
  od
}

active proctype resync() {
  do
  :: test_bit(RUNNING) && !test_bit(DONE);
     barrier = true;
     in_flight == 0 || test_bit(INTR);
     barrier = false;
     set_bit(DONE)
  od
}

active [ADMINS] proctype admin() {
  do
  :: lock();
     if
     :: set_bit(FROZEN);
        if
        :: test_bit(RUNNING) ->
           set_bit(INTR);
           unlock();
           !test_bit(RUNNING);
           lock()
        :: else
        fi;
        clear_bit(FROZEN)
     :: set_bit(NEEDED)
     fi;
     unlock()
  od
}
