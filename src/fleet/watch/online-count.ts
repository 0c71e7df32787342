import type { FleetSnapshot, OnlineExtent } from '../../metrics/measure/snapshot.ts';

/** How many sessions are online, and the fewest and most since they were last asked for: a peak between two snapshots is seen too. */
export class OnlineCount {
  #now = 0;
  /** Undefined in an interval that began with sessions being ended in order. */
  #min: number | undefined = 0;
  #max = 0;
  /** Of the deepest fall since then: how many sessions less, and how many were left. */
  #fell = 0;
  #low = 0;
  #isAtRest = false;
  /** When sessions began to be ended in order; undefined once it has been told, and before. */
  #atStop: number | undefined;

  /** One more session is online. */
  up(): void {
    this.#now++;
    if (this.#now > this.#max) this.#max = this.#now;
  }

  /** One session less is. */
  down(): void {
    this.#now--;
    if (this.#isAtRest) return;
    if (this.#min !== undefined && this.#now < this.#min) this.#min = this.#now;
    if (this.#max - this.#now > this.#fell) {
      this.#fell = this.#max - this.#now;
      this.#low = this.#now;
    }
  }

  /** Sessions are ended in order from now on: how few are online says nothing any more. */
  rest(): void {
    if (this.#isAtRest) return;
    if (this.#fell === 0) this.#low = this.#now;
    this.#isAtRest = true;
    this.#atStop = this.#now;
  }

  /** Since the last call; the next interval starts with those online now. */
  take(): OnlineExtent & Pick<FleetSnapshot, 'onlineAtStop'> {
    const isSteady = this.#fell === 0 && !this.#isAtRest;
    const low = isSteady ? this.#now : this.#low;
    const extent = {
      onlineMin: this.#min,
      onlineMax: this.#max,
      onlineLow: this.#min === undefined ? undefined : low,
      ...(this.#atStop === undefined ? {} : { onlineAtStop: this.#atStop }),
    };
    this.#atStop = undefined;
    this.#min = this.#isAtRest ? undefined : this.#now;
    this.#max = this.#now;
    this.#fell = 0;
    return extent;
  }
}
