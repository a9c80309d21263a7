/*
 * A breadth-first search of models/philosophers.spec written by hand: what the machine can do.
 * Exact: states of 64 bits in an array, level after level, found again through open addressing
 * over their 32-bit indices. Successors are made in blocks whose table slots, and then the states
 * that those point to, are prefetched before the first is looked up.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#ifndef N
#define N 14
#endif
#ifndef BLOCK
#define BLOCK 512
#endif

typedef uint64_t State; /* a bit for each fork, then two for the place of each philosopher */

static State *store;
static uint64_t stored, room;
static uint32_t *table; /* index + 1; 0 is an empty slot */
static uint64_t mask;
static uint64_t transitions;

static State block[BLOCK + N];
static uint64_t slot[BLOCK + N];
static unsigned blocked;

static inline uint64_t hash(State s) {
  s *= 0x9e3779b97f4a7c15u;
  return s ^ s >> 32;
}

static void *checked(void *memory) {
  if (memory == NULL) {
    fputs("out of memory\n", stderr);
    exit(1);
  }
  return memory;
}

static void grow_table(uint64_t slots) {
  free(table);
  table = checked(calloc(slots, sizeof *table));
  mask = slots - 1;
  for (uint64_t i = 0; i < stored; i++) {
    uint64_t at = hash(store[i]) & mask;
    while (table[at] != 0) at = (at + 1) & mask;
    table[at] = (uint32_t)(i + 1);
  }
}

/* Looks up the successors in the block and stores the new ones. */
static void probe_block(void) {
  for (unsigned k = 0; k < blocked; k++) {
    slot[k] = hash(block[k]) & mask;
    __builtin_prefetch(&table[slot[k]]);
  }
  for (unsigned k = 0; k < blocked; k++) {
    uint32_t seen = table[slot[k]];
    if (seen != 0) __builtin_prefetch(&store[seen - 1]);
  }
  for (unsigned k = 0; k < blocked; k++) {
    const State s = block[k];
    uint64_t at = slot[k];
    while (table[at] != 0 && store[table[at] - 1] != s) at = (at + 1) & mask;
    if (table[at] == 0) {
      store[stored++] = s;
      table[at] = (uint32_t)stored;
    }
  }
  transitions += blocked;
  blocked = 0;
  if (stored * 3 > (mask + 1) * 2) grow_table((mask + 1) * 2);
  if (stored + BLOCK + N > room) {
    room *= 2;
    store = checked(realloc(store, room * sizeof *store));
  }
}

#define FORK(k) ((State)1 << (k))
#define PLACE(i) (N + 2 * (i))

/* Writes the successors of s to the end of the block. */
static inline void expand(State s) {
  for (unsigned i = 0; i < N; i++) {
    const State first = FORK(i == 0 ? 1 % N : i);
    const State second = FORK(i == 0 ? 0 : (i + 1) % N);
    const unsigned place = s >> PLACE(i) & 3;
    const State moved = (s & ~((State)3 << PLACE(i))) | (State)((place + 1) & 3) << PLACE(i);
    const State fork = place & 1 ? second : first;
    block[blocked] = moved ^ fork;
    blocked += place >> 1 | !(s & fork);
  }
}

int main(void) {
  struct timespec from, to;
  clock_gettime(CLOCK_MONOTONIC, &from);
  room = 1 << 16;
  store = checked(malloc(room * sizeof *store));
  grow_table(1 << 17);
  block[blocked++] = 0;
  probe_block();
  transitions = 0;
  uint64_t depth = 0;
  for (uint64_t next = 0, end = stored; next < end; depth++, end = stored) {
    for (; next < end; next++) {
      const uint64_t before = blocked;
      expand(store[next]);
      if (blocked == before) {
        puts("deadlock");
        return 1;
      }
      if (blocked >= BLOCK) probe_block();
    }
    probe_block();
  }
  clock_gettime(CLOCK_MONOTONIC, &to);
  const double ms = (to.tv_sec - from.tv_sec) * 1e3 + (to.tv_nsec - from.tv_nsec) / 1e6;
  printf("{\"states\":%llu,\"transitions\":%llu,\"depth\":%llu,\"elapsedMs\":%.3f}\n",
         (unsigned long long)stored, (unsigned long long)transitions,
         (unsigned long long)depth - 1, ms);
  return 0;
}
