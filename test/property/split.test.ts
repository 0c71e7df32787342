import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArrivalCursor } from '../../src/fleet/arrival-cursor.ts';
import { type ArrivalSpec, arrivalTimesUs } from '../../src/plan/arrivals.ts';
import { type DuplicatesPlan, positionsIn, sessionsOf } from '../../src/plan/duplicates.ts';
import { streamSeed } from '../../src/plan/random.ts';
import {
  countInShare,
  devicesIn,
  ELSEWHERE,
  evenSplit,
  partOf,
  placesIn,
  type Share,
  type Split,
  shareOf,
  shareSize,
} from '../../src/plan/split.ts';
import { weightedSplit } from '../../src/plan/weighted-split.ts';
import { plainFleet } from '../fixtures/plain-fleet.ts';

const count = fc.integer({ min: 1, max: 2_000 });
const devicesBefore = fc.nat(1_000);
const workers = fc.integer({ min: 1, max: 17 });
const weights = fc
  .array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 9 })
  .filter((all) => all.some((weight) => weight > 0));
/** A split that leaves nobody out: each slot of a cycle is some worker's. */
const anySplit = fc.oneof(
  workers.map(evenSplit),
  weights.map((all) => weightedSplit(all)),
  fc.array(fc.nat(4), { minLength: 1, maxLength: 40 }).map((slots): Split => ({ workers: 5, slots })),
);
const arrival = fc.oneof(
  fc.constant<ArrivalSpec>({ arrival: 'burst' }),
  fc.integer({ min: 1, max: 1_000_000_000 }).map((overUs): ArrivalSpec => ({ arrival: 'ramp', overUs })),
  fc
    .double({ min: 0.1, max: 1_000, noNaN: true })
    .map((ratePerSec): ArrivalSpec => ({ arrival: 'poisson', ratePerSec })),
);

function shares(split: Split, before: number): Share[] {
  return Array.from({ length: split.workers }, (_, worker) => shareOf(split, before, worker));
}

/** What was dealt out before splits could be anything but even: `first`, `first + step`, ... */
function evenlyDealt(before: number, all: number, worker: number, devices: number): number[] {
  const dealt: number[] = [];
  for (let index = (worker - (before % all) + all) % all; index < devices; index += all) dealt.push(index);
  return dealt;
}

/** Slots of each worker among the first `length`. */
function prefixCounts({ workers: all, slots }: Split, length: number): number[] {
  const counts = new Array<number>(all).fill(0);
  for (let slot = 0; slot < length; slot++) {
    const owner = slots[slot % slots.length] ?? ELSEWHERE;
    counts[owner] = (counts[owner] ?? 0) + 1;
  }
  return counts;
}

describe('a split over workers', () => {
  it('is exact: the union of the shares is the plan of one worker, instant by instant', () => {
    fc.assert(
      fc.property(arrival, count, anySplit, devicesBefore, fc.nat(), (connect, devices, split, before, seed) => {
        const whole = arrivalTimesUs(connect, devices, streamSeed(seed, 'arrivals/f'));
        const fleet = plainFleet({ name: 'f', connect, devices: { kind: 'generated', count: devices } });
        const seen = new Map<number, number>();
        for (const share of shares(split, before)) {
          let last = -1;
          const cursor = new ArrivalCursor({ fleet, share }, seed);
          for (; cursor.nextUs < Infinity; cursor.advance()) {
            if (seen.has(cursor.index)) expect(`instant ${cursor.index}`).toBe('in one share');
            if (cursor.index <= last) expect(`${cursor.index} after ${last}`).toBe('ascending');
            last = cursor.index;
            seen.set(cursor.index, cursor.nextUs);
          }
        }
        expect(Array.from(whole, (_, index) => seen.get(index))).toEqual(Array.from(whole));
        expect(seen.size).toBe(whole.length);
      }),
    );
  });

  it('tells the devices of a share, how many they are, and the place of each, all the same way', () => {
    fc.assert(
      fc.property(count, anySplit, devicesBefore, (devices, split, before) => {
        for (const share of shares(split, before)) {
          const own = [...devicesIn(share, devices)];
          const placeOf = placesIn(share);
          const told = Array.from({ length: devices }, (_, index) => placeOf(index));
          expect(own.map((index) => told[index])).toEqual(own.map((_, place) => place));
          expect(told.filter((place) => place !== undefined)).toHaveLength(own.length);
          expect(shareSize(share, devices)).toBe(own.length);
          const isThird = (index: number): boolean => index % 3 === 0;
          expect(countInShare(share, devices, isThird)).toBe(own.filter(isThird).length);
        }
      }),
    );
  });

  it('keeps all copies of a device in one share', () => {
    const copied = fc.record({ deviceCount: fc.nat(2_000), copies: fc.integer({ min: 2, max: 4 }) });
    fc.assert(
      fc.property(count, copied, anySplit, devicesBefore, (devices, { deviceCount, copies }, split, before) => {
        const plan: DuplicatesPlan = { deviceCount: Math.min(devices, deviceCount), copies, laterUs: 0 };
        const positions = shares(split, before).flatMap((share) => [...positionsIn(share, devices, plan)]);
        expect(positions.length).toBe(sessionsOf(devices, plan));
        expect(new Set(positions).size).toBe(positions.length);
      }),
    );
  });
});

