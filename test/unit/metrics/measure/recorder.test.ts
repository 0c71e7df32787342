import { describe, expect, it } from 'vitest';
import { addBucketCounts } from '../../../../src/metrics/measure/bucket-counts.ts';
import { Recorder } from '../../../../src/metrics/measure/recorder.ts';
import type { FleetSnapshot } from '../../../../src/metrics/measure/snapshot.ts';
import { newHistogram, percentilesOf } from '../../../../src/results/latency/histogram.ts';
import { attemptRecord } from '../../../fixtures/attempts.ts';
import { NO_SESSIONS, steady } from '../../../fixtures/online.ts';

const HEALTH = { eventLoopDelayP99Us: 1, eventLoopDelayMaxUs: 2, cpuShare: 0.5 };
const GAUGES = [{ online: steady(1, { max: 2 }), connecting: 2, waiting: 3 }, NO_SESSIONS];
const PHASES = { dnsUs: -1, tcpUs: 300, tlsUs: -1, mqttUs: 700 };

function medians(fleet: FleetSnapshot | undefined): Record<string, number> {
  return Object.fromEntries(
    (fleet?.histograms ?? []).map(([key, counts]) => {
      const histogram = newHistogram();
      addBucketCounts(histogram, counts);
      return [key, percentilesOf(histogram).p50Us];
    }),
  );
}

