import { hrtime } from 'node:process';
import { type Deferred, deferred } from '../../../time/deferred.ts';
import { type ClockOffset, estimateOffset, type RoundTrip } from '../clock/clock-offset.ts';

/** Round trips of a measurement, and how many may go unanswered. */
const ROUND_TRIPS = 25;
const MOST_TRIES = 60;
/** An answer that takes longer says nothing about clocks. */
const ANSWER_MS = 500;

/** Asks another machine for its monotonic clock, many times in a row. */
export class ClockProbe {
  readonly #ask: (sentNs: bigint) => Promise<void>;
  #waiting: { readonly sentNs: bigint; readonly answer: Deferred<RoundTrip | undefined> } | undefined;

  constructor(ask: (sentNs: bigint) => Promise<void>) {
    this.#ask = ask;
  }

  /** Undefined if too few were answered. */
  async measure(): Promise<ClockOffset | undefined> {
    const trips: RoundTrip[] = [];
    for (let tries = 0; tries < MOST_TRIES && trips.length < ROUND_TRIPS; tries++) {
      const trip = await this.#roundTrip();
      if (trip !== undefined) trips.push(trip);
    }
    return estimateOffset(trips);
  }

  /** `sentNs`: of the question; `thereNs`: the other clock when it came. */
  answered(sentNs: bigint, thereNs: bigint, receivedNs: bigint): void {
    if (this.#waiting?.sentNs !== sentNs) return;
    this.#waiting.answer.resolve({ sentNs, heardNs: thereNs, answeredNs: thereNs, receivedNs });
  }

  async #roundTrip(): Promise<RoundTrip | undefined> {
    const answer = deferred<RoundTrip | undefined>();
    const sentNs = hrtime.bigint();
    this.#waiting = { sentNs, answer };
    const timer = setTimeout(() => answer.resolve(undefined), ANSWER_MS);
    void this.#ask(sentNs);
    const trip = await answer.promise;
    clearTimeout(timer);
    return trip;
  }
}
