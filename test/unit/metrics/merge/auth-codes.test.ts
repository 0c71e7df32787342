import { describe, expect, test } from 'vitest';
import { MAX_MADE_UP } from '../../../../src/metrics/measure/outcome-kinds.ts';
import { Recorder } from '../../../../src/metrics/measure/recorder.ts';
import type { Snapshot } from '../../../../src/metrics/measure/snapshot.ts';
import { IntervalMerger } from '../../../../src/metrics/merge/merge.ts';
import { RunTotals } from '../../../../src/metrics/merge/totals.ts';
import { findMetric, knownMetricNames } from '../../../../src/results/names/metric-names.ts';
import { fleetSummarySchema } from '../../../../src/results/summary/fleet-summary.ts';
import { attemptRecord, loginPhases } from '../../../fixtures/attempts.ts';
import { NO_SESSIONS } from '../../../fixtures/online.ts';
import { fleetSummary } from '../judge/summaries.ts';

const HEALTH = { eventLoopDelayP99Us: 0, eventLoopDelayMaxUs: 0, cpuShare: 0 };

function snapshot(worker: number, play: (recorder: Recorder) => void): Snapshot {
  const recorder = new Recorder(worker, ['meters', 'sensors']);
  play(recorder);
  return recorder.takeSnapshot(0, HEALTH, [NO_SESSIONS, NO_SESSIONS]);
}

describe('replies of the auth service', () => {
  test('are added up by code over workers and fleets, and attempts by outcome', () => {
    const merger = new IntervalMerger(2, ['meters', 'sensors']);
    const first = snapshot(0, (recorder) => {
      for (const code of [200, 200, 401]) recorder.fleet(0).authReply(code);
      recorder.fleet(0).attempt(
        attemptRecord({
          auth: loginPhases({ authUs: 7, authTcpUs: 1, authHttpUs: 5 }),
          outcome: 'auth-401',
          endedUs: 9,
          detail: 'code 401',
        }),
        0,
      );
    });
    const second = snapshot(1, (recorder) => {
      recorder.fleet(0).authReply(200);
      recorder
        .fleet(0)
        .attempt(
          attemptRecord({ mqttUs: 1, auth: loginPhases({ authUs: 8, authDnsUs: 1, authTlsUs: 2 }), endedUs: 9 }),
          0,
        );
    });
    const totals = new RunTotals([
      { name: 'meters', sessions: 4 },
      { name: 'sensors', sessions: 1 },
    ]);
    for (const part of [first, second]) for (const merged of merger.add(part)) totals.add(merged);
    const { total, fleets } = totals.summary();
    expect(total.authCodes).toEqual({ 200: 3, 401: 1 });
    expect(fleets[0]?.authCodes).toEqual({ 200: 3, 401: 1 });
    expect(fleets[1]).not.toHaveProperty('authCodes');
    expect(fleetSummarySchema.parse(total)).toEqual(total);
    expect(total.outcomes).toMatchObject([
      { outcome: 'accepted', count: 1 },
      { outcome: 'auth-401', name: 'request auth error', count: 1 },
    ]);
    expect(counts(total.latency)).toEqual({
      response: { accepted: 1, 'auth-401': 1 },
      service: { accepted: 1, 'auth-401': 1 },
      slip: { accepted: 1, 'auth-401': 1 },
      auth: { accepted: 1, 'auth-401': 1 },
      'auth-dns': { accepted: 1 },
      'auth-tcp': { 'auth-401': 1 },
      'auth-tls': { accepted: 1 },
      'auth-http': { 'auth-401': 1 },
      mqtt: { accepted: 1 },
    });
  });

  test('start at nothing in the next interval', () => {
    const recorder = new Recorder(0, ['meters']);
    recorder.fleet(0).authReply(200);
    const taken = [0, 1].map((interval) => recorder.takeSnapshot(interval, HEALTH, [NO_SESSIONS]).fleets[0]?.authCodes);
    expect(taken).toEqual([{ 200: 1 }, {}]);
  });
});

