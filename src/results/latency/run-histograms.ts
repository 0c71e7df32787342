import type { Distributions } from '../names/metric.ts';
import type { Outcome } from '../outcome.ts';
import type { SeriesKey } from '../series.ts';
import type { LatencyHistogram } from './histogram.ts';

/** Histograms of a fleet, or of all together, as they fill. */
export interface RunHistograms extends Distributions {
  readonly name: string;
  /** Of its attempts; only series in which something was recorded. */
  readonly ofAttempts: ReadonlyMap<SeriesKey, LatencyHistogram>;
  /** By outcome, of the attempts during which an event loop stood still: for how long. */
  readonly stalls: ReadonlyMap<Outcome, LatencyHistogram>;
}
