import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivalTimesUs } from '../../../src/plan/arrivals.ts';
import { isDuplicated, NO_DUPLICATES, sessionsOf } from '../../../src/plan/duplicates.ts';
import { FirstAttempts, type FirstAttemptsSpec } from '../../../src/plan/first-attempts.ts';
import { streamSeed } from '../../../src/plan/random.ts';
import { evenSplit, shareOf } from '../../../src/plan/split.ts';

const SEC = 1_000_000;

describe('FirstAttempts', () => {
  it('counts what is planned before an instant, and not at it', () => {
    const spec: FirstAttemptsSpec = {
      name: 'meters',
      devices: { count: 12_000 },
      duplicates: NO_DUPLICATES,
      connect: { arrival: 'ramp', overUs: 4 * SEC },
    };
    const first = new FirstAttempts(spec, 1);
    expect([-1, 0, 1, SEC, 2 * SEC, 4 * SEC, Number.POSITIVE_INFINITY].map((us) => first.before(us))).toEqual([
      ...[0, 0, 1, 3_000, 6_000, 12_000, 12_000],
    ]);
  });

  it('counts the copies of a device when their turn comes', () => {
    const spec: FirstAttemptsSpec = {
      name: 'meters',
      devices: { count: 4 },
      connect: { arrival: 'ramp', overUs: 4 * SEC },
      duplicates: { deviceCount: 2, copies: 3, laterUs: 10 * SEC },
    };
    const first = new FirstAttempts(spec, 1);
    // Devices 1 and 3 run three times: at 1, 11, 21 s and at 3, 13, 23 s.
    expect([4, 11, 11.000001, 14, 22, 24].map((sec) => first.before(sec * SEC))).toEqual([4, 4, 5, 6, 7, 8]);
  });

  it('is the list of all instants, counted, for the fleet and for every share of it', () => {
    const spec = fc.record({
      count: fc.integer({ min: 1, max: 60 }),
      ratePerSec: fc.double({ min: 1, max: 100, noNaN: true }),
      duplicated: fc.double({ min: 0, max: 1, noNaN: true }),
      copies: fc.integer({ min: 2, max: 4 }),
      laterUs: fc.integer({ min: 0, max: 3 * SEC }),
    });
    fc.assert(
      fc.property(spec, fc.nat(10 * SEC), fc.integer({ min: 1, max: 4 }), fc.nat(50), (drawn, us, workers, before) => {
        const { count, copies, laterUs } = drawn;
        const duplicates = { deviceCount: Math.floor(drawn.duplicated * count), copies, laterUs };
        const fleet: FirstAttemptsSpec = {
          name: 'f',
          devices: { count },
          duplicates,
          connect: { arrival: 'poisson', ratePerSec: drawn.ratePerSec },
        };
        const instants = [...arrivalTimesUs(fleet.connect, count, streamSeed(3, 'arrivals/f'))].flatMap(
          (atUs, index) => {
            const own = isDuplicated(index, count, duplicates) ? copies : 1;
            return Array.from({ length: own }, (_, copy) => atUs + copy * laterUs);
          },
        );
        const first = new FirstAttempts(fleet, 3);
        expect(instants).toHaveLength(sessionsOf(count, duplicates));
        expect(first.before(us)).toBe(instants.filter((atUs) => atUs < us).length);
        const shares = Array.from({ length: workers }, (_, worker) => shareOf(evenSplit(workers), before, worker));
        expect(shares.reduce((sum, share) => sum + first.shareBefore(share, us), 0)).toBe(first.before(us));
      }),
    );
  });

  it('counts a million devices second by second', () => {
    const spec: FirstAttemptsSpec = {
      ...{
        name: 'meters',
        devices: { count: 1_000_000 },
        duplicates: { deviceCount: 500_000, copies: 2, laterUs: SEC },
      },
      connect: { arrival: 'rate', ratePerSec: 1_000 },
    };
    const first = new FirstAttempts(spec, 1);
    let counted = 0;
    for (let second = 0; second < 1_001; second++)
      counted += first.before((second + 1) * SEC) - first.before(second * SEC);
    expect(counted).toBe(1_500_000);
  });
});
