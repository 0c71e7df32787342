import type { Chart, ChartBand, Columns, LineChart, PageData } from '../../data/page-data.ts';
import { Plot, type PlotData, type PlotOptions } from '../library.ts';
import type { Theme } from '../theme.ts';
import type { Zoom } from '../zoom.ts';
import { axesOf, drawAxisName, logBounds } from './axes.ts';
import { described } from './describe.ts';
import { BAND_ROW_PX, drawBands } from './draw-bands.ts';
import { drawMarkers, MARK_ROW_PX } from './draw-markers.ts';
import { drawHeat, heatBounds, heatData, heatKey } from './heat-chart.ts';
import { readByKeys } from './keyboard.ts';
import { Legend, rowReader } from './legend.ts';
import { lineData, lineSeries } from './line-chart.ts';
import { valueTable } from './value-table.ts';

/** What a chart needs to be drawn. */
export interface ChartSurroundings {
  readonly data: () => PageData;
  readonly theme: Theme;
  readonly zoom: Zoom;
}

const HEIGHT = 216;
/** The chart that a page begins with. */
const FIRST_HEIGHT = 250;
const NARROW_HEIGHT = 190;
const NARROW = 500;
/** Room above a plot for the name of its y axis and the marks of events. */
const HEAD_PX = 24;

/** One chart in its place on the page. */
export class ChartView {
  #chart: Chart;
  readonly #place: HTMLElement;
  readonly #around: ChartSurroundings;
  readonly #plot: Plot;
  readonly #legend: Legend | undefined;

  constructor(chart: Chart, place: HTMLElement, around: ChartSurroundings) {
    this.#chart = chart;
    this.#place = place;
    this.#around = around;
    place.replaceChildren();
    const key = chart.kind === 'heat' ? heatKey(chart.map, around.theme) : undefined;
    this.#legend = chart.kind === 'heat' ? undefined : this.#legendOf(chart);
    this.#plot = new Plot(this.#options(key?.point), this.#values(), place);
    if (key !== undefined) place.append(key.element);
    if (this.#legend !== undefined) place.append(this.#legend.element);
    if (chart.isTimeline) around.zoom.add(this.#plot);
    this.#offerKeys();
    this.#describe();
    this.#offerTable();
  }

  /** Shows what was appended to the columns. */
  refresh(): void {
    this.#plot.setData(this.#values(), !this.#chart.isTimeline);
    if (this.#chart.isTimeline) this.#plot.redraw(true, true);
    this.#describe();
  }

  get id(): string {
    return this.#chart.id;
  }

  get isInPage(): boolean {
    return this.#place.isConnected;
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
    if (this.#isFirst) return { width, height: FIRST_HEIGHT };
    // What is above a plot must not make it lower.
    const aboveIt = this.#bands.length * BAND_ROW_PX;
    return { width, height: (width < NARROW ? NARROW_HEIGHT : HEIGHT) + aboveIt };
  }

  /** Whether it has room for words about what happened. */
  get #isFirst(): boolean {
    return this.#chart.id === 'online';
  }

  #legendOf(chart: LineChart): Legend {
    const current = (): LineChart => (this.#chart.kind === 'heat' ? chart : this.#chart);
    const read = rowReader(current, () => this.#columns());
    return new Legend(current, read, this.#around.theme, (at, isShown) => this.#plot.setSeries(at, { show: isShown }));
  }

  #offerKeys(): void {
    const { zoom } = this.#around;
    const wrap = this.#plot.root;
    if (this.#legend === undefined) {
      wrap.setAttribute('role', 'img');
      return;
    }
    wrap.tabIndex = 0;
    wrap.setAttribute('role', 'application');
    wrap.setAttribute('aria-roledescription', 'chart');
    const spoken = document.createElement('output');
    spoken.className = 'unseen';
    this.#place.append(spoken);
    readByKeys(this.#plot, wrap, {
      zoom: (factor, about) => (this.#chart.isTimeline ? zoom.by(factor, about) : undefined),
      showAll: () => zoom.reset(),
      say: (row) => {
        this.#legend?.show(row);
        spoken.textContent = this.#legend?.text ?? '';
      },
    });
  }

  #describe(): void {
    this.#plot.root.setAttribute('aria-label', described(this.#chart, this.#columns()));
  }

  #options(onPoint: ((plot: Plot) => void) | undefined): PlotOptions {
    const chart = this.#chart;
    const { theme, zoom } = this.#around;
    const size = this.#size();
    const isHeat = chart.kind === 'heat';
    return {
      ...size,
      class: chart.kind,
      padding: [() => this.#headPx, size.width < NARROW ? 20 : 24, 0, 0],
      scales: { x: this.#xScale(), y: yScale(chart) },
      axes: axesOf(chart, theme, size.width),
      series: isHeat ? [{}, { points: { show: false } }] : lineSeries(chart, theme),
      legend: { show: false },
      cursor: {
        y: isHeat,
        points: { show: chart.kind === 'lines' },
        drag: { x: chart.isTimeline, y: false },
        ...(chart.isTimeline
          ? { sync: { key: 'time', setSeries: false }, bind: { dblclick: () => () => zoomOut(zoom) } }
          : {}),
      },
      hooks: {
        setScale: [(plot, key) => (chart.isTimeline && key === 'x' ? zoom.changed(plot) : undefined)],
        setCursor: [onPoint ?? ((plot) => this.#legend?.show(plot.cursor.idx))],
        drawAxes: chart.kind === 'heat' ? [(plot) => drawHeat(plot, chart.map, theme)] : [],
        draw: [
          (plot) => drawAxisName(plot, chart, theme),
          ...(chart.isTimeline
            ? [(plot: Plot) => drawMarkers(plot, this.#around.data().markers, theme, this.#isFirst)]
            : []),
          ...(isHeat ? [] : [(plot: Plot) => drawBands(plot, this.#bands, theme)]),
        ],
      },
    };
  }

  get #bands(): readonly ChartBand[] {
    return this.#chart.kind === 'heat' ? [] : (this.#chart.bands ?? []);
  }

  get #headPx(): number {
    if (this.#bands.length > 0) return HEAD_PX + this.#bands.length * BAND_ROW_PX;
    const hasMarkers = this.#chart.isTimeline && this.#around.data().markers.length > 0;
    return hasMarkers && this.#isFirst ? HEAD_PX + MARK_ROW_PX : HEAD_PX;
  }

  #xScale(): NonNullable<PlotOptions['scales']>[string] {
    const { x, isTimeline } = this.#chart;
    if (isTimeline) {
      const [min, max] = this.#around.zoom.range;
      return { time: false, auto: false, min, max };
    }
    // From nothing on, so that the distances between rates are seen for what they are.
    if (this.#chart.kind === 'points') return { time: false, range: (_plot, _min, max) => [0, (max ?? 1) * 1.05] };
    return { time: false, ...(x.isLog === true ? { distr: 3 as const } : {}), range: (_plot, min, max) => [min, max] };
  }

  #offerTable(): void {
    const details = this.#place.parentElement?.querySelector('details');
    if (details === null || details === undefined) return;
    details.ontoggle = () => {
      details.querySelector('.scroll')?.remove();
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
