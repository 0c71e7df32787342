import { describe, expect, it } from 'vitest';
import { causeOfLoss, EventInstants } from '../../../src/plan/timetable.ts';

describe('EventInstants', () => {
  it('open the windows of an event once its instant is known', () => {
    const instants = new EventInstants(
      [100, undefined],
      [
        { event: 0, lastsUs: 50 },
        { event: 1, lastsUs: 20 },
      ],
    );
    const { lossWindows, startUs } = instants;
    expect(instants.isWaiting).toBe(true);
    expect(lossWindows).toEqual([{ event: 0, fromUs: 100, toUs: 150 }]);
    instants.set(1, 500);
    expect(instants.isWaiting).toBe(false);
    // Whoever holds the lists sees it.
    expect([startUs, causeOfLoss(lossWindows, 520), causeOfLoss(lossWindows, 521)]).toEqual([[100, 500], 1, undefined]);
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
