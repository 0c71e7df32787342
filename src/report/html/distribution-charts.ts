import type { LatencyHistogram } from '../../results/latency/histogram.ts';
import { PHASES } from '../../results/outcome.ts';
import { fleetLook, RUN_TIME } from './chart-looks.ts';
import type { Distributions } from './data/distributions.ts';
import type { Chart, ChartSeries, Columns, HeatChart, LineChart } from './data/page-data.ts';
import { CURVE_X, percentileCurve } from './data/percentile-curve.ts';
import { MAX_FLEET_LINES } from './data/timeline-values.ts';

/** Charts with the columns they need. */
export interface ChartParts {
  readonly charts: Chart[];
  readonly columns: Columns;
}

/** A line of a percentile plot. */
export interface Curve extends Pick<ChartSeries, 'label' | 'color' | 'dash'> {
  readonly histogram: LatencyHistogram;
}

/** Charts made from whole distributions: percentile plots of the attempt, its phases, its failures and the fleets, and the heat map. */
export function distributionCharts({ accepted, failed, fleets, heatMap }: Distributions): ChartParts {
  const measures = (names: readonly string[]): [string, LatencyHistogram][] =>
    names.flatMap((name) => {
      const histogram = accepted.get(name);
      return histogram === undefined ? [] : [[name, histogram]];
    });
  const phases = measures(PHASES);
  return joined([
    percentileChart('percentiles', 'Latency by percentile, accepted attempts', curvesOf(measures(WHOLE))),
    percentileChart(
      'phase-percentiles',
      'Phases by percentile, accepted attempts',
      phases.length < 2 ? [] : curvesOf(phases),
    ),
    percentileChart('failed-percentiles', 'Response of failed attempts by percentile', curvesOf([...failed])),
    percentileChart(
      'fleet-percentiles',
      'Response by percentile and fleet',
      fleets.size < 2 ? [] : fleetCurves(fleets),
    ),
    { charts: heatMap === undefined ? [] : [heatChart(heatMap)], columns: {} },
  ]);
}

const WHOLE = ['response', 'service', 'slip'];
/** The most lines that can be told apart in a plot. */
const MAX_CURVES = 8;

function curvesOf(named: readonly (readonly [string, LatencyHistogram])[]): Curve[] {
  return named.slice(0, MAX_CURVES).map(([label, histogram], index) => ({ label, histogram, ...fleetLook(index) }));
}

function fleetCurves(fleets: Distributions['fleets']): Curve[] {
  return [...fleets].flatMap(([label, { index, histogram }]) =>
    index < MAX_FLEET_LINES ? [{ label, histogram, ...fleetLook(index) }] : [],
  );
}

/** Charts and their columns, put together. */
export function joined(parts: readonly ChartParts[]): ChartParts {
  return {
    charts: parts.flatMap(({ charts }) => charts),
    columns: Object.assign({}, ...parts.map(({ columns }) => columns)) as Columns,
  };
}

/** A percentile plot of these distributions; no chart if there are none. */
export function percentileChart(id: string, title: string, curves: readonly Curve[]): ChartParts {
  if (curves.length === 0) return { charts: [], columns: {} };
  const chart: LineChart = {
    kind: 'lines',
    id,
    title,
    isTimeline: false,
    x: { label: 'percentile of attempts', unit: 'percentile', column: `${id}:x`, isLog: true },
    y: { label: 'latency', unit: 'us', isLog: true },
    series: curves.map(({ histogram: _, ...look }, index) => ({ ...look, column: `${id}:${index}` })),
  };
  const values = curves.map(({ histogram }) => percentileCurve(histogram));
  const length = Math.max(...values.map((column) => column.findLastIndex((value) => value !== null) + 1));
  const columns = values.map((column, index) => [`${id}:${index}`, column.slice(0, length)] as const);
  return { charts: [chart], columns: { [`${id}:x`]: CURVE_X.slice(0, length), ...Object.fromEntries(columns) } };
}

function heatChart(map: NonNullable<Distributions['heatMap']>): HeatChart {
  return {
    kind: 'heat',
    id: 'heat',
    title: 'Response of accepted attempts over time',
    x: RUN_TIME,
    y: { label: 'response', unit: 'us', isLog: true },
    isTimeline: true,
    map,
  };
}
