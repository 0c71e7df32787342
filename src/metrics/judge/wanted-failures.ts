import type { FleetSummary } from '../../results/summary/fleet-summary.ts';
import type { OutcomeCount } from '../../results/summary/outcome-count.ts';
import type { ThresholdResult } from '../../results/summary/threshold-result.ts';
import type { Threshold } from './threshold.ts';
import { evaluateThresholds, type MeasuredParts } from './thresholds.ts';

/**
 * Whether the scenario wants logins to fail: a threshold holds that would not have held if every attempt had been accepted, such as
 * `refused-4.count == 20`, `failed.ratio > 50%`, `accepted.count == 0` or `service.refused-3.p99 < 50ms`. `results` are those of
 * `thresholds`.
 */
export function wantsFailures(
  thresholds: readonly Threshold[],
  results: readonly ThresholdResult[],
  parts: MeasuredParts,
): boolean {
  const otherwise = evaluateThresholds(thresholds, allAccepted(parts));
  return results.some(({ passed }, index) => passed && otherwise[index]?.passed === false);
}

/** The same run if each of its attempts had been accepted, as far as counts go; how long they would have taken is unknown. */
function allAccepted({ total, fleets, disturbances, distributions }: MeasuredParts): MeasuredParts {
  return {
    total: acceptedFleet(total),
    fleets: fleets.map(acceptedFleet),
    disturbances,
    distributions: (fleet) => {
      const measured = distributions(fleet);
      if (measured === undefined) return undefined;
      return {
        percentileUs: (key, percent) => {
          const isOfFailures = key.includes('/') && !key.endsWith('/accepted');
          return isOfFailures ? undefined : measured.percentileUs(key, percent);
        },
      };
    },
  };
}

function acceptedFleet(fleet: FleetSummary): FleetSummary {
  const { sessions, outcomes, rate, latency, authCodes } = fleet;
  const attempts = outcomes.reduce((sum, { count }) => sum + count, 0);
  return {
    ...fleet,
    outcomes: attempts === 0 ? [] : [acceptedOnly(attempts)],
    online: { peak: sessions, last: sessions },
    rate: { ...rate, acceptedPeakPerSec: rate.startedPeakPerSec, acceptedMeanPerSec: rate.plannedMeanPerSec },
    latency: Object.fromEntries(Object.entries(latency).map(([measure, rows]) => [measure, onlyAccepted(rows)])),
    ...(authCodes === undefined ? {} : { authCodes: { 200: attempts } }),
  };
}

function acceptedOnly(count: number): OutcomeCount {
  return { outcome: 'accepted', connackCode: 0, count, share: 1, details: [] };
}

function onlyAccepted<Row>({ accepted }: Readonly<Record<string, Row>>): Record<string, Row> {
  return accepted === undefined ? {} : { accepted };
}
