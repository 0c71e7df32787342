import type { Disturbance, RecoveryFigures, Summary } from '../../metrics/results.ts';
import type { Distributions } from './data/distributions.ts';
import type { Chart, ChartSeries, Columns, HeatChart, LineChart } from './data/page-data.ts';
import { CURVE_X, percentileCurve } from './data/percentile-curve.ts';
import { recoveryColumns } from './data/recovery-curves.ts';
import { endColumn, type FleetFigure, fleetColumn, MAX_FLEET_LINES, outcomeColumn } from './data/timeline-values.ts';

/** Palette indices with a meaning: see the style. */
const BLUE = 0;
const ORANGE = 1;
const GREEN = 2;
const PURPLE = 3;
const GREY = 7;
/** Of outcomes and causes other than the usual one, in this order. */
const FAULT_COLORS = [4, 1, 3, 6, 5, 2, 7];

const RUN_TIME = { label: 'time of the run (min:s)', unit: 'sec', column: 'time' } as const;

/** Charts over the time of the run, from what columns there are. */
export function timelineCharts(columns: Columns, fleets: readonly string[]): Chart[] {
  return [
    timeline('online', 'Sessions online', { label: 'sessions', unit: 'count' }, [
      { label: 'online', column: 'online', color: BLUE, isFilled: true },
      { label: 'connecting', column: 'connecting', color: ORANGE },
      { label: 'waiting to retry', column: 'waiting', color: GREY, isDashed: true },
    ]),
    ...byFleet('online-by-fleet', 'Sessions online by fleet', 'online', { label: 'sessions', unit: 'count' }, fleets),
    timeline('rates', 'Connects per second, planned against actual', { label: 'per second', unit: 'perSec' }, [
      { label: 'started attempts', column: 'started', color: ORANGE },
      { label: 'accepted', column: 'accepted', color: BLUE },
      { label: 'planned attempts', column: 'planned', color: GREY, isDashed: true },
    ]),
    ...stacks(columns),
    timeline('latency', 'Response of accepted attempts', { label: 'response', unit: 'us', isLog: true }, [
      { label: 'p50', column: 'p50', color: BLUE },
      { label: 'p90', column: 'p90', color: GREEN },
      { label: 'p99', column: 'p99', color: ORANGE },
      { label: 'max', column: 'max', color: GREY, isDashed: true },
    ]),
    ...byFleet(
      'p99-by-fleet',
      'p99 of the response by fleet',
      'p99',
      { label: 'p99', unit: 'us', isLog: true },
      fleets,
    ),
    ...(columns['kicked']?.some((count) => count !== null && count > 0) === true
      ? [
          timeline('kicks', 'Kicks per second', { label: 'kicks', unit: 'perSec' }, [
            { label: 'kicked sessions', column: 'kicked', color: PURPLE, isFilled: true },
          ]),
        ]
      : []),
    timeline('lateness', 'Lateness of the generator itself', { label: 'delay', unit: 'us', isLog: true }, [
      { label: 'largest slip', column: 'slip', color: ORANGE },
      { label: 'event loop p99', column: 'loopP99', color: BLUE },
      { label: 'event loop max', column: 'loopMax', color: GREY, isDashed: true },
    ]),
    timeline('cpu', 'CPU of the busiest worker thread', { label: 'of one core', unit: 'share' }, [
      { label: 'CPU', column: 'cpu', color: BLUE, isFilled: true },
    ]),
  ];
}

function timeline(id: string, title: string, y: LineChart['y'], series: readonly ChartSeries[]): LineChart {
  return { kind: 'lines', id, title, x: RUN_TIME, y, series, isTimeline: true };
}

function byFleet(
  id: string,
  title: string,
  figure: FleetFigure,
  y: LineChart['y'],
  fleets: readonly string[],
): LineChart[] {
  if (fleets.length < 2) return [];
  const series = fleets.slice(0, MAX_FLEET_LINES).map((label, index) => {
    return { label, column: fleetColumn(index, figure), color: index, isDashed: index % 2 === 1 };
  });
  return [timeline(id, title, y, series)];
}

/** Outcomes a second, and why sessions ended, each where there is something to show. */
function stacks(columns: Columns): LineChart[] {
  const outcomes = stackSeries(columns, outcomeColumn(''), 'accepted', BLUE);
  const ended = stackSeries(columns, endColumn(''), 'stopped', GREY);
  const stack = (id: string, title: string, series: readonly ChartSeries[]): LineChart[] => {
    if (series.length === 0) return [];
    return [{ ...timeline(id, title, { label: 'per second', unit: 'perSec' }, series), kind: 'stack' }];
  };
  return [
    ...stack('outcomes', 'Outcomes of attempts per second', outcomes),
    ...stack('ended', 'Sessions ended per second', ended),
  ];
}

