import { describe, expect, it } from 'vitest';
import { KickRecorder, KickTotals } from '../../../../src/metrics/measure/kick-recorder.ts';
import type { KickSummary } from '../../../../src/results/summary/kick-summary.ts';

const SEC = 1_000_000;

/** Adds up so many kicks an interval, of one device in a loop with that period. */
function totals(perInterval: readonly number[], lastInterval = perInterval.length - 1): KickSummary | undefined {
  const kickTotals = new KickTotals();
  const recorder = new KickRecorder();
  let nth = 0;
  for (const [interval, kicks] of perInterval.entries()) {
    for (let kick = 0; kick < kicks; kick++) {
      nth++;
      recorder.kicked(nth, 3 * SEC, nth === 1 ? undefined : 2 * SEC);
      recorder.loopLogin();
    }
    const news = recorder.take();
    kickTotals.add(interval, news === undefined ? [] : [news]);
  }
  return kickTotals.summary(100, lastInterval, 1);
}

describe('KickTotals', () => {
  it('adds up', () => {
    expect(totals([0, 5, 2, 3])).toMatchObject({
      ...{ kicks: 10, peakPerSec: 5, devicesInLoop: 1, loopConnectShare: 0.1 },
      period: { count: 9, minUs: expect.closeTo(2 * SEC, -4), maxUs: expect.closeTo(2 * SEC, -4) },
      lifetime: { count: 10 },
    });
  });

  it('says nothing when nobody was kicked', () => {
    expect(totals([0, 0])).toBeUndefined();
  });

  it.each<[string, number[], KickSummary['course']]>([
    ['as many at the end', [4, 4, 4, 4, 4, 4], 'lasting'],
    ['half as many', [4, 4, 3, 3, 2, 2], 'lasting'],
    ['fewer than half', [4, 4, 3, 3, 2, 1], 'damped'],
    ['none at the end', [9, 3, 1, 0, 0, 0], 'damped'],
    ['late, but then no rarer', [0, 0, 0, 0, 2, 2, 2], 'lasting'],
    ['one kick is no loop', [1, 0, 0, 0], 'none'],
  ])('%s', (_name, perInterval, course) => {
    expect(totals(perInterval)?.course).toBe(course);
  });

  it('sums workers', () => {
    const kickTotals = new KickTotals();
    const workers = [new KickRecorder(), new KickRecorder()];
    for (const worker of workers) {
      worker.kicked(1, SEC, undefined);
      worker.kicked(2, SEC, SEC);
    }
    kickTotals.add(
      0,
      workers.flatMap((worker) => worker.take() ?? []),
    );
    expect(kickTotals.summary(4, 0, 1)).toMatchObject({
      kicks: 4,
      peakPerSec: 4,
      devicesInLoop: 2,
      period: { count: 2 },
    });
  });
});

describe('KickRecorder', () => {
  it('has no news of an interval without any', () => {
    const recorder = new KickRecorder();
    recorder.kicked(1, SEC, undefined);
    expect(recorder.take()).toMatchObject({ kicks: 1, newLoops: 0, loopLogins: 0 });
    expect(recorder.take()).toBeUndefined();
  });
});
