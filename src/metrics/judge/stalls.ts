import { type LatencyHistogram, percentileUs } from '../../results/latency/histogram.ts';
import type { GeneratorHealth } from '../../results/summary/generator-figures.ts';

/** Time that attempts lost while the event loop stood still. */
export type StallFigures = Pick<GeneratorHealth, 'stalledAttempts' | 'stallP99Us' | 'stallMaxUs'>;

/**
 * `stalls` holds the time lost by each of the `attempts` attempts that lost any. The 99th percentile is taken over all of them: a stall
 * that hit fewer than 1% of the attempts does not show in the 99th percentile of any latency either.
 */
export function stallFigures(stalls: LatencyHistogram | undefined, attempts: number): StallFigures {
  if (stalls === undefined || stalls.totalCount === 0 || attempts === 0) return {};
  const hit = stalls.totalCount;
  const above = attempts - Math.ceil(attempts * 0.99);
  // The value of that rank among all attempts; those that lost nothing come first.
  const stallP99Us = above >= hit ? 0 : (percentileUs(stalls, (100 * (hit - above)) / hit) ?? 0);
  return { stalledAttempts: hit, stallP99Us, stallMaxUs: percentileUs(stalls, 100) ?? 0 };
}