describe('Recorder', () => {
  it('measures response and slip from the planned instant, service from the start', () => {
    const recorder = new Recorder(3, ['meters', 'gateways']);
    const fleet = recorder.fleet(0);
    fleet.started(false, 50.4);
    fleet.attempt(attemptRecord({ ...PHASES, startedUs: 1_050.4, endedUs: 2_100 }), 1_000);
    const snapshot = recorder.takeSnapshot(7, HEALTH, GAUGES);
    expect(snapshot).toMatchObject({ worker: 3, interval: 7, health: HEALTH });
    const [meters, gateways] = snapshot.fleets;
    expect(meters).toMatchObject({
      fleet: 'meters',
      online: { last: 1, max: 2 },
      connecting: 2,
      waiting: 3,
      slipMaxUs: 50,
      outcomes: { accepted: 1 },
      details: {},
      ended: {},
    });
    expect(meters?.attempts).toEqual({ started: 1 });
    expect(medians(meters)).toEqual({
      ...{ 'response/accepted': 1_100, 'service/accepted': 1_050, 'slip/accepted': 50 },
      ...{ 'tcp/accepted': 300, 'mqtt/accepted': 700 },
    });
    expect(gateways).toMatchObject({ fleet: 'gateways', attempts: {}, outcomes: {}, histograms: [] });
    expect(gateways?.attempts).toEqual({});
  });

  it('records failures in histograms of their own, and counts their causes', () => {
    const recorder = new Recorder(0, ['meters']);
    const fleet = recorder.fleet(0);
    for (let attempt = 0; attempt < 3; attempt++) {
      fleet.started(attempt > 0, 0);
      fleet.attempt(
        attemptRecord({
          dnsUs: 5,
          tcpUs: -1,
          tlsUs: -1,
          mqttUs: -1,
          outcome: 'tcp-refused',
          endedUs: 40,
          detail: 'ECONNREFUSED',
        }),
        0,
      );
    }
    fleet.attempt(attemptRecord({ ...PHASES, endedUs: 900 }), 0);
    fleet.ended('kicked');
    fleet.ended('kicked');
    const [snapshot] = recorder.takeSnapshot(0, HEALTH, GAUGES).fleets;
    expect(snapshot).toMatchObject({
      attempts: { started: 3, retries: 2 },
      outcomes: { 'tcp-refused': 3, accepted: 1 },
      ended: { kicked: 2 },
      details: { 'tcp-refused: ECONNREFUSED': 3 },
    });
    expect(medians(snapshot)).toMatchObject({
      'response/tcp-refused': 40,
      'dns/tcp-refused': 5,
      'response/accepted': 900,
    });
  });

  it('starts every interval at zero', () => {
    const recorder = new Recorder(0, ['meters']);
    const fleet = recorder.fleet(0);
    fleet.retryPlanned(10);
    fleet.started(true, 10);
    fleet.attempt(attemptRecord({ ...PHASES, outcome: 'refused-4', endedUs: 40, detail: 'no' }), 0);
    fleet.ended('reset');
    recorder.takeSnapshot(0, HEALTH, GAUGES);
    fleet.attempt(attemptRecord({ ...PHASES, endedUs: 77 }), 0);
    const [second] = recorder.takeSnapshot(1, HEALTH, GAUGES).fleets;
    expect(second?.slipMaxUs).toBe(0);
    for (const tally of [second?.attempts, second?.details, second?.ended]) expect(tally).toEqual({});
    expect(second?.outcomes).toEqual({ accepted: 1 });
    expect(Object.keys(medians(second)).every((key) => key.endsWith('/accepted'))).toBe(true);
  });

  it('tells a planned retry with the interval of its instant, and none past the end of the plan', () => {
    const recorder = new Recorder(0, ['meters'], undefined, 4_000_000);
    const fleet = recorder.fleet(0);
    for (const plannedUs of [900_000, 1_000_000, 1_999_999.5, 3_000_000, 4_000_000]) fleet.retryPlanned(plannedUs);
    fleet.retryWithdrawn(1_999_999.5);
    fleet.retryWithdrawn(4_000_000);
    const planned = [0, 1, 2, 3].map(
      (interval) => recorder.takeSnapshot(interval, HEALTH, GAUGES).fleets[0]?.attempts.planned ?? 0,
    );
    expect(planned).toEqual([1, 1, 0, 1]);
  });

  it('tells a retry that was started in the first moments of the next interval as planned with the interval that has its start', () => {
    const recorder = new Recorder(0, ['meters']);
    const fleet = recorder.fleet(0);
    for (const plannedUs of [400_000, 2_500_000, 1_000_000, 1_500_000]) fleet.retryPlanned(plannedUs);
    fleet.started(true, 0);
    fleet.started(true, 200);
    const attempts = (interval: number): unknown =>
      recorder.takeSnapshot(interval, HEALTH, GAUGES).fleets[0]?.attempts ?? {};
    expect(attempts(0)).toEqual({ planned: 2, started: 2, retries: 2 });
    fleet.started(true, 0);
    expect([attempts(1), attempts(2)]).toEqual([{ planned: 1, started: 1, retries: 1 }, { planned: 1 }]);
  });

  it('tells with its last snapshot what is still planned', () => {
    const recorder = new Recorder(0, ['meters']);
    recorder.fleet(0).retryPlanned(7_000_000);
    expect(recorder.takeSnapshot(1, HEALTH, GAUGES).fleets[0]?.attempts).toEqual({});
    expect(recorder.takeSnapshot(2, HEALTH, GAUGES, true).fleets[0]?.attempts).toEqual({ planned: 1 });
  });

  it('keeps 32 kinds of details over the whole run, and counts the others together', () => {
    const recorder = new Recorder(0, ['meters']);
    const fleet = recorder.fleet(0);
    for (let kind = 0; kind < 32; kind++)
      fleet.attempt(attemptRecord({ ...PHASES, outcome: 'protocol-error', endedUs: 1, detail: `kind ${kind}` }), 0);
    recorder.takeSnapshot(0, HEALTH, GAUGES);
    for (let kind = 30; kind < 40; kind++)
      fleet.attempt(attemptRecord({ ...PHASES, outcome: 'protocol-error', endedUs: 1, detail: `kind ${kind}` }), 0);
    expect(recorder.takeSnapshot(1, HEALTH, GAUGES).fleets[0]?.details).toEqual({
      'protocol-error: kind 30': 1,
      'protocol-error: kind 31': 1,
      'protocol-error: other': 8,
    });
  });

  it('counts what was seen of ends, bounded like the causes of attempts and apart from them', () => {
    const recorder = new Recorder(0, ['meters']);
    const fleet = recorder.fleet(0);
    for (let kind = 0; kind < 32; kind++)
      fleet.attempt(attemptRecord({ ...PHASES, outcome: 'protocol-error', endedUs: 1, detail: `kind ${kind}` }), 0);
    for (let kind = 0; kind < 40; kind++) fleet.ended('protocol-error', `kind ${kind}`);
    fleet.ended('stopped');
    const [first] = recorder.takeSnapshot(0, HEALTH, GAUGES).fleets;
    expect(first?.ended).toEqual({ 'protocol-error': 40, stopped: 1 });
    expect(first?.endDetails).toMatchObject({ 'protocol-error: kind 31': 1, 'protocol-error: other': 8 });
    expect(Object.keys(first?.endDetails ?? {})).toHaveLength(33);
    expect(recorder.takeSnapshot(1, HEALTH, GAUGES).fleets[0]?.endDetails).toEqual({});
  });

  it('knows no fleet outside the scenario', () => {
    expect(() => new Recorder(0, ['meters']).fleet(1)).toThrow(RangeError);
  });
});
