import { describe, expect, it } from 'vitest';
import { evaluateThresholds, parseThreshold } from '../../../../src/metrics/judge/thresholds.ts';
import { newHistogram, percentileUs, recordUs } from '../../../../src/results/latency/histogram.ts';
import type { Distributions } from '../../../../src/results/names/metric.ts';
import type { FleetSummary } from '../../../../src/results/summary/fleet-summary.ts';
import { flatPercentiles, fleetSummary } from './summaries.ts';

const FLEETS = ['meters', 'old.meters', 'gateways'];

function parsed(source: string) {
  const result = parseThreshold(source, FLEETS);
  if (!result.ok) throw new Error(`${source}: ${result.message}`);
  return result.threshold;
}

describe('parseThreshold', () => {
  it.each([
    ['response.p99 < 500ms', { metric: 'response.p99', operator: '<', limit: 500_000 }],
    ['response.p99<500ms', { metric: 'response.p99', operator: '<', limit: 500_000 }],
    ['  slip.max <= 1.5s ', { metric: 'slip.max', operator: '<=', limit: 1_500_000 }],
    ['mqtt.p99.9 < 2s', { metric: 'mqtt.p999', operator: '<', limit: 2_000_000 }],
    ['mqtt.p9990 < 2s', { metric: 'mqtt.p999', operator: '<', limit: 2_000_000 }],
    ['mqtt.p9999 < 2s', { metric: 'mqtt.p99.99', operator: '<', limit: 2_000_000 }],
    ['tcp.p97.5 < 2s', { metric: 'tcp.p97.5', operator: '<', limit: 2_000_000 }],
    ['tcp.refused-3.p1 < 2s', { metric: 'tcp.refused-3.p1', operator: '<', limit: 2_000_000 }],
    ['auth-http.p100 < 2s', { metric: 'auth-http.p100', operator: '<', limit: 2_000_000 }],
    ['kicks.lifetime.p10 > 1s', { metric: 'kicks.lifetime.p10', operator: '>', limit: 1_000_000 }],
    ['kicks.period.mean > 1s', { metric: 'kicks.period.mean', operator: '>', limit: 1_000_000 }],
    ['disturbances.count == 0', { metric: 'disturbances.count', operator: '==', limit: 0 }],
    ['recovery.attempts-p99 < 5', { metric: 'recovery.attempts-p99', operator: '<', limit: 5 }],
    ['attempts.planned-peak < 5/s', { metric: 'attempts.planned-peak', operator: '<', limit: 5 }],
    ['response.refused-4.p99 < 1s', { metric: 'response.refused-4.p99', operator: '<', limit: 1_000_000 }],
    ['response.count >= 10', { metric: 'response.count', operator: '>=', limit: 10 }],
    ['accepted.ratio >= 99.9%', { metric: 'accepted.ratio', operator: '>=', limit: 0.999 }],
    ['accepted.ratio >= 0.999', { metric: 'accepted.ratio', operator: '>=', limit: 0.999 }],
    ['failed.count == 0', { metric: 'failed.count', operator: '==', limit: 0 }],
    ['refused-4.count == 100', { metric: 'refused-4.count', operator: '==', limit: 100 }],
    ['auth-460.ratio < 1%', { metric: 'auth-460.ratio', operator: '<', limit: 0.01 }],
    ['auth.p99 < 1s', { metric: 'auth.p99', operator: '<', limit: 1_000_000 }],
    ['ended.kicked.count == 0', { metric: 'ended.kicked.count', operator: '==', limit: 0 }],
    ['attempts.count > 5', { metric: 'attempts.count', operator: '>', limit: 5 }],
    ['connects.rate > 100/s', { metric: 'connects.rate', operator: '>', limit: 100 }],
    ['connects.peak > 600/m', { metric: 'connects.peak', operator: '>', limit: 10 }],
    ['online.peak >= 1000', { metric: 'online.peak', operator: '>=', limit: 1000 }],
    ['meters.response.p99 < 1s', { metric: 'response.p99', operator: '<', limit: 1_000_000, fleet: 'meters' }],
    ['old.meters.online.peak > 1', { metric: 'online.peak', operator: '>', limit: 1, fleet: 'old.meters' }],
  ])('reads %s', (source, expected) => {
    expect(parsed(source)).toEqual({ source: source.trim(), ...expected });
  });

  it.each([
    ['response.p99', '`response.p99` is not a threshold', undefined],
    ['', '`` is not a threshold', undefined],
    ['response.p99 < 500 ms', '`response.p99 < 500 ms` is not a threshold', undefined],
    ['response.p99 = 500ms', 'unknown operator =', '=='],
    ['response.p99 != 500ms', 'unknown operator !=', undefined],
    ['respons.p99 < 500ms', 'unknown metric respons.p99', 'response.p99'],
    ['accepted.ration > 1%', 'unknown metric accepted.ration', 'accepted.ratio'],
    ['meters.acepted.ratio > 1%', 'unknown metric meters.acepted.ratio', 'meters.accepted.ratio'],
    ['response.p0 < 1s', 'unknown metric response.p0', 'response.p50'],
    ['response.p101 < 1s', 'unknown metric response.p101', 'response.p50'],
    ['kicks.periods.p50 > 1s', 'unknown metric kicks.periods.p50', 'kicks.period.p50'],
    ['metres.response.p99 < 1s', 'unknown fleet metres', 'meters.response.p99'],
    ['nonsense > 1', 'unknown metric nonsense', undefined],
    ['constructor.count > 1', 'unknown metric constructor.count', undefined],
    ['response.p99 < 500', '500 cannot be a limit of response.p99', '500ms'],
    ['response.p99 < 5%', '5% cannot be a limit of response.p99', undefined],
    ['accepted.ratio > 99.9', '99.9 cannot be a limit of accepted.ratio', undefined],
    ['accepted.ratio > 101%', '101% cannot be a limit of accepted.ratio', undefined],
    ['accepted.count > 1.5', '1.5 cannot be a limit of accepted.count', undefined],
    ['connects.rate > 100', '100 cannot be a limit of connects.rate', undefined],
  ])('refuses %s', (source, message, hint) => {
    const result = parseThreshold(source, FLEETS);
    expect(result).toMatchObject({ ok: false, message });
    expect('hint' in result ? result.hint : undefined).toBe(hint);
    expect(result.ok ? '' : result.expected).not.toBe('');
  });
});

