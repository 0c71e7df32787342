import type { RecoveryFigures } from '../../results/summary/disturbance.ts';
import type { KickSummary } from '../../results/summary/kick-summary.ts';
import { formatUs, US_PER_SEC } from '../../time/units.ts';
import { decimal, formatCount } from './figures.ts';

/** Recoveries and kick loops in words, for terminal and page alike. */

/** A recovery time; `never` if it was not reached within the run. */
export function secondsOrNever(sec: number | undefined): string {
  return sec === undefined ? 'never' : formatUs(sec * US_PER_SEC);
}

/** When an event happened; `never` if the state it waited for was not reached. */
export function eventInstant(startSec: number | undefined): string {
  return startSec === 0 ? '0s' : secondsOrNever(startSec);
}

/** Attempts that a lost session needed until it was back. */
export function amplificationWords({ attemptsPerRecovered }: RecoveryFigures): string {
  if (attemptsPerRecovered === undefined) return 'none came back';
  const { mean, p99, max } = attemptsPerRecovered;
  const rounded = Number(mean.toFixed(2));
  const spread = `p99 ${decimal(p99)}, max ${formatCount(max)}`;
  return `${decimal(rounded)} ${rounded === 1 ? 'attempt' : 'attempts'} per session (${spread})`;
}

/** Counts by name, largest first: `120 refused-3, 4 tcp-reset`; `none`. */
export function countWords(counts: Readonly<Record<string, number>>): string {
  const entries = Object.entries(counts).filter(([, count]) => count > 0);
  if (entries.length === 0) return 'none';
  return entries
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${formatCount(count)} ${name}`)
    .join(', ');
}

/** Why the sessions were lost. */
export function lostWords({ lostBy }: RecoveryFigures): string {
  return countWords(lostBy);
}

/** Whether kicks die out. */
export const KICK_COURSE_WORDS: Readonly<Record<KickSummary['course'], string>> = {
  none: 'no kicks',
  damped: 'getting rarer towards the end',
  lasting: 'lasting: as frequent at the end as before',
};
