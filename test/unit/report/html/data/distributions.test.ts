import { describe, expect, it } from 'vitest';
import { hlogHeader, hlogLines } from '../../../../../src/metrics/hlog/hlog.ts';
import type { MergedFleet } from '../../../../../src/metrics/merge/merged-fleet.ts';
import { readDistributions } from '../../../../../src/report/html/data/distributions.ts';
import { HeatMapBuilder } from '../../../../../src/report/html/data/heat-map.ts';
import { CURVE_X, percentileCurve } from '../../../../../src/report/html/data/percentile-curve.ts';
import { recoveryColumns } from '../../../../../src/report/html/data/recovery-curves.ts';
import { newHistogram, percentilesOf } from '../../../../../src/results/latency/histogram.ts';
import type { SeriesKey } from '../../../../../src/results/series.ts';
import { stormSummary } from '../../../../fixtures/reports/storm-run.ts';

function histogramOf(values: readonly number[]) {
  const histogram = newHistogram();
  for (const value of values) histogram.recordValue(value);
  return histogram;
}

function fleet(name: string, series: Readonly<Partial<Record<SeriesKey, readonly number[]>>>): MergedFleet {
  const histograms = Object.entries(series).map(
    ([key, values]) => [key as SeriesKey, histogramOf(values ?? [])] as const,
  );
  return { name, histograms: new Map(histograms) } as Partial<MergedFleet> as MergedFleet;
}

async function* linesOf(text: string): AsyncGenerator<string> {
  for (const line of text.split('\n')) yield line;
}

describe('readDistributions', () => {
  it('adds up what the log says, by measure and by fleet', async () => {
    const names = ['north', 'sou th'];
    const interval = (index: number, values: readonly number[]) =>
      hlogLines({
        interval: index,
        fleets: [
          fleet('north', { 'response/accepted': values }),
          fleet('sou th', { 'response/accepted': [7], 'response/refused-4': [1] }),
        ],
        total: fleet('all', { 'response/accepted': [...values, 7], 'tcp/accepted': [3], 'response/refused-4': [1] }),
        health: [],
        missing: [],
      });
    const text = hlogHeader(new Date(0)) + interval(0, [10, 20]) + interval(5, [30]);
    const found = await readDistributions(linesOf(text), names);
    expect([...found.accepted].map(([measure, histogram]) => [measure, histogram.totalCount])).toEqual([
      ['response', 5],
      ['tcp', 2],
    ]);
    expect([...found.fleets].map(([name, { index, histogram }]) => [name, index, histogram.totalCount])).toEqual([
      ['north', 0, 3],
      ['sou th', 1, 2],
    ]);
    expect([...found.failed].map(([outcome, histogram]) => [outcome, histogram.totalCount])).toEqual([
      ['refused-4', 2],
    ]);
    expect(found.heatMap?.columns).toBe(6);
  });

  it('leaves out a last line that a killed run did not finish', async () => {
    const found = await readDistributions(linesOf('Tag=response/accepted,0.000,1.000,57.887,HISTF AAA'), []);
    expect([found.accepted.size, found.heatMap]).toEqual([0, undefined]);
  });
});

describe('percentileCurve', () => {
  it('gives the percentiles of the summary at their places', () => {
    const histogram = histogramOf(Array.from({ length: 10_000 }, (_, index) => 100 + index * 3));
    const curve = percentileCurve(histogram);
    const { p90Us, p99Us, p999Us } = percentilesOf(histogram);
    expect([10, 100, 1000].map((x) => curve[CURVE_X.indexOf(x)])).toEqual([p90Us, p99Us, p999Us]);
  });

  it('ends at the largest value, where no finer share can be told', () => {
    const curve = percentileCurve(histogramOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 1000]));
    const last = curve.findLastIndex((value) => value !== null);
    expect([curve[last], CURVE_X[last]]).toEqual([1000, CURVE_X[17]]);
  });

  it('is empty without values', () => {
    expect(percentileCurve(newHistogram()).every((value) => value === null)).toBe(true);
  });
});

describe('HeatMapBuilder', () => {
  it('counts by second and by tenth of a decade', () => {
    const builder = new HeatMapBuilder();
    builder.add(0, histogramOf([1_000, 1_000]));
    builder.add(2, histogramOf([10_000]));
    expect(builder.map()).toMatchObject({ columnSec: 1, columns: 3, rows: 11, cells: [0, 0, 2, 2, 10, 1] });
  });

  it('joins columns of a long run and loses no count', () => {
    const builder = new HeatMapBuilder();
    for (let sec = 0; sec < 86_400; sec += 60) builder.add(sec, histogramOf([5_000]));
    const map = builder.map();
    expect(map?.columns).toBeLessThanOrEqual(360);
    const counts = map?.cells.filter((_, index) => index % 3 === 2) ?? [];
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1_440);
  });
});

describe('recoveryColumns', () => {
  it('draws curves over one axis as shares of their own losses', () => {
    const [, storm] = stormSummary().disturbances ?? [];
    if (storm === undefined) throw new Error('the fixture has a storm');
    const base = { ...storm.total, neverRecovered: 0 };
    const columns = recoveryColumns('r', [
      {
        ...base,
        lost: 10,
        curve: [
          [2, 5],
          [4, 10],
        ],
      },
      { ...base, lost: 4, curve: [[3, 4]] },
    ]);
    expect(columns).toEqual({ 'r:x': [0, 2, 3, 4], 'r:0': [0, 0.5, 0.75, 1], 'r:1': [0, 0.6667, 1, 1] });
  });

  it('goes on to the end of the run for sessions that never came back', () => {
    const [, storm] = stormSummary().disturbances ?? [];
    if (storm === undefined) throw new Error('the fixture has a storm');
    const figures = { ...storm.total, lost: 10, neverRecovered: 5, longestOfflineSec: 60 };
    expect(recoveryColumns('r', [{ ...figures, curve: [[2, 5]] }])).toEqual({
      'r:x': [0, 2, 60],
      'r:0': [0, 0.5, 0.5],
    });
  });
});