describe('metrics of the auth service', () => {
  const fleet = fleetSummary({ authCodes: { 200: 3, 401: 1 } });

  test.each([
    ['auth-200.count', 3],
    ['auth-200.ratio', 0.75],
    ['auth-401.count', 1],
    ['auth-401.ratio', 0.25],
    ['auth-5001.count', 0],
  ])('%s', (name, value) => {
    expect(findMetric(name)?.read(fleet, [])).toEqual({ value });
  });

  test('have no data where nobody logged in over HTTPS', () => {
    expect(findMetric('auth-200.count')?.read(fleetSummary(), [])).toHaveProperty('missing');
  });

  test('are known by name', () => {
    expect(knownMetricNames()).toEqual(expect.arrayContaining(['auth-200.count', 'auth-tls.p99', 'auth.p50']));
  });
});

function counts(latency: Record<string, Record<string, { count: number }>>): object {
  return Object.fromEntries(
    Object.entries(latency).map(([measure, byOutcome]) => [
      measure,
      Object.fromEntries(Object.entries(byOutcome).map(([outcome, { count }]) => [outcome, count])),
    ]),
  );
}

describe('codes that a service makes up', () => {
  const ENDED = { auth: loginPhases({ authUs: 7 }) };

  test('have outcomes of their own up to a number, and are counted as auth-other beyond it', () => {
    const recorder = new Recorder(0, ['meters']);
    const fleet = recorder.fleet(0);
    for (let code = 1_000; code < 1_100; code++) {
      fleet.authReply(code);
      fleet.attempt(attemptRecord({ ...ENDED, outcome: `auth-${code}`, endedUs: 9, detail: `code ${code}` }), 0);
    }
    expect(fleet.attempt(attemptRecord({ ...ENDED, outcome: 'auth-1000', endedUs: 9 }), 0).what).toBe('auth-1000');
    expect(fleet.attempt(attemptRecord({ ...ENDED, outcome: 'auth-http-799', endedUs: 9 }), 0).what).toBe('auth-other');
    for (const outcome of ['auth-401', 'auth-5001', 'auth-malformed', 'accepted'] as const)
      expect(fleet.attempt(attemptRecord({ ...ENDED, outcome, endedUs: 9 }), 0).what).toBe(outcome);
    const [taken] = recorder.takeSnapshot(0, HEALTH, [NO_SESSIONS]).fleets;
    expect(Object.keys(taken?.outcomes ?? {})).toHaveLength(MAX_MADE_UP + 5);
    expect(taken?.outcomes['auth-other']).toBe(100 - MAX_MADE_UP + 1);
    expect(taken?.details['auth-other: code 1016']).toBe(1);
    expect(taken?.authCodes?.['other']).toBe(100 - MAX_MADE_UP);
  });

  test('are bounded in the totals, whatever the number of workers', () => {
    const workers = 8;
    const merger = new IntervalMerger(workers, ['meters', 'sensors']);
    const totals = new RunTotals([
      { name: 'meters', sessions: 4 },
      { name: 'sensors', sessions: 1 },
    ]);
    for (let worker = 0; worker < workers; worker++) {
      const part = snapshot(worker, (recorder) => {
        for (let code = 0; code < 10; code++) {
          recorder.fleet(0).authReply(1_000 + 10 * worker + code);
          recorder
            .fleet(0)
            .attempt(
              attemptRecord({ ...ENDED, outcome: `auth-${1_000 + 10 * worker + code}`, endedUs: 9, detail: 'made up' }),
              0,
            );
        }
      });
      for (const merged of merger.add(part)) totals.add(merged);
    }
    const { total } = totals.summary();
    expect(total.outcomes).toHaveLength(MAX_MADE_UP + 1);
    expect(total.outcomes[0]).toMatchObject({ outcome: 'auth-other', count: 80 - MAX_MADE_UP });
    expect(Object.keys(total.latency['auth'] ?? {})).toHaveLength(MAX_MADE_UP + 1);
    expect(total.latency['auth']?.['auth-other']?.count).toBe(80 - MAX_MADE_UP);
    expect(total.outcomes[0]?.details).toEqual([{ detail: 'made up', count: 80 - MAX_MADE_UP }]);
    expect(Object.keys(total.authCodes ?? {})).toHaveLength(MAX_MADE_UP + 1);
    expect(total.authCodes?.['other']).toBe(80 - MAX_MADE_UP);
    expect(fleetSummarySchema.parse(total)).toEqual(total);
  });
});
