import { describe, expect, it } from 'vitest';
import { stallFigures } from '../../../../src/metrics/judge/stalls.ts';
import { Recorder } from '../../../../src/metrics/measure/recorder.ts';
import { IntervalMerger } from '../../../../src/metrics/merge/merge.ts';
import { timelineLine } from '../../../../src/metrics/merge/timeline.ts';
import { RunTotals } from '../../../../src/metrics/merge/totals.ts';
import { newHistogram, recordUs } from '../../../../src/results/latency/histogram.ts';

function histogramOf(values: readonly number[]) {
  const histogram = newHistogram();
  for (const us of values) recordUs(histogram, us);
  return histogram;
}

/** `count` times `us`. */
function times(count: number, us: number): number[] {
  return Array.from({ length: count }, () => us);
}

describe('stallFigures', () => {
  it.each([
    ['one pause in a run of 10,000', 10_000, times(60, 60_000), { stalledAttempts: 60, stallP99Us: 0 }],
    ['exactly one of a hundred', 10_000, times(100, 60_000), { stalledAttempts: 100, stallP99Us: 0 }],
    ['one more than that', 10_000, times(101, 60_000), { stalledAttempts: 101, stallP99Us: 60_031 }],
    ['every attempt', 20, times(20, 500), { stalledAttempts: 20, stallP99Us: 500 }],
    ['the 99th of a hundred', 100, [...times(50, 100), 700, 900], { stalledAttempts: 52, stallP99Us: 700 }],
  ])('%s', (_name, attempts, values, figures) => {
    expect(stallFigures(histogramOf(values), attempts)).toMatchObject(figures);
  });

  it('is silent when nothing stood still', () => {
    expect(stallFigures(undefined, 100)).toEqual({});
    expect(stallFigures(histogramOf([]), 100)).toEqual({});
  });
});

describe('stalls on their way', () => {
  it('reach the totals from every worker, by outcome, and stay out of the timeline', () => {
    const health = { eventLoopDelayP99Us: 1, eventLoopDelayMaxUs: 2, cpuShare: 0.5 };
    const merger = new IntervalMerger(2, ['a', 'b']);
    const totals = new RunTotals([
      { name: 'a', sessions: 1 },
      { name: 'b', sessions: 1 },
    ]);
    const merged = [0, 1].flatMap((worker) => {
      const recorder = new Recorder(worker, ['a', 'b']);
      recorder.fleet(0).stalled('accepted', 500);
      recorder.fleet(worker).stalled('refused-4', 900);
      const first = merger.add(recorder.takeSnapshot(0, { ...health, measuredUs: 5, newSources: [1] }, []));
      expect(recorder.takeSnapshot(1, health, []).fleets[0]).not.toHaveProperty('stalls');
      return first;
    });
    for (const interval of merged) totals.add(interval);
    const counts = [...(totals.histograms()?.stalls ?? [])].map(([outcome, { totalCount, maxValue }]) => [
      outcome,
      totalCount,
      maxValue,
    ]);
    expect(counts).toEqual([
      ['accepted', 2, 500],
      ['refused-4', 2, 900],
    ]);
    expect(totals.histograms('b')?.stalls.get('refused-4')?.totalCount).toBe(1);
    expect(merged.map((interval) => timelineLine(interval).workers)).toEqual([
      [
        { worker: 0, online: 0, ...health },
        { worker: 1, online: 0, ...health },
      ],
    ]);
  });
});
