import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dropped } from '../../../src/fleet/drops.ts';
import { type DuplicatesPlan, NO_DUPLICATES, positionsIn, sessionsOf } from '../../../src/plan/duplicates.ts';
import { evenSplit, shareOf } from '../../../src/plan/split.ts';
import { type DropPlan, eventId } from '../../../src/plan/timetable.ts';
import { plainFleet } from '../../fixtures/plain-fleet.ts';

interface Size {
  readonly devices: number;
  readonly duplicates: DuplicatesPlan;
}

/** The sessions, `fleet/position`, that so many workers drop together. */
function played(
  sizes: readonly Size[],
  workers: number,
  drop: DropPlan,
  isReached: (key: string) => boolean,
): string[] {
  const all: string[] = [];
  for (let worker = 0; worker < workers; worker++) {
    let before = 0;
    const fleets = sizes.map(({ devices, duplicates }, fleet) => {
      const share = shareOf(evenSplit(workers), before, worker);
      before += devices;
      const sessions = [...positionsIn(share, devices, duplicates)].map((position) => {
        const key = `${fleet}/${position}`;
        return { position, key, isReached: isReached(key) };
      });
      return { fleet: plainFleet({ devices: { kind: 'generated', count: devices }, duplicates }), share, sessions };
    });
    all.push(...dropped(drop, fleets).map(({ key }) => key));
  }
  return all.sort();
}

function drop(count: number, keys: Partial<DropPlan> = {}): DropPlan {
  return { event: eventId(0), way: 'reset', fleet: undefined, count, isShare: true, stream: 1, ...keys };
}

const HUNDRED: readonly Size[] = [{ devices: 100, duplicates: NO_DUPLICATES }];
const EVERYBODY = (): boolean => true;

describe('a drop', () => {
  it('takes exactly as many as asked for when all are online, the same for any number of workers', () => {
    const size = fc
      .record({ devices: fc.integer({ min: 1, max: 60 }), copied: fc.nat(60), copies: fc.integer({ min: 2, max: 4 }) })
      .map(({ devices, copied, copies }): Size => {
        return { devices, duplicates: { deviceCount: Math.min(copied, devices), copies, laterUs: 0 } };
      });
    fc.assert(
      fc.property(
        ...[fc.array(size, { minLength: 1, maxLength: 3 }), fc.double({ min: 0, max: 1, noNaN: true })],
        ...[fc.integer({ min: 2, max: 5 }), fc.integer(), fc.boolean()],
        (sizes, share, workers, stream, isShare) => {
          const total = sizes.reduce((sum, { devices, duplicates }) => sum + sessionsOf(devices, duplicates), 0);
          const plan = drop(Math.floor(total * share), { stream, isShare });
          const alone = played(sizes, 1, plan, EVERYBODY);
          expect(new Set(alone).size).toBe(plan.count);
          expect(played(sizes, workers, plan, EVERYBODY)).toEqual(alone);
        },
      ),
    );
  });

  it('of one fleet leaves the others alone', () => {
    const sizes = [...HUNDRED, ...HUNDRED];
    const taken = played(sizes, 3, drop(30, { fleet: 1 }), EVERYBODY);
    expect([taken.length, taken.every((key) => key.startsWith('1/'))]).toEqual([30, true]);
  });

  it('a second half is not the first one: of those left, it takes a half', () => {
    const first = new Set(played(HUNDRED, 1, drop(50, { stream: 1 }), EVERYBODY));
    const second = played(HUNDRED, 1, drop(50, { stream: 2 }), (key) => !first.has(key));
    expect([second.length, second.some((key) => first.has(key))]).toEqual([25, false]);
  });

  it('of a number is made up from those online', () => {
    const first = new Set(played(HUNDRED, 1, drop(40, { stream: 1 }), EVERYBODY));
    const isLeft = (key: string): boolean => !first.has(key);
    expect(played(HUNDRED, 1, drop(50, { stream: 2, isShare: false }), isLeft)).toHaveLength(50);
    expect(played(HUNDRED, 1, drop(70, { stream: 2, isShare: false }), isLeft)).toHaveLength(60);
  });

  it('of all takes all that are online', () => {
    expect(played(HUNDRED, 2, drop(100), (key) => key.endsWith('7'))).toHaveLength(10);
  });

  it('of nobody, or where nobody is online, takes nobody', () => {
    expect(played(HUNDRED, 2, drop(0), EVERYBODY)).toEqual([]);
    expect(played(HUNDRED, 2, drop(50), () => false)).toEqual([]);
  });
});
