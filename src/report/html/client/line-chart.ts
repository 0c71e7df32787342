import type { ChartSeries, Columns, LineChart } from '../data/page-data.ts';
import { formatValue } from './format.ts';
import { Plot, type PlotData, type PlotOptions } from './library.ts';
import { type Theme, translucent } from './theme.ts';

type SeriesOptions = NonNullable<PlotOptions['series']>[number];

/** The columns of a chart in the order of its series; a stack's values are cumulative, with the total first. */
export function lineData(chart: LineChart, columns: Columns): PlotData {
  const x = (columns[chart.x.column] ?? []) as number[];
  const values = chart.series.map(({ column }) => columns[column] ?? x.map(() => null));
  if (chart.kind === 'stack') return [x, ...sums(values, x.length).reverse()];
  if (chart.y.isLog !== true) return [x, ...values];
  // A logarithmic axis has no 0: less than 1 us is drawn as 1 us.
  return [x, ...values.map((column) => column.map((value) => (value === null ? null : Math.max(value, 1))))];
}

/** Options of the series; the stack's sums are drawn from the largest to the smallest, each over the one before. */
export function lineSeries(chart: LineChart, columns: () => Columns, theme: Theme): SeriesOptions[] {
  const series = chart.kind === 'stack' ? chart.series.toReversed() : chart.series;
  const xSeries: SeriesOptions = {
    label: chart.x.unit === 'percentile' ? 'percentile' : 'time',
    value: (_plot, value: number | null) => readout(value, chart.x.unit),
  };
  return [xSeries, ...series.map((one) => lineOptions(one, chart, columns, theme))];
}

function lineOptions(series: ChartSeries, chart: LineChart, columns: () => Columns, theme: Theme): SeriesOptions {
  const color = theme.series[series.color % theme.series.length] ?? theme.text;
  const isStack = chart.kind === 'stack';
  const stepped = isStack || chart.y.unit === 'perSec' ? Plot.paths.stepped?.({ align: -1 }) : undefined;
  return {
    label: series.label,
    stroke: color,
    width: isStack ? 0.5 : 1.75,
    ...(series.isDashed === true ? { dash: [6, 4] } : {}),
    ...(isStack ? { fill: color } : series.isFilled === true ? { fill: translucent(color, 0.16) } : {}),
    ...(stepped === undefined ? {} : { paths: stepped }),
    spanGaps: chart.x.unit === 'percentile',
    points: isStack
      ? { show: false }
      : { show: false, size: 5, fill: color, filter: (plot, at) => lonePoints(plot.data[at]) },
    // A stack's data are sums; the legend shows the series' own value.
    value: (_plot, _value, _index, at) =>
      at === null ? '' : formatValue(columns()[series.column]?.[at], chart.y.unit),
  };
}

/** Empty while the cursor does not point at a value. */
function readout(value: number | null, unit: LineChart['x']['unit']): string {
  return value === null ? '' : formatValue(value, unit);
}

/** Values without neighbours, which a line would not show. */
function lonePoints(values: Plot['data'][number] | undefined): number[] {
  const lone: number[] = [];
  const isThere = (at: number): boolean => typeof values?.[at] === 'number';
  for (let at = 0; at < (values?.length ?? 0); at++)
    if (isThere(at) && !isThere(at - 1) && !isThere(at + 1)) lone.push(at);
  return lone;
}

function sums(values: readonly (readonly (number | null)[])[], length: number): number[][] {
  const below = new Array<number>(length).fill(0);
  return values.map((column) => column.map((value, index) => (below[index] = (below[index] ?? 0) + (value ?? 0))));
}
