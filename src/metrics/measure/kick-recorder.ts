import { type LatencyHistogram, newHistogram, percentilesOf, recordUs } from '../../results/latency/histogram.ts';
import type { KickSummary } from '../../results/summary/kick-summary.ts';
import { addBucketCounts, type BucketCounts, bucketCounts } from './bucket-counts.ts';

/** Kicks of one fleet in one worker and interval. */
export interface KickNews {
  readonly kicks: number;
  /** Devices that were kicked for the second time. */
  readonly newLoops: number;
  /** Accepted logins of sessions that came back after a kick. */
  readonly loopLogins: number;
  /** Time between two kicks of a device, and time online of the kicked sessions. */
  readonly periods: BucketCounts;
  readonly lifetimes: BucketCounts;
}

/** Counts the kicks of one fleet in one worker; created with the first kick. */
export class KickRecorder {
  readonly #periods = newHistogram();
  readonly #lifetimes = newHistogram();
  #kicks = 0;
  #newLoops = 0;
  #loopLogins = 0;

  /** `sinceLastUs`: time since the device's last kick, undefined for its first; `nth`: the number of this kick. */
  kicked(nth: number, lifetimeUs: number, sinceLastUs: number | undefined): void {
    this.#kicks++;
    if (nth === 2) this.#newLoops++;
    recordUs(this.#lifetimes, lifetimeUs);
    if (sinceLastUs !== undefined) recordUs(this.#periods, sinceLastUs);
  }

  loopLogin(): void {
    this.#loopLogins++;
  }

  /** News since the last call; undefined when there is none. */
  take(): KickNews | undefined {
    if (this.#kicks === 0 && this.#loopLogins === 0) return undefined;
    const news: KickNews = {
      kicks: this.#kicks,
      newLoops: this.#newLoops,
      loopLogins: this.#loopLogins,
      periods: bucketCounts(this.#periods),
      lifetimes: bucketCounts(this.#lifetimes),
    };
    this.#periods.reset();
    this.#lifetimes.reset();
    this.#kicks = 0;
    this.#newLoops = 0;
    this.#loopLogins = 0;
    return news;
  }
}

/** A loop is called damped if kicks have become rarer than this share of their initial rate. */
const DAMPED_SHARE = 0.5;

/** Adds up the kicks of a fleet, or of all. */
export class KickTotals {
  readonly #periods: LatencyHistogram = newHistogram();
  readonly #lifetimes: LatencyHistogram = newHistogram();
  /** By interval, as long as the run lasts: two numbers per interval. */
  readonly #byInterval: { readonly interval: number; readonly kicks: number }[] = [];
  #loops = 0;
  #loopLogins = 0;

  add(interval: number, news: readonly KickNews[]): void {
    const kicks = news.reduce((sum, part) => sum + part.kicks, 0);
    if (kicks > 0) this.#byInterval.push({ interval, kicks });
    for (const part of news) {
      this.#loops += part.newLoops;
      this.#loopLogins += part.loopLogins;
      addBucketCounts(this.#periods, part.periods);
      addBucketCounts(this.#lifetimes, part.lifetimes);
    }
  }

  get periods(): LatencyHistogram {
    return this.#periods;
  }

  get lifetimes(): LatencyHistogram {
    return this.#lifetimes;
  }

  /** `lastInterval`: the last one of the run's planned duration. Undefined if no session was kicked. */
  summary(accepted: number, lastInterval: number, intervalSec: number): KickSummary | undefined {
    const kicks = this.#byInterval.reduce((sum, part) => sum + part.kicks, 0);
    if (kicks === 0) return undefined;
    const peak = Math.max(...this.#byInterval.map((part) => part.kicks));
    return {
      kicks,
      peakPerSec: peak / intervalSec,
      devicesInLoop: this.#loops,
      ...(this.#periods.totalCount === 0 ? {} : { period: percentilesOf(this.#periods) }),
      lifetime: percentilesOf(this.#lifetimes),
      loopConnectShare: accepted === 0 ? 0 : Math.min(1, this.#loopLogins / accepted),
      course: this.#loops === 0 ? 'none' : this.#course(lastInterval),
    };
  }

  /** Compares the kicks of the last third of the time since the first kick with those of the first third. */
  #course(lastInterval: number): 'damped' | 'lasting' {
    const first = this.#byInterval[0]?.interval ?? 0;
    const third = (lastInterval + 1 - first) / 3;
    const within = (from: number, to: number): number =>
      this.#byInterval.reduce((sum, { interval, kicks }) => sum + (interval >= from && interval < to ? kicks : 0), 0);
    const early = within(first, first + third);
    const late = within(lastInterval + 1 - third, lastInterval + 1);
    return late < early * DAMPED_SHARE ? 'damped' : 'lasting';
  }
}
