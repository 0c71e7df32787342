import { quantilesUs } from '../../../results/latency/buckets.ts';
import type { LatencyHistogram } from '../../../results/latency/histogram.ts';

const STEPS_A_DECADE = 16;
const DECADES = 6;

/** The x of a percentile plot: 1 / (1 - share), so that 90%, 99%, 99.9% are as far apart. */
export const CURVE_X: readonly number[] = Array.from({ length: STEPS_A_DECADE * DECADES + 1 }, (_, step) =>
  Number((10 ** (step / STEPS_A_DECADE)).toPrecision(6)),
);

/** Values at the shares of `CURVE_X`, up to the first x at which only the largest value is left; null after that. */
export function percentileCurve(histogram: LatencyHistogram): (number | null)[] {
  const { totalCount } = histogram;
  const shown = totalCount === 0 ? [] : CURVE_X.slice(0, CURVE_X.findLastIndex((x) => x <= totalCount) + 2);
  const values = quantilesUs(
    histogram,
    shown.map((x) => 1 - 1 / x),
  );
  return CURVE_X.map((_, index) => values[index] ?? null);
}
