import { describe, expect, it } from 'vitest';
import { Series } from '../../../../src/report/live/series.ts';

function seriesOf(values: readonly (number | undefined)[]): Series {
  const series = new Series();
  for (const value of values) series.add(value);
  return series;
}

describe('Series', () => {
  it('spreads few values over many columns, and leaves the time to come empty', () => {
    expect(seriesOf([1, 2]).ranges(6, 3)).toEqual([
      ...[1, 1, 2, 2].map((value) => ({ low: value, high: value })),
      undefined,
      undefined,
    ]);
  });

  it('shows the least and the most where many values share a column', () => {
    expect(seriesOf([5, 0, undefined, 9, 7, 7]).ranges(2, 6)).toEqual([
      { low: 0, high: 5 },
      { low: 7, high: 9 },
    ]);
  });

  it('has nothing to show where nothing was measured', () => {
    expect(seriesOf([undefined, undefined]).ranges(1, 2)).toEqual([undefined]);
  });

  it('keeps falls and peaks of a day, in bounded memory', () => {
    const day = Array.from({ length: 86_400 }, (_, sec) => (sec === 40_000 ? 0 : sec === 70_000 ? 9 : 5));
    const ranges = seriesOf(day).ranges(4, 86_400);
    expect(ranges).toEqual([
      { low: 5, high: 5 },
      { low: 0, high: 5 },
      { low: 5, high: 5 },
      { low: 5, high: 9 },
    ]);
    expect(seriesOf(day).highest).toBe(9);
  });
});
