import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ArrivalSpec, arrivalTimesUs } from '../../src/plan/arrivals.ts';
import { flawOf } from '../../src/plan/flaws.ts';

/** Down to the smallest number there is. */
const rate = fc.double({ min: Number.MIN_VALUE, max: 100_000, noNaN: true });
const overUs = fc.integer({ min: 1, max: 3_600_000_000 });
const stage = fc.oneof(
  fc.record({ ratePerSec: fc.double({ min: 0, max: 10_000, noNaN: true }), overUs }),
  fc.record({ targetSessions: fc.integer({ min: 0, max: 5_000 }), overUs }),
);
const arrival: fc.Arbitrary<ArrivalSpec> = fc.oneof(
  fc.constant<ArrivalSpec>({ arrival: 'burst' }),
  rate.map((ratePerSec): ArrivalSpec => ({ arrival: 'rate', ratePerSec })),
  overUs.map((us): ArrivalSpec => ({ arrival: 'ramp', overUs: us })),
  fc.array(stage, { minLength: 1, maxLength: 5 }).map((stages): ArrivalSpec => ({ arrival: 'stages', stages })),
  rate.map((ratePerSec): ArrivalSpec => ({ arrival: 'poisson', ratePerSec })),
);
const count = fc.integer({ min: 1, max: 2_000 });
const seed = fc.nat();

/** Found by this test: rates so small that dividing by them left the numbers. */
const NEXT_TO_NOTHING: ArrivalSpec = {
  arrival: 'stages',
  stages: [
    { ratePerSec: 7.410985e-318, overUs: 1 },
    { ratePerSec: 0, overUs: 1 },
    { ratePerSec: 9.53150181795907e-13, overUs: 2_098_305_218 },
  ],
};

function endOf(stages: readonly { readonly overUs: number }[]): number {
  return stages.reduce((sum, { overUs }) => sum + overUs, 0);
}

describe('arrivals', () => {
  it('are ascending whole microseconds, at most one a session', () => {
    fc.assert(
      fc.property(arrival, count, seed, (spec, sessions, itsSeed) => {
        const times = arrivalTimesUs(spec, sessions, itsSeed);
        expect(times.length).toBeLessThanOrEqual(sessions);
        const latestUs = spec.arrival === 'stages' ? endOf(spec.stages) : Number.MAX_SAFE_INTEGER;
        let before = 0;
        for (const time of times) {
          // One check a property, not three an instant: they are a hundred thousand.
          if (!Number.isInteger(time) || time < before || time > latestUs)
            expect([before, time, latestUs]).toBe('in order');
          before = time;
        }
      }),
      { examples: [[NEXT_TO_NOTHING, 1, -377_759_497]] },
    );
  });
});

describe('flawed devices', () => {
  it('are exactly as many of each kind as asked for', () => {
    const wrong = count.chain((devices) =>
      fc
        .nat(devices)
        .chain((wrongSecretCount) =>
          fc
            .nat(devices - wrongSecretCount)
            .map((unknownDeviceCount) => ({ devices, wrongSecretCount, unknownDeviceCount })),
        ),
    );
    fc.assert(
      fc.property(wrong, ({ devices, ...flaws }) => {
        const found = { none: 0, 'wrong-secret': 0, 'unknown-device': 0 };
        for (let index = 0; index < devices; index++) found[flawOf(index, devices, flaws)]++;
        expect(found['wrong-secret']).toBe(flaws.wrongSecretCount);
        expect(found['unknown-device']).toBe(flaws.unknownDeviceCount);
      }),
    );
  });
});
