import { describe, expect, it } from 'vitest';
import { neverOnlineDevices, type TriedSession } from '../../../src/fleet/never-online.ts';

const REFUSED = { what: 'refused-4', detail: 'CONNACK 4: bad user name or password' } as const;
const TIMEOUT = { what: 'tcp-timeout', detail: 'no answer from 127.0.0.1:1883 within 5s' } as const;

function session(index: number, more: Partial<TriedSession> = {}): TriedSession {
  return { index, attempts: 1, startedUs: 0, wasOnline: false, lastFailure: REFUSED, ...more };
}

function listed(sessions: readonly TriedSession[], most = 100) {
  return neverOnlineDevices('meters', sessions, (index) => `meters-${index}`, most);
}

describe('neverOnlineDevices', () => {
  it('names who was tried in vain, with the last end and the attempts', () => {
    expect(listed([session(0, { wasOnline: true }), session(2, { attempts: 3 }), session(4)])).toEqual([
      { fleet: 'meters', index: 2, device: 'meters-2', attempts: 3, outcome: 'refused-4', detail: REFUSED.detail },
      { fleet: 'meters', index: 4, device: 'meters-4', attempts: 1, outcome: 'refused-4', detail: REFUSED.detail },
    ]);
  });

  it('leaves out who was not started', () => {
    expect(listed([session(0, { attempts: 0, lastFailure: undefined })])).toEqual([]);
  });

  it('says nothing of an end where the only attempt was cut short', () => {
    expect(listed([session(0, { lastFailure: undefined })])).toEqual([
      { fleet: 'meters', index: 0, device: 'meters-0', attempts: 1 },
    ]);
  });

  it('counts a device in several copies once, with the attempts of all and the end of the one started last', () => {
    const copies = [
      session(3, { attempts: 4, startedUs: 900 }),
      session(3, { attempts: 2, startedUs: 1_500, lastFailure: TIMEOUT }),
      session(3, { attempts: 1, startedUs: 2_000, lastFailure: undefined }),
    ];
    expect(listed([session(2), ...copies, session(4)])).toMatchObject([
      { index: 2 },
      { index: 3, attempts: 7, outcome: 'tcp-timeout', detail: TIMEOUT.detail },
      { index: 4 },
    ]);
  });

  it('does not list a device of which any copy was online', () => {
    expect(listed([session(3), session(3, { wasOnline: true }), session(3)])).toEqual([]);
  });

  it('ends at the most that are wanted', () => {
    const sessions = Array.from({ length: 500 }, (_, index) => session(index));
    expect(listed(sessions, 7).map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(listed(sessions, 0)).toEqual([]);
  });

  it('bounds the text of a cause, and leaves an empty one out', () => {
    const [long, none] = listed([
      session(0, { lastFailure: { what: 'tls-failed', detail: '😀'.repeat(500) } }),
      session(1, { lastFailure: { what: 'tls-failed', detail: '' } }),
    ]);
    expect(long?.detail).toBe(`${'😀'.repeat(199)}…`);
    expect(none).toEqual({ fleet: 'meters', index: 1, device: 'meters-1', attempts: 1, outcome: 'tls-failed' });
  });
});
