import type { ChartSeries, Columns, LineChart } from '../../data/page-data.ts';
import { Plot, type PlotData, type PlotOptions } from '../library.ts';
import { type Theme, translucent } from '../theme.ts';
import { dashPattern, hatch, isHatched } from './dashes.ts';

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

/** How the values of a row read, of x and of a series. */
export interface ReadValue {
  x(row: number): string;
  y(series: ChartSeries, row: number): string;
}

/** The place of a chart's series among those of its plot, which begin with x. */
export function plotIndexOf({ kind, series }: LineChart, index: number): number {
  return kind === 'stack' ? series.length - index : index + 1;
}

/** Options of the series; the stack's sums are drawn from the largest to the smallest, each over the one before. */
export function lineSeries(chart: LineChart, theme: Theme): SeriesOptions[] {
  const options = chart.series.map((one, index) => seriesOptions(one, index, chart, theme));
  return [{}, ...(chart.kind === 'stack' ? options.reverse() : options)];
}

function seriesOptions(series: ChartSeries, index: number, chart: LineChart, theme: Theme): SeriesOptions {
  const color = theme.series[series.color % theme.series.length] ?? theme.text;
  if (chart.kind === 'points') return pointOptions(index, color, theme);
  return chart.kind === 'stack' ? layerOptions(index, color, theme, chart) : lineOptions(series, chart, color);
}

function lineOptions(series: ChartSeries, { x, y }: LineChart, color: string): SeriesOptions {
  const stepped = y.unit === 'perSec' ? Plot.paths.stepped?.({ align: -1 }) : undefined;
  return {
    stroke: color,
    width: 1.75,
    dash: dashPattern(series),
    ...(series.isFilled === true ? { fill: translucent(color, 0.16) } : {}),
    ...(stepped === undefined ? {} : { paths: stepped }),
    spanGaps: x.unit === 'percentile',
    points: { show: false, size: 5, fill: color, filter: (plot, at) => lonePoints(plot.data[at]) },
  };
}

/** A layer is parted from the next by a line of the background, and every second one is hatched. */
function layerOptions(index: number, color: string, theme: Theme, { isTimeline }: LineChart): SeriesOptions {
  // Counts are of whole intervals; what is measured at single places is joined by straight lines.
  const stepped = isTimeline ? Plot.paths.stepped?.({ align: -1 }) : undefined;
  return {
    stroke: theme.background,
    width: 0.75,
    fill: isHatched(index) ? hatch(color, theme.background) : color,
    ...(stepped === undefined ? {} : { paths: stepped }),
    points: { show: false },
  };
}

/** Full circles for the first series, empty ones for the others. */
function pointOptions(index: number, color: string, theme: Theme): SeriesOptions {
  const fill = index === 0 ? translucent(color, 0.55) : translucent(theme.background, 0);
  return { stroke: color, paths: () => null, points: { show: true, size: 6, width: 1.25, stroke: color, fill } };
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
