import type { StudySummary } from '../../results/study/study-summary.ts';

/** A study that is compared. */
export interface ComparedStudy {
  readonly letter: string;
  readonly name: string;
  readonly study: StudySummary;
}

/** What the bounds of two studies say of each other. */
export type StudyJudgement = 'better' | 'worse' | 'same' | 'unknown';

/** A study beside the first one. */
export interface StudyDifference {
  readonly letter: string;
  readonly judgement: StudyJudgement;
  /** Lower bound over that of the first, less 1; undefined if one is missing. */
  readonly change: number | undefined;
}

/** Settings without which two searches do not answer the same question. */
const SETTINGS = ['goals', 'exceed', 'stayMs', 'loginPerSec'] as const;

/**
 * Compares a study with the first: it is better or worse only if the bounds of the two do not overlap, so that the difference is more than
 * the searches' precision.
 */
export function studyDifference(first: ComparedStudy, { letter, study }: ComparedStudy): StudyDifference {
  const [before, after] = [first.study.answer, study.answer];
  const change =
    before.lower === undefined || after.lower === undefined ? undefined : after.lower.load / before.lower.load - 1;
  return { letter, judgement: judgementOf(before, after), change };
}

function judgementOf(before: StudySummary['answer'], after: StudySummary['answer']): StudyJudgement {
  const limit = ({ upper }: StudySummary['answer']): number | undefined =>
    upper === undefined || upper.isGenerator ? undefined : upper.load;
  const [upperBefore, upperAfter] = [limit(before), limit(after)];
  if (after.lower !== undefined && upperBefore !== undefined && after.lower.load >= upperBefore) return 'better';
  if (before.lower !== undefined && upperAfter !== undefined && before.lower.load >= upperAfter) return 'worse';
  const isKnown = before.lower !== undefined && after.lower !== undefined;
  return isKnown && upperBefore !== undefined && upperAfter !== undefined ? 'same' : 'unknown';
}

/** Why two studies do not answer the same question, in words. */
export function studyCaveats(first: ComparedStudy, other: ComparedStudy): string[] {
  const [before, after] = [first.study, other.study];
  const differ = SETTINGS.filter((key) => JSON.stringify(before.settings[key]) !== JSON.stringify(after.settings[key]));
  const names = `${first.letter} and ${other.letter}`;
  return [
    ...(before.search === after.search
      ? []
      : [`${names} searched for different things: ${before.search} and ${after.search}`]),
    ...(differ.length === 0 ? [] : [`${names} differ in ${differ.join(', ')}`]),
    ...(before.scenario.target === after.scenario.target ? [] : [`${names} had different targets`]),
    ...(before.machine.cpu === after.machine.cpu && before.machine.cores === after.machine.cores
      ? []
      : [`${names} ran on different machines`]),
  ];
}
