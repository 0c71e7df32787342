import { describe, expect, it } from 'vitest';
import type { Threshold } from '../../../src/metrics/judge/threshold.ts';
import { parseThreshold } from '../../../src/metrics/judge/thresholds.ts';
import type { FleetSummary } from '../../../src/results/summary/fleet-summary.ts';
import { type ThresholdAbort, ThresholdWatch, withAbort } from '../../../src/run/threshold-watch.ts';
import { fleetSummary } from '../metrics/judge/summaries.ts';

const DURATION_US = 60_000_000;

function threshold(source: string, graceUs?: number): Threshold {
  const parsed = parseThreshold(source, ['meters']);
  if (!parsed.ok) throw new Error(parsed.message);
  return graceUs === undefined ? parsed.threshold : { ...parsed.threshold, abort: { graceUs } };
}

/** So many attempts accepted of so many. */
function accepted(count: number, all: number): FleetSummary {
  const outcomes = [
    { outcome: 'accepted', count, share: count / all, details: [] },
    { outcome: 'refused-3', count: all - count, share: 1 - count / all, details: [] },
  ];
  return fleetSummary({ attempts: { firstPlanned: all, started: all, retries: 0, unfinished: 0 }, outcomes });
}

function watched(thresholds: readonly Threshold[], totals: readonly FleetSummary[]) {
  let total = fleetSummary();
  const aborts: ThresholdAbort[] = [];
  const parts = () => ({ total, fleets: [], disturbances: [], distributions: () => undefined });
  const watch = new ThresholdWatch(thresholds, DURATION_US, parts, (abort) => aborts.push(abort));
  for (const [interval, figures] of totals.entries()) {
    total = figures;
    watch.interval(interval + 1);
  }
  return { watch, aborts };
}

describe('ThresholdWatch', () => {
  it('stops the run once, at the first interval after the grace time in which one fails', () => {
    const first = threshold('accepted.ratio >= 90%', 3_000_000);
    const { watch, aborts } = watched([first], [accepted(1, 9), accepted(5, 10), accepted(8, 10), accepted(1, 10)]);
    expect(aborts).toEqual([
      {
        threshold: first,
        atSec: 3,
        result: { source: 'accepted.ratio >= 90%', unit: 'ratio', passed: false, actual: 0.8 },
      },
    ]);
    expect(watch.abort).toBe(aborts[0]);
  });

  it('goes on while it holds, while there is no data, and for thresholds that stop nothing', () => {
    const thresholds = [
      threshold('accepted.ratio >= 90%', 0),
      threshold('tls.p99 < 1s', 0),
      threshold('failed.count == 0'),
    ];
    expect(watched(thresholds, [fleetSummary(), accepted(9, 10), accepted(10, 11)]).aborts).toEqual([]);
  });

  it('leaves a run alone that ends anyway', () => {
    const late = watched([threshold('failed.count == 0', 0)], [...Array(59).fill(accepted(1, 1)), accepted(0, 1)]);
    expect(late.aborts).toEqual([]);
    const { watch, aborts } = watched([threshold('failed.count == 0', 0)], [accepted(1, 1)]);
    watch.over();
    watch.interval(2);
    expect(aborts).toEqual([]);
  });
});

describe('withAbort', () => {
  it('keeps what stopped the run, whatever was measured after it', () => {
    const [plain, stopping] = [threshold('failed.count == 0'), threshold('failed.count == 0', 0)];
    const passed = { source: plain.source, unit: 'count', passed: true, actual: 0 } as const;
    const failed = { ...passed, passed: false, actual: 4 };
    const abort = { threshold: stopping, result: failed, atSec: 7 };
    expect(withAbort([passed, passed], [plain, stopping], abort)).toEqual([passed, { ...failed, abortedAtSec: 7 }]);
    expect(withAbort([passed, passed], [plain, stopping], undefined)).toEqual([passed, passed]);
  });
});
