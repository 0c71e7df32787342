import { describe, expect, it } from 'vitest';
import { evaluateThresholds, type MeasuredParts, parseThreshold } from '../../../../src/metrics/judge/thresholds.ts';
import { wantsFailures } from '../../../../src/metrics/judge/wanted-failures.ts';
import type { FleetSummary } from '../../../../src/results/summary/fleet-summary.ts';
import { flatPercentiles, fleetSummary } from './summaries.ts';

/** A fleet of 20 whose logins were all refused with CONNACK 4. */
const REFUSED: Partial<FleetSummary> = {
  sessions: 20,
  attempts: { firstPlanned: 20, started: 20, retries: 0, unfinished: 0 },
  outcomes: [{ outcome: 'refused-4', count: 20, share: 1, details: [] }],
  latency: { service: { 'refused-4': flatPercentiles(20, 1_000) } },
  authCodes: { 460: 20 },
};
const PARTS: MeasuredParts = {
  total: fleetSummary(REFUSED),
  fleets: [fleetSummary(REFUSED)],
  disturbances: [],
  distributions: () => ({ percentileUs: (key) => (key === 'service/refused-4' ? 1_000 : undefined) }),
};

function wants(...sources: string[]): boolean {
  const thresholds = sources.map((source) => {
    const parsed = parseThreshold(source, ['meters']);
    if (!parsed.ok) expect.fail(parsed.message);
    return parsed.threshold;
  });
  return wantsFailures(thresholds, evaluateThresholds(thresholds, PARTS), PARTS);
}

describe('thresholds that want logins to fail', () => {
  it.each([
    'refused-4.count == 20',
    'meters.refused-4.count >= 1',
    'failed.ratio > 50%',
    'accepted.count == 0',
    'accepted.ratio < 10%',
    'online.peak == 0',
    'service.refused-4.p99 < 50ms',
    'service.refused-4.p97.5 < 50ms',
    'auth-460.count == 20',
  ])('%s', (source) => {
    expect(wants(source)).toBe(true);
    expect(wants('attempts.count == 20', source)).toBe(true);
  });

  it.each([
    ['would hold all the same', 'attempts.count == 20'],
    ['would hold all the same', 'failed.ratio <= 100%'],
    ['would hold all the same', 'refused-3.count == 0'],
    ['fails', 'refused-4.count == 21'],
    ['fails', 'accepted.ratio >= 99%'],
    ['has no data', 'response.p99 < 500ms'],
  ])('not what %s: %s', (_why, source) => {
    expect(wants(source)).toBe(false);
  });

  it('none at all', () => {
    expect(wants()).toBe(false);
  });
});
