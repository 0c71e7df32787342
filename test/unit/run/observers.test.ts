import { describe, expect, it } from 'vitest';
import type { MergedInterval } from '../../../src/metrics/merge/merge.ts';
import type { Summary } from '../../../src/results/summary/summary.ts';
import type { TimelineLine } from '../../../src/results/timeline-line.ts';
import type { RunObserver, StartedRun } from '../../../src/run/observer.ts';
import { Observers } from '../../../src/run/observers.ts';
import type { ThresholdAbort } from '../../../src/run/threshold-watch.ts';

const RUN = {} as StartedRun;
const LINE = {} as TimelineLine;
const MERGED = {} as MergedInterval;
const SUMMARY = {} as Summary;

function noting(name: string, told: string[]): RunObserver {
  const note = (what: string) => () => void told.push(`${name} ${what}`);
  return {
    started: note('started'),
    interval: note('interval'),
    aborted: note('aborted'),
    ended: note('ended'),
    finished: note('finished'),
    close: note('closed'),
  };
}

async function tellAll(observers: Observers): Promise<void> {
  observers.started(RUN);
  observers.interval(LINE, MERGED);
  observers.aborted({} as ThresholdAbort);
  await observers.ended();
  await observers.finished(SUMMARY);
  await observers.close();
}

describe('Observers', () => {
  it('are told one after the other, in their order', async () => {
    const told: string[] = [];
    await tellAll(new Observers([noting('a', told), {}, noting('b', told)]));
    const news = ['started', 'interval', 'aborted', 'ended', 'finished', 'closed'];
    expect(told).toEqual(news.flatMap((what) => [`a ${what}`, `b ${what}`]));
  });

  it('that fail are told nothing more but the end, and end nothing', async () => {
    const told: string[] = [];
    const broken: RunObserver = {
      ...noting('broken', told),
      title: 'the broken one',
      interval: () => {
        throw new Error('no ink');
      },
    };
    const observers = new Observers([broken, noting('b', told)]);
    await tellAll(observers);
    expect(told.filter((what) => what.startsWith('broken'))).toEqual([
      'broken started',
      'broken ended',
      'broken closed',
    ]);
    expect(told).toContain('b interval');
    expect(told).toContain('b finished');
    expect(observers.faults).toEqual(['the broken one failed: no ink']);
  });

  it('that fail later, or at their end, are told too', async () => {
    const later: RunObserver = { title: 'x', started: () => Promise.reject(new Error('late')) as unknown as undefined };
    const last: RunObserver = { finished: () => Promise.reject(new Error('full')) };
    const observers = new Observers([later, last]);
    await tellAll(observers);
    expect(observers.failures).toEqual(['x failed: late', 'an observer of the run failed: full']);
  });

  it('want raw attempts where one of them takes them, and tell what each could not take', () => {
    expect(new Observers([{}]).wantsAttempts).toBe(false);
    const observers = new Observers([{}, { attempts: () => undefined, faults: ['lacks 3 rows'] }]);
    expect(observers.wantsAttempts).toBe(true);
    expect(observers.faults).toEqual(['lacks 3 rows']);
  });
});
