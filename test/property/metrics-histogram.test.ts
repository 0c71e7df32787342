import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeHistogram } from '../../src/metrics/hlog/hdr-encoding.ts';
import { newHistogram, percentilesOf, recordUs } from '../../src/results/latency/histogram.ts';
import { decodeHistogram } from '../fixtures/decode-histogram.ts';

/** Durations over all magnitudes, not only the large ones that a plain integer range gives. */
const duration = fc
  .tuple(fc.integer({ min: 0, max: 31 }), fc.double({ min: 1, max: 2, noNaN: true }))
  .map(([power, factor]) => Math.min(3_600_000_000, Math.round(2 ** power * factor)));
const samples = fc.array(duration, { minLength: 1, maxLength: 300 });

function histogramOf(values: readonly number[]) {
  const histogram = newHistogram();
  for (const value of values) recordUs(histogram, value);
  return histogram;
}

function nearestRank(sorted: readonly number[], permille: number): number {
  return sorted[Math.ceil((sorted.length * permille) / 1000) - 1] ?? Number.NaN;
}

describe('histograms', () => {
  it('give the percentiles of a sorted list, to the bucket', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const histogram = histogramOf(values);
        const sorted = [...values].sort((a, b) => a - b);
        const found = percentilesOf(histogram);
        const bucketEnd = (value: number) => histogram.highestEquivalentValue(value);
        expect(found).toMatchObject({
          count: values.length,
          minUs: histogram.lowestEquivalentValue(nearestRank(sorted, 1)),
          p50Us: bucketEnd(nearestRank(sorted, 500)),
          p90Us: bucketEnd(nearestRank(sorted, 900)),
          p95Us: bucketEnd(nearestRank(sorted, 950)),
          p99Us: bucketEnd(nearestRank(sorted, 990)),
          p999Us: bucketEnd(nearestRank(sorted, 999)),
          maxUs: bucketEnd(nearestRank(sorted, 1000)),
        });
      }),
    );
  });

  it('are within three significant digits of every value, and of the mean', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const found = percentilesOf(histogramOf(values));
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(Math.abs(found.meanUs - mean)).toBeLessThanOrEqual(mean / 1000 + 0.06);
        expect(found.maxUs - Math.max(...values)).toBeLessThanOrEqual(Math.max(...values) / 1000);
      }),
    );
  });

  it('survive encoding count for count', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const histogram = histogramOf(values);
        const read = decodeHistogram(encodeHistogram(histogram));
        expect(percentilesOf(read)).toEqual(percentilesOf(histogram));
        expect(read.totalCount).toBe(values.length);
        for (const value of values) {
          const index = histogram.countsArrayIndex(value);
          expect(read.getCountAtIndex(index)).toBe(histogram.getCountAtIndex(index));
        }
      }),
    );
  });
});
