/** What a kernel reports to whoever runs it: `found(kind, id, address)`. */
export const FOUND = {
  /** `id` is the rank (see `Sight`): 0 for a step that fails at the state. */
  error: 0,
  /** A step from the state ends in a failed assertion. */
  assertion: 1,
  /** `id` is 0; the statuses of the agents are in the kernel's memory. */
  deadlock: 2,
  /** `id` is the index of the property. */
  invariant: 3,
  /** Some step from the state violates the `step` property of index `id`. */
  step: 4,
  reachable: 5,
  /** Steps lead from the state to those that are sought; `id` has a bit for each. */
  predecessor: 6,
} as const;

/** So many states can be sought at a time: their bits are one word. */
export const SOUGHT_MAX = 31;

/** Whether a search runs in one thread or shares its memory with others. */
export type Sharing = "alone" | "shared";

/** What a kernel is made for. */
export interface KernelOptions {
  readonly sharing: Sharing;
  /** Most pages of the memory it is run with. */
  readonly pagesMax: number;
  /** Names of the properties to check; null for all. */
  readonly properties: ReadonlySet<string> | null;
  /** Whether deadlocks are looked for. */
  readonly deadlock: boolean;
  /** Whether states can be surveyed: see `KernelExports.survey`. */
  readonly survey: boolean;
  /** How many counters there are: for every `Statement.id`, then for the transitions; 0 to count nothing. */
  readonly statements: number;
}

/**
 * Code that takes steps of packed states (`Kernel` in docs/ARCHITECTURE.md): a module, and where it
 * expects what in its memory. Constants come first, then an area for each worker.
 */
export interface Kernel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Words of a state. */
  readonly words: number;
  /** End of the constants. */
  readonly dataEnd: number;
  /** Bytes of each worker's area. */
  readonly areaBytes: number;
  /** Offsets in a worker's area. */
  readonly initialOffset: number;
  readonly statusesOffset: number;
  /** How many statuses there are. */
  readonly agentCount: number;
  /** Of an i64 for each statement and transition; null where they are not counted. */
  readonly countersOffset: number | null;
  readonly counterCount: number;
  /** Of the addresses of the states sought, and of room for these states. */
  readonly soughtOffset: number;
  readonly soughtStatesOffset: number;
  /** Of a byte for each rank of a predicate: not 0 where no more violations or witnesses are reported. */
  readonly settledOffset: number;
  readonly recordBytes: number;
  readonly batchRecords: number;
  /** Null for a kernel without surveys. */
  readonly survey: SurveyLayout | null;
}

/**
 * What `survey` writes for each state, in words of 32 bits, bit 0 of a word the lowest: the number of
 * edges, `SURVEY_OUTSIDE` for a state outside of the constraints, after which nothing follows; then
 * the bits of the threads that are blocked; of the threads that are ready (both by instance); of the
 * actions that are possible (by `Model.actions`); of the conditions that hold (recoverables, then the
 * predicates of properties; 0 where one was not asked for or has no value); and for each edge the
 * index of the state that it leads to (`SURVEY_OUTSIDE` where it is not in the store) and its action.
 * Edges are steps that change the state; each occurs once for each way.
 */
export interface SurveyLayout {
  /** Of the words, from the worker's area. */
  readonly offset: number;
  /** How many words there are. */
  readonly words: number;
  readonly threadWords: number;
  readonly actionWords: number;
  readonly conditionWords: number;
}

/** No state has this index, nor so many edges. */
export const SURVEY_OUTSIDE = 0xffffffff;

/** Added to the number of edges where a step of an agent that is no `escape` fails. */
export const SURVEY_FAILS = 0x80000000;

/** A global of an instance of a kernel: an i32, so what counts beyond 2³¹ comes as negative. */
export interface KernelGlobal {
  value: number;
}

/** What an instance of a kernel offers. Indices count states of the store. */
export interface KernelExports {
  /** Takes in the initial state at an address, threads started; else what a start failed of. */
  admit(address: number): number;
  /** Expands states; ends early only when it is stopped. Returns the first index not expanded. */
  expand(from: number, to: number): number;
  /** Judges states that have been found. */
  judge(from: number, to: number): void;
  /** Looks up the successors that are still in the batch. */
  flush(): void;
  /** Puts states into an empty table. */
  rehash(from: number, to: number): void;
  /** Reports the states from which steps lead to some of the first `count` states sought. */
  match(from: number, to: number, count: number): void;
  /**
   * Writes what states from `from` up to `to` look like, as many as there is room for: see
   * `SurveyLayout`. Returns the first index that is not written: `from`
   * itself where not even one state fits.
   */
  survey(from: number, to: number): number;
  /** As `survey`, but of the edges of each state it writes two at most, drawn among them. */
  sketch(from: number, to: number): number;
  /** The index of the state at an address; all ones where it is not in the store. */
  find(address: number): number;
  /** Begins to use the worker's area. */
  reset(): void;
  readonly transitions: KernelGlobal;
  readonly outside: KernelGlobal;
  readonly table: KernelGlobal;
  readonly mask: KernelGlobal;
  readonly store: KernelGlobal;
  readonly next: KernelGlobal;
  readonly end: KernelGlobal;
  /** Where the room for states goes on behind `end`; equal when it does not, or when it has begun. */
  readonly spare: KernelGlobal;
  readonly spareEnd: KernelGlobal;
  readonly stopped: KernelGlobal;
}
