import { bucketsOf } from '../../../results/latency/buckets.ts';
import { addHistogram, type LatencyHistogram, newHistogram } from '../../../results/latency/histogram.ts';
import type { RunHistograms } from '../../../results/latency/run-histograms.ts';
import type { Measure } from '../../../results/outcome.ts';
import { seriesParts } from '../../../results/series.ts';
import type { LatencyHint } from '../../../results/summary/latency-hint.ts';

/** Latencies from here (inclusive) to there (exclusive). */
export interface Window {
  readonly fromUs: number;
  readonly untilUs: number;
}

/** From when on values in a window are a step. All three must hold. */
export interface StepBound {
  /** At least so many values. */
  readonly count: number;
  /** At least this share of all values of the measure. */
  readonly share: number;
  /** At least so many times the values of the window of the same width just before: a slope is no step. */
  readonly rise: number;
}

export type Step = LatencyHint['steps'][number];

/** The windows in which the values gather. */
export function stepsIn(histogram: LatencyHistogram, windows: readonly Window[], bound: StepBound): Step[] {
  return windows.flatMap((window) => {
    const { fromUs, untilUs } = window;
    const count = countIn(histogram, window);
    const before = countIn(histogram, { fromUs: fromUs - (untilUs - fromUs), untilUs: fromUs });
    const share = histogram.totalCount === 0 ? 0 : count / histogram.totalCount;
    const isStep = count >= bound.count && share >= bound.share && count >= before * bound.rise;
    return isStep ? [{ fromUs, untilUs, count, share }] : [];
  });
}

/** All values of a measure over these fleets, whatever the outcome of the attempt. */
export function valuesOf(measure: Measure, fleets: readonly RunHistograms[]): LatencyHistogram {
  const all = newHistogram();
  for (const { ofAttempts } of fleets) {
    for (const [key, histogram] of ofAttempts) {
      if (seriesParts(key).measure === measure) addHistogram(all, histogram);
    }
  }
  return all;
}

/** Values that a histogram does not distinguish from the lower end of a window are in it. */
function countIn(histogram: LatencyHistogram, { fromUs, untilUs }: Window): number {
  let count = 0;
  for (const bucket of bucketsOf(histogram)) {
    if (bucket.lowestUs >= untilUs) break;
    if (bucket.highestUs >= fromUs) count += bucket.count;
  }
  return count;
}
