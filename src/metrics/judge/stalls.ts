import { type LatencyHistogram, percentileUs } from '../../results/latency/histogram.ts';
import type { GeneratorHealth } from '../../results/summary/generator-figures.ts';

/** What attempts lost to an event loop that stood still while they were under way. */
export type StallFigures = Pick<GeneratorHealth, 'stalledAttempts' | 'stallP99Us' | 'stallMaxUs'>;

/**
 * Of `attempts` attempts, `stalls` holds the time that each of those lost which lost some. The 99th percentile is that of all of them:
 * a stall that hit fewer than 1 % of the attempts is not in the 99th percentile of any latency either.
 */
export function stallFigures(stalls: LatencyHistogram | undefined, attempts: number): StallFigures {
  if (stalls === undefined || stalls.totalCount === 0 || attempts === 0) return {};
  const hit = stalls.totalCount;
  const above = attempts - Math.ceil(attempts * 0.99);
  // The value of that rank among all attempts; those that lost nothing come first.
  const stallP99Us = above >= hit ? 0 : (percentileUs(stalls, (100 * (hit - above)) / hit) ?? 0);
  return { stalledAttempts: hit, stallP99Us, stallMaxUs: percentileUs(stalls, 100) ?? 0 };
}
