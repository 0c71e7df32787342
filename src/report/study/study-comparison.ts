import type { StudyAnswer } from '../../results/study/study-answer.ts';
import type { StudySummary } from '../../results/study/study-summary.ts';
import { scenarioDifferences } from '../compare/comparison.ts';
import { percent } from '../compare/judgement.ts';
import { shortLoad } from './study-words.ts';

/** A study that is compared. */
export interface ComparedStudy {
  readonly letter: string;
  /** Name of its folder. */
  readonly name: string;
  readonly study: StudySummary;
  /** What was held, as in its file; undefined if there is no such file. */
  readonly scenario?: unknown;
}

/** What the bounds of two studies say of each other. */
export type StudyJudgement = 'better' | 'worse' | 'same' | 'unknown';

/** A study beside the first one. */
export interface StudyDifference {
  readonly letter: string;
  readonly judgement: StudyJudgement;
  /** Lower bound over that of the first, less 1; undefined if one is missing. */
  readonly change: number | undefined;
  /** What the judgement goes by, in words. */
  readonly why: string;
  /** Whether nothing shows that it takes less than the first. */
  readonly mayBeWorse: boolean;
}

/** Studies beside the first of them, and what is to be said of that. */
export interface JudgedStudies {
  readonly studies: readonly ComparedStudy[];
  /** How much the lower bound may differ besides, as a share of the first one's. */
  readonly tolerance: number;
  /** Of every study but the first. */
  readonly differences: readonly StudyDifference[];
  /** What makes them hard to compare, in words. */
  readonly cautions: readonly string[];
}

/** Compares studies with the first of them. `tolerance`: a share; by default, what both precisions allow is all that is allowed. */
export function judgedStudies(studies: readonly ComparedStudy[], tolerance = 0): JudgedStudies {
  const [first, ...others] = studies;
  if (first === undefined) return { studies, tolerance, differences: [], cautions: [] };
  return {
    studies,
    tolerance,
    differences: others.map((other) => studyDifference(first, other, tolerance)),
    cautions: [...others.flatMap((other) => studyCautions(first, other)), ...studies.flatMap(doubts)],
  };
}

/** Describes the rule, with its figures. */
export function studyRuleWords(tolerance: number): string {
  const more = tolerance === 0 ? '' : `, and if it is more than ${percent(tolerance)}`;
  return `worse or better only if the bounds of the two do not overlap, so that the difference is more than both precisions allow${more}`;
}

/**
 * Compares a study with the first: it is better or worse only if the bounds of the two do not overlap, so that the difference is more than
 * the searches' precision, and if it is more than the tolerance.
 */
export function studyDifference(first: ComparedStudy, other: ComparedStudy, tolerance = 0): StudyDifference {
  const [before, after] = [first.study.answer, other.study.answer];
  const change =
    before.lower === undefined || after.lower === undefined ? undefined : after.lower.load / before.lower.load - 1;
  const { judgement, why } = judged(first, other, tolerance);
  const isShown = judgement === 'better' || judgement === 'same' || (change !== undefined && change >= 0);
  return { letter: other.letter, judgement, change, why, mayBeWorse: judgement === 'worse' || !isShown };
}

type Judged = Pick<StudyDifference, 'judgement' | 'why'>;

