import { describe, expect, it } from 'vitest';
import type { EmulatorCounts } from '../../../../src/emulator/contract/config.ts';
import { eventId } from '../../../../src/plan/timetable.ts';
import { EventCourse } from '../../../../src/run/events/event-course.ts';
import type { Anchor, ScenarioEvent } from '../../../../src/scenario/event.ts';

const SEC = 1_000_000;
const AFTER: Anchor = {
  online: { ratio: 1 },
  sessions: 10,
  fleet: undefined,
  waitUs: 0,
  words: 'all 10 sessions are online',
};
const DROP = { kind: 'drop', way: 'reset', fleet: undefined, part: { ratio: 0.5 }, count: 5, label: 'drop 5' } as const;
const REFUSE = { kind: 'refuse', forUs: 3 * SEC, label: 'refuse', misbehaviour: { kind: 'refuse', code: 3 } } as const;
/** Not their places in the list, which name nothing. */
const [DROPPED, REFUSED, EXPIRED] = [eventId(7), eventId(0), eventId(3)];
const EVENTS: readonly ScenarioEvent[] = [
  { ...DROP, id: DROPPED, after: AFTER },
  { ...REFUSE, id: REFUSED, atUs: 2 * SEC },
  { id: EXPIRED, kind: 'expire-tokens', after: { ...AFTER, waitUs: 5 * SEC }, label: 'expire' },
];

/** Only what is asked of them here. */
function countsOf(metByMisbehaviour: Record<string, number>): EmulatorCounts {
  const none = { connections: 0, accepted: 0, kicks: 0, online: 0, protocolErrors: 0, waiting: 0, tlsFailures: 0 };
  const nothing = { tokensIssued: 0, subscribed: 0, subscriptionsRefused: 0, published: 0 };
  return { ...none, ...nothing, refusedByCode: {}, authByCode: {}, metByMisbehaviour };
}

describe('EventCourse', () => {
  it('tells when each event happened, what it asked for and whom it met', () => {
    const course = new EventCourse(EVENTS);
    expect(course.planned(DROPPED)).toBeUndefined();
    course.happens(DROPPED, 4.25 * SEC);
    course.addMet(DROPPED, 3);
    course.addMet(DROPPED, 2);
    course.setMet(countsOf({ [REFUSED]: 12 }));
    expect(course.planned(DROPPED)).toEqual({ kind: 'drop', label: 'drop 5', startUs: 4.25 * SEC });
    expect(course.rows(10)).toEqual([
      { id: REFUSED, kind: 'refuse', label: 'refuse', startSec: 2, endSec: 5, met: 12 },
      { id: DROPPED, kind: 'drop', label: 'drop 5', after: AFTER.words, startSec: 4.25, asked: 5, met: 5 },
      { id: EXPIRED, kind: 'expire-tokens', label: 'expire', after: `${AFTER.words}, plus 5s` },
    ]);
  });

  it('counts nothing for an emulator that could not be asked', () => {
    const course = new EventCourse(EVENTS);
    course.setMet(undefined);
    expect(course.rows(10)[0]).not.toHaveProperty('met');
    expect(course.warnings(10, true)).toEqual([]);
  });

  it('warns of events that had no effect, that never happened, and that came too late', () => {
    const course = new EventCourse(EVENTS);
    course.happens(EXPIRED, 11 * SEC);
    course.setMet(countsOf({ [REFUSED]: 0 }));
    expect(course.warnings(10, false)).toEqual([
      'the event "refuse" at 2s had no effect',
      'the event "expire" did not happen: the run was over before 11s',
      'the event "drop 5" did not happen: it waits until all 10 sessions are online, and they never were',
    ]);
  });

  it('a run that was cut short does not blame states that may have come', () => {
    expect(new EventCourse(EVENTS).warnings(1, true)).toEqual([]);
  });
});
