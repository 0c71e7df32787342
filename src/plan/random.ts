/**
 * Seeded randomness. The same seed gives the same run whatever the number of workers: nothing here depends on the order in which
 * sessions ask.
 */

/** A 32-bit hash of a text under a seed: names a stream of random numbers (`streamSeed(42, 'arrivals/meters')`). */
export function streamSeed(seed: number, name: string): number {
  let hash = mix(Math.imul(seed, 0x9e3779b1) ^ Math.floor(seed / 2 ** 32));
  for (let i = 0; i < name.length; i++) hash = mix(hash ^ Math.imul(name.charCodeAt(i), 0x85ebca6b));
  return hash;
}

/** A number in [0, 1) that follows from a stream and two indices alone, 53 bits. */
export function uniformAt(stream: number, index: number, draw: number): number {
  const high = mix(mix(stream ^ Math.imul(index + 1, 0x9e3779b1)) ^ Math.imul(draw + 1, 0xc2b2ae35));
  const low = mix(high ^ 0x27d4eb2f);
  return ((high >>> 5) * 67_108_864 + (low >>> 6)) / 9_007_199_254_740_992;
}

/** A sequence of numbers in [0, 1): sfc32 by Chris Doty-Humphrey (public domain), seeded by one integer. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    this.#a = streamSeed(seed, 'a');
    this.#b = streamSeed(seed, 'b');
    this.#c = streamSeed(seed, 'c');
    for (let i = 0; i < 12; i++) this.#next32();
  }

  /** The next number in [0, 1), 53 bits. */
  next(): number {
    return ((this.#next32() >>> 5) * 67_108_864 + (this.#next32() >>> 6)) / 9_007_199_254_740_992;
  }

  #next32(): number {
    const sum = (this.#a + this.#b + this.#counter++) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum;
  }
}

/** The finaliser of MurmurHash3: every input bit affects every output bit. 32 bits in, 32 bits out. */
export function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
