import { type LatencyHistogram, newHistogram, percentilesOf } from '../../results/latency/histogram.ts';
import type { KickSummary } from '../../results/summary/kick-summary.ts';
import { everyCount, KICK_COUNTS, type KickCount, type Tally } from '../../results/tallies.ts';
import { addBucketCounts } from '../measure/bucket-counts.ts';
import { INTERVAL_US } from '../measure/interval.ts';
import type { KickTimes } from '../measure/kick-recorder.ts';

const INTERVAL_SEC = INTERVAL_US / 1_000_000;

/** A loop is called damped if kicks have become rarer than this share of their initial rate. */
const DAMPED_SHARE = 0.5;

/** Adds up the kicks of a fleet, or of all. */
export class KickTotals {
  readonly #periods: LatencyHistogram = newHistogram();
  readonly #lifetimes: LatencyHistogram = newHistogram();
  /** By interval, as long as the run lasts: two numbers per interval. */
  readonly #byInterval: { readonly interval: number; readonly kicks: number }[] = [];

  /** `kicks`: in the interval. */
  add(interval: number, kicks: number, times: readonly KickTimes[]): void {
    if (kicks > 0) this.#byInterval.push({ interval, kicks });
    for (const { periods, lifetimes } of times) {
      addBucketCounts(this.#periods, periods);
      addBucketCounts(this.#lifetimes, lifetimes);
    }
  }

  get periods(): LatencyHistogram {
    return this.#periods;
  }

  get lifetimes(): LatencyHistogram {
    return this.#lifetimes;
  }

  /** `lastInterval`: the last one of the run's planned duration. Undefined if no session was kicked. */
  summary(counted: Tally<KickCount>, accepted: number, lastInterval: number): KickSummary | undefined {
    const { kicks, loops, loopLogins } = everyCount(KICK_COUNTS, counted);
    if (kicks === 0) return undefined;
    const peak = Math.max(...this.#byInterval.map((part) => part.kicks));
    return {
      kicks,
      peakPerSec: peak / INTERVAL_SEC,
      devicesInLoop: loops,
      ...(this.#periods.totalCount === 0 ? {} : { period: percentilesOf(this.#periods) }),
      lifetime: percentilesOf(this.#lifetimes),
      loopConnectShare: accepted === 0 ? 0 : Math.min(1, loopLogins / accepted),
      course: loops === 0 ? 'none' : this.#course(lastInterval),
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
