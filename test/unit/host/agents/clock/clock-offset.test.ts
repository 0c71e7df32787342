import { describe, expect, it } from 'vitest';
import {
  clockErrorNs,
  driftOf,
  estimateOffset,
  type RoundTrip,
} from '../../../../../src/host/agents/clock/clock-offset.ts';

const MS = 1_000_000n;

/** A round trip of so many milliseconds there and back, to a clock an hour ahead. */
function trip(thereMs: bigint, backMs: bigint, aheadMs = 3_600_000n): RoundTrip {
  const heardNs = (thereMs + aheadMs) * MS;
  return { sentNs: 0n, heardNs, answeredNs: heardNs, receivedNs: (thereMs + backMs) * MS };
}

describe('estimateOffset', () => {
  it('takes the round trip of least delay', () => {
    const slow = Array.from({ length: 19 }, () => trip(40n, 10n));
    expect(estimateOffset([...slow, trip(1n, 1n)])).toEqual({
      offsetNs: 3_600_000n * MS,
      boundNs: MS + 1n,
      atNs: MS,
    });
  });

  it('needs 20 round trips', () => {
    const nineteen = Array.from({ length: 19 }, () => trip(1n, 1n));
    expect(estimateOffset(nineteen)).toBeUndefined();
    expect(estimateOffset(nineteen, 5)).toBeDefined();
    expect(estimateOffset([])).toBeUndefined();
  });

  it('leaves out round trips that no clocks can have made', () => {
    const possible = Array.from({ length: 20 }, () => trip(2n, 2n));
    const answeredBefore = { ...trip(0n, 0n), answeredNs: 0n };
    const tookLess = { sentNs: 0n, heardNs: 0n, answeredNs: 50n * MS, receivedNs: MS };
    expect(estimateOffset([answeredBefore, tookLess, ...possible])?.boundNs).toBe(2n * MS + 1n);
    expect(estimateOffset([answeredBefore, tookLess, ...possible.slice(1)])).toBeUndefined();
  });
});

describe('the drift of two estimates', () => {
  const start = { offsetNs: 5n * MS, boundNs: 2n * MS, atNs: 0n };

  it('is told with its bound and its rate', () => {
    const end = { offsetNs: 6n * MS, boundNs: 3n * MS, atNs: 100_000n * MS };
    expect(driftOf(start, end)).toEqual({ driftNs: MS, boundNs: 5n * MS, ppm: 10 });
    expect(clockErrorNs(start, end)).toBe(4n * MS);
  });

  it('counts whichever way the clock went', () => {
    const end = { offsetNs: -5n * MS, boundNs: MS, atNs: 10n * MS };
    expect(clockErrorNs(start, end)).toBe(12n * MS);
  });

  it('has no rate when no time passed, and nothing is known of it without a second estimate', () => {
    expect(driftOf(start, start).ppm).toBe(0);
    expect(clockErrorNs(start)).toBe(2n * MS);
  });
});
