/** A property in both languages. */
export interface TwinProperty {
  readonly spec: string;
  readonly ltl: string;
  /**
   * With unfair threads, with threads that are weakly fair: whether it holds. Null where the two differ:
   * a wait of an unfair thread is not strong, while SPIN is told of it in the formula.
   */
  readonly holds: { readonly unfair: boolean | null; readonly fair: boolean };
}

/** The same system in both languages, each written by hand. */
export interface Twin {
  readonly name: string;
  /** With `THREAD` for `thread` or `unfair thread`. */
  readonly spec: string;
  readonly promela: string;
  readonly properties: readonly TwinProperty[];
}

/**
 * Strong fairness of one wait, as a condition on runs in SPIN: `went` again and again if `can` is. For
 * two waits at once SPIN takes minutes to translate the formula.
 */
const strong = (can: string, went: string): string => `(([]<> (${can})) -> ([]<> (${went})))`;

const PETERSON: Twin = {
  name: "Peterson's lock",
  spec: `
    var flag: map<0..1, bool> = [k in 0..1 -> false];
    var turn: 0..1 = 0;
    THREAD p[i in 0..1] {
      loop {
        flag[i] := true;
        turn := 1 - i;
        wait: await !flag[1 - i] || turn == i;
        critical: flag[i] := false;
      }
    }`,
  promela: `
    bool flag[2];
    byte turn = 0;
    active [2] proctype P() {
      do
      :: flag[_pid] = true;
         turn = 1 - _pid;
    wait: (!flag[1 - _pid] || turn == _pid);
    critical: flag[_pid] = false
      od
    }`,
  properties: [
    {
      spec: "p[0]@wait ~> p[0]@critical",
      ltl: "[] (P[0]@wait -> <> P[0]@critical)",
      holds: { unfair: false, fair: true },
    },
    {
      spec: "always eventually p[1]@critical",
      ltl: "[]<> P[1]@critical",
      holds: { unfair: false, fair: true },
    },
    {
      spec: "eventually always !p[1]@critical",
      ltl: "<>[] !P[1]@critical",
      holds: { unfair: false, fair: false },
    },
    {
      spec: "always !(p[0]@critical && p[1]@critical)",
      ltl: "[] !(P[0]@critical && P[1]@critical)",
      holds: { unfair: true, fair: true },
    },
  ],
};

function semaphore(wait: string, assumed: string, served: boolean): Twin {
  const unfair = (holds: boolean): boolean | null => (assumed === "" ? holds : null);
  return {
    name: `a semaphore with ${wait}`,
    spec: `
    var free: bool = true;
    THREAD t[i in 0..1] {
      loop {
        want: atomic { ${wait} free; free := false; }
        inside: free := true;
      }
    }`,
    promela: `
    bool free = true;
    active [2] proctype T() {
    want: atomic { free -> free = false };
    inside: free = true;
      goto want
    }`,
    properties: [
      {
        spec: "t[0]@want ~> t[0]@inside",
        ltl: `${assumed} ([] (T[0]@want -> <> T[0]@inside))`,
        holds: { unfair: unfair(false), fair: served },
      },
      {
        spec: "always eventually (t[0]@inside || t[1]@inside)",
        ltl: `${assumed} ([]<> (T[0]@inside || T[1]@inside))`,
        holds: { unfair: unfair(false), fair: true },
      },
      {
        spec: "(always eventually t[0]@inside) || (eventually always !t[0]@inside)",
        ltl: `${assumed} (([]<> T[0]@inside) || (<>[] !T[0]@inside))`,
        holds: { unfair: unfair(true), fair: true },
      },
    ],
  };
}

