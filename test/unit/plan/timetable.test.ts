import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causeOfLoss, isDropped } from '../../../src/plan/timetable.ts';

describe('isDropped', () => {
  it('means exactly so many sessions, never two neighbours more often than needed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (total, share) => {
        const count = Math.floor(total * share);
        const meant = Array.from({ length: total }, (_, position) => isDropped(position, total, count));
        expect(meant.filter(Boolean)).toHaveLength(count);
        // Spread evenly: any run of positions holds its share, give or take one.
        const half = meant.slice(0, Math.floor(total / 2)).filter(Boolean).length;
        expect(Math.abs(half - (count * Math.floor(total / 2)) / total)).toBeLessThan(1);
      }),
    );
  });

  it('spreads 3 of 10', () => {
    expect(
      Array.from({ length: 10 }, (_, position) => isDropped(position, 10, 3))
        .map(Number)
        .join(''),
    ).toBe('0001001001');
  });
});

describe('causeOfLoss', () => {
  const restart = { event: 4, fromUs: 100, toUs: 200 };
  const expiry = { event: 2, fromUs: 150, toUs: 180 };

  it.each([
    [99, undefined],
    [100, 4],
    [149, 4],
    [150, 2],
    [180, 2],
    [181, 4],
    [200, 4],
    [201, undefined],
  ])('at %d us it is event %s', (atUs, event) => {
    expect(causeOfLoss([restart, expiry], atUs)).toBe(event);
    expect(causeOfLoss([expiry, restart], atUs)).toBe(event);
  });

  it('is nobody’s without windows', () => {
    expect(causeOfLoss([], 0)).toBeUndefined();
  });
});
