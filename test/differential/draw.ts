/** A source of choices that are the same for the same seed. */
export interface Draw {
  /** An integer from 0 to `count - 1`. */
  below(count: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
  /** One of a list of pairs of a weight and a thing; weights need not add up to anything. */
  weighted<T>(options: readonly (readonly [number, T])[]): T;
  /** A copy in another order. */
  shuffled<T>(list: readonly T[]): readonly T[];
}

/** The choices that belong to a seed. */
export function drawFrom(seed: number): Draw {
  const unit = mulberry32(seed);
  const below = (count: number): number => Math.floor(unit() * count);
  const pick = <T>(list: readonly T[]): T => {
    const one = list[below(list.length)];
    if (list.length === 0) {
      throw new Error("nothing to pick from");
    }
    return one as T;
  };
  return {
    below,
    chance: (probability) => unit() < probability,
    pick,
    weighted: (options) => {
      let left = unit() * options.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, one] of options) {
        left -= weight;
        if (left < 0) {
          return one;
        }
      }
      return pick(options)[1];
    },
    shuffled: (list) =>
      list
        .map((one) => ({ one, rank: unit() }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ one }) => one),
  };
}

/** Tommy Ettinger's generator of 32 bits: short, and good enough to pick specs with. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
