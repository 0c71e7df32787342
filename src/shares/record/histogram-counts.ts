import type { BucketCounts } from '../../metrics/measure/bucket-counts.ts';
import { HIGHEST_US, newHistogram } from '../../results/latency/histogram.ts';
import { countsOfSparse } from '../../text/sparse-counts.ts';

/** Buckets of a histogram of this program. */
const MAX_BUCKETS = newHistogram().countsArrayIndex(HIGHEST_US) + 1;

/** The counts of a histogram; undefined if the text holds something else. The last of them is never 0. */
export function countsOfHistogram(text: string): BucketCounts | undefined {
  const counts = countsOfSparse(text, MAX_BUCKETS);
  return counts?.at(-1) === 0 ? undefined : counts;
}
