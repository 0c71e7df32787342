import type { Summary } from '../../results/summary/summary.ts';
import { counted } from '../../text/counts.ts';
import { formatSeconds } from '../../time/units.ts';

/** How a run went, in one line. */
export interface Headline {
  readonly isGood: boolean;
  readonly words: string;
}

type HeadlineParts = Pick<
  Summary,
  'exitCode' | 'verdict' | 'thresholds' | 'interrupted' | 'elapsedSec' | 'plannedDurationSec'
>;

/**
 * How a run went, in the words of its reader: failed thresholds first, because they are what was asked; then whether the measurements can be
 * believed; then whether the run was whole. The exit code names only one of them.
 */
export function headline(summary: HeadlineParts): Headline {
  const { exitCode, thresholds } = summary;
  const flaws = [...failedThresholds(summary), ...verdictFlaws(summary), ...interruption(summary)];
  if (exitCode === 0) return { isGood: true, words: passedWords(thresholds.length, flaws) };
  const words = flaws.length === 0 ? `ended with exit code ${exitCode}` : joinedWords(flaws);
  return { isGood: false, words: capitalized(words) };
}

function passedWords(thresholds: number, flaws: readonly string[]): string {
  const held = thresholds === 0 ? 'Passed' : `Passed: ${allWords(thresholds)} held`;
  return flaws.length === 0 ? held : `${held}, but ${joinedWords(flaws)}`;
}

function allWords(count: number): string {
  if (count === 1) return 'the threshold';
  return count === 2 ? 'both thresholds' : `all ${counted(count, 'threshold')}`;
}

function failedThresholds({ thresholds }: HeadlineParts): string[] {
  const failed = thresholds.filter(({ passed }) => !passed).length;
  if (failed === 0) return [];
  if (thresholds.length === 1) return ['the threshold failed'];
  return [
    failed === thresholds.length ? `${allWords(failed)} failed` : `${failed} of ${thresholds.length} thresholds failed`,
  ];
}

const FLAWS = {
  'none-accepted': 'no login was accepted',
  'generator-limited': 'the load generator was the limit',
  degraded: 'a part of the run was lost',
} as const;

/** What each verdict says about the measurements. */
export const VERDICT_MEANINGS: Readonly<Record<Summary['verdict']['verdict'], string>> = {
  valid: 'the measurements are reliable.',
  'none-accepted': 'not one login was accepted, so there is nothing to measure the service by.',
  'generator-limited':
    'this machine could not keep to the plan: what was measured may be its limit, not that of the service.',
  degraded: 'something went missing, so the figures are not those of the whole run.',
};

function verdictFlaws({ verdict }: HeadlineParts): string[] {
  if (verdict.verdict === 'valid') return [];
  const kinds = new Set(verdict.findings?.map((finding) => finding.verdict) ?? [verdict.verdict]);
  return [...kinds].map((kind) => FLAWS[kind]);
}

function interruption({ interrupted, elapsedSec, plannedDurationSec }: HeadlineParts): string[] {
  if (!interrupted) return [];
  return [`interrupted after ${formatSeconds(elapsedSec)} of ${formatSeconds(plannedDurationSec)}`];
}

function joinedWords(parts: readonly string[]): string {
  const [last = '', ...others] = parts.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(', ')}, and ${last}`;
}

function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
