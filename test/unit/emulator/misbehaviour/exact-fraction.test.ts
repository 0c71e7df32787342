import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExactFraction } from '../../../../src/emulator/misbehaviour/exact-fraction.ts';

function picks(fraction: number, count: number, stream = 1): boolean[] {
  const part = new ExactFraction(fraction, stream);
  return Array.from({ length: count }, () => part.next());
}

function counted(picked: readonly boolean[]): number {
  return picked.filter(Boolean).length;
}

test('all and none are all and none', () => {
  expect(picks(1, 3)).toEqual([true, true, true]);
  expect(picks(0, 3)).toEqual([false, false, false]);
});

test('half is one of every two, two thirds are two of every three', () => {
  for (let stream = 0; stream < 20; stream++) {
    const [halves, thirds] = [picks(0.5, 60, stream), picks(2 / 3, 60, stream)];
    for (let from = 0; from < 60; from += 2) expect(counted(halves.slice(from, from + 2))).toBe(1);
    for (let from = 0; from < 60; from += 3) expect(counted(thirds.slice(from, from + 3))).toBe(2);
  }
});

test('each stream picks others, and the same ones each time', () => {
  const [one, again, other] = [picks(0.5, 200, 1), picks(0.5, 200, 1), picks(0.5, 200, 2)];
  expect(one).toEqual(again);
  const both = one.filter((isPicked, index) => isPicked && other[index]).length;
  expect(Math.abs(both - 50)).toBeLessThan(25);
});

test.each([0.1, 0.3, 0.7, 0.01, 0.29, 0.999])('%f of 100,000 is exact', (fraction) => {
  expect(counted(picks(fraction, 100_000))).toBe(Math.round(fraction * 100_000));
});

test('of the first n, n x fraction are picked, give or take one, and exactly where that is whole', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(400), fc.integer(), (fraction, length, stream) => {
      expect(Math.abs(counted(picks(fraction, length, stream)) - length * fraction)).toBeLessThanOrEqual(1 + 1e-6);
    }),
  );
  fc.assert(
    fc.property(fc.nat(100), fc.nat(20), fc.integer(), (percent, hundreds, stream) => {
      expect(counted(picks(percent / 100, hundreds * 100, stream))).toBe(percent * hundreds);
    }),
  );
});
