import type { SeriesKey } from '../series.ts';
import type { RecoveryFigures } from '../summary/disturbance.ts';
import type { FleetSummary } from '../summary/fleet-summary.ts';
import type { ThresholdResult } from '../summary/threshold-result.ts';

/** The unit of a metric. */
export type MetricUnit = ThresholdResult['unit'];

/** A metric's value, or why there is none. */
export type Reading = { readonly value: number } | { readonly missing: string };

/** Which histogram of a fleet: of its attempts, or of its kicks. */
export type DistributionKey = SeriesKey | 'kicks.period' | 'kicks.lifetime';

/** The histograms of a fleet, or of all together. */
export interface Distributions {
  /** The percentile (above 0, at most 100) by nearest rank, in microseconds; undefined when nothing was recorded. */
  percentileUs(key: DistributionKey, percent: number): number | undefined;
}

/** A named figure of a fleet or of the whole run. */
export interface Metric {
  readonly name: string;
  readonly unit: MetricUnit;
  /** True for percentiles that a summary does not keep: reading them takes the histograms. */
  readonly needsDistributions: boolean;
  /** `recoveries`: those of the disturbances in which the fleet lost sessions. */
  read(fleet: FleetSummary, recoveries: readonly RecoveryFigures[], distributions?: Distributions): Reading;
}
