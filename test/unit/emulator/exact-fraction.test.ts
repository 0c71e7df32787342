import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExactFraction } from '../../../src/emulator/exact-fraction.ts';

function picks(fraction: number, count: number): boolean[] {
  const part = new ExactFraction(fraction);
  return Array.from({ length: count }, () => part.next());
}

test('a third is every third, half is every second, all and none are all and none', () => {
  expect(picks(1 / 3, 6)).toEqual([false, false, true, false, false, true]);
  expect(picks(0.5, 4)).toEqual([false, true, false, true]);
  expect(picks(1, 3)).toEqual([true, true, true]);
  expect(picks(0, 3)).toEqual([false, false, false]);
});

test.each([0.1, 0.3, 0.7, 0.01, 0.29, 0.999])('%f of 100,000 is exact', (fraction) => {
  expect(picks(fraction, 100_000).filter(Boolean)).toHaveLength(Math.round(fraction * 100_000));
});

test('any stretch of n has n x fraction of them, give or take one', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(200), fc.nat(200), (fraction, from, length) => {
      const stretch = picks(fraction, from + length).slice(from);
      const count = stretch.filter(Boolean).length;
      expect(Math.abs(count - length * fraction)).toBeLessThanOrEqual(1 + 1e-6);
    }),
  );
});
