import { mix } from './random.ts';

/**
 * Random draws that come out the same everywhere: a seeded permutation of 0 to `total - 1`, any element of which can be computed on its own.
 * A worker that holds some of the sessions knows which of them are among the first `count` without knowing the others, and each event has
 * its own order. A balanced Feistel network, walked until it stays in range: J. Black and P. Rogaway, "Ciphers with Arbitrary Finite Domains"
 * (2002), section 4.
 */

/** More than the usual four rounds, because the halves may be only a bit or two wide. */
const ROUNDS = 6;

/** A random order of a number of places, determined by a stream of random numbers (`streamSeed`). */
export class Draw {
  readonly #total: number;
  readonly #halfBits: number;
  readonly #mask: number;
  readonly #keys: readonly number[];

  /** `total`: at most 2^30. */
  constructor(total: number, stream: number) {
    this.#total = total;
    this.#halfBits = Math.max(1, Math.ceil(Math.log2(Math.max(2, total)) / 2));
    this.#mask = 2 ** this.#halfBits - 1;
    this.#keys = Array.from({ length: ROUNDS }, (_, round) => mix(stream ^ Math.imul(round + 1, 0x9e3779b1)));
  }

  /** The rank of a position in the order, 0 for the first; no two positions have the same rank. */
  rankOf(position: number): number {
    let rank = position;
    // The network permutes up to four times as many numbers; a walk that starts in range always comes back to it.
    do rank = this.#permuted(rank);
    while (rank >= this.#total);
    return rank;
  }

  #permuted(value: number): number {
    let left = value >>> this.#halfBits;
    let right = value & this.#mask;
    for (const key of this.#keys) {
      const next = left ^ (mix(right ^ key) & this.#mask);
      left = right;
      right = next;
    }
    return (left << this.#halfBits) | right;
  }
}
