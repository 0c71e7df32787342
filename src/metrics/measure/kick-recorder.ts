import { newHistogram, recordUs } from '../../results/latency/histogram.ts';
import { type BucketCounts, bucketCounts } from './bucket-counts.ts';

/** The times of the kicks of one fleet in one worker and interval. */
export interface KickTimes {
  /** Between two kicks of a device. */
  readonly periods: BucketCounts;
  /** For how long the kicked sessions had been online. */
  readonly lifetimes: BucketCounts;
}

/** Measures the kicks of one fleet in one worker; created with the first kick. */
export class KickRecorder {
  readonly #periods = newHistogram();
  readonly #lifetimes = newHistogram();

  /** `sinceLastUs`: time since the device's last kick, undefined for its first. */
  kicked(lifetimeUs: number, sinceLastUs: number | undefined): void {
    recordUs(this.#lifetimes, lifetimeUs);
    if (sinceLastUs !== undefined) recordUs(this.#periods, sinceLastUs);
  }

  /** The times since the last call; undefined when there are none. */
  take(): KickTimes | undefined {
    if (this.#lifetimes.totalCount === 0) return undefined;
    const times = { periods: bucketCounts(this.#periods), lifetimes: bucketCounts(this.#lifetimes) };
    this.#periods.reset();
    this.#lifetimes.reset();
    return times;
  }
}
