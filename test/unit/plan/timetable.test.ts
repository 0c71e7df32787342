import { describe, expect, it } from 'vitest';
import { causeOfLoss, EventInstants, eventId } from '../../../src/plan/timetable.ts';

describe('EventInstants', () => {
  it('open the windows of an event once its instant is known', () => {
    const [restart, expiry] = [eventId(0), eventId(1)];
    const instants = new EventInstants(
      [
        { event: expiry, atUs: undefined },
        { event: restart, atUs: 100 },
      ],
      [
        { event: restart, lastsUs: 50 },
        { event: expiry, lastsUs: 20 },
      ],
    );
    const { lossWindows } = instants;
    expect(instants.isWaiting).toBe(true);
    expect(lossWindows).toEqual([{ event: 0, fromUs: 100, toUs: 150 }]);
    instants.set(expiry, 500);
    expect(instants.isWaiting).toBe(false);
    expect([restart, expiry, eventId(2)].map((event) => instants.atUs(event))).toEqual([100, 500, undefined]);
    // Whoever holds the list sees it.
    expect([causeOfLoss(lossWindows, 520), causeOfLoss(lossWindows, 521)]).toEqual([expiry, undefined]);
  });
});

describe('causeOfLoss', () => {
  const restart = { event: eventId(4), fromUs: 100, toUs: 200 };
  const expiry = { event: eventId(2), fromUs: 150, toUs: 180 };

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
