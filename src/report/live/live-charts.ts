import { formatSeconds, formatUs } from '../../time/units.ts';
import { type ChartFigure, type ChartTime, LEAST_CHART_ROWS, labelColumns, lineChart } from '../text/line-chart.ts';
import { beside, type Line, span, type TextStyle } from '../text/spans.ts';
import { formatCount, formatRate } from '../words/figures.ts';
import type { LiveState } from './live-state.ts';

const GAP = 2;
/** Online, attempts/s, p99. */
const FIGURES = 3;
/** From these widths on there is room for so many charts side by side. */
const SIDE_BY_SIDE = [
  [110, 3],
  [64, 2],
  [30, 1],
] as const;
/** Rows from which on a chart is drawn under the others rather than beside them, over the same time axis. */
const STACKED_ROWS = 8;
const MOST_ROWS = 16;
/** Lengths of the time axis, in seconds: it grows in steps, so that the lines do not creep. */
const SPANS_SEC = [10, 15, 20, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400];

/** The lines that charts take of so many rows at this width: 0 where none fits. */
export function chartHeight(rows: number, { columns }: TextStyle): number {
  if (rows < LEAST_CHART_ROWS || chartsBeside(columns) === 0) return 0;
  const each = Math.min(isStacked(rows) ? Math.floor(rows / FIGURES) : rows, MOST_ROWS);
  return isStacked(rows) ? each * FIGURES : each;
}

/** Online, attempts/s and p99 over time: as many lines as `chartHeight` says. */
export function chartRows(state: LiveState, elapsedSec: number, rows: number, style: TextStyle): Line[] {
  const height = chartHeight(rows, style);
  if (height === 0) return [];
  const figures = figuresOf(state, timeSpan(elapsedSec, state.run.plannedDurationSec));
  const time = timeOf(state, elapsedSec);
  return isStacked(rows) ? stacked(figures, time, height, style) : sideBySide(figures, time, height, style);
}

function isStacked(rows: number): boolean {
  return rows >= FIGURES * STACKED_ROWS;
}

function stacked(figures: readonly ChartFigure[], time: ChartTime, rows: number, style: TextStyle): Line[] {
  const labels = Math.max(...figures.map(labelColumns));
  const size = { columns: style.columns - GAP, rows: rows / FIGURES, labelColumns: labels };
  return figures.flatMap((figure) => indented(lineChart(figure, time, size, style.unicode)));
}

function sideBySide(all: readonly ChartFigure[], time: ChartTime, rows: number, style: TextStyle): Line[] {
  const figures = all.slice(0, chartsBeside(style.columns));
  // One column stays free between a chart and the next.
  const slot = Math.floor(style.columns / figures.length);
  const columns = slot - GAP - 1;
  const charts = figures.map((figure) => {
    const size = { columns, rows, labelColumns: labelColumns(figure) };
    return indented(lineChart(figure, time, size, style.unicode));
  });
  return charts.reduce((left, right, index) => beside(left, right, slot * index, style));
}

function indented(lines: readonly Line[]): Line[] {
  return lines.map((line) => [span(' '.repeat(GAP)), ...line]);
}

function chartsBeside(columns: number): number {
  return SIDE_BY_SIDE.find(([from]) => columns >= from)?.[1] ?? 0;
}

function figuresOf({ series, run }: LiveState, spanSec: number): ChartFigure[] {
  const title = (name: string, note: string): Line => [span(name, 'heading'), span(note, 'dim')];
  const { online, attemptsPerSec, p99Us } = series;
  return [
    {
      title: title('online', ''),
      tone: 'good',
      top: Math.max(1, run.sessions),
      label: formatCount,
      ranges: (count) => online.ranges(count, spanSec),
    },
    {
      title: title('attempts/s', '  first attempts and retries'),
      tone: 'plain',
      top: roundTop(attemptsPerSec.highest, 10),
      label: formatRate,
      ranges: (count) => attemptsPerSec.ranges(count, spanSec),
    },
    {
      title: title('p99', '  response of accepted attempts'),
      tone: 'warn',
      top: roundTop(p99Us.highest, 1_000),
      label: (us) => (us === 0 ? '0' : formatUs(us)),
      ranges: (count) => p99Us.ranges(count, spanSec),
    },
  ];
}

function timeOf({ run, course }: LiveState, elapsedSec: number): ChartTime {
  const spanSec = timeSpan(elapsedSec, run.plannedDurationSec);
  const happened = course.events.flatMap(({ startSec }) =>
    startSec === undefined || startSec > Math.min(spanSec, elapsedSec) ? [] : [startSec / spanSec],
  );
  return { labels: ['0s', formatSeconds(spanSec / 2), formatSeconds(spanSec)], marks: happened };
}

/** Length of the time axis, in seconds. */
function timeSpan(elapsedSec: number, plannedSec: number): number {
  if (elapsedSec > plannedSec) return Math.ceil(elapsedSec);
  const step = SPANS_SEC.find((sec) => sec >= elapsedSec) ?? Math.ceil(elapsedSec / 86_400) * 86_400;
  return Math.min(step, plannedSec);
}

/** The next of 1, 2, 3, 4, 5, 6, 8 times a power of ten, and at least `least`. */
function roundTop(value: number, least: number): number {
  if (value <= least) return least;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 3, 4, 5, 6, 8, 10].find((one) => one * power >= value) ?? 10;
  return factor * power;
}