function stackSeries(columns: Columns, prefix: string, usual: string, usualColor: number): ChartSeries[] {
  const names = Object.keys(columns).flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
  const others = names.filter((name) => name !== usual).sort();
  const first = names.includes(usual) ? [{ label: usual, column: prefix + usual, color: usualColor }] : [];
  return [
    ...first,
    ...others.map((label, index) => {
      return { label, column: prefix + label, color: FAULT_COLORS[index % FAULT_COLORS.length] ?? GREY };
    }),
  ];
}

/** Charts made from whole distributions, with the columns they need. */
export function distributionCharts({ accepted, fleets, heatMap }: Distributions): {
  charts: Chart[];
  columns: Columns;
} {
  const curves = [
    ...['response', 'service', 'slip'].flatMap((measure) => {
      const histogram = accepted.get(measure);
      return histogram === undefined ? [] : [{ label: measure, histogram }];
    }),
    ...(fleets.size < 2 ? [] : [...fleets].slice(0, MAX_FLEET_LINES - 3)).map(([name, histogram]) => {
      return { label: `response of ${name}`, histogram };
    }),
  ];
  if (curves.length === 0) return { charts: [], columns: {} };
  return percentileChart(
    'percentiles',
    'Latency by percentile, accepted attempts',
    curves,
    heatMap === undefined ? [] : [heatChart(heatMap)],
  );
}

/** A percentile plot of these distributions; `more`: charts to go with it. */
export function percentileChart(
  id: string,
  title: string,
  curves: readonly { readonly label: string; readonly histogram: Parameters<typeof percentileCurve>[0] }[],
  more: readonly Chart[] = [],
): { charts: Chart[]; columns: Columns } {
  const chart: LineChart = {
    kind: 'lines',
    ...{ id, title, isTimeline: false },
    x: { label: 'percentile of attempts', unit: 'percentile', column: `${id}:x`, isLog: true },
    y: { label: 'latency', unit: 'us', isLog: true },
    series: curves.map(({ label }, index) => {
      return { label, column: `${id}:${index}`, color: index, isDashed: index % 2 === 1 };
    }),
  };
  const values = curves.map(({ histogram }) => percentileCurve(histogram));
  const length = Math.max(...values.map((column) => column.findLastIndex((value) => value !== null) + 1));
  const columns = values.map((column, index) => [`${id}:${index}`, column.slice(0, length)] as const);
  return {
    charts: [chart, ...more],
    columns: { [`${id}:x`]: CURVE_X.slice(0, length), ...Object.fromEntries(columns) },
  };
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

/** The recovery curve of each disturbance, its fleets in lines of their own. */
export function recoveryCharts(summary: Summary): { charts: Chart[]; columns: Columns } {
  const parts = (summary.disturbances ?? []).map((disturbance) => recoveryChart(disturbance));
  return {
    charts: parts.map(({ chart }) => chart),
    columns: Object.assign({}, ...parts.map(({ columns }) => columns)) as Columns,
  };
}

function recoveryChart(disturbance: Disturbance): { chart: LineChart; columns: Columns } {
  const { id, label, total, fleets } = disturbance;
  const lines = [
    { label: 'all lost sessions', figures: total },
    ...(fleets.length < 2 ? [] : fleets.slice(0, MAX_FLEET_LINES - 1)).map(({ name, policy, figures }) => {
      return { label: policy === '' ? name : `${name} (${policy})`, figures };
    }),
  ];
  return recoveryLines(recoveryChartId(id), `Back online after: ${label}`, lines);
}

function recoveryLines(
  id: string,
  title: string,
  lines: readonly { readonly label: string; readonly figures: RecoveryFigures }[],
): { chart: LineChart; columns: Columns } {
  const chart: LineChart = {
    kind: 'lines',
    ...{ id, title, isTimeline: false },
    x: { label: 'time since the disturbance (min:s)', unit: 'sec', column: `${id}:x` },
    y: { label: 'of the lost sessions', unit: 'share' },
    series: lines.map(({ label }, index) => {
      return { label, column: `${id}:${index}`, color: index, isDashed: index > 0, isFilled: index === 0 };
    }),
  };
  return {
    chart,
    columns: recoveryColumns(
      id,
      lines.map(({ figures }) => figures),
    ),
  };
}

export const recoveryChartId = (disturbance: number): string => `recovery-${disturbance}`;

/** The first disturbance of each run, drawn over each other. */
export function recoveryOverlay(runs: readonly { readonly label: string; readonly summary: Summary }[]): {
  charts: Chart[];
  columns: Columns;
} {
  const lines = runs.flatMap(({ label, summary }) => {
    const [first] = summary.disturbances ?? [];
    return first === undefined ? [] : [{ label: `${label}: ${first.label}`, figures: first.total }];
  });
  if (lines.length === 0) return { charts: [], columns: {} };
  const { chart, columns } = recoveryLines('recovery-overlay', 'Back online after the first disturbance', lines);
  return { charts: [chart], columns };
}
