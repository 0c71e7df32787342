import { describe, expect, it } from 'vitest';
import { AddressWalk, type ServiceAddresses } from '../../../../src/device/session/address-walk.ts';
import { AddressRecorder } from '../../../../src/metrics/measure/address-recorder.ts';
import type { Spread } from '../../../../src/plan/spread.ts';
import { attemptRecord } from '../../../fixtures/attempts.ts';

const ELSEWHERE = 3;

function begun(spread: Spread): { walk: AddressWalk; recorder: AddressRecorder } {
  const recorder = new AddressRecorder(3);
  const addresses: ServiceAddresses = {
    count: 3,
    spread,
    recorder,
    firstOf: (index) => index,
    placeOf: ({ host }) => (host === 'own' ? 2 : ELSEWHERE),
  };
  return { walk: new AddressWalk(addresses, 1), recorder };
}

describe('AddressWalk', () => {
  it('goes on after an attempt that failed, and after a session that was lost', () => {
    const { walk } = begun('next-on-failure');
    expect(walk.next(0)).toBe(1);
    walk.attempt(attemptRecord({ outcome: 'tcp-refused', failedIn: 'tcp' }), 0, 'tcp-refused');
    expect(walk.next(1)).toBe(2);
    walk.attempt(attemptRecord(), 0, 'accepted');
    walk.moved('connecting', 'online');
    walk.moved('online', 'waiting');
    expect(walk.next(2)).toBe(0);
  });

  it('stays where it is when the login over HTTPS failed, which is no address of the MQTT service', () => {
    const { walk, recorder } = begun('next-on-failure');
    walk.next(0);
    walk.attempt(attemptRecord({ outcome: 'auth-429', failedIn: 'auth' }), 0, 'auth-429');
    expect(walk.next(1)).toBe(1);
    expect(recorder.take().map(({ outcomes }) => outcomes)).toEqual([{}, {}, {}, {}]);
  });

  it('counts an attempt where the reply to its login sent it', () => {
    const { walk, recorder } = begun('by-device');
    walk.next(0);
    walk.attempt(attemptRecord({ sentTo: { host: 'foreign', port: 1 } }), 0, 'accepted');
    walk.moved('connecting', 'online');
    expect(walk.address).toBe(ELSEWHERE);
    expect(walk.next(1)).toBe(1);
    walk.attempt(attemptRecord({ sentTo: { host: 'own', port: 1 } }), 0, 'accepted');
    const counts = recorder.take().map(({ outcomes, online }) => [outcomes.accepted ?? 0, online.last]);
    expect(counts).toEqual([
      [0, 0],
      [0, 0],
      [1, 0],
      [1, 1],
    ]);
  });

  it('does not go on when the run ends its session', () => {
    const { walk } = begun('next-on-failure');
    walk.next(0);
    walk.attempt(attemptRecord(), 0, 'accepted');
    walk.moved('connecting', 'online');
    walk.moved('online', 'closing');
    expect(walk.next(1)).toBe(1);
  });
});
