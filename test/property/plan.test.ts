import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArrivalCursor } from '../../src/fleet/arrivals.ts';
import type { FleetShard } from '../../src/fleet/protocol.ts';
import { type ArrivalSpec, arrivalTimesUs } from '../../src/plan/arrivals.ts';
import { faultOf } from '../../src/plan/faults.ts';
import { streamSeed } from '../../src/plan/random.ts';
import { shareOf, shareSize } from '../../src/plan/split.ts';

const rate = fc.double({ min: 0.01, max: 100_000, noNaN: true });
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
const workers = fc.integer({ min: 1, max: 17 });
const seed = fc.nat();

describe('arrivals', () => {
  it('are ascending whole microseconds, at most one a session', () => {
    fc.assert(
      fc.property(arrival, count, seed, (spec, sessions, itsSeed) => {
        const times = arrivalTimesUs(spec, sessions, itsSeed);
        expect(times.length).toBeLessThanOrEqual(sessions);
        let before = 0;
        for (const time of times) {
          expect(Number.isInteger(time)).toBe(true);
          expect(time).toBeGreaterThanOrEqual(before);
          before = time;
        }
      }),
    );
  });
});

describe('the split over workers', () => {
  it('is exact: the union of the shares is the plan of one worker, instant by instant', () => {
    fc.assert(
      fc.property(arrival, count, workers, fc.nat(1_000), seed, (connect, sessions, split, before, itsSeed) => {
        const whole = arrivalTimesUs(connect, sessions, streamSeed(itsSeed, 'arrivals/f'));
        const seen = new Map<number, number>();
        for (let worker = 0; worker < split; worker++) {
          const share = shareOf(before, split, worker);
          const shard = { name: 'f', connect, count: sessions, share } as FleetShard;
          for (const cursor = new ArrivalCursor(shard, itsSeed); cursor.nextUs < Infinity; cursor.advance()) {
            expect(seen.has(cursor.index)).toBe(false);
            seen.set(cursor.index, cursor.nextUs);
          }
        }
        expect(seen.size).toBe(whole.length);
        for (const [index, atUs] of seen) expect(atUs).toBe(whole[index]);
      }),
    );
  });

  it('gives every device to one worker, and sizes that differ by one at most', () => {
    fc.assert(
      fc.property(count, workers, fc.nat(1_000), (devices, split, before) => {
        const sizes = Array.from({ length: split }, (_, worker) => shareSize(shareOf(before, split, worker), devices));
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(devices);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('faulty devices', () => {
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
      fc.property(wrong, ({ devices, ...faults }) => {
        const found = { none: 0, 'wrong-secret': 0, 'unknown-device': 0 };
        for (let index = 0; index < devices; index++) found[faultOf(index, devices, faults)]++;
        expect(found['wrong-secret']).toBe(faults.wrongSecretCount);
        expect(found['unknown-device']).toBe(faults.unknownDeviceCount);
      }),
    );
  });
});
