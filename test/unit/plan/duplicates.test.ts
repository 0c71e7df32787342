import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  copyAt,
  type DuplicatesPlan,
  isDuplicated,
  NO_DUPLICATES,
  sessionPosition,
  sessionsOf,
} from '../../../src/plan/duplicates.ts';

const fleet = fc.integer({ min: 1, max: 500 }).chain((devices) =>
  fc.record({
    devices: fc.constant(devices),
    plan: fc.record({ deviceCount: fc.nat(devices), copies: fc.integer({ min: 2, max: 5 }), laterUs: fc.constant(0) }),
  }),
);

/** Positions of all sessions of a fleet, device by device. */
function positions(devices: number, plan: DuplicatesPlan): number[] {
  return Array.from({ length: devices }, (_, index) => {
    const copies = isDuplicated(index, devices, plan) ? plan.copies : 1;
    return Array.from({ length: copies }, (_unused, copy) => sessionPosition(index, copy, devices, plan));
  }).flat();
}

describe('duplicates', () => {
  it('are exactly so many devices, and their sessions’ positions are all there, each once', () => {
    fc.assert(
      fc.property(fleet, ({ devices, plan }) => {
        const duplicated = Array.from({ length: devices }, (_, index) => isDuplicated(index, devices, plan));
        expect(duplicated.filter(Boolean)).toHaveLength(plan.deviceCount);
        const sorted = positions(devices, plan).sort((a, b) => a - b);
        expect(sorted).toEqual(Array.from({ length: sessionsOf(devices, plan) }, (_, position) => position));
      }),
    );
  });

  it('are found again by their positions', () => {
    fc.assert(
      fc.property(fleet, ({ devices, plan }) => {
        const copies = Array.from({ length: devices }, (_, index) =>
          Array.from({ length: isDuplicated(index, devices, plan) ? plan.copies : 1 }, (_unused, copy) => copy),
        );
        const found = positions(devices, plan).map((position) => copyAt(position, devices, plan));
        expect(found).toEqual(copies.flat());
      }),
    );
  });

  it('leave the positions of devices as they are without them', () => {
    fc.assert(
      fc.property(fleet, ({ devices, plan }) => {
        const found = Array.from({ length: devices }, (_, index) => sessionPosition(index, 0, devices, plan));
        expect(found).toEqual(found.map((_, index) => index));
      }),
    );
  });

  it('stand after the devices, copy by copy', () => {
    const plan = { deviceCount: 2, copies: 3, laterUs: 0 };
    expect(positions(4, plan)).toEqual([0, 1, 4, 5, 2, 3, 6, 7]);
  });

  it('are none unless asked for', () => {
    expect(positions(3, NO_DUPLICATES)).toEqual([0, 1, 2]);
    expect(sessionsOf(3, NO_DUPLICATES)).toBe(3);
  });
});
