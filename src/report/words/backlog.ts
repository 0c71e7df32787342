import type { IntervalFleet } from '../../results/timeline-line.ts';

/** Of the attempts of a second, those of its last instants may be started a moment after it: that many are no backlog. */
const NOTABLE_SHARE = 0.05;

/** Attempts that are not started although their instant has passed; 0 where they are only those of the last instants. */
export function backlogOf({ planned, notStarted = 0 }: IntervalFleet): number {
  return notStarted > planned * NOTABLE_SHARE ? notStarted : 0;
}
