import { type LatencyHistogram, usedLength } from '../../results/latency/histogram.ts';

/**
 * The counts of a histogram by bucket, up to the last that is not zero: how histograms travel between threads. Copying is a single memory
 * copy, whereas encoding would make a worker visit every bucket once per second, which held up its sessions by 10 to 30 ms.
 */
export type BucketCounts = Uint32Array;

/** A copy of the histogram's counts. */
export function bucketCounts(histogram: LatencyHistogram): BucketCounts {
  return countsOf(histogram).slice(0, usedLength(histogram));
}

/** Adds counts of a histogram of this program's layout to `target`. Throws a RangeError if there are more counts than buckets. */
export function addBucketCounts(target: LatencyHistogram, added: BucketCounts): void {
  const counts = countsOf(target);
  if (added.length > counts.length) throw new RangeError(`${added.length} buckets do not fit into ${counts.length}`);
  let [total, first] = [0, -1];
  for (let index = 0; index < added.length; index++) {
    const count = added[index] ?? 0;
    if (count === 0) continue;
    if (first < 0) first = index;
    total += count;
    counts[index] = (counts[index] ?? 0) + count;
  }
  if (first < 0) return;
  target.addToTotalCount(total);
  target.updateMinAndMax(target.valueFromIndex(first));
  target.updateMinAndMax(target.highestEquivalentValue(target.valueFromIndex(added.length - 1)));
}

function countsOf({ _counts: counts }: LatencyHistogram): Uint32Array {
  if (!(counts instanceof Uint32Array)) throw new TypeError('a histogram of another kind');
  return counts;
}
