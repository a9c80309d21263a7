/* Twin of coherence.spec: a process for each node, which also takes the directory's steps for it,
   with a d_step for each transition. The invariants are asserted where a step could break them.
   ONE_PROCESS writes it for speed: the same steps, but as one process with all of them written
   out. */
#ifndef NODES
#define NODES 4
#endif
#ifndef VALUES
#define VALUES 4
#endif

#define INVALID 0
#define SHARED 1
#define EXCLUSIVE 2

#define EMPTY 0
#define REQ_SHARED 1
#define REQ_EXCLUSIVE 2
#define INVALIDATE 3
#define INV_ACK 4
#define GRANT_SHARED 5
#define GRANT_EXCLUSIVE 6

typedef Cell { byte what; byte data }

Cell cache[NODES];
Cell request[NODES];
Cell reply[NODES];
Cell ack[NODES];
byte inv_set;
byte shr_set;
bool exclusive_granted;
byte cur_cmd;
byte cur_node;
byte mem;
byte latest;

#define BIT(i) (1 << (i))

#define OTHER_INVALID(i, j) ((j) == (i) || cache[j].what == INVALID)
#define OTHER_UNLESS_EXCLUSIVE(i, j) ((j) == (i) || cache[j].what != EXCLUSIVE)

#if NODES == 2
#define ALL(P, i) (P(i, 0) && P(i, 1))
#elif NODES == 3
#define ALL(P, i) (P(i, 0) && P(i, 1) && P(i, 2))
#elif NODES == 4
#define ALL(P, i) (P(i, 0) && P(i, 1) && P(i, 2) && P(i, 3))
#endif

#define STORE(i, d) \
  :: d_step { cache[i].what == EXCLUSIVE -> \
       cache[i].data = d; latest = d; assert(ALL(OTHER_INVALID, i)) }

#if VALUES == 2
#define STORES(i) STORE(i, 0) STORE(i, 1)
#elif VALUES == 3
#define STORES(i) STORE(i, 0) STORE(i, 1) STORE(i, 2)
#elif VALUES == 4
#define STORES(i) STORE(i, 0) STORE(i, 1) STORE(i, 2) STORE(i, 3)
#endif

#define NODE(i) \
  STORES(i) \
  :: d_step { request[i].what == EMPTY && cache[i].what == INVALID -> \
       request[i].what = REQ_SHARED } \
  :: d_step { request[i].what == EMPTY && cache[i].what != EXCLUSIVE -> \
       request[i].what = REQ_EXCLUSIVE } \
  :: d_step { cur_cmd == EMPTY && request[i].what != EMPTY -> \
       cur_cmd = request[i].what; cur_node = i; request[i].what = EMPTY; inv_set = shr_set } \
  :: d_step { reply[i].what == EMPTY && (inv_set & BIT(i)) \
         && (cur_cmd == REQ_EXCLUSIVE || (cur_cmd == REQ_SHARED && exclusive_granted)) -> \
       reply[i].what = INVALIDATE; inv_set = inv_set & ~BIT(i) } \
  :: d_step { reply[i].what == INVALIDATE && ack[i].what == EMPTY -> \
       reply[i].what = EMPTY; \
       ack[i].what = INV_ACK; \
       ack[i].data = (cache[i].what == EXCLUSIVE -> cache[i].data : 0); \
       cache[i].what = INVALID; cache[i].data = 0 } \
  :: d_step { ack[i].what == INV_ACK && cur_cmd != EMPTY -> \
       shr_set = shr_set & ~BIT(i); \
       mem = (exclusive_granted -> ack[i].data : mem); \
       exclusive_granted = false; \
       ack[i].what = EMPTY; ack[i].data = 0; \
       assert(mem == latest) } \
  :: d_step { cur_cmd == REQ_SHARED && cur_node == i && reply[i].what == EMPTY \
         && !exclusive_granted -> \
       reply[i].what = GRANT_SHARED; reply[i].data = mem; \
       shr_set = shr_set | BIT(i); cur_cmd = EMPTY; cur_node = 0 } \
  :: d_step { cur_cmd == REQ_EXCLUSIVE && cur_node == i && reply[i].what == EMPTY \
         && !exclusive_granted && shr_set == 0 -> \
       reply[i].what = GRANT_EXCLUSIVE; reply[i].data = mem; \
       shr_set = BIT(i); exclusive_granted = true; cur_cmd = EMPTY; cur_node = 0 } \
  :: d_step { reply[i].what == GRANT_SHARED || reply[i].what == GRANT_EXCLUSIVE -> \
       cache[i].what = (reply[i].what == GRANT_SHARED -> SHARED : EXCLUSIVE); \
       cache[i].data = reply[i].data; reply[i].what = EMPTY; reply[i].data = 0; \
       assert(cache[i].data == latest); \
       assert(cache[i].what == EXCLUSIVE \
         -> ALL(OTHER_INVALID, i) : ALL(OTHER_UNLESS_EXCLUSIVE, i)) }

#ifdef ONE_PROCESS
active proctype system() {
  do
  NODE(0)
  NODE(1)
#if NODES > 2
  NODE(2)
#endif
#if NODES > 3
  NODE(3)
#endif
  od
}
#else
active [NODES] proctype node() {
  do
  NODE(_pid)
  od
}
#endif
