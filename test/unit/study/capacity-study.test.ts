import { describe, expect, it } from 'vitest';
import { RunStop } from '../../../src/run/run-stop.ts';
import { CapacityStudy, type StudyListener, type StudySoFar } from '../../../src/study/capacity-study.ts';
import type { HoldFigures, HoldOrder, HoldOutcome, HoldParts, Holds } from '../../../src/study/hold/holds.ts';
import type { Resting, RestResult } from '../../../src/study/hold/rest.ts';
import type { Trial } from '../../../src/study/mlr/load-class.ts';
import { searchSettings } from '../../../src/study/search/search-settings.ts';
import { foundStudy } from '../../fixtures/study/study-summary.ts';

const CAPACITY = 300;

/** A study of a service in no time at all. */
async function studied(rests: readonly Partial<RestResult>[], to = 400): Promise<StudySoFar> {
  let rested = 0;
  const rest: Resting = {
    begin: () => Promise.resolve(),
    back: () => Promise.resolve({ isBack: true, wasLate: false, restSec: 60, ...rests[rested++] }),
  };
  const parts: Partial<HoldParts> = { stop: new RunStop(), target: { died: undefined } as HoldParts['target'] };
  const settings = {
    kind: 'rate' as const,
    search: searchSettings({ from: 200, to, precision: 0.05, exceedRatio: 0.1 }, 1),
    budgetSec: 600,
    mostRestSec: 60,
  };
  const study = new CapacityStudy(parts as HoldParts, settings, new ThoughtHolds(), QUIET, rest);
  return await study.play();
}

const QUIET: StudyListener = {
  resting: () => undefined,
  holding: () => undefined,
  progress: () => undefined,
  held: () => Promise.resolve(),
};

/** Each window is good as long as the load is not above the capacity. */
class ThoughtHolds implements Holds {
  windowSec(): number {
    return 1;
  }

  leastSec(): number {
    return 1;
  }

  hold({ step, question }: HoldOrder): Promise<HoldOutcome> {
    const trials: Trial[] = [];
    const isBad = step.load > CAPACITY;
    while (!question.hasEnough(trials)) trials.push({ durationSec: 1, isBad, lossRatio: isBad ? 1 : 0 });
    const [one] = foundStudy().holds;
    const figures = { ...(one as HoldFigures), load: step.load, lastedSec: trials.length };
    const result = { trials, isLimited: false, isGrowing: false };
    return Promise.resolve({ result, state: 'decided', windows: [], figures, warnings: [] });
  }
}

describe('a service that does not come to rest', () => {
  it('after an overload is metastable', async () => {
    // Held: 200, then 400, which is too much.
    const { answer } = await studied([{}, { isBack: false }]);
    expect(answer.ending).toBe('metastable');
    expect(answer.fall).toEqual({ load: 20, overload: 400, badShare: 1, restedSec: 60 });
    expect(answer).toMatchObject({ lower: { load: 200 }, upper: { load: 400 } });
  });

  it('without an overload only has something else to do, which is told', async () => {
    const { answer, warnings } = await studied([{ isBack: false }]);
    expect(answer.ending).toBe('found');
    expect(answer.fall).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining('without having been overloaded')]);
  });

  it('before the time is up is not known to stay so', async () => {
    const { answer } = await studied([{}, { isBack: false, restSec: 12 }]);
    expect(answer.ending).toBe('budget');
    expect(answer.fall).toBeUndefined();
  });

  it('as far as a late generator can tell is not called metastable', async () => {
    const { answer, warnings } = await studied([{}, { isBack: false, wasLate: true }]);
    expect(answer.ending).toBe('found');
    expect(warnings).toEqual([expect.stringContaining('this machine was too busy to tell')]);
  });
});
