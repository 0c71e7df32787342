import { describe, expect, it } from 'vitest';
import { independentWindows, lagOneCorrelation, mostBadShare, trendOf } from '../../../../src/study/mlr/statistics.ts';

describe('the bound of the share of bad windows', () => {
  it.each([
    [0, 30, 0.095_03],
    [0, 60, 0.048_7],
    [0, 1, 0.95],
    // Upper one-sided bounds of Clopper and Pearson, as R's binom.test(alternative = "less") prints them.
    [1, 10, 0.394_163],
    [3, 30, 0.238_625],
    [5, 100, 0.102_253],
  ])('%i of %i', (bad, windows, bound) => {
    expect(mostBadShare(bad, windows)).toBeCloseTo(bound, 3);
  });

  it('is 1 where nothing or only bad was seen', () => {
    expect(mostBadShare(0, 0)).toBe(1);
    expect(mostBadShare(4, 4)).toBe(1);
  });

  it('is 1 - 0.05^(1/n) for none of n, whole or not', () => {
    for (const windows of [1, 2.5, 14, 300, 5_000]) {
      expect(mostBadShare(0, windows)).toBeCloseTo(1 - 0.05 ** (1 / windows), 9);
    }
  });
});

describe('correlation with the next value', () => {
  it('is 0 where nothing changes, or too little is known', () => {
    expect(lagOneCorrelation([1, 1, 1, 1])).toBe(0);
    expect(lagOneCorrelation([1, 2])).toBe(0);
  });

  it('is high in a slow course and low in an alternating one', () => {
    expect(lagOneCorrelation(Array.from({ length: 50 }, (_, at) => at))).toBeGreaterThan(0.9);
    expect(lagOneCorrelation(Array.from({ length: 50 }, (_, at) => at % 2))).toBeLessThan(-0.9);
  });

  it('makes windows count for less only where it is clear', () => {
    expect(independentWindows(30, 0.2)).toBe(30);
    expect(independentWindows(30, 0.5)).toBeCloseTo(10, 9);
  });
});

describe('trend', () => {
  it('is the slope of most pairs of values, and how many of them agree', () => {
    expect(trendOf([1, 3, 5, 7])).toEqual({ slope: 2, steadiness: 1 });
    expect(trendOf([7, 5, 3])).toEqual({ slope: -2, steadiness: -1 });
    expect(trendOf([4, 4, 4])).toEqual({ slope: 0, steadiness: 0 });
    expect(trendOf([4, 9])).toEqual({ slope: 0, steadiness: 0 });
  });

  it('is not moved by single values', () => {
    const rising = Array.from({ length: 40 }, (_, at) => at);
    const disturbed = rising.map((value, at) => (at % 10 === 3 ? 500 : value));
    expect(trendOf(disturbed).slope).toBeCloseTo(1, 6);
    expect(trendOf(disturbed).steadiness).toBeGreaterThan(0.6);
    const flat = rising.map((_, at) => (at % 10 === 3 ? 500 : at % 2));
    expect(trendOf(flat).slope).toBe(0);
    expect(trendOf(flat).steadiness).toBeLessThan(0.2);
  });
});
