import { US_PER_SEC } from '../../time/units.ts';
import type { Rate } from '../contract/control.ts';

/**
 * Admits `perSec` per second and saves up at most `burst`. It counts from when it was last full and never adds up small amounts, so it
 * stays exact however long it runs. Times are microseconds of one clock and must not go backwards.
 */
export class TokenBucket {
  #perUs: number;
  readonly #burst: number;
  #fullAtUs = Number.NEGATIVE_INFINITY;
  /** Admitted since it was full. */
  #taken = 0;

  /** Full at the start. `perSec` must be above 0 and `burst` at least 1. */
  constructor({ perSec, burst }: Rate) {
    if (!(perSec > 0) || !(burst >= 1)) throw new RangeError(`no token bucket of ${perSec} per second, burst ${burst}`);
    this.#perUs = perSec / US_PER_SEC;
    this.#burst = Math.floor(burst);
  }

  /** Takes a token; false when there is none. */
  take(nowUs: number): boolean {
    if (this.isFull(nowUs)) {
      this.#fullAtUs = nowUs;
      this.#taken = 0;
    }
    if (this.#taken >= this.#burst && nowUs < this.nextAtUs()) return false;
    this.#taken += 1;
    return true;
  }

  /** From now on it admits `perSec` per second; what it had saved up is gone. */
  slowTo(perSec: number, nowUs: number): void {
    this.#perUs = perSec / US_PER_SEC;
    this.#fullAtUs = nowUs;
    this.#taken = this.#burst;
  }

  /** The instant from which a token can be taken; in the past if one can be taken already. */
  nextAtUs(): number {
    return this.#fullAtUs + (this.#taken + 1 - this.#burst) / this.#perUs;
  }

  /** Whether it is full again. */
  isFull(nowUs: number): boolean {
    return nowUs >= this.#fullAtUs + this.#taken / this.#perUs;
  }
}
