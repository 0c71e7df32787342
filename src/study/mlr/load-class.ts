/**
 * How sure a load's trials make us of it: the classification of MLRsearch (IETF draft-ietf-bmwg-mlrsearch-15), in pure arithmetic. A trial
 * is a stretch of time at one load; a goal says how many of them may go wrong.
 */

/** A stretch of time at one load, judged. */
export interface Trial {
  readonly durationSec: number;
  /** More was lost in it than the goal allows. */
  readonly isBad: boolean;
  /** Share of its load that was lost, 0 to 1. */
  readonly lossRatio: number;
}

/** What trials are held to. */
export interface MlrGoal {
  /** Trials at least this long are full-length. */
  readonly trialSec: number;
  /** Full-length trials are wanted for this long, all together. */
  readonly sumSec: number;
  /** Share of that time that may be bad, 0 to below 1. */
  readonly exceedRatio: number;
}

/** Sums of the durations of a load's trials, in seconds. */
export interface DurationSums {
  readonly fullBadSec: number;
  readonly fullGoodSec: number;
  readonly shortBadSec: number;
  readonly shortGoodSec: number;
}

/** `upper`: too much; `lower`: it holds; `undecided`: what is still to be measured could turn it either way. */
export type LoadClass = 'upper' | 'lower' | 'undecided';

/** A load's class, and the figures behind it. */
export interface Classified {
  readonly class: LoadClass;
  /** Bad time that counts. */
  readonly badSec: number;
  /** All the time that counts, at least the goal's sum. */
  readonly wholeSec: number;
  /** Share of bad time if nothing still to be measured turns out bad. */
  readonly optimistic: number;
  /** Share of bad time if all of it does. */
  readonly pessimistic: number;
}

/** Sums of decimal durations are a hair off. */
const ROUNDING = 1e-9;

/** Sums a load's trials by length and result. */
export function sumsOf(trials: readonly Trial[], { trialSec }: Pick<MlrGoal, 'trialSec'>): DurationSums {
  const sum = (isFull: boolean, isBad: boolean): number =>
    trials
      .filter((trial) => trial.isBad === isBad && trial.durationSec + ROUNDING >= trialSec === isFull)
      .reduce((total, { durationSec }) => total + durationSec, 0);
  return {
    fullBadSec: sum(true, true),
    fullGoodSec: sum(true, false),
    shortBadSec: sum(false, true),
    shortGoodSec: sum(false, false),
  };
}

/** Classifies a load. Short good trials outweigh short bad ones in the proportion that the goal allows, and nothing else. */
export function classified(sums: DurationSums, { sumSec, exceedRatio }: MlrGoal): Classified {
  const balancingSec = (sums.shortGoodSec * exceedRatio) / (1 - exceedRatio);
  const badSec = sums.fullBadSec + Math.max(0, sums.shortBadSec - balancingSec);
  const measuredSec = badSec + sums.fullGoodSec;
  const wholeSec = Math.max(measuredSec, sumSec);
  const optimistic = badSec / wholeSec;
  const pessimistic = (badSec + wholeSec - measuredSec) / wholeSec;
  return { class: classFrom(optimistic, pessimistic, exceedRatio), badSec, wholeSec, optimistic, pessimistic };
}

/** Classifies a load by its trials. */
export function classOf(trials: readonly Trial[], goal: MlrGoal): LoadClass {
  return classified(sumsOf(trials, goal), goal).class;
}

function classFrom(optimistic: number, pessimistic: number, exceedRatio: number): LoadClass {
  if (optimistic > exceedRatio + ROUNDING) return 'upper';
  return pessimistic <= exceedRatio + ROUNDING ? 'lower' : 'undecided';
}
