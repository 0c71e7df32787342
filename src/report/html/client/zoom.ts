import type { Plot } from './library.ts';

/** Keeps the charts over the run's time on the same part of it. */
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

  /** The whole time is this long now; who has not zoomed in sees all of it. */
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

  /** A chart was zoomed by its user. */
  changed(plot: Plot): void {
    const { min, max } = plot.scales['x'] ?? {};
    if (this.#isSpreading || typeof min !== 'number' || typeof max !== 'number') return;
    if (min === this.#range[0] && max === this.#range[1]) return;
    this.#show([min, max]);
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