describe('the even split', () => {
  it('deals devices out as ever', () => {
    fc.assert(
      fc.property(count, workers, devicesBefore, (devices, all, before) => {
        for (const [worker, share] of shares(evenSplit(all), before).entries()) {
          expect([...devicesIn(share, devices)]).toEqual(evenlyDealt(before, all, worker, devices));
        }
      }),
    );
  });

  it('gives sizes that differ by one at most', () => {
    fc.assert(
      fc.property(count, workers, devicesBefore, (devices, all, before) => {
        const sizes = shares(evenSplit(all), before).map((share) => shareSize(share, devices));
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(devices);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('parts that are played apart', () => {
  const ofWorkers = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 });

  it('are the plan together, whatever the number of workers of each', () => {
    fc.assert(
      fc.property(ofWorkers, count, devicesBefore, (numbers, devices, before) => {
        const of = numbers.length;
        const parts = numbers.map((own, at) => shares(partOf({ index: at + 1, of }, own), before));
        const dealt = parts.map((part) =>
          part.flatMap((share) => [...devicesIn(share, devices)]).sort((a, b) => a - b),
        );
        for (const [at, own] of dealt.entries()) expect(own).toEqual(evenlyDealt(before, of, at, devices));
      }),
    );
  });

  it('give each worker of a part as much as the others, give or take a device', () => {
    fc.assert(
      fc.property(ofWorkers, count, (numbers, devices) => {
        for (const [at, own] of numbers.entries()) {
          const part = shares(partOf({ index: at + 1, of: numbers.length }, own), 0);
          const sizes = part.map((share) => shareSize(share, devices));
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('of one worker each are the workers of one run', () => {
    fc.assert(
      fc.property(workers, devicesBefore, (of, before) => {
        const apart = Array.from({ length: of }, (_, at) => shareOf(partOf({ index: at + 1, of }, 1), before, 0));
        expect(apart).toEqual(shares(evenSplit(of), before));
      }),
    );
  });

  it('mark what is played elsewhere', () => {
    expect(partOf({ index: 2, of: 3 }, 2).slots).toEqual([ELSEWHERE, 0, ELSEWHERE, ELSEWHERE, 1, ELSEWHERE]);
  });
});

describe('a split by weights', () => {
  it('deals the shares of a cycle evenly over it', () => {
    expect(weightedSplit([3, 1])).toEqual({ workers: 2, slots: [0, 0, 1, 0] });
    expect(weightedSplit([5, 5])).toEqual(evenSplit(2));
    expect(weightedSplit([0, 7])).toEqual({ workers: 2, slots: [1] });
    // 19,937 to 20,011 is one to one but for 0.2%.
    expect(weightedSplit([19_937, 20_011])).toEqual(evenSplit(2));
  });

  it('never is ahead of a due by a slot, nor behind it by more slots than there are workers', () => {
    fc.assert(
      fc.property(weights, fc.nat(20_000), (all, length) => {
        const split = weightedSplit(all);
        const cycle = prefixCounts(split, split.slots.length);
        for (const [worker, got] of prefixCounts(split, length).entries()) {
          const due = ((cycle[worker] ?? 0) * length) / split.slots.length;
          expect(got - due).toBeLessThan(1);
          expect(due - got).toBeLessThan(all.length);
        }
      }),
    );
  });

  it('gives each worker its due within 1%', () => {
    fc.assert(
      fc.property(weights, (all) => {
        const split = weightedSplit(all);
        const total = all.reduce((sum, weight) => sum + weight, 0);
        for (const [worker, got] of prefixCounts(split, split.slots.length).entries()) {
          const due = ((all[worker] ?? 0) * split.slots.length) / total;
          expect(Math.abs(got - due)).toBeLessThanOrEqual(due * 0.01 + 1e-9);
        }
      }),
    );
  });

  it('never exceeds a capacity, with as many devices as all of them hold or fewer', () => {
    const held = weights.chain((all) => {
      const total = all.reduce((sum, weight) => sum + weight, 0);
      return fc.record({ all: fc.constant(all), devices: fc.oneof(fc.constant(total), fc.nat(total)) });
    });
    fc.assert(
      fc.property(held, ({ all, devices }) => {
        const fits = (split: Split): boolean =>
          shares(split, 0).every((share, worker) => shareSize(share, devices) <= (all[worker] ?? 0));
        expect(fits(weightedSplit(all, fits))).toBe(true);
      }),
    );
  });

  it('takes a short cycle where one fits, and is the same each time', () => {
    const capacities = [20_000, 15_001, 4_998];
    expect(weightedSplit(capacities).slots).toHaveLength(8);
    expect(weightedSplit(capacities)).toEqual(weightedSplit(capacities));
    expect(weightedSplit(capacities, () => false).slots).toHaveLength(39_999);
  });

  it.each([[[]], [[0, 0]], [[1, -1]], [[1.5]], [[Number.NaN]]])('is refused weights %j', (wrong) => {
    expect(() => weightedSplit(wrong)).toThrow(RangeError);
  });
});
