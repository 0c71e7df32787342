import type { Metric } from '../../results/names/metric.ts';
import { findMetric, knownMetricNames } from '../../results/names/metric-names.ts';
import type { RecoveryFigures } from '../../results/summary/disturbance.ts';
import type { FleetSummary } from '../../results/summary/fleet-summary.ts';
import type { Summary } from '../../results/summary/summary.ts';
import type { ThresholdResult } from '../../results/summary/threshold-result.ts';

/** A metric's value in one run, or why there is none. */
export type Value = { readonly value: number } | { readonly missing: string };

/** A metric that can be read from any summary of what is compared. */
export interface ComparedMetric<Result> {
  readonly name: string;
  readonly unit: ThresholdResult['unit'];
  read(summary: Result): Value;
}

/** A metric of runs. */
export type RunMetric = ComparedMetric<Summary>;

/** The metric of that name: `response.p99`, or `meters.response.p99` for a fleet of any of the runs. */
export function runMetric(name: string, fleetNames: readonly string[]): RunMetric | undefined {
  const metric = summaryMetric(name);
  if (metric !== undefined) {
    return {
      name,
      unit: metric.unit,
      read: ({ total, disturbances = [] }) =>
        metric.read(
          total,
          disturbances.map((one) => one.total),
        ),
    };
  }
  const fleet = fleetNames.filter((one) => name.startsWith(`${one}.`)).sort((a, b) => b.length - a.length)[0];
  const ofFleet = fleet === undefined ? undefined : summaryMetric(name.slice(fleet.length + 1));
  if (fleet === undefined || ofFleet === undefined) return undefined;
  const read = (summary: Summary): Value => {
    const found = summary.fleets.find((one) => one.name === fleet);
    return found === undefined
      ? { missing: `no fleet ${fleet} took part` }
      : ofFleet.read(found, fleetRecoveries(summary, found));
  };
  return { name, unit: ofFleet.unit, read };
}

/** Only summaries are compared, so percentiles that they do not keep are not available. */
function summaryMetric(name: string): Metric | undefined {
  const metric = findMetric(name);
  return metric?.needsDistributions === true ? undefined : metric;
}

function fleetRecoveries({ disturbances = [] }: Summary, { name }: FleetSummary): RecoveryFigures[] {
  return disturbances.flatMap(({ fleets }) =>
    fleets.filter((fleet) => fleet.name === name).map(({ figures }) => figures),
  );
}

/** Names of the metrics that at least one run has a value other than 0 for, in the order of the metric table. */
export function measuredNames(summaries: readonly Summary[]): string[] {
  return knownMetricNames().filter((name) => {
    const metric = runMetric(name, []);
    return metric !== undefined && summaries.some((summary) => isThere(metric.read(summary)));
  });
}

function isThere(value: Value): boolean {
  return 'value' in value && value.value !== 0;
}
