import type { Chart, Columns, PageData } from '../data/page-data.ts';
import { axesOf, logBounds } from './axes.ts';
import { drawMarkers } from './draw-markers.ts';
import { drawHeat, heatBounds, heatData, heatKey } from './heat-chart.ts';
import { Plot, type PlotData, type PlotOptions } from './library.ts';
import { lineData, lineSeries } from './line-chart.ts';
import type { Theme } from './theme.ts';
import { valueTable } from './value-table.ts';
import type { Zoom } from './zoom.ts';

/** What a chart needs to be drawn. */
export interface ChartSurroundings {
  readonly data: () => PageData;
  readonly theme: Theme;
  readonly zoom: Zoom;
}

const HEIGHT = 240;
const NARROW_HEIGHT = 200;
const NARROW = 500;

/** One chart in its place on the page. */
export class ChartView {
  #chart: Chart;
  readonly #place: HTMLElement;
  readonly #around: ChartSurroundings;
  readonly #plot: Plot;

  constructor(chart: Chart, place: HTMLElement, around: ChartSurroundings) {
    this.#chart = chart;
    this.#place = place;
    this.#around = around;
    place.replaceChildren();
    const key = chart.kind === 'heat' ? heatKey(chart.map, around.theme) : undefined;
    this.#plot = new Plot(this.#options(key?.point), this.#values(), place);
    if (key !== undefined) place.append(key.element);
    if (chart.isTimeline) around.zoom.add(this.#plot);
    this.#offerTable();
  }

  /** Shows what was appended to the columns. */
  refresh(): void {
    this.#plot.setData(this.#values(), !this.#chart.isTimeline);
    if (this.#chart.isTimeline) this.#plot.redraw(true, true);
  }

  get id(): string {
    return this.#chart.id;
  }

  /** Whether the plot can show this chart instead; if so, it will from the next `refresh` on. */
  takes(chart: Chart): boolean {
    if (chart.kind === 'heat' || this.#chart.kind === 'heat') return false;
    const looks = [chart, this.#chart].map(({ kind, series }) =>
      [kind, ...series.map(({ label }) => label)].join('\n'),
    );
    if (looks[0] !== looks[1]) return false;
    this.#chart = chart;
    return true;
  }

  resize(): void {
    const { width, height } = this.#size();
    if (width > 0 && width !== this.#plot.width) this.#plot.setSize({ width, height });
  }

  remove(): void {
    this.#around.zoom.drop(this.#plot);
    this.#plot.destroy();
  }

  #columns(): Columns {
    return this.#around.data().columns;
  }

  #values(): PlotData {
    return this.#chart.kind === 'heat' ? heatData(this.#chart) : lineData(this.#chart, this.#columns());
  }

  #size(): { width: number; height: number } {
    const width = this.#place.clientWidth;
    return { width, height: width < NARROW ? NARROW_HEIGHT : HEIGHT };
  }

  #options(onPoint: ((plot: Plot) => void) | undefined): PlotOptions {
    const chart = this.#chart;
    const { theme, zoom } = this.#around;
    const size = this.#size();
    const isHeat = chart.kind === 'heat';
    return {
      ...size,
      class: chart.kind,
      padding: [12, 30, 0, 0],
      scales: { x: this.#xScale(), y: yScale(chart) },
      axes: axesOf(chart, theme, size.width),
      series: isHeat ? [{}, { points: { show: false } }] : lineSeries(chart, () => this.#columns(), theme),
      legend: {
        show: !isHeat,
        live: true,
        markers: { dash: (plot, at) => (plot.series[at]?.dash === undefined ? 'solid' : 'dashed') },
      },
      cursor: {
        y: isHeat,
        points: { show: chart.kind === 'lines' },
        drag: { x: true, y: false },
        ...(chart.isTimeline
          ? { sync: { key: 'time', setSeries: false }, bind: { dblclick: () => () => zoomOut(zoom) } }
          : {}),
      },
      hooks: {
        setScale: [(plot, key) => (chart.isTimeline && key === 'x' ? zoom.changed(plot) : undefined)],
        setCursor: onPoint === undefined ? [] : [onPoint],
        drawAxes: chart.kind === 'heat' ? [(plot) => drawHeat(plot, chart.map, theme)] : [],
        draw: chart.isTimeline
          ? [(plot) => drawMarkers(plot, this.#around.data().markers, theme, chart.id === 'online')]
          : [],
      },
    };
  }

  #xScale(): NonNullable<PlotOptions['scales']>[string] {
    const { x, isTimeline } = this.#chart;
    if (isTimeline) {
      const [min, max] = this.#around.zoom.range;
      return { time: false, auto: false, min, max };
    }
    return { time: false, ...(x.isLog === true ? { distr: 3 as const } : {}), range: (_plot, min, max) => [min, max] };
  }

  #offerTable(): void {
    const details = this.#place.parentElement?.querySelector('details');
    if (details === null || details === undefined) return;
    details.ontoggle = () => {
      details.querySelector('table')?.remove();
      if (details.open) details.append(valueTable(this.#chart, this.#columns()));
    };
  }
}

function zoomOut(zoom: Zoom): null {
  zoom.reset();
  return null;
}

function yScale(chart: Chart): NonNullable<PlotOptions['scales']>[string] {
  const { y } = chart;
  if (chart.kind === 'heat') return { distr: 3, range: heatBounds(chart.map) };
  if (y.isLog === true) return { distr: 3, range: (_plot, min, max) => logBounds(min, max) };
  if (y.unit === 'share') return { range: () => [0, 1] };
  return { range: (_plot, _min, max) => [0, max === null || max <= 0 ? 1 : max * 1.08] };
}