describe('evaluateThresholds', () => {
  const total: FleetSummary = fleetSummary({
    name: 'all',
    attempts: { firstPlanned: 1000, started: 1000, retries: 0, unfinished: 0 },
    outcomes: [
      { outcome: 'accepted', count: 999, share: 0.999, details: [] },
      { outcome: 'refused-4', count: 1, share: 0.001, details: [] },
    ],
    ended: { stopped: 999 },
    online: { peak: 999, last: 0 },
    latency: { response: { accepted: flatPercentiles(999, 500_000), 'refused-4': flatPercentiles(1, 7) } },
  });
  const idle = fleetSummary({ name: 'meters' });
  const judge = (source: string) =>
    evaluateThresholds([parsed(source)], { total, fleets: [idle], disturbances: [], distributions })[0];
  const recorded = newHistogram();
  for (let us = 1; us <= 1000; us++) recordUs(recorded, us);
  const distributions = (fleet: string | undefined): Distributions => ({
    percentileUs: (key, percent) =>
      fleet === undefined && (key === 'response/accepted' || key === 'kicks.lifetime')
        ? percentileUs(recorded, percent)
        : undefined,
  });

  it.each([
    ['response.p99 < 500ms', false, 500_000],
    ['response.p99 <= 500ms', true, 500_000],
    ['response.refused-4.max < 8us', true, 7],
    ['accepted.ratio >= 99.9%', true, 0.999],
    ['accepted.ratio > 99.9%', false, 0.999],
    ['failed.count == 1', true, 1],
    ['failed.ratio <= 0.1%', true, 0.001],
    ['tcp-refused.count == 0', true, 0],
    ['ended.kicked.count == 0', true, 0],
    ['ended.stopped.count == 999', true, 999],
    ['online.peak >= 1000', false, 999],
    ['attempts.count >= 1000', true, 1000],
    ['disturbances.count == 0', true, 0],
    ['response.p97.5 <= 975us', true, 975],
    ['response.p97.5 < 975us', false, 975],
    ['response.p1 == 10us', true, 10],
    ['response.p100 == 1ms', true, 1000],
    ['response.p0.05 == 1us', true, 1],
    ['kicks.lifetime.p33.3 == 333us', true, 333],
  ])('%s passes: %s', (source, passed, actual) => {
    expect(judge(source)).toMatchObject({ source, passed, actual });
  });

  it.each([
    ['tls.p99 < 1s', 'no data: no accepted attempt has a tls time'],
    ['meters.response.p99 < 1s', 'no data: no accepted attempt has a response time'],
    ['meters.response.p98 < 1s', 'no data: no accepted attempt has a response time'],
    ['kicks.period.p98 < 1s', 'no data: no device was kicked twice'],
    ['kicks.lifetime.p99 < 1s', 'no data: no session was kicked'],
    ['meters.failed.count == 0', 'no data: no attempt had an outcome'],
    ['meters.ended.kicked.count == 0', 'no data: no session was ever online'],
    ['meters.online.peak < 5', 'no data: no attempt was started'],
    ['gateways.online.peak < 5', 'no data: no fleet gateways took part'],
  ])('%s fails without data', (source, reason) => {
    expect(judge(source)).toMatchObject({ passed: false, reason });
    expect(judge(source)).not.toHaveProperty('actual');
  });
});
