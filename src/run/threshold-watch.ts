import type { Threshold } from '../metrics/judge/threshold.ts';
import { evaluateThresholds, type MeasuredParts } from '../metrics/judge/thresholds.ts';
import type { ThresholdResult } from '../results/summary/threshold-result.ts';
import { US_PER_SEC } from '../time/units.ts';

/** A threshold that stopped the run. */
export interface ThresholdAbort {
  readonly threshold: Threshold;
  /** The measurement that failed it. */
  readonly result: ThresholdResult;
  /** End of the interval in which it failed. */
  readonly atSec: number;
}

/** Checks the thresholds that may stop a run against the figures so far, interval by interval, until one fails. */
export class ThresholdWatch {
  readonly #thresholds: readonly Threshold[];
  readonly #durationUs: number;
  readonly #measured: () => MeasuredParts;
  readonly #onAbort: (abort: ThresholdAbort) => void;
  #abort: ThresholdAbort | undefined;
  #isOver = false;

  constructor(
    thresholds: readonly Threshold[],
    durationUs: number,
    measured: () => MeasuredParts,
    onAbort: (abort: ThresholdAbort) => void,
  ) {
    this.#thresholds = thresholds.filter(({ abort }) => abort !== undefined);
    this.#durationUs = durationUs;
    this.#measured = measured;
    this.#onAbort = onAbort;
  }

  /** Undefined as long as no threshold has stopped the run. */
  get abort(): ThresholdAbort | undefined {
    return this.#abort;
  }

  /** The run is ending anyway; stops checking. */
  over(): void {
    this.#isOver = true;
  }

  /** Checks the figures after the interval that ends at `endSec`. */
  interval(endSec: number): void {
    const endUs = endSec * US_PER_SEC;
    if (this.#isOver || endUs >= this.#durationUs) return;
    const due = this.#thresholds.filter(({ abort }) => abort !== undefined && abort.graceUs <= endUs);
    if (due.length === 0) return;
    // A threshold without data fails only at the end of the run; until then, data may still come.
    const results = evaluateThresholds(due, this.#measured());
    const broken = results.findIndex(({ passed, actual }) => !passed && actual !== undefined);
    const [threshold, result] = [due[broken], results[broken]];
    if (threshold === undefined || result === undefined) return;
    this.#isOver = true;
    this.#abort = { threshold, result, atSec: endSec };
    this.#onAbort(this.#abort);
  }
}

/** The results at the end of a run; the threshold that stopped it keeps the result it had then, whatever came after. */
export function withAbort(
  results: readonly ThresholdResult[],
  thresholds: readonly Threshold[],
  abort: ThresholdAbort | undefined,
): ThresholdResult[] {
  if (abort === undefined) return [...results];
  const index = thresholds.indexOf(abort.threshold);
  return results.map((result, at) => (at === index ? { ...abort.result, abortedAtSec: abort.atSec } : result));
}
