import { describe, expect, it } from 'vitest';
import { AddressRecorder } from '../../../../src/metrics/measure/address-recorder.ts';
import {
  AddressTotals,
  addAddresses,
  intervalAddresses,
  type MergedAddress,
} from '../../../../src/metrics/merge/address-totals.ts';
import { attemptRecord } from '../../../fixtures/attempts.ts';

const NAMES = ['a:1883', 'b:1883'];
const ELSEWHERE = 2;

/** Two workers, each with a session online at the first address; the second worker's failed at the second before. */
function merged(): MergedAddress[] {
  const [one, other] = [new AddressRecorder(2), new AddressRecorder(2)];
  one.attempt(0, attemptRecord({ endedUs: 10 }), 0, 'accepted');
  one.up(0);
  other.attempt(1, attemptRecord({ endedUs: 500 }), 0, 'tcp-timeout');
  other.attempt(0, attemptRecord({ endedUs: 30 }), 0, 'accepted');
  other.up(0);
  const sum: MergedAddress[] = [];
  for (const recorder of [one, other]) addAddresses(sum, recorder.take());
  return sum;
}

describe('addresses in an interval', () => {
  it('are sums over workers, by name, without others that nobody was sent to', () => {
    expect(intervalAddresses(NAMES, merged())).toEqual({
      'a:1883': { outcomes: { accepted: 2 }, ended: {}, online: 2 },
      'b:1883': { outcomes: { 'tcp-timeout': 1 }, ended: {}, online: 0 },
    });
  });

  it('have others under one name', () => {
    const recorder = new AddressRecorder(2);
    recorder.attempt(ELSEWHERE, attemptRecord(), 0, 'accepted');
    const sum: MergedAddress[] = [];
    addAddresses(sum, recorder.take());
    expect(Object.keys(intervalAddresses(NAMES, sum))).toEqual([...NAMES, 'elsewhere']);
  });
});

describe('AddressTotals', () => {
  it('adds up intervals, and keeps who was online when sessions began to be ended', () => {
    const totals = new AddressTotals(NAMES);
    totals.add(merged());
    const recorder = new AddressRecorder(2);
    recorder.up(0);
    recorder.up(0);
    recorder.rest();
    recorder.down(0);
    recorder.ended(0, 'stopped');
    const last: MergedAddress[] = [];
    addAddresses(last, recorder.take());
    totals.add(last);
    const [first, second, ...others] = totals.rows().map(({ figures }) => figures);
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      address: 'a:1883',
      outcomes: { accepted: 2 },
      ended: { stopped: 1 },
      online: { peak: 2, last: 2 },
    });
    expect(first?.latency['response']?.['accepted']).toMatchObject({ count: 2, minUs: 10, maxUs: 30 });
    expect(second?.latency['service']?.['tcp-timeout']).toMatchObject({ count: 1, p50Us: 500 });
  });

  it('has no rows without names', () => {
    expect(new AddressTotals([]).rows()).toEqual([]);
  });
});
