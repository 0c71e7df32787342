import type { LatencyHistogram } from './histogram.ts';

/** A range of values that a histogram does not distinguish, and their count. */
export interface Bucket {
  readonly lowestUs: number;
  readonly highestUs: number;
  readonly count: number;
}

/** The non-empty buckets in ascending order. */
export function* bucketsOf(histogram: LatencyHistogram): Generator<Bucket> {
  if (histogram.totalCount === 0) return;
  const end = histogram.countsArrayIndex(histogram.maxValue);
  for (let index = histogram.countsArrayIndex(histogram.minNonZeroValue); index <= end; index++) {
    const count = histogram.getCountAtIndex(index);
    if (count === 0) continue;
    const lowestUs = histogram.valueFromIndex(index);
    yield { lowestUs, highestUs: histogram.highestEquivalentValue(lowestUs), count };
  }
}

/** The smallest values that these shares (0..1, ascending) of all values do not exceed, by nearest rank; microseconds. */
export function quantilesUs(histogram: LatencyHistogram, shares: readonly number[]): number[] {
  const found: number[] = [];
  let seen = 0;
  for (const bucket of bucketsOf(histogram)) {
    seen += bucket.count;
    while (found.length < shares.length && seen >= Math.ceil((shares[found.length] ?? 0) * histogram.totalCount)) {
      found.push(bucket.highestUs);
    }
    if (found.length === shares.length) break;
  }
  return found;
}
