import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addBucketCounts, bucketCounts } from '../../../../src/metrics/measure/bucket-counts.ts';
import {
  type LatencyHistogram,
  newHistogram,
  percentilesOf,
  recordUs,
} from '../../../../src/results/latency/histogram.ts';

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = newHistogram();
  for (const value of values) recordUs(histogram, value);
  return histogram;
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

const samples = fc.array(fc.integer({ min: 1, max: 3_600_000_000 }), { maxLength: 200 });

describe('bucket counts', () => {
  it('add up to the histogram of all values', () => {
    fc.assert(
      fc.property(samples, samples, (first, second) => {
        const sum = newHistogram();
        addBucketCounts(sum, bucketCounts(histogramOf(first)));
        addBucketCounts(sum, bucketCounts(histogramOf(second)));
        const all = histogramOf([...first, ...second]);
        expect(percentilesOf(sum)).toEqual(percentilesOf(all));
        // Tens of thousands of counts: comparing them one by one with `toEqual` would take most of the test's time.
        expect(Buffer.compare(bytesOf(bucketCounts(sum)), bytesOf(bucketCounts(all)))).toBe(0);
        expect(sum.totalCount).toBe(all.totalCount);
      }),
    );
  });

  it('are a copy: what is recorded later is not in them', () => {
    const histogram = histogramOf([10]);
    const counts = bucketCounts(histogram);
    recordUs(histogram, 10);
    expect([counts.length, counts[10]]).toEqual([11, 1]);
  });

  it('of nothing are none', () => {
    expect(bucketCounts(newHistogram())).toHaveLength(0);
  });

  it('of another layout are refused', () => {
    expect(() => addBucketCounts(newHistogram(), new Uint32Array(100_000))).toThrow(RangeError);
  });
});
