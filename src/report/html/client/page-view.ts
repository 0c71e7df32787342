import type { PageData } from '../data/page-data.ts';
import { ChartView } from './chart-view.ts';
import { currentTheme } from './theme.ts';
import { Zoom } from './zoom.ts';

/** All charts of the page. They are made anew when colours change, because legends keep those they were made with. */
export class PageView {
  readonly #zoom = new Zoom((isZoomed) => this.#showZoom(isZoomed));
  #data: PageData;
  #views: ChartView[] = [];

  constructor(data: PageData) {
    this.#data = data;
  }

  /** Puts other data in the place of the page's; draws everything. */
  show(data: PageData): void {
    this.#data = data;
    this.draw();
  }

  draw(): void {
    for (const view of this.#views) view.remove();
    this.#zoom.clear();
    this.#zoom.setDuration(this.#data.durationSec);
    const around = { data: () => this.#data, theme: currentTheme(), zoom: this.#zoom };
    this.#views = this.#data.charts.flatMap((chart) => {
      const place = document.getElementById(chart.id);
      return place === null ? [] : [new ChartView(chart, place, around)];
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
