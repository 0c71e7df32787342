import type { FleetSummary, RecoveryFigures, ThresholdResult } from './results.ts';

/** What a metric is counted in. */
export type MetricUnit = ThresholdResult['unit'];

/** A metric's value, or why there is none. */
export type Reading = { readonly value: number } | { readonly missing: string };

/** A named figure of a fleet or of the whole run. */
export interface Metric {
  readonly name: string;
  readonly unit: MetricUnit;
  /** `recoveries`: of the disturbances in which the fleet lost sessions. */
  read(fleet: FleetSummary, recoveries: readonly RecoveryFigures[]): Reading;
}
