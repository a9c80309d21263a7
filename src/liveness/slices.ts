/**
 * Long work in slices: it yields now and then, so that whoever drives it can pause or give up, and
 * returns what it found.
 */
export type Slices<T> = Generator<undefined, T, undefined>;

/** How many steps of work a slice has, about. */
export const SLICE_STEPS = 100_000;

/** What long work is told from outside: this room reads no clock. */
export interface SliceOptions {
  /** Milliseconds since any fixed moment. */
  clock(): number;
  /** Gives the event loop a turn. */
  pause(): Promise<void>;
  /** Whether to give up; asked after each slice. */
  shouldStop(): boolean;
}

const PAUSE_MS = 50;

/** Does the work to its end; null where it was told to give up. */
export async function inSlices<T>(
  work: Slices<T>,
  options: SliceOptions,
): Promise<{ readonly value: T } | null> {
  let pausedMs = options.clock();
  for (;;) {
    const { done, value } = work.next();
    if (done === true) {
      return { value };
    }
    if (options.shouldStop()) {
      return null;
    }
    if (options.clock() - pausedMs >= PAUSE_MS) {
      await options.pause();
      pausedMs = options.clock();
    }
  }
}
