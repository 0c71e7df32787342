import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clockErrorNs,
  driftOf,
  estimateOffset,
  onOtherClock,
  type RoundTrip,
} from '../../src/host/agents/clock/clock-offset.ts';

const wayNs = fc.bigInt({ min: 0n, max: 5_000_000_000n });
const offsetNs = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });
/** How long the ways there and back took, and the other machine between them. */
const ways = fc.record({
  thereNs: wayNs,
  backNs: wayNs,
  answerNs: wayNs,
  sentNs: fc.bigInt({ min: 0n, max: 10n ** 15n }),
});
const trips = fc.array(ways, { minLength: 20, maxLength: 60 });

type Ways = { readonly thereNs: bigint; readonly backNs: bigint; readonly answerNs: bigint; readonly sentNs: bigint };

function tripOf({ thereNs, backNs, answerNs, sentNs }: Ways, trueOffsetNs: bigint): RoundTrip {
  const heardNs = sentNs + thereNs + trueOffsetNs;
  const answeredNs = heardNs + answerNs;
  return { sentNs, heardNs, answeredNs, receivedNs: answeredNs - trueOffsetNs + backNs };
}

function distance(a: bigint, b: bigint): bigint {
  return a > b ? a - b : b - a;
}

describe('the offset of a clock', () => {
  it('is within its bound, however unequal the ways there and back', () => {
    fc.assert(
      fc.property(trips, offsetNs, (made, trueOffsetNs) => {
        const found = estimateOffset(made.map((way) => tripOf(way, trueOffsetNs)));
        if (found === undefined) throw new Error('no estimate');
        expect(distance(found.offsetNs, trueOffsetNs)).toBeLessThanOrEqual(found.boundNs);
        const least = made.map(({ thereNs, backNs }) => thereNs + backNs).reduce((a, b) => (a < b ? a : b));
        expect(found.boundNs).toBe(least / 2n + 1n);
      }),
    );
  });

  it('is the same whatever else was measured more slowly, and in whatever order', () => {
    fc.assert(
      fc.property(trips, offsetNs, (made, trueOffsetNs) => {
        const roundTrips = made.map((way) => tripOf(way, trueOffsetNs));
        const slower = roundTrips.map((trip) => ({ ...trip, receivedNs: trip.receivedNs + 10_000_000_000n }));
        const alone = estimateOffset(roundTrips);
        expect(estimateOffset([...slower, ...roundTrips])).toEqual(alone);
        expect(estimateOffset([...roundTrips].reverse())?.boundNs).toBe(alone?.boundNs);
      }),
    );
  });

  it('drifts as far as the clocks did, within the bounds of both estimates', () => {
    fc.assert(
      fc.property(
        trips,
        trips,
        offsetNs,
        fc.bigInt({ min: -1_000_000_000n, max: 1_000_000_000n }),
        (a, b, from, by) => {
          const start = estimateOffset(a.map((way) => tripOf(way, from)));
          const end = estimateOffset(b.map((way) => tripOf(way, from + by)));
          if (start === undefined || end === undefined) throw new Error('no estimate');
          const drift = driftOf(start, end);
          expect(distance(drift.driftNs, by)).toBeLessThanOrEqual(drift.boundNs);
          expect(Number.isFinite(drift.ppm)).toBe(true);
          // An instant between the two, converted with the first estimate, is no more wrong than the run is told.
          expect(distance(start.offsetNs, from)).toBeLessThanOrEqual(clockErrorNs(start, end));
        },
      ),
    );
  });

  it('takes an instant to what the other clock shows then, within its bound', () => {
    fc.assert(
      fc.property(trips, offsetNs, offsetNs, (made, trueOffsetNs, ns) => {
        const clock = estimateOffset(made.map((way) => tripOf(way, trueOffsetNs)));
        if (clock === undefined) throw new Error('no estimate');
        expect(distance(onOtherClock(ns, clock), ns + trueOffsetNs)).toBeLessThanOrEqual(clock.boundNs);
      }),
    );
  });
});
