import type { Marker } from '../data/page-data.ts';
import type { Plot } from './library.ts';
import { type Theme, translucent } from './theme.ts';

const FONT_PX = 11;
const ROW_PX = 15;
const GAP_PX = 4;
/** On narrower charts words would cover the lines. */
const WORDS_FROM_PX = 420;

/** Draws what happened: a line at its instant, a band while it lasted, and its number; with `hasWords` also what it was. */
export function drawMarkers(plot: Plot, markers: readonly Marker[], theme: Theme, hasWords: boolean): void {
  const { ctx, bbox } = plot;
  const { min, max } = plot.scales['x'] ?? {};
  const shown = markers.filter(({ startSec, endSec }) => startSec <= (max ?? 0) && (endSec ?? startSec) >= (min ?? 0));
  const isWide = bbox.width / devicePixelRatio > WORDS_FROM_PX;
  const labels = new LabelRows(plot, theme);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const marker of shown) {
    const left = plot.valToPos(marker.startSec, 'x', true);
    drawSpan(plot, marker, left, theme);
    labels.draw(hasWords && isWide ? `${marker.number} ${marker.label}` : String(marker.number), left);
  }
  ctx.restore();
}

function drawSpan(plot: Plot, { endSec }: Marker, left: number, theme: Theme): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  if (endSec !== undefined) {
    ctx.fillStyle = translucent(theme.marker, 0.14);
    ctx.fillRect(left, bbox.top, plot.valToPos(endSec, 'x', true) - left, bbox.height);
  }
  ctx.strokeStyle = theme.marker;
  ctx.lineWidth = ratio;
  ctx.setLineDash([4 * ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(left, bbox.top);
  ctx.lineTo(left, bbox.top + bbox.height);
  ctx.stroke();
}

/** Labels beside their lines, each in the first row in which it does not cover the one before. */
class LabelRows {
  readonly #plot: Plot;
  readonly #theme: Theme;
  /** By row, where the last label ends. */
  readonly #ends: number[] = [];

  constructor(plot: Plot, theme: Theme) {
    this.#plot = plot;
    this.#theme = theme;
  }

  draw(text: string, left: number): void {
    const { ctx, bbox } = this.#plot;
    const ratio = devicePixelRatio;
    ctx.font = `600 ${FONT_PX * ratio}px system-ui, sans-serif`;
    ctx.textBaseline = 'top';
    ctx.textAlign = 'left';
    const gap = GAP_PX * ratio;
    const width = ctx.measureText(text).width;
    // On the side of the line that has room.
    const start = left + gap + width < bbox.left + bbox.width ? left + gap : left - gap - width;
    const top = bbox.top + (3 + ROW_PX * this.#row(start, start + width + gap)) * ratio;
    ctx.fillStyle = translucent(this.#theme.background, 0.85);
    ctx.fillRect(start - 2 * ratio, top - ratio, width + gap, ROW_PX * ratio);
    ctx.fillStyle = this.#theme.marker;
    ctx.fillText(text, start, top);
  }

  #row(start: number, end: number): number {
    const free = this.#ends.findIndex((taken) => taken < start);
    const row = free < 0 ? this.#ends.length : free;
    this.#ends[row] = end;
    return row;
  }
}
