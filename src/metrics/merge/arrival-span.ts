import { INTERVAL_US } from '../measure/interval.ts';

const INTERVAL_SEC = INTERVAL_US / 1_000_000;

/** Mean rates from the first to the last interval in which first attempts were planned. */
export class ArrivalSpan {
  #first: number | undefined;
  #last = 0;
  #inSpan = { planned: 0, accepted: 0 };
  /** Counts since the last interval with a planned first attempt: part of the span only if another one follows. */
  #after = { planned: 0, accepted: 0 };

  add(interval: number, firstPlanned: number, planned: number, accepted: number): void {
    if (firstPlanned > 0) {
      this.#first ??= interval;
      this.#last = interval;
    }
    if (this.#first === undefined) return;
    this.#after.planned += planned;
    this.#after.accepted += accepted;
    if (firstPlanned === 0) return;
    this.#inSpan.planned += this.#after.planned;
    this.#inSpan.accepted += this.#after.accepted;
    this.#after = { planned: 0, accepted: 0 };
  }

  averages(): { plannedMeanPerSec: number; acceptedMeanPerSec: number } {
    if (this.#first === undefined) return { plannedMeanPerSec: 0, acceptedMeanPerSec: 0 };
    const spanSec = (this.#last - this.#first + 1) * INTERVAL_SEC;
    return {
      plannedMeanPerSec: this.#inSpan.planned / spanSec,
      acceptedMeanPerSec: this.#inSpan.accepted / spanSec,
    };
  }
}
