import type { OnlineExtent } from '../metrics/snapshot.ts';

/** How many sessions are online, and the fewest and most since they were last asked for: a peak between two snapshots is seen too. */
export class OnlineCount {
  #now = 0;
  #min = 0;
  #max = 0;

  /** One more session is online. */
  up(): void {
    this.#now++;
    if (this.#now > this.#max) this.#max = this.#now;
  }

  /** One session less is. */
  down(): void {
    this.#now--;
    if (this.#now < this.#min) this.#min = this.#now;
  }

  /** Since the last call; the next interval starts with those online now. */
  take(): OnlineExtent {
    const extent = { onlineMin: this.#min, onlineMax: this.#max };
    this.#min = this.#now;
    this.#max = this.#now;
    return extent;
  }
}
