import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketCounts } from '../../../src/metrics/measure/bucket-counts.ts';
import { newHistogram, recordUs } from '../../../src/results/latency/histogram.ts';
import { countsOfHistogram } from '../../../src/shares/record/histogram-counts.ts';
import { sparseCounts } from '../../../src/text/sparse-counts.ts';

function bytesOf(counts: Uint32Array = new Uint32Array(0)): Buffer {
  return Buffer.from(counts.buffer, counts.byteOffset, counts.byteLength);
}

describe('the counts of a histogram as text', () => {
  it('are read back as they were, whatever was recorded', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3_600_000_000 }), { maxLength: 50 }), (values) => {
        const histogram = newHistogram();
        for (const us of values) recordUs(histogram, us);
        const counts = bucketCounts(histogram);
        // As bytes: thousands of numbers each are slow to compare one by one.
        const read = countsOfHistogram(sparseCounts(counts));
        expect(read?.length).toBe(counts.length);
        expect(bytesOf(read).equals(bytesOf(counts))).toBe(true);
      }),
    );
  });

  it.each(['x', '1,', '0', '1.5', '-3', '-30000,1', '4294967296', '1,-5', 'NaN'])('are not %s', (text) => {
    expect(countsOfHistogram(text)).toBeUndefined();
  });
});