function judged(first: ComparedStudy, other: ComparedStudy, tolerance: number): Judged {
  const [before, after] = [first.study.answer, other.study.answer];
  const { search } = first.study;
  if (search !== other.study.search) return { judgement: 'unknown', why: 'they searched for different things' };
  const recovered = recoveryJudgement(first, other);
  if (recovered !== undefined) return recovered;
  const load = (value: number): string => shortLoad(value, search);
  const [upperBefore, upperAfter] = [limitOf(before), limitOf(after)];
  if (after.lower !== undefined && upperBefore !== undefined && after.lower.load >= upperBefore) {
    const why = `${load(after.lower.load)} hold, and ${load(upperBefore)} did not in ${first.letter}`;
    return within(after.lower.load / upperBefore - 1, before, after, tolerance) ?? { judgement: 'better', why };
  }
  if (before.lower !== undefined && upperAfter !== undefined && before.lower.load >= upperAfter) {
    const why = `${load(upperAfter)} did not hold, and ${load(before.lower.load)} did in ${first.letter}`;
    return within(upperAfter / before.lower.load - 1, before, after, tolerance) ?? { judgement: 'worse', why };
  }
  const isKnown = before.lower !== undefined && after.lower !== undefined;
  return isKnown && upperBefore !== undefined && upperAfter !== undefined
    ? { judgement: 'same', why: 'their bounds overlap' }
    : { judgement: 'unknown', why: 'a bound is missing that would tell' };
}

/** Whether both came to rest after an overload counts for more than their bounds. */
function recoveryJudgement(first: ComparedStudy, other: ComparedStudy): Judged | undefined {
  const [before, after] = [first, other].map(({ study }) => study.answer.ending === 'metastable');
  if (before === after) return undefined;
  const [bad, good] = after === true ? [other, first] : [first, other];
  return {
    judgement: after === true ? 'worse' : 'better',
    why: `${bad.letter} did not recover from an overload, and ${good.letter} did`,
  };
}

/** Where a difference is too small to count. `least`: the difference at least, where a lower bound is missing. */
function within(least: number, before: StudyAnswer, after: StudyAnswer, tolerance: number): Judged | undefined {
  const change =
    before.lower === undefined || after.lower === undefined ? least : after.lower.load / before.lower.load - 1;
  if (Math.abs(change) > tolerance) return undefined;
  return { judgement: 'same', why: `the difference is at most ${percent(tolerance)}` };
}

/** The load that the service does not take; undefined if it is not known. */
function limitOf({ upper }: StudyAnswer): number | undefined {
  return upper === undefined || upper.isGenerator ? undefined : upper.load;
}

/** Settings without which two searches do not answer the same question. */
const SETTINGS = [
  ['goals', 'other goals'],
  ['exceed', 'another share of the time that may miss a goal'],
  ['stayMs', 'another stay of sessions, in ms'],
  ['loginPerSec', 'another rate of logins per second'],
] as const;

/** Why two studies do not answer the same question, in words. */
function studyCautions(first: ComparedStudy, other: ComparedStudy): string[] {
  const [before, after] = [first.study, other.study];
  const written = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value ?? 'none'));
  return [
    ...(before.search === after.search
      ? []
      : [`${other.letter} searched for ${after.search}, ${first.letter} for ${before.search}`]),
    ...SETTINGS.flatMap(([key, name]) => {
      const [from, to] = [written(before.settings[key]), written(after.settings[key])];
      return from === to ? [] : [`${other.letter} has ${name} than ${first.letter}: ${from} to ${to}`];
    }),
    ...(before.scenario.target === after.scenario.target
      ? []
      : [`${other.letter} had the target ${after.scenario.target}, ${first.letter} had ${before.scenario.target}`]),
    ...scenarioDifferences(played(first), played(other)),
  ];
}

function played({ letter, study, scenario }: ComparedStudy) {
  return { letter, summary: study, scenario };
}

/** What is to be doubted of a study by itself. */
function doubts({ letter, study: { answer, interrupted } }: ComparedStudy): string[] {
  return [
    ...(interrupted ? [`${letter} was interrupted`] : []),
    ...(answer.ending === 'generator-limited' ? [`${letter} was limited by this tool, not by the service`] : []),
    ...(answer.ending === 'budget' ? [`${letter} ran out of time before its bounds were as near as asked`] : []),
    ...(answer.lower !== undefined && !answer.lower.isConfirmed && !interrupted
      ? [`${letter} did not confirm its lower bound in an unbroken hold`]
      : []),
  ];
}
