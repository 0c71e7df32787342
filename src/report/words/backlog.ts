import type { IntervalFleet } from '../../results/timeline-line.ts';

/** Attempts planned for the last instants of a second may start just after it: up to this share is not a backlog. */
const NOTABLE_SHARE = 0.05;

/** Attempts not started although their instant has passed; 0 if they are only those of the last instants. */
export function backlogOf({ planned, notStarted = 0 }: IntervalFleet): number {
  return notStarted > planned * NOTABLE_SHARE ? notStarted : 0;
}
