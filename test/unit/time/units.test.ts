import { describe, expect, it } from 'vitest';
import {
  exactDuration,
  exactRate,
  formatUs,
  parseDurationUs,
  parsePercent,
  parseRatePerSec,
} from '../../../src/time/units.ts';

describe('parseDurationUs', () => {
  it.each([
    ['1us', 1],
    ['500ms', 500_000],
    ['10s', 10_000_000],
    ['1.5m', 90_000_000],
    ['1h30m', 5_400_000_000],
    ['1d2h3m4s5ms6us', 93_784_005_006],
    ['0s', 0],
    ['0.0000004s', 0],
  ])('reads %s', (text, us) => {
    expect(parseDurationUs(text)).toBe(us);
  });

  it.each(['', '10', 's', '-1s', '1 s', '1S', '1e3s', '.5s', '1.s', '10s ', '1s1s', '30m1h', '1y', '300000d'])(
    'refuses %j',
    (text) => {
      expect(parseDurationUs(text)).toBeUndefined();
    },
  );
});

describe('parseRatePerSec', () => {
  it.each([
    ['500/s', 500],
    ['30/m', 0.5],
    ['1/h', 1 / 3600],
    ['0/s', 0],
    ['2.5/s', 2.5],
  ])('reads %s', (text, perSec) => {
    expect(parseRatePerSec(text)).toBe(perSec);
  });

  it.each(['500', '500/d', '/s', '-1/s', '1e3/s'])('refuses %j', (text) => {
    expect(parseRatePerSec(text)).toBeUndefined();
  });
});

describe('parsePercent', () => {
  it.each([
    ['99.9%', 0.999],
    ['0.7%', 0.007],
    ['29%', 0.29],
    ['0%', 0],
    ['150%', 1.5],
  ])('reads %s', (text, ratio) => {
    expect(parsePercent(text)).toBe(ratio);
  });

  it.each(['10', '%', '-1%', '10 %'])('refuses %j', (text) => {
    expect(parsePercent(text)).toBeUndefined();
  });
});

it('numbers beyond all numbers are refused, whatever their unit', () => {
  const digits = '9'.repeat(400);
  expect(parseDurationUs(`${digits}d`)).toBeUndefined();
  expect(parseRatePerSec(`${digits}/s`)).toBeUndefined();
  expect(parsePercent(`${digits}%`)).toBeUndefined();
});

describe('formatUs', () => {
  it.each([
    [0, '0us'],
    [999, '999us'],
    [999.6, '1ms'],
    [4_123, '4.12ms'],
    [999_499, '999ms'],
    [999_999, '1s'],
    [1_500_000, '1.5s'],
    [59_949_999, '59.9s'],
    [59_999_999, '1m'],
    [150_000_000, '2m30s'],
    [3_605_000_000, '1h5s'],
    [-1_500, '-1.5ms'],
  ])('%d is %s', (us, text) => {
    expect(formatUs(us)).toBe(text);
  });
});

describe('exactDuration', () => {
  it.each([
    [0, '0s'],
    [1, '1us'],
    [1_001, '1.001ms'],
    [250_000, '250ms'],
    [1_500_000, '1.5s'],
    [1_000_001, '1.000001s'],
    [90_500_000, '1m30.5s'],
    [86_400_000_000, '1d'],
    [5_400_000_000, '1h30m'],
  ])('%d is %s', (us, text) => {
    expect(exactDuration(us)).toBe(text);
  });
});

describe('exactRate', () => {
  it.each([
    [500, '500/s'],
    [20 / 60, '20/m'],
    [1 / 3600, '1/h'],
    [0, '0/s'],
    [2.5, '2.5/s'],
  ])('%d is %s', (perSec, text) => {
    expect(exactRate(perSec)).toBe(text);
  });
});
