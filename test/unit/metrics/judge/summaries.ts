import type { FleetSummary } from '../../../../src/results/summary/fleet-summary.ts';
import type { Percentiles } from '../../../../src/results/summary/percentiles.ts';

/** Percentiles with every figure at this many microseconds. */
export function flatPercentiles(count: number, us: number): Percentiles {
  return { count, minUs: us, meanUs: us, p50Us: us, p90Us: us, p95Us: us, p99Us: us, p999Us: us, maxUs: us };
}

/** A fleet with nothing measured, overridden field by field. */
export function fleetSummary(overrides: Partial<FleetSummary> = {}): FleetSummary {
  return {
    name: 'meters',
    sessions: 0,
    attempts: { firstPlanned: 0, started: 0, retries: 0, unfinished: 0 },
    outcomes: [],
    ended: {},
    online: { peak: 0, last: 0 },
    rate: {
      plannedPeakPerSec: 0,
      startedPeakPerSec: 0,
      acceptedPeakPerSec: 0,
      plannedMeanPerSec: 0,
      acceptedMeanPerSec: 0,
    },
    latency: {},
    ...overrides,
  };
}
