import type { StudyAnswer } from '../../results/study/study-answer.ts';
import type { StudyHold } from '../../results/study/study-hold.ts';
import { conditionalThroughput } from '../mlr/conditional-throughput.ts';
import type { Trial } from '../mlr/load-class.ts';
import { independentWindows, lagOneCorrelation, mostBadShare } from '../mlr/statistics.ts';
import { areWithin } from '../search/bounds.ts';
import type { CapacitySearch } from '../search/capacity-search.ts';
import type { LoadRecord } from '../search/load-record.ts';
import { answerSentence } from './sentence.ts';

/** How a study ended: its search came to its end, or did not. */
export type StudyEnding = StudyAnswer['ending'];

/** What an answer is made from. */
export interface AnswerInput {
  readonly search: CapacitySearch;
  readonly kind: 'rate' | 'sessions';
  readonly ending: StudyEnding;
  readonly holds: readonly StudyHold[];
  readonly windowSec: (load: number) => number;
  /** The service did not come back to rest after the last hold. */
  readonly unrested?: { readonly restedSec: number; readonly probeLoad: number } | undefined;
  /** How long a service rests before a load is held again that failed after an overload. */
  readonly recheckRestSec: number;
}

/** The answer of a study, from what it has measured so far. */
export function answerOf(input: AnswerInput): StudyAnswer {
  const { search, ending, holds } = input;
  const { lower, upper } = search.bounds();
  const shownLower = lower === undefined ? undefined : lowerOf(lower, input);
  const shownUpper = upper === undefined ? undefined : upperOf(upper);
  const isNear =
    lower !== undefined && upper !== undefined && areWithin(lower.load, upper.load, search.settings.precision);
  const found: Omit<StudyAnswer, 'sentence'> = {
    ending,
    isRegular: ending === 'found' && isNear && shownLower?.isConfirmed === true,
    ...(shownLower === undefined ? {} : { lower: shownLower }),
    ...(shownUpper === undefined ? {} : { upper: shownUpper }),
    // What failed while this tool was late says nothing of the service.
    ...(shownUpper?.isGenerator === true ? {} : firstFailure(holds, upper)),
    ...fallOf(input),
    ...noiseOf(search),
    inversions: search.inversions().map(({ held, failed }) => ({ held, failed })),
  };
  return { ...found, sentence: answerSentence(found, input.kind, holds) };
}

function lowerOf(record: LoadRecord, { search, windowSec }: AnswerInput): StudyAnswer['lower'] {
  const { load } = record;
  const trials = record.trials;
  const good = trials.filter(({ isBad }) => !isBad).length;
  const correlation = lagOneCorrelation(trials.map(({ lossRatio }) => lossRatio));
  const counted = independentWindows(trials.length, correlation);
  const { exceedRatio } = search;
  const sureSec = search.surenessSec(record) ?? 0;
  const goal = { trialSec: 0, sumSec: sureSec, exceedRatio };
  return {
    load,
    isConfirmed: record.isConfirmed,
    sureSec,
    windowSec: windowSec(load),
    goodWindows: good,
    windows: trials.length,
    mostBadShare: mostBadShare((trials.length - good) * (counted / Math.max(1, trials.length)), counted),
    correlation: Math.max(-1, Math.min(1, correlation)),
    goodPerSec: conditionalThroughput(load, trials, goal),
  };
}

function upperOf(record: LoadRecord): StudyAnswer['upper'] {
  const { load, trials, holds, isLimited } = record;
  const badWindows = trials.filter(({ isBad }: Trial) => isBad).length;
  const isGrowing = holds.some((hold) => hold.isGrowing);
  return {
    load,
    badWindows,
    windows: trials.length,
    isGrowing,
    isGenerator: isLimited && badWindows === 0 && !isGrowing,
  };
}

/** What most attempts suffered that were lost at the upper bound. */
function firstFailure(holds: readonly StudyHold[], upper: LoadRecord | undefined): Pick<StudyAnswer, 'firstFailure'> {
  const hold = holds.find(({ load, failures }) => load === upper?.load && failures.length > 0);
  const [most] = hold?.failures ?? [];
  if (hold === undefined || most === undefined) return {};
  return { firstFailure: { load: hold.load, outcome: most.outcome, phase: most.phase, count: most.count } };
}

function noiseOf({ noise, exceedRatio }: CapacitySearch): Pick<StudyAnswer, 'noise'> {
  return noise === undefined ? {} : { noise: { ...noise, exceed: exceedRatio } };
}

function fallOf({ search, unrested, recheckRestSec }: AnswerInput): Pick<StudyAnswer, 'fall'> {
  const { fall } = search;
  if (fall !== undefined) {
    const { load, overload, badShare } = fall;
    return { fall: { load, overload, badShare, restedSec: recheckRestSec } };
  }
  const overload = search.history.at(-1)?.load;
  if (unrested === undefined || overload === undefined) return {};
  return { fall: { load: unrested.probeLoad, overload, badShare: 1, restedSec: unrested.restedSec } };
}
