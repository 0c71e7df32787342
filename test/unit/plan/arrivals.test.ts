import { describe, expect, it } from 'vitest';
import { type ArrivalSpec, arrivalTimesUs, peakPerSec } from '../../../src/plan/arrivals.ts';

const SEC = 1_000_000;

describe('arrivalTimesUs', () => {
  it.each<[string, ArrivalSpec, number, number[]]>([
    ['burst', { arrival: 'burst' }, 3, [0, 0, 0]],
    ['rate 2/s', { arrival: 'rate', ratePerSec: 2 }, 4, [0, 0.5, 1, 1.5]],
    ['ramp of 4 over 1 s', { arrival: 'ramp', overUs: SEC }, 4, [0, 0.25, 0.5, 0.75]],
    ['target 2 in 1 s, then 6 in 2 s', stages(['target', 2, 1], ['target', 6, 2]), 6, [0, 0.5, 1, 1.5, 2, 2.5]],
    [
      'a target already reached is a pause',
      stages(['target', 2, 1], ['target', 2, 3], ['target', 4, 1]),
      4,
      [0, 0.5, 4, 4.5],
    ],
    // N(t) = t^2 / 2 while the rate climbs from 0 to 2/s in 2 s, then 2/s.
    ['rate 0 to 2/s in 2 s, then hold', stages(['rate', 2, 2], ['rate', 2, 1]), 4, [0, Math.SQRT2, 2, 2.5]],
    ['rate down to 0', stages(['rate', 4, 0.000001], ['rate', 0, 2]), 4, [0, 0.267949, 0.585786, 1]],
  ])('%s', (_name, spec, count, expectedSec) => {
    const times = Array.from(arrivalTimesUs(spec, count, 1));
    expect(times).toHaveLength(expectedSec.length);
    for (const [index, atSec] of expectedSec.entries()) expect(times[index]).toBeCloseTo(atSec * SEC, -1);
  });

  it('ends early when the stages do', () => {
    expect(arrivalTimesUs(stages(['target', 3, 1]), 10, 1)).toHaveLength(3);
    expect(arrivalTimesUs(stages(['rate', 10, 1]), 100, 1)).toHaveLength(5);
  });

  it('keeps a poisson process to its mean rate and its seed', () => {
    const spec: ArrivalSpec = { arrival: 'poisson', ratePerSec: 1_000 };
    const times = arrivalTimesUs(spec, 100_000, 7);
    const lastSec = (times.at(-1) ?? 0) / SEC;
    // The sum of 100,000 exponential gaps has a standard deviation of 0.316% of its mean.
    expect(lastSec).toBeGreaterThan(98.5);
    expect(lastSec).toBeLessThan(101.5);
    expect(arrivalTimesUs(spec, 100, 7)).toEqual(times.slice(0, 100));
    expect(arrivalTimesUs(spec, 100, 8)).not.toEqual(times.slice(0, 100));
  });

  it.each<[string, ArrivalSpec]>([
    ['rate', { arrival: 'rate', ratePerSec: Number.MIN_VALUE }],
    ['poisson', { arrival: 'poisson', ratePerSec: Number.MIN_VALUE }],
  ])('stays in whole microseconds at the smallest %s there is', (_name, spec) => {
    const times = Array.from(arrivalTimesUs(spec, 3, 1));
    expect(times.every(Number.isSafeInteger)).toBe(true);
  });

  it('places a session within its stage, however small the rates', () => {
    const spec = stages(
      ['rate', 7.410985e-318, 0.000001],
      ['rate', 0, 0.000001],
      ['rate', 9.53150181795907e-13, 2098.305218],
    );
    expect(Array.from(arrivalTimesUs(spec, 1, -377_759_497))).toEqual([2]);
  });

  it('does not drift: the millionth instant of a rate is exact', () => {
    const times = arrivalTimesUs({ arrival: 'rate', ratePerSec: 3 }, 1_000_000, 1);
    expect(times[999_999]).toBe(333_333_000_000);
  });
});

describe('peakPerSec', () => {
  it.each<[ArrivalSpec, number, number]>([
    [{ arrival: 'burst' }, 10, 10],
    [{ arrival: 'rate', ratePerSec: 500 }, 2_000, 500],
    [{ arrival: 'ramp', overUs: 10 * SEC }, 1_000, 100],
    [stages(['rate', 100, 10]), 500, 95],
  ])('%o of %i', (spec, count, peak) => {
    expect(Math.abs(peakPerSec(arrivalTimesUs(spec, count, 1)) - peak)).toBeLessThanOrEqual(1);
  });

  it('is 0 for no arrivals', () => {
    expect(peakPerSec(new Float64Array())).toBe(0);
  });
});

function stages(...list: ['rate' | 'target', number, number][]): ArrivalSpec {
  return {
    arrival: 'stages',
    stages: list.map(([kind, value, overSec]) => {
      const overUs = overSec * SEC;
      return kind === 'rate' ? { ratePerSec: value, overUs } : { targetSessions: value, overUs };
    }),
  };
}
