/** Indices of states, as pairs of a first one and the one after the last; in order of the pairs. */
export type Ranges = number[];

/** Adds the indices from `from` up to `to`. */
export function addRange(ranges: Ranges, from: number, to: number): void {
  if (from === to) {
    return;
  }
  if (ranges.at(-1) === from) {
    ranges[ranges.length - 1] = to;
  } else {
    ranges.push(from, to);
  }
}

/** How many indices there are. */
export function countOf(ranges: Ranges): number {
  let count = 0;
  for (let index = 0; index < ranges.length; index += 2) {
    count += (ranges[index + 1] as number) - (ranges[index] as number);
  }
  return count;
}

/** Calls `each` with the pieces of the `count` indices that come after the first `skip`. */
export function pieces(
  ranges: Ranges,
  skip: number,
  count: number,
  each: (from: number, to: number) => void,
): void {
  let left = skip;
  let wanted = count;
  for (let index = 0; index < ranges.length && wanted > 0; index += 2) {
    const from = ranges[index] as number;
    const length = (ranges[index + 1] as number) - from;
    if (left >= length) {
      left -= length;
      continue;
    }
    const taken = Math.min(length - left, wanted);
    each(from + left, from + left + taken);
    wanted -= taken;
    left = 0;
  }
}
