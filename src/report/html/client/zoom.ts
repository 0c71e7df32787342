import type { Plot } from './library.ts';

/** The narrowest view that keys zoom to. */
const MIN_SEC = 2;

/** Keeps all charts over the run's time zoomed to the same range. */
export class Zoom {
  readonly #plots = new Set<Plot>();
  readonly #onChange: (isZoomed: boolean) => void;
  #full: readonly [number, number] = [0, 1];
  #range = this.#full;
  #isSpreading = false;

  constructor(onChange: (isZoomed: boolean) => void) {
    this.#onChange = onChange;
  }

  get range(): readonly [number, number] {
    return this.#range;
  }

  get isZoomed(): boolean {
    return this.#range !== this.#full;
  }

  /** Sets the length of the run so far; a page that is not zoomed in shows all of it. */
  setDuration(sec: number): void {
    const wasZoomed = this.isZoomed;
    this.#full = [0, sec];
    if (!wasZoomed) this.#show(this.#full);
  }

  add(plot: Plot): void {
    this.#plots.add(plot);
  }

  drop(plot: Plot): void {
    this.#plots.delete(plot);
  }

  clear(): void {
    this.#plots.clear();
  }

  /** The user zoomed a chart. */
  changed(plot: Plot): void {
    const { min, max } = plot.scales['x'] ?? {};
    if (this.#isSpreading || typeof min !== 'number' || typeof max !== 'number') return;
    if (min === this.#range[0] && max === this.#range[1]) return;
    this.#show([min, max]);
  }

  /** Zooms by a factor (below 1: in) about a share of what is shown, within the run. */
  by(factor: number, about: number): void {
    const [min, max] = this.#range;
    const [start, end] = this.#full;
    const width = Math.min(end - start, Math.max(MIN_SEC, (max - min) * factor));
    if (width === end - start) {
      this.reset();
      return;
    }
    const left = Math.min(end - width, Math.max(start, min + (max - min - width) * about));
    this.#show([left, left + width]);
  }

  reset(): void {
    this.#show(this.#full);
  }

  #show(range: readonly [number, number]): void {
    this.#range = range;
    this.#isSpreading = true;
    const [min, max] = range;
    for (const plot of this.#plots) plot.batch(() => plot.setScale('x', { min, max }));
    this.#isSpreading = false;
    this.#onChange(this.isZoomed);
  }
}
