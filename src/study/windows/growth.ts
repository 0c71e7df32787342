import { trendOf } from '../mlr/statistics.ts';
import { type Goal, longestLimitUs } from './goals.ts';
import type { JudgedWindow } from './window.ts';

/** Fewer windows show no trend. */
const LEAST_WINDOWS = 8;
/** Share of the time that the goals allow by which the response must have grown. */
const GROWN_BY = 0.1;
/** How steadily, from 0 (at random) to 1 (from each window to the next). */
const LEAST_STEADINESS = 0.6;

/**
 * Whether the response grows from window to window as it does when more arrives than is served, so that the goal holds only as long as the
 * queue is not yet long enough to break it. False where no goal limits a time.
 */
export function isGrowing(windows: readonly JudgedWindow[], goals: readonly Goal[]): boolean {
  const limitUs = longestLimitUs(goals);
  const medians = windows.flatMap(({ result, medianUs }) => (result === 'invalid' ? [] : (medianUs ?? [])));
  if (limitUs === undefined || medians.length < LEAST_WINDOWS) return false;
  const { slope, steadiness } = trendOf(medians);
  return steadiness >= LEAST_STEADINESS && slope * (medians.length - 1) > GROWN_BY * limitUs;
}
