import type { OnlineExtent } from '../../metrics/measure/online-extent.ts';

/** How many sessions are online, and the fewest and most since they were last asked for: a peak between two snapshots is caught too. */
export class OnlineCount {
  #now = 0;
  /** Undefined in an interval that began while sessions were being ended in order. */
  #min: number | undefined = 0;
  #max = 0;
  /** The deepest fall since then: how many sessions it took, and how many were left. */
  #fell = 0;
  #low = 0;
  #isAtRest = false;
  /** Sessions online when the orderly end began; undefined before that, and once reported. */
  #atStop: number | undefined;

  up(): void {
    this.#now++;
    if (this.#now > this.#max) this.#max = this.#now;
  }

  down(): void {
    this.#now--;
    if (this.#isAtRest) return;
    if (this.#min !== undefined && this.#now < this.#min) this.#min = this.#now;
    if (this.#max - this.#now > this.#fell) {
      this.#fell = this.#max - this.#now;
      this.#low = this.#now;
    }
  }

  /** Sessions are ended in order from now on, so a low online count no longer means anything. */
  rest(): void {
    if (this.#isAtRest) return;
    if (this.#fell === 0) this.#low = this.#now;
    this.#isAtRest = true;
    this.#atStop = this.#now;
  }

  /** Since the last call; the next interval starts with those online now. */
  take(): OnlineExtent {
    const isSteady = this.#fell === 0 && !this.#isAtRest;
    const low = isSteady ? this.#now : this.#low;
    const extent = {
      last: this.#now,
      min: this.#min,
      max: this.#max,
      low: this.#min === undefined ? undefined : low,
      standing: this.#isAtRest ? 0 : this.#now,
      atStop: this.#atStop ?? 0,
    };
    this.#atStop = undefined;
    this.#min = this.#isAtRest ? undefined : this.#now;
    this.#max = this.#now;
    this.#fell = 0;
    return extent;
  }
}