const LAST_WRITER: Twin = {
  name: "two who write once (nimble-code/Spin#38)",
  spec: `
    var n: 0..2 = 0;
    THREAD a { n := 1; }
    THREAD b { n := 2; }`,
  promela: `
    byte n = 0;
    active proctype A() { n = 1 }
    active proctype B() { n = 2 }`,
  properties: [
    {
      spec: "eventually always (n == 1)",
      ltl: "<>[] (n == 1)",
      holds: { unfair: false, fair: false },
    },
    {
      spec: "eventually always (n != 0)",
      ltl: "<>[] (n != 0)",
      holds: { unfair: false, fair: true },
    },
    {
      spec: "(n == 1) ~> (n == 2)",
      ltl: "[] ((n == 1) -> <> (n == 2))",
      holds: { unfair: false, fair: false },
    },
    {
      spec: "eventually (n == 1) || always (n != 1)",
      ltl: "(<> (n == 1)) || ([] (n != 1))",
      holds: { unfair: true, fair: true },
    },
    {
      spec: "eventually (n == 1) && eventually (n == 2)",
      ltl: "(<> (n == 1)) && (<> (n == 2))",
      holds: { unfair: false, fair: true },
    },
  ],
};

const REQUESTS: Twin = {
  name: "a client that may give up, and a server",
  spec: `
    var asked: bool = false;
    var answered: bool = false;
    THREAD client {
      loop {
        asked := true;
        either {
          atomic { await answered; answered := false; }
          asked := false;
        } or {
          atomic { await !answered; asked := false; }
        }
      }
    }
    THREAD server {
      loop { atomic { await idle asked && !answered; answered := true; } }
    }`,
  promela: `
    bool asked = false;
    bool answered = false;
    active proctype Client() {
      do
      :: asked = true;
         if
         :: d_step { answered -> answered = false };
            asked = false
         :: d_step { !answered -> asked = false }
         fi
      od
    }
    active proctype Server() {
      do
      :: d_step { (asked && !answered) -> answered = true }
      od
    }`,
  properties: [
    // The client may give up each time, just before the server answers.
    {
      spec: "asked ~> answered",
      ltl: "[] (asked -> <> answered)",
      holds: { unfair: false, fair: false },
    },
    {
      spec: "asked ~> !asked",
      ltl: "[] (asked -> <> !asked)",
      holds: { unfair: false, fair: true },
    },
    {
      spec: "always eventually asked",
      ltl: "[]<> asked",
      holds: { unfair: false, fair: true },
    },
    {
      spec: "(always eventually answered) => (always eventually !answered)",
      ltl: "([]<> answered) -> ([]<> !answered)",
      holds: { unfair: false, fair: true },
    },
  ],
};

/** Two who need both of two forks: in the same order or, `crossed`, each its own first. */
const forks = (crossed: boolean): Twin => ({
  name: crossed ? "two forks, taken crosswise" : "two forks, taken in order",
  spec: `
    var taken: map<0..1, bool> = [k in 0..1 -> false];
    THREAD t[i in 0..1] {
      loop {
        let first = ${crossed ? "i" : "0"};
        hungry: atomic { await !taken[first]; taken[first] := true; }
        atomic { await !taken[1 - first]; taken[1 - first] := true; }
        eats: taken[first] := false;
        taken[1 - first] := false;
      }
    }`,
  promela: `
    bool taken[2];
    active [2] proctype T() {
      byte first = ${crossed ? "_pid" : "0"};
    hungry: atomic { !taken[first] -> taken[first] = true };
      atomic { !taken[1 - first] -> taken[1 - first] = true };
    eats: taken[first] = false;
      taken[1 - first] = false;
      goto hungry
    }`,
  properties: [
    {
      spec: "always eventually (t[0]@eats || t[1]@eats)",
      ltl: "[]<> (T[0]@eats || T[1]@eats)",
      holds: { unfair: false, fair: !crossed },
    },
    {
      spec: "t[0]@hungry ~> t[0]@eats",
      ltl: "[] (T[0]@hungry -> <> T[0]@eats)",
      holds: { unfair: false, fair: false },
    },
  ],
});

/** All twins. */
export const TWINS: readonly Twin[] = [
  PETERSON,
  semaphore("await", "", false),
  semaphore("await strong", `${strong("T[0]@want && free", "T[0]@inside")} ->`, true),
  LAST_WRITER,
  REQUESTS,
  forks(false),
  forks(true),
];
