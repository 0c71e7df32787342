import { SLIP_FLOOR_US } from '../../metrics/judge/lateness.ts';
import { US_PER_MS, US_PER_SEC } from '../../time/units.ts';
import { type Goal, longestLimitUs, shortestLimitUs } from './goals.ts';

/** Attempts that make 1% of a window three of them. */
const ATTEMPTS_PER_WINDOW = 300;
const LEAST_WINDOW_US = US_PER_SEC;
const LEAST_SETTLE_US = 2 * US_PER_SEC;
const MOST_SETTLE_US = 10 * US_PER_SEC;
/** The generator's own lateness may take at most this share of the shortest time that a goal allows. */
const LATE_SHARE = 0.2;
const LEAST_LATE_US = 5 * US_PER_MS;

/** How the windows of a hold lie, and when they count. */
export interface WindowRules {
  readonly goals: readonly Goal[];
  /** Attempts planned before this are not judged. */
  readonly settleUs: number;
  readonly windowUs: number;
  /** When an attempt without an answer is lost, whatever the goals say. */
  readonly patienceUs: number;
  /** A window in which more than 1% of the attempts start this late is invalid. */
  readonly lateUs: number;
}

/** The windows of a hold at a rate. */
export function windowRules(goals: readonly Goal[], ratePerSec: number, patienceUs: number): WindowRules {
  const longestUs = longestLimitUs(goals) ?? 0;
  const shortestUs = shortestLimitUs(goals) ?? Number.POSITIVE_INFINITY;
  return {
    goals,
    settleUs: Math.min(MOST_SETTLE_US, Math.max(LEAST_SETTLE_US, 2 * longestUs)),
    windowUs: Math.max(LEAST_WINDOW_US, Math.round((ATTEMPTS_PER_WINDOW / ratePerSec) * US_PER_SEC)),
    patienceUs,
    lateUs: Math.min(SLIP_FLOOR_US, Math.max(LEAST_LATE_US, LATE_SHARE * shortestUs)),
  };
}
