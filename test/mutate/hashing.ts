import { createHash } from "node:crypto";

/** Two words of 32 bits; equal things have equal ones, others hardly ever. */
export type Hash = readonly [number, number];

/** The hash of a text. */
export function textHash(text: string): Hash {
  const bytes = createHash("sha256").update(text).digest();
  return [bytes.readUInt32LE(0), bytes.readUInt32LE(4)];
}

/** The hash of some numbers of 32 bits in their order. */
export function mixed(numbers: readonly number[]): Hash {
  let [a, b] = [0x243f6a88, 0x13198a2e];
  for (const one of numbers) {
    a = scramble(a ^ one, 0x9e3779b1);
    b = scramble((b + one) ^ 0x5bd1e995, 0x85ebca77);
  }
  return [scramble(a, 0xc2b2ae3d) >>> 0, scramble(b, 0x27d4eb2f) >>> 0];
}

function scramble(value: number, factor: number): number {
  const product = Math.imul(value ^ (value >>> 16), factor);
  return product ^ (product >>> 13);
}

/** The hash of some of which the order does not matter. */
export function summed(hashes: Iterable<Hash>): Hash {
  let [a, b] = [0, 0];
  for (const [first, second] of hashes) {
    a = (a + first) >>> 0;
    b = (b + second) >>> 0;
  }
  return [a, b];
}
