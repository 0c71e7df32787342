import type { BucketCounts } from '../../metrics/measure/bucket-counts.ts';
import { HIGHEST_US, newHistogram } from '../../results/latency/histogram.ts';

/**
 * Counts of a histogram as text: `-120,3,1,-4,7` is 120 empty buckets, one with 3, one with 1, four empty ones, one with 7. Most buckets are
 * empty.
 */

/** Buckets of a histogram of this program. */
const MAX_BUCKETS = newHistogram().countsArrayIndex(HIGHEST_US) + 1;
const MAX_COUNT = 2 ** 32 - 1;

/** The counts as text; empty if there are none. */
export function bucketRuns(counts: BucketCounts): string {
  const runs: number[] = [];
  let empty = 0;
  for (const count of counts) {
    if (count === 0) {
      empty++;
      continue;
    }
    if (empty > 0) runs.push(-empty);
    empty = 0;
    runs.push(count);
  }
  return runs.join(',');
}

/** The counts that a text holds; undefined if it is not such a text, or holds more buckets than a histogram has. */
export function countsOfRuns(text: string): BucketCounts | undefined {
  if (text === '') return new Uint32Array(0);
  const runs = text.split(',').map(Number);
  if (!runs.every((run) => Number.isInteger(run) && run !== 0 && run <= MAX_COUNT)) return undefined;
  const length = runs.reduce((sum, run) => sum + (run < 0 ? -run : 1), 0);
  if (length > MAX_BUCKETS || (runs.at(-1) ?? 0) < 0) return undefined;
  const counts = new Uint32Array(length);
  let bucket = 0;
  for (const run of runs) {
    if (run > 0) counts[bucket] = run;
    bucket += run < 0 ? -run : 1;
  }
  return counts;
}
