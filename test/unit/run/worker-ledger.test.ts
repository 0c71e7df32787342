import { describe, expect, it } from 'vitest';
import type { ShardPlan } from '../../../src/fleet/protocol.ts';
import { bucketCounts } from '../../../src/metrics/measure/bucket-counts.ts';
import type { WorkerHealth } from '../../../src/metrics/measure/snapshot.ts';
import { newHistogram, recordUs } from '../../../src/results/latency/histogram.ts';
import { WorkerLedger } from '../../../src/run/worker-ledger.ts';

const PLANS = [0, 1].map((worker) => ({ worker, fleets: [] }) as Partial<ShardPlan> as ShardPlan);
const IDLE: WorkerHealth = { eventLoopDelayP99Us: 0, eventLoopDelayMaxUs: 0, cpuShare: 0, gcShare: 0 };

function delays(...values: readonly (readonly [times: number, us: number])[]) {
  const histogram = newHistogram();
  for (const [times, us] of values) for (let time = 0; time < times; time++) recordUs(histogram, us);
  return bucketCounts(histogram);
}

/** The first worker's result after these intervals. */
function resultOf(...healths: readonly Partial<WorkerHealth>[]) {
  const ledger = new WorkerLedger(PLANS);
  for (const [interval, health] of healths.entries()) {
    ledger.reported({ worker: 0, interval, fleets: [], health: { ...IDLE, ...health } });
  }
  return ledger.results()[0];
}

describe('WorkerLedger', () => {
  it('has the percentile of all delays of the run, not the worst second', () => {
    const result = resultOf(
      { eventLoopDelayP99Us: 63_000, eventLoopDelayMaxUs: 63_000, eventLoopDelay: delays([99, 900], [1, 63_000]) },
      { eventLoopDelayP99Us: 1_000, eventLoopDelayMaxUs: 1_000, eventLoopDelay: delays([100, 1_000]) },
    );
    expect(result).toMatchObject({ eventLoopDelayP99Us: 1_000, eventLoopDelayMaxUs: 63_000 });
  });

  it('has no delay when no answer was awaited', () => {
    expect(resultOf({})).toMatchObject({ eventLoopDelayP99Us: 0, eventLoopDelayMaxUs: 0 });
  });

  it('takes the mean of a CPU share over the time that was measured', () => {
    const result = resultOf(
      { cpuShare: 0.6, gcShare: 0.2, measuredUs: 1_000_000 },
      // Half a second, of which all was used; then nothing is measured any more.
      { cpuShare: 0.5, gcShare: 0.1, measuredUs: 500_000 },
      { measuredUs: 0 },
    );
    expect(result?.cpuShareMean).toBeCloseTo(1.1 / 1.5, 10);
    expect(result?.gcShareMean).toBeCloseTo(0.3 / 1.5, 10);
    expect(result).toMatchObject({ cpuShareMax: 0.6, gcShareMax: 0.2 });
  });

  it('takes a run of less than a second for a second', () => {
    expect(resultOf({ cpuShare: 0.03, measuredUs: 30_000 })?.cpuShareMean).toBeCloseTo(0.03, 10);
  });

  it('counts each source that connections came from once, whatever worker used it', () => {
    const ledger = new WorkerLedger(PLANS);
    expect(ledger.sources).toBe(0);
    for (const [worker, newSources] of [
      [0, [0, 2]],
      [1, [2, 3]],
    ] as const) {
      ledger.reported({ worker, interval: 0, fleets: [], health: { ...IDLE, newSources } });
    }
    expect(ledger.sources).toBe(3);
  });
});
