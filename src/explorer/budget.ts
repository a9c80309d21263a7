/** Bytes that what is judged after a search may take beside the states and their table. */
export interface Budget {
  /** Whether so many more may be taken; if so, they are. */
  take(bytes: number): boolean;
  release(bytes: number): void;
  /** How many more may be taken; null for any number. */
  left(): number | null;
}

const WORD_BYTES = 4;

/** Words that are all zero; null where the limit or the machine has no room for them. */
export function wordsWithin(budget: Budget, count: number): Uint32Array | null {
  if (!budget.take(count * WORD_BYTES)) {
    return null;
  }
  try {
    return new Uint32Array(count);
  } catch (error) {
    budget.release(count * WORD_BYTES);
    if (error instanceof RangeError) {
      return null;
    }
    throw error;
  }
}

/** Gives words back. */
export function giveBack(budget: Budget, words: Uint32Array): void {
  budget.release(words.byteLength);
}

/** A list of words that grows. */
export interface WordList {
  words: Uint32Array;
  length: number;
}

const LENGTH_START = 1024;

/** A list without words. */
export function emptyList(): WordList {
  return { words: new Uint32Array(0), length: 0 };
}

/** Makes room for more words; false, and nothing has changed, where there is none. */
export function reserve(list: WordList, count: number, budget: Budget): boolean {
  const wanted = list.length + count;
  if (wanted <= list.words.length) {
    return true;
  }
  const length = Math.max(LENGTH_START, wanted, Math.ceil(list.words.length * 1.5));
  const larger = wordsWithin(budget, length);
  if (larger === null) {
    return false;
  }
  larger.set(list.words.subarray(0, list.length));
  giveBack(budget, list.words);
  list.words = larger;
  return true;
}

/** Forgets all words. */
export function clear(list: WordList, budget: Budget): void {
  giveBack(budget, list.words);
  list.words = new Uint32Array(0);
  list.length = 0;
}
