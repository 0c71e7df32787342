import { describe, expect, it } from 'vitest';
import { FleetRecorder } from '../../../../src/metrics/measure/recorder.ts';
import { KickTotals } from '../../../../src/metrics/merge/kick-totals.ts';
import type { KickSummary } from '../../../../src/results/summary/kick-summary.ts';
import { addTallies, emptyTallies } from '../../../../src/results/tallies.ts';
import { NO_SESSIONS } from '../../../fixtures/online.ts';

const SEC = 1_000_000;

/** Adds up so many kicks an interval, of one device in a loop with that period. */
function totals(perInterval: readonly number[], lastInterval = perInterval.length - 1): KickSummary | undefined {
  const kickTotals = new KickTotals();
  const recorder = new FleetRecorder('meters');
  const counted = emptyTallies();
  let nth = 0;
  for (const [interval, kicks] of perInterval.entries()) {
    for (let kick = 0; kick < kicks; kick++) {
      nth++;
      recorder.kicked(nth, 3 * SEC, nth === 1 ? undefined : 2 * SEC);
      recorder.loopLogin();
    }
    const taken = recorder.take(NO_SESSIONS);
    addTallies(counted, taken);
    kickTotals.add(interval, kicks, taken.kickTimes === undefined ? [] : [taken.kickTimes]);
  }
  return kickTotals.summary(counted.kicks, 100, lastInterval);
}

describe('KickTotals', () => {
  it('adds up', () => {
    expect(totals([0, 5, 2, 3])).toMatchObject({
      kicks: 10,
      peakPerSec: 5,
      devicesInLoop: 1,
      loopConnectShare: 0.1,
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
    const workers = [new FleetRecorder('meters'), new FleetRecorder('meters')];
    const counted = emptyTallies();
    const times = workers.flatMap((worker) => {
      worker.kicked(1, SEC, undefined);
      worker.kicked(2, SEC, SEC);
      const taken = worker.take(NO_SESSIONS);
      addTallies(counted, taken);
      return taken.kickTimes ?? [];
    });
    kickTotals.add(0, 4, times);
    expect(kickTotals.summary(counted.kicks, 4, 0)).toMatchObject({
      kicks: 4,
      peakPerSec: 4,
      devicesInLoop: 2,
      period: { count: 2 },
    });
  });
});
