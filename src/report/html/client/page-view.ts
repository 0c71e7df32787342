import type { Chart, FreshCharts, PageData } from '../data/page-data.ts';
import { type ChartSurroundings, ChartView } from './chart/chart-view.ts';
import { currentTheme } from './theme.ts';
import { Zoom } from './zoom.ts';

/** All charts of the page. They are recreated when colours change, because legends keep the colours they were created with. */
export class PageView {
  readonly #zoom = new Zoom((isZoomed) => this.#showZoom(isZoomed));
  #data: PageData;
  #views: ChartView[] = [];
  #isWhole = false;
  #timer: number | undefined;

  constructor(data: PageData) {
    this.#data = data;
  }

  /** Replaces the page's data and draws everything. */
  show(data: PageData): void {
    this.#data = data;
    this.draw();
  }

  /** Draws all charts: those in sight before it returns, the others soon after; with `isWhole`, all before it returns, as paper needs. */
  draw(isWhole = false): void {
    this.#isWhole = isWhole;
    for (const view of this.#views) view.remove();
    this.#zoom.clear();
    this.#zoom.setDuration(this.#data.durationSec);
    this.#views = [];
    this.#drawMissing();
  }

  /** Replaces the charts that do not grow row by row; those with the same lines keep their plots. */
  renew({ charts, columns, markers }: FreshCharts): PageData {
    const ids = new Set(charts.map(({ id }) => id));
    const others = this.#data.charts.filter(({ id }) => !ids.has(id));
    this.#data = {
      ...this.#data,
      markers,
      charts: [...others, ...charts],
      columns: Object.assign(this.#data.columns, columns),
    };
    this.#views = this.#views.filter((view) => {
      const chart = charts.find(({ id }) => id === view.id);
      if (chart === undefined || view.takes(chart)) return true;
      view.remove();
      return false;
    });
    this.#drawMissing();
    return this.#data;
  }

  #drawMissing(): void {
    // A part of the page that came anew has new places.
    this.#views = this.#views.filter((view) => {
      if (view.isInPage) return true;
      view.remove();
      return false;
    });
    clearTimeout(this.#timer);
    const around: ChartSurroundings = { data: () => this.#data, theme: currentTheme(), zoom: this.#zoom };
    const waiting = this.#undrawn();
    const atOnce = (place: Element): boolean => this.#isWhole || place.getBoundingClientRect().top < innerHeight;
    for (const { chart, place } of waiting) if (atOnce(place)) this.#views.push(new ChartView(chart, place, around));
    this.#drawNext(around);
  }

  /** What is out of sight is drawn when the page can already be read, chart by chart. */
  #drawNext(around: ChartSurroundings): void {
    const [next] = this.#undrawn();
    if (next === undefined) return;
    this.#timer = window.setTimeout(() => {
      this.#views.push(new ChartView(next.chart, next.place, around));
      this.#drawNext(around);
    });
  }

  #undrawn(): { chart: Chart; place: HTMLElement }[] {
    const drawn = new Set(this.#views.map(({ id }) => id));
    return this.#data.charts.flatMap((chart) => {
      const place = drawn.has(chart.id) ? null : document.getElementById(chart.id);
      return place === null ? [] : [{ chart, place }];
    });
  }

  /** Rows were appended to the columns. */
  refresh(): void {
    const times = this.#data.columns['time'] ?? [];
    this.#zoom.setDuration(Math.max(this.#data.durationSec, times.at(-1) ?? 0));
    for (const view of this.#views) view.refresh();
  }

  resize(): void {
    for (const view of this.#views) view.resize();
  }

  resetZoom(): void {
    this.#zoom.reset();
  }

  #showZoom(isZoomed: boolean): void {
    const button = document.getElementById('reset-zoom');
    if (button !== null) button.hidden = !isZoomed;
  }
}
