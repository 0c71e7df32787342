import { describe, expect, it } from 'vitest';
import { AddressRecorder } from '../../../../src/metrics/measure/address-recorder.ts';
import { attemptRecord } from '../../../fixtures/attempts.ts';

const [FIRST, SECOND, OTHERS] = [0, 1, 2];

describe('AddressRecorder', () => {
  it('counts and measures each place on its own, interval by interval', () => {
    const recorder = new AddressRecorder(2);
    recorder.attempt(FIRST, attemptRecord({ startedUs: 5, endedUs: 30, tcpUs: 10, mqttUs: 15 }), 0, 'accepted');
    recorder.up(FIRST);
    recorder.attempt(OTHERS, attemptRecord({ endedUs: 7 }), 0, 'refused-4');
    recorder.ended(SECOND, 'reset');
    const [first, second, others] = recorder.take();
    expect(first).toMatchObject({ outcomes: { accepted: 1 }, ended: {}, online: { last: 1, max: 1, standing: 1 } });
    expect(first?.histograms.map(([key]) => key)).toEqual([
      'response/accepted',
      'service/accepted',
      'tcp/accepted',
      'mqtt/accepted',
    ]);
    expect(second).toEqual({
      outcomes: {},
      ended: { reset: 1 },
      online: { last: 0, max: 0, standing: 0, atStop: 0 },
      histograms: [],
    });
    expect(others?.outcomes).toEqual({ 'refused-4': 1 });
    expect(recorder.take().map(({ outcomes, histograms }) => [outcomes, histograms])).toEqual([
      [{}, []],
      [{}, []],
      [{}, []],
    ]);
  });

  it('keeps who was online when the run began to end sessions, and tells it once', () => {
    const recorder = new AddressRecorder(2);
    recorder.up(FIRST);
    recorder.up(FIRST);
    recorder.rest();
    recorder.rest();
    recorder.down(FIRST);
    expect(recorder.take()[FIRST]?.online).toEqual({ last: 1, max: 2, standing: 0, atStop: 2 });
    recorder.down(FIRST);
    expect(recorder.take()[FIRST]?.online).toEqual({ last: 0, max: 1, standing: 0, atStop: 0 });
  });

  it('knows no place beyond them', () => {
    expect(() => new AddressRecorder(2).up(3)).toThrow('no address has place 3');
  });
});
