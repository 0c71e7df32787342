import { describe, expect, it } from 'vitest';
import { addressOfAttempt, firstAddress, mostAtOneAddress, SPREADS } from '../../../src/plan/spread.ts';

const firsts = (addresses: number, devices: number): number[] =>
  Array.from({ length: devices }, (_, device) => firstAddress(device, addresses));

describe('firstAddress', () => {
  it('deals devices out in blocks that hold each address once', () => {
    expect(firsts(2, 8)).toEqual([0, 1, 1, 0, 0, 1, 1, 0]);
    expect(firsts(3, 9)).toEqual([0, 1, 2, 1, 2, 0, 1, 2, 0]);
  });

  it('knows a single address', () => {
    expect(firsts(1, 3)).toEqual([0, 0, 0]);
  });
});

describe('addressOfAttempt', () => {
  it.each([
    ['by-device', [2, 2, 2, 2, 2]],
    ['in-turn', [2, 0, 1, 2, 0]],
    ['next-on-failure', [2, 2, 0, 0, 1]],
  ] as const)('%s', (spread, expected) => {
    // The second and the fourth attempt are followed by a failure or a loss.
    const failures = [0, 0, 1, 1, 2];
    expect(failures.map((failed, attempt) => addressOfAttempt(spread, 2, 3, attempt, failed))).toEqual(expected);
  });

  it('is known for every way to spread', () => {
    for (const spread of SPREADS) expect(addressOfAttempt(spread, 1, 2, 0, 0)).toBe(1);
  });
});

describe('mostAtOneAddress', () => {
  it('is the largest share', () => {
    const counts = [0, 0, 0];
    for (const address of firsts(3, 100)) counts[address] = (counts[address] ?? 0) + 1;
    expect(Math.max(...counts)).toBe(mostAtOneAddress(100, 3));
  });
});
