import { describe, expect, it } from 'vitest';
import { RATE_COLUMNS, RatePoints } from '../../../../../src/report/html/data/rate-points.ts';
import type { TimelineLine } from '../../../../../src/results/timeline-line.ts';
import { spread } from '../../../../fixtures/reports/storm-timeline.ts';

/** An interval with this many attempts and this median; without a median nothing was accepted. */
function line(interval: number, started: number, medianUs?: number): TimelineLine {
  const latency = medianUs === undefined ? {} : { response: spread(started, medianUs) };
  const gauges = { planned: started, started, retries: 0, online: 0, connecting: 0, waiting: 0, slipMaxUs: 0 };
  const total = { ...gauges, outcomes: {}, ended: {}, latency };
  return { interval, startSec: interval, endSec: interval + 1, total, fleets: {}, workers: [] };
}

function columnsOf(lines: Iterable<TimelineLine>): (number | null)[][] {
  const points = new RatePoints();
  for (const one of lines) points.add(one);
  const columns = points.columns();
  return [RATE_COLUMNS.rate, RATE_COLUMNS.p50, RATE_COLUMNS.p99, RATE_COLUMNS.time].map((name) => columns[name] ?? []);
}

describe('RatePoints', () => {
  it('has a point for each interval in which something was accepted, in the order of the rate', () => {
    expect(columnsOf([line(0, 300, 2_000), line(1, 100, 1_000), line(2, 500), line(3, 200, 1_500)])).toEqual([
      [100, 200, 300],
      [1_000, 1_500, 2_000],
      [7_700, 11_550, 15_400],
      [2, 4, 1],
    ]);
  });

  it('counts attempts per second, however long the interval was', () => {
    const half = { ...line(0, 50, 1_000), endSec: 0.5 };
    expect(columnsOf([half])[0]).toEqual([100]);
  });

  it('has all points of an hour', () => {
    const hour = Array.from({ length: 3_600 }, (_, interval) => line(interval, interval, 1_000 + (interval % 7)));
    expect(columnsOf(hour)[0]).toEqual(Array.from({ length: 3_600 }, (_, interval) => interval));
  });

  it('keeps, of a day, whole intervals, the slowest and the fastest among them, in bounded memory', () => {
    function* day(): Generator<TimelineLine, void, void> {
      for (let interval = 0; interval < 86_400; interval++) {
        const medianUs = interval === 50_001 ? 900_000 : interval === 70_003 ? 10 : 1_000;
        yield line(interval, interval, medianUs);
      }
    }
    const [rates = [], p50 = [], , times = []] = columnsOf(day());
    expect(rates.length).toBeLessThanOrEqual(3_600);
    expect(rates[p50.indexOf(900_000)]).toBe(50_001);
    expect(rates[p50.indexOf(10)]).toBe(70_003);
    // Each point is an interval that there was.
    expect(times.every((sec, index) => sec === (rates[index] ?? 0) + 1)).toBe(true);
  });
});
