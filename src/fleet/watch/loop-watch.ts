import type { StallClock } from '../../device/session/session-context.ts';
import { LOOP_DELAY_FLOOR_US } from '../../metrics/judge/lateness.ts';
import { type BucketCounts, bucketCounts } from '../../metrics/measure/bucket-counts.ts';
import { newHistogram, percentileUs, recordUs } from '../../results/latency/histogram.ts';
import type { Clock } from '../../time/clock.ts';
import { US_PER_MS } from '../../time/units.ts';

/** How often the loop's punctuality is checked. */
const PERIOD_US = 10 * US_PER_MS;

/** How late the event loop was while answers were awaited, since the last reading. */
export interface LoopDelay {
  readonly p99Us: number;
  readonly maxUs: number;
  /** Lateness by the time it lasted: a wake-up 50 ms late counts once for each 10 ms; undefined when no answer was awaited. */
  readonly counts: BucketCounts | undefined;
}

/**
 * Watches how late this thread's event loop is, by a wake-up every 10 ms. Lateness affects a latency only while an answer is awaited, so
 * wake-ups with no attempt under way leave no sample. It also sums up lateness above the floor (`stalledUs`): an attempt compares the sum
 * at its start and at its end, and so knows to the microsecond how much time was lost while it waited.
 */
export class LoopWatch implements StallClock {
  readonly #clock: Clock;
  readonly #isAwaiting: () => boolean;
  readonly #delays = newHistogram();
  #timer: NodeJS.Timeout | undefined;
  #lastUs = 0;
  /** If the loop first runs after this instant, the difference is its lateness. */
  #dueUs = Number.POSITIVE_INFINITY;
  #stalledUs = 0;
  #wasAwaiting = false;
  #isSampling = true;

  /** `isAwaiting`: whether an attempt is under way. */
  constructor(clock: Clock, isAwaiting: () => boolean) {
    this.#clock = clock;
    this.#isAwaiting = isAwaiting;
  }

  start(): void {
    this.#lastUs = this.#clock.nowUs();
    this.#dueUs = this.#lastUs + PERIOD_US;
    this.#timer = setInterval(() => this.wake(), PERIOD_US / US_PER_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Stops sampling lateness; time lost by attempts still under way is counted all the same. */
  stopSampling(): void {
    this.#isSampling = false;
  }

  /** Called when an attempt starts and when it ends. */
  stalledUs(nowUs: number): number {
    this.#wasAwaiting = true;
    return this.#notice(nowUs);
  }

  /** The wake-up that is due every 10 ms. */
  wake(): void {
    const nowUs = this.#clock.nowUs();
    this.#notice(nowUs);
    const isAwaiting = this.#isAwaiting();
    if (this.#isSampling && (isAwaiting || this.#wasAwaiting)) this.#sample(nowUs - this.#lastUs - PERIOD_US);
    this.#wasAwaiting = isAwaiting;
    this.#lastUs = nowUs;
    this.#dueUs = nowUs + PERIOD_US;
  }

  /** The delay since the last call. */
  take(): LoopDelay {
    const delays = this.#delays;
    if (delays.totalCount === 0) return { p99Us: 0, maxUs: 0, counts: undefined };
    const taken = {
      p99Us: percentileUs(delays, 99) ?? 0,
      maxUs: percentileUs(delays, 100) ?? 0,
      counts: bucketCounts(delays),
    };
    delays.reset();
    return taken;
  }

  /** The first call after a stall records it, so that an attempt started right after it is not charged with it. */
  #notice(nowUs: number): number {
    const lateUs = nowUs - this.#dueUs;
    if (lateUs > LOOP_DELAY_FLOOR_US) {
      this.#stalledUs += lateUs;
      this.#dueUs = nowUs;
    }
    return this.#stalledUs;
  }

  /** Events that became ready during the stall waited for all or part of it, so one sample is recorded per period of the stall. */
  #sample(lateUs: number): void {
    let leftUs = Math.max(0, lateUs);
    do {
      recordUs(this.#delays, leftUs);
      leftUs -= PERIOD_US;
    } while (leftUs > 0);
  }
}
