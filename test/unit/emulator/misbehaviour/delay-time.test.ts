import { expect, test } from 'vitest';
import type { DelayTime } from '../../../../src/emulator/contract/control.ts';
import { drawDelayUs } from '../../../../src/emulator/misbehaviour/delay-time.ts';
import { Random } from '../../../../src/plan/random.ts';

const DRAWS = 20_000;

function draws(time: DelayTime, seed = 1): number[] {
  const random = new Random(seed);
  return Array.from({ length: DRAWS }, () => drawDelayUs(time, random)).toSorted((a, b) => a - b);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(share * sorted.length)] ?? Number.NaN;
}

test('a fixed time is that time', () => {
  expect(new Set(draws({ kind: 'fixed', us: 5_000 }))).toEqual(new Set([5_000]));
});

test('uniform times lie evenly between their bounds', () => {
  const times = draws({ kind: 'uniform', minUs: 1_000, maxUs: 3_000 });
  expect(times[0]).toBeGreaterThanOrEqual(1_000);
  expect(times.at(-1)).toBeLessThan(3_000);
  expect(quantile(times, 0.25)).toBeCloseTo(1_500, -2);
});

test.each<[DelayTime, number, number]>([
  [{ kind: 'normal', meanUs: 50_000, sdUs: 10_000 }, 50_000, 50_000 + 2.326 * 10_000],
  [{ kind: 'lognormal', medianUs: 20_000, sigma: 0.5 }, 20_000, 20_000 * Math.exp(2.326 * 0.5)],
  [{ kind: 'exponential', meanUs: 30_000 }, 30_000 * Math.LN2, 30_000 * Math.log(100)],
])('%o has the median and the p99 of its kind', (time, median, p99) => {
  const times = draws(time);
  expect(quantile(times, 0.5) / median).toBeCloseTo(1, 1);
  expect(quantile(times, 0.99) / p99).toBeCloseTo(1, 1);
});

test('no time is below 0', () => {
  expect(draws({ kind: 'normal', meanUs: 0, sdUs: 10_000 })[0]).toBe(0);
});

test('the same seed gives the same times', () => {
  const time = { kind: 'exponential', meanUs: 1_000 } as const;
  expect(draws(time, 7)).toEqual(draws(time, 7));
  expect(draws(time, 7)).not.toEqual(draws(time, 8));
});
