/** How large a model is made, and what is known of it at that size. */
export interface Size {
  readonly constants: Readonly<Record<string, number>>;
  /** By a closed form where there is one; else what all tools counted when the twins were written. */
  readonly states: number;
  /** SPIN's `-m`: a little more than the longest path its depth-first search takes. */
  readonly spinDepth: number;
}

/** A model that exists as `.spec`, `.pml` and `.m`. */
export interface BenchModel {
  readonly name: string;
  readonly about: string;
  readonly full: Size;
  readonly quick: Size;
  /** Small enough for the tests. */
  readonly tiny: readonly Size[];
  /** Macros that make other, faster ways to write the twin in Promela. */
  readonly promelaVariants: readonly string[];
  /** Whether `<name>.c` searches it by hand. */
  readonly inC: boolean;
}

/** Each fork is free, or a left one, or a right one; see philosophers.spec. */
function philosophers(n: number, spinDepth: number): Size {
  return { constants: { N: n }, states: 3 ** n, spinDepth };
}

/** The arithmetic is in two-phase.spec. */
function twoPhase(n: number): Size {
  return { constants: { RMS: n }, states: 4 ** n + 2 ** n + 6 ** n, spinDepth: 1_000 };
}

function recovery(writers: number, admins: number, states: number, spinDepth = 1_000_000): Size {
  return { constants: { WRITERS: writers, ADMINS: admins }, states, spinDepth };
}

function coherence(nodes: number, values: number, states: number): Size {
  return { constants: { NODES: nodes, VALUES: values }, states, spinDepth: 40_000 };
}

/**
 * The ticket lock: T tickets, each of k threads in line in some order and the first of them before or
 * inside, and the others at one of 2 W + 2 places outside: a test for each of 0 to W, a step for each
 * of 1 to W, and the drawing of a ticket.
 */
export function sizeOfTicket(threads: number, work: number): Size {
  const outside = 2 * work + 2;
  let states = outside ** threads;
  let lines = 1;
  for (let k = 1; k <= threads; k++) {
    lines *= threads - k + 1;
    states += 2 * lines * outside ** (threads - k);
  }
  const constants = { THREADS: threads, WORK: work };
  return { constants, states: threads * states, spinDepth: 10_000_000 };
}

/** The models on which the tools meet. */
export const MODELS: readonly BenchModel[] = [
  {
    name: "philosophers",
    about: "Dining philosophers, a step for each fork taken or put down",
    full: philosophers(14, 4_500_000),
    quick: philosophers(12, 600_000),
    tiny: [philosophers(3, 100), philosophers(5, 1_000)],
    promelaVariants: [],
    inC: true,
  },
  {
    name: "recovery",
    about: "A mutex and a word of flags, in the manner of md's recovery",
    full: recovery(4, 2, 4_341_098),
    quick: recovery(3, 2, 812_590, 400_000),
    tiny: [recovery(1, 1, 3_434, 10_000), recovery(2, 1, 21_334, 10_000)],
    promelaVariants: [],
    inC: false,
  },
  {
    name: "two-phase",
    about: "Two-phase commit, as transitions",
    full: twoPhase(8),
    quick: twoPhase(7),
    tiny: [twoPhase(3), twoPhase(4)],
    promelaVariants: ["ONE_PROCESS"],
    inC: false,
  },
  {
    name: "coherence",
    about: "German's cache coherence protocol with data, as transitions; wide states",
    full: coherence(4, 4, 2_275_425),
    quick: coherence(4, 2, 1_105_353),
    tiny: [coherence(2, 2, 3_381), coherence(2, 4, 8_625)],
    promelaVariants: ["ONE_PROCESS"],
    inC: false,
  },
];
