import { type MlrGoal, sumsOf, type Trial } from './load-class.ts';

const ROUNDING = 1e-9;

/**
 * What got through at a load, in its own unit: the load less the loss of the worst trial that still belongs to the good part of the time,
 * as MLRsearch defines it. 0 if there are too few full-length trials.
 */
export function conditionalThroughput(load: number, trials: readonly Trial[], goal: MlrGoal): number {
  const { fullBadSec, fullGoodSec } = sumsOf(trials, goal);
  let remainingSec = Math.max(goal.sumSec, fullBadSec + fullGoodSec) * (1 - goal.exceedRatio);
  const full = trials.filter(({ durationSec }) => durationSec + ROUNDING >= goal.trialSec);
  let lossRatio = 0;
  for (const trial of full.sort((a, b) => a.lossRatio - b.lossRatio)) {
    if (remainingSec <= ROUNDING) break;
    lossRatio = trial.lossRatio;
    remainingSec -= trial.durationSec;
  }
  return remainingSec > ROUNDING ? 0 : load * (1 - lossRatio);
}
