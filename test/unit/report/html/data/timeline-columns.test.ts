import { describe, expect, it } from 'vitest';
import { TimelineColumns } from '../../../../../src/report/html/data/timeline-columns.ts';
import type { IntervalFleet, TimelineLine } from '../../../../../src/results/timeline-line.ts';

const EMPTY: IntervalFleet = {
  planned: 0,
  started: 0,
  retries: 0,
  online: 0,
  connecting: 0,
  waiting: 0,
  slipMaxUs: 0,
  outcomes: {},
  ended: {},
  latency: {},
};

function line(interval: number, total: Partial<IntervalFleet>, fleets: TimelineLine['fleets'] = {}): TimelineLine {
  return { interval, startSec: interval, endSec: interval + 1, total: { ...EMPTY, ...total }, fleets, workers: [] };
}

function filled(intervals: number, totalAt: (interval: number) => Partial<IntervalFleet>): TimelineColumns {
  const columns = new TimelineColumns([]);
  for (let interval = 0; interval < intervals; interval++) columns.add(line(interval, totalAt(interval)));
  return columns;
}

describe('TimelineColumns', () => {
  it('has a row an interval while the timeline is short', () => {
    const timeline = filled(3, (interval) => ({ online: interval * 10 }));
    const { time, online, p50 } = timeline.columns();
    expect([timeline.width, time, online, p50]).toEqual([1, [0, 1, 2, 3], [0, 0, 10, 20], [null, null, null, null]]);
  });

  it('fills an outcome that came later with 0 before it', () => {
    const timeline = filled(3, (interval) => ({ outcomes: interval < 2 ? { accepted: 5 } : { 'refused-3': 2 } }));
    const columns = timeline.columns();
    expect([columns['outcome:accepted'], columns['outcome:refused-3']]).toEqual([
      [0, 5, 5, 0],
      [0, 0, 0, 2],
    ]);
  });

  it('gives rows to append, and says when all changed', () => {
    const timeline = new TimelineColumns([]);
    expect(timeline.add(line(0, { outcomes: { accepted: 1 } }))).toBe('rebuilt');
    const appended = timeline.add(line(1, { outcomes: { accepted: 2 } }));
    expect(appended).toMatchObject({ rows: [{ time: 2, 'outcome:accepted': 2 }] });
    expect(timeline.add(line(2, { outcomes: { 'tcp-reset': 1 } }))).toBe('rebuilt');
  });

  it('shows a fall and a peak between the ends of two intervals', () => {
    const timeline = new TimelineColumns(['meters', 'boats']);
    const totals = [
      { online: 50, onlineMin: 0, onlineMax: 50 },
      { online: 50, onlineMin: 0, onlineMax: 50 },
      { online: 20, onlineMin: 20, onlineMax: 80 },
      { online: 0, onlineMin: 0, onlineMax: 20 },
      { online: 40 },
    ];
    for (const [interval, total] of totals.entries()) {
      const meters = { ...EMPTY, ...total };
      timeline.add(line(interval, total, { meters, boats: EMPTY }));
    }
    const columns = timeline.columns();
    expect(columns['online']).toEqual([0, 50, 0, 80, 0, 40]);
    expect(columns['fleet:0:online']?.slice(1)).toEqual([50, 0, 80, 0, 40]);
  });

  it('keeps the peak and the dip of hours of seconds in a bounded number of rows', () => {
    const timeline = filled(21_600, (interval) => {
      return { online: interval === 10_000 ? 3 : interval === 17_501 ? 999 : 500 };
    });
    const { time = [], online = [] } = timeline.columns();
    expect(time.length).toBe(online.length);
    expect(time.length).toBeLessThanOrEqual(2_401);
    expect([online.filter((value) => value === 3), online.filter((value) => value === 999)]).toEqual([[3], [999]]);
    expect(Math.abs((time[online.indexOf(3)] ?? 0) - 10_000)).toBeLessThanOrEqual(timeline.width);
    expect(time).toEqual(time.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
  });

  it('keeps the order of the smallest and the largest value', () => {
    const timeline = filled(1_201, (interval) => ({ online: interval }));
    expect(timeline.width).toBe(2);
    expect(timeline.columns()['online']?.slice(0, 6)).toEqual([0, 0, 1, 2, 3, 4]);
    const falling = filled(1_201, (interval) => ({ online: 9_999 - interval }));
    expect(falling.columns()['online']?.slice(0, 5)).toEqual([0, 9_999, 9_998, 9_997, 9_996]);
  });

  it('stacks only counts of the same second', () => {
    const timeline = filled(2_402, (interval) => {
      return { outcomes: interval % 2 === 0 ? { accepted: 10, 'refused-3': 1 } : { accepted: 1, 'refused-3': 4 } };
    });
    const columns = timeline.columns();
    const pairs = columns['outcome:accepted']?.map(
      (accepted, row) => `${accepted} ${columns['outcome:refused-3']?.[row]}`,
    );
    expect(new Set(pairs)).toEqual(new Set(['0 0', '10 1', '1 4']));
  });

  it('leaves the last bucket out of a live page until it is whole', () => {
    const timeline = filled(1_204, (interval) => ({ online: interval }));
    expect(timeline.columns(true)['time']?.length).toBe(1_205);
    expect(timeline.add(line(1_204, { online: 1 }))).toEqual({ rows: [] });
    expect(timeline.columns(true)['time']?.length).toBe(1_205);
  });

  it('has columns by fleet only where there are several', () => {
    const fleets = { a: { ...EMPTY, online: 1 }, b: { ...EMPTY, online: 2 } };
    const two = new TimelineColumns(['a', 'b']);
    two.add(line(0, {}, fleets));
    expect([two.columns()['fleet:0:online'], two.columns()['fleet:1:online']]).toEqual([
      [null, 1],
      [null, 2],
    ]);
    const one = new TimelineColumns(['a']);
    one.add(line(0, {}, fleets));
    expect(Object.keys(one.columns()).filter((name) => name.startsWith('fleet:'))).toEqual([]);
  });
});
