import type { Distributions } from '../names/metric.ts';
import type { Outcome } from '../outcome.ts';
import type { SeriesKey } from '../series.ts';
import type { LatencyHistogram } from './histogram.ts';

/** Histograms of a fleet, or of all fleets together, as they fill. */
export interface RunHistograms extends Distributions {
  readonly name: string;
  /** Series of its attempts, only those in which something was recorded. */
  readonly ofAttempts: ReadonlyMap<SeriesKey, LatencyHistogram>;
  /** By outcome: how long the event loop stood still, for the attempts during which it did. */
  readonly stalls: ReadonlyMap<Outcome, LatencyHistogram>;
}
