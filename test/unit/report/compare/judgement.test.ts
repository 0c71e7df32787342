import { describe, expect, it } from 'vitest';
import { type ComparedRun, compareRuns } from '../../../../src/report/compare/comparison.ts';
import { judged } from '../../../../src/report/compare/judgement.ts';
import type { Disturbance, RecoveryFigures } from '../../../../src/results/summary/disturbance.ts';
import type { Percentiles } from '../../../../src/results/summary/percentiles.ts';
import type { Summary } from '../../../../src/results/summary/summary.ts';
import { stormSummary } from '../../../fixtures/reports/storm-run.ts';
import { quickstart } from '../fixtures.ts';

const BASE = quickstart.total.latency['response']?.['accepted'];
if (BASE === undefined) throw new Error('the fixture has response times');

function withResponse(figures: Partial<Percentiles>, eventLoopDelayP99Us = 0): Summary {
  const { total, workers } = quickstart;
  const response = { accepted: { ...(BASE as Percentiles), count: 100_000, ...figures } };
  return {
    ...quickstart,
    total: { ...total, latency: { ...total.latency, response } },
    workers: workers.map((worker) => ({ ...worker, eventLoopDelayP99Us })),
  };
}

const [, STORM] = stormSummary().disturbances ?? [];
if (STORM === undefined) throw new Error('the fixture has a storm');

function withRecovery(figures: Partial<RecoveryFigures>): Summary {
  const storm = STORM as Disturbance;
  const total = { ...storm.total, lost: 5_000, neverRecovered: 0, t99Sec: 10, ...figures };
  return { ...quickstart, disturbances: [{ ...storm, total, fleets: [] }] };
}

function withAccepted(share: number): Summary {
  const { total } = quickstart;
  const outcomes = [
    { outcome: 'accepted', count: share * 10_000, share, details: [] },
    { outcome: 'refused-3', count: (1 - share) * 10_000, share: 1 - share, details: [] },
  ];
  return { ...quickstart, total: { ...total, outcomes } };
}

/** What is said of the second run: metrics by finding. */
function judge(a: Summary, b: Summary, tolerance = 0.25) {
  const runs = [a, b].map((summary, index): ComparedRun => ({ letter: 'AB'[index] ?? '', name: 'x', summary }));
  const [judgement] = judged(compareRuns(runs), tolerance).judgements;
  if (judgement === undefined) throw new Error('there are two runs');
  const names = (rows: readonly { name: string }[]) => rows.map(({ name }) => name);
  return { worse: names(judgement.worse), better: names(judgement.better), tooFew: judgement.tooFew };
}

describe('the judgement of a latency', () => {
  it.each([
    ['beyond the tolerance and the floor', 40_000, 60_000, 'worse'],
    ['beyond both, the other way', 60_000, 40_000, 'better'],
    ['within the tolerance', 40_000, 49_000, undefined],
    ['below the floor', 2_000, 6_900, undefined],
  ])('%s', (_what, from, to, finding) => {
    const { worse, better } = judge(withResponse({ p99Us: from }), withResponse({ p99Us: to }));
    expect([worse, better]).toEqual([
      finding === 'worse' ? ['response.p99'] : [],
      finding === 'better' ? ['response.p99'] : [],
    ]);
  });

  it('takes nothing for a change that the event loop of one of the generators was late by', () => {
    expect(judge(withResponse({ p99Us: 40_000 }), withResponse({ p99Us: 60_000 }, 25_000)).worse).toEqual([]);
    expect(judge(withResponse({ p99Us: 40_000 }), withResponse({ p99Us: 66_000 }, 25_000)).worse).toEqual([
      'response.p99',
    ]);
  });

  it('wants a hundred attempts above a percentile, in both runs', () => {
    const few = judge(withResponse({ p99Us: 40_000 }), withResponse({ p99Us: 90_000, count: 9_999 }));
    expect(few.worse).toEqual([]);
    expect(few.tooFew).toEqual(expect.arrayContaining(['response.p99', 'response.p999']));
    expect(few.tooFew).not.toContain('response.p90');
    expect(judge(withResponse({ p99Us: 40_000 }), withResponse({ p99Us: 90_000, count: 10_000 })).worse).toEqual([
      'response.p99',
    ]);
  });

  it('never judges the largest value', () => {
    const { worse, tooFew } = judge(withResponse({ maxUs: 1_000_000 }), withResponse({ maxUs: 9_000_000 }));
    expect([worse, tooFew.includes('response.max')]).toEqual([[], false]);
  });

  it('goes by the tolerance that is given', () => {
    expect(judge(withResponse({ p99Us: 40_000 }), withResponse({ p99Us: 60_000 }), 0.6).worse).toEqual([]);
  });
});

describe('the judgement of refusals', () => {
  it('goes by the share that failed, not by the one that was accepted', () => {
    expect(judge(withAccepted(1), withAccepted(0.9)).worse).toEqual(['accepted.ratio', 'failed.count']);
    expect(judge(withAccepted(0.9), withAccepted(0.89)).worse).toEqual([]);
  });
});

describe('the judgement of a recovery', () => {
  it('takes less than a second for no change', () => {
    expect(judge(withRecovery({ t99Sec: 2 }), withRecovery({ t99Sec: 2.9 })).worse).toEqual([]);
    expect(judge(withRecovery({ t99Sec: 2 }), withRecovery({ t99Sec: 3.1 })).worse).toEqual(['recovery.t99']);
  });

  it('leaves out a time that a few sessions decide', () => {
    const { worse, tooFew } = judge(withRecovery({ lost: 900 }), withRecovery({ lost: 900, t99Sec: 30 }));
    expect(worse).toEqual([]);
    expect(tooFew).toEqual(expect.arrayContaining(['recovery.t99', 'recovery.longest-offline']));
  });

  it('finds that sessions never came back, and says nothing of the attempts of the others', () => {
    const gone = { t95Sec: undefined, t99Sec: undefined, t100Sec: undefined, neverRecovered: 400 };
    const few = { attemptsPerRecovered: { mean: 1, p99: 1, max: 1 } };
    const { worse, better } = judge(withRecovery({}), withRecovery({ ...gone, ...few } as Partial<RecoveryFigures>));
    expect(worse).toEqual(expect.arrayContaining(['recovery.t95', 'recovery.t99', 'recovery.never-recovered']));
    expect(better).toEqual([]);
  });

  it('takes a straggler for no change', () => {
    const late = { t100Sec: undefined, neverRecovered: 5 } as Partial<RecoveryFigures>;
    expect(judge(withRecovery({ t100Sec: 12 }), withRecovery(late)).worse).toEqual([]);
  });
});
