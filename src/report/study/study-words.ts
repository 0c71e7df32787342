import type { HoldFailure, StudyHold } from '../../results/study/study-hold.ts';
import type { StudySummary } from '../../results/study/study-summary.ts';
import { formatUs } from '../../time/units.ts';

/** What people read of a study, wherever it is shown. */

/** `1,180/s`, or `5,000` sessions. */
export function shortLoad(load: number, search: StudySummary['search']): string {
  const number = load.toLocaleString('en-US', { maximumFractionDigits: 3 });
  return search === 'rate' ? `${number}/s` : number;
}

/** `673/s holds, 703/s does not`, as far as the bounds are known. */
export function boundWords(
  { lower, upper }: Pick<StudySummary['answer'], 'lower' | 'upper'>,
  search: StudySummary['search'],
): string {
  const holds = lower === undefined ? [] : [`${shortLoad(lower.load, search)} holds`];
  if (upper === undefined) return holds.join('');
  const why = upper.isGenerator ? 'is more than the generator can' : lower === undefined ? 'does not hold' : 'does not';
  return [...holds, `${shortLoad(upper.load, search)} ${why}`].join(', ');
}

/** What a hold found of its load. */
export const RESULT_WORDS: Readonly<Record<StudyHold['result'], string>> = {
  lower: 'holds',
  upper: 'too much',
  undecided: 'undecided',
  limited: 'generator late',
};

/** Why a load was held. */
export const PURPOSE_WORDS: Readonly<Record<StudyHold['purpose'], string>> = {
  bracket: 'find',
  bisect: 'narrow',
  ensure: 'ensure',
  confirm: 'confirm',
  compare: 'compare',
  recheck: 're-check',
};

/** What a study found, beside another one. */
export const JUDGEMENT_WORDS = {
  better: 'better',
  worse: 'worse',
  same: 'no regression',
  unknown: 'not known',
} as const;

/** What became of lost attempts: `412 refused-3 in mqtt`. */
export function failureWords({ outcome, phase, count }: HoldFailure): string {
  return `${count.toLocaleString('en-US')} ${outcome} in ${phase}`;
}

/** What is remarkable about a hold, in words; empty if nothing is. */
export function holdRemark({ failures, isGrowing, windows }: StudyHold): string {
  const [most] = failures;
  const parts = [
    isGrowing ? 'a queue grows' : '',
    most === undefined ? '' : failureWords(most),
    windows.invalid === 0 ? '' : `${windows.invalid} invalid`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** A time of a hold, or a dash where nothing was accepted. */
export function heldTime({ response }: StudyHold, figure: 'p50Us' | 'p99Us' | 'maxUs'): string {
  return response.count === 0 ? '-' : formatUs(response[figure]);
}

/** The question that a study answers. */
export function questionOf({ search }: Pick<StudySummary, 'search'>): string {
  return search === 'rate' ? 'How many logins per second?' : 'How many sessions stay online?';
}
